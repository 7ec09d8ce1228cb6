"""What properties say about one object adapter: `<name>.AdapterId` and the others below it.

`AdapterId`, `ReplicaGroupId`, `ProxyOptions` (of proxies it makes: mode, encoding, `-s`), `PublishedHost`
(3.8: instead of the host of what it listens at), `MessageSizeMax` (KB, of what it receives), `MaxConnections`
(3.8: more are turned away). `Endpoints`, `PublishedEndpoints`, `Locator` and `Router` are read where adapters
are made, `ACM.*` and `Connection.*` in `pushnet.rpc.acm`, `ConcurrencyLimit` in `pushnet.rpc.concurrency`.
"""

from __future__ import annotations

import re

import attrs

from pushnet.rpc.exceptions import InitializationException
from pushnet.rpc.properties import Properties
from pushnet.wire.errors import ParseException
from pushnet.wire.identity import Identity
from pushnet.wire.proxies import ProxyData
from pushnet.wire.proxy_text import parse_proxy

_OF_PROXIES = (
    "EndpointSelection|ConnectionCached|PreferSecure|LocatorCacheTimeout|InvocationTimeout|Locator|Router|"
    r"CollocationOptimized|Context\..+"
)
_KNOWN = re.compile(
    "AdapterId|Endpoints|PublishedEndpoints|PublishedHost|ReplicaGroupId|ProxyOptions|MessageSizeMax|MaxConnections|"
    r"AllowedOrigins|ConcurrencyLimit(\..+)?|ACM(\.(Timeout|Close|Heartbeat))?|"
    r"Connection\.(ConnectTimeout|CloseTimeout|IdleTimeout|InactivityTimeout|EnableIdleCheck|MaxDispatches)|"
    r"ThreadPool\.(Size|SizeMax|SizeWarn|StackSize|Serialize|ThreadIdleTime|ThreadPriority)|"
    rf"(Locator|Router)(\.({_OF_PROXIES}))?"
)
_OF_SERVICES = ("Ice.", "IceBox.", "IceGrid.", "IceSSL.", "IceStorm.", "IceMX.", "Glacier2.")
"""Names of adapters of Ice's own services: properties of other parts begin as theirs do."""


@attrs.frozen
class AdapterSettings:
    """See the module."""

    adapter_id: str
    group_id: str
    template: ProxyData
    """Its proxies are like this one."""
    published_host: str
    message_bytes_max: int
    connections_max: int
    """0: no limit."""


def adapter_settings(properties: Properties, name: str, message_bytes_max: int) -> AdapterSettings:
    """Those of the adapter `name`; none for one without a name. Raises what a wrong value calls for."""
    if not name:
        return AdapterSettings("", "", ProxyData(Identity("dummy")), "", message_bytes_max, 0)

    def get(key: str) -> str:
        return properties.getProperty(f"{name}.{key}").strip()

    template = _template(name, get("ProxyOptions"))
    kilobytes = properties.getPropertyAsInt(f"{name}.MessageSizeMax")
    if get("MessageSizeMax"):
        message_bytes_max = kilobytes * 1024 if 0 < kilobytes < 2**21 else 2**31 - 1
    return AdapterSettings(
        get("AdapterId"),
        get("ReplicaGroupId"),
        template,
        get("PublishedHost"),
        message_bytes_max,
        max(0, properties.getPropertyAsInt(f"{name}.MaxConnections")),
    )


def _template(name: str, options: str) -> ProxyData:
    try:
        template = parse_proxy(f"dummy {options}")
    except ParseException as error:
        told = f"invalid proxy options `{options}' for object adapter `{name}': {error}"
        raise InitializationException(told) from None
    assert template is not None
    return template


def unknown_properties(properties: Properties, name: str) -> list[str]:
    """Those that begin with the adapter's name and mean nothing."""
    prefix = f"{name}."
    if not name or prefix.startswith(_OF_SERVICES):
        return []
    found = properties.getPropertiesForPrefix(prefix)
    return [key for key in found if not _KNOWN.fullmatch(key.removeprefix(prefix))]
