"""Makes proxies of strings, properties and bytes, with what the communicator's properties say is usual.

A property that holds a proxy may say more about it: with `Printer=printer:tcp -p 9999`, also
`Printer.EndpointSelection`, `.ConnectionCached`, `.PreferSecure`, `.LocatorCacheTimeout`,
`.InvocationTimeout`, `.CollocationOptimized`, `.Context.<key>`, and `.Locator` and `.Router`, which are
such proxies themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from pushnet.rpc.exceptions import (
    CommunicatorDestroyedException,
    EndpointSelectionTypeParseException,
    FixedProxyException,
    InitializationException,
    UnsupportedEncodingException,
)
from pushnet.rpc.properties import Properties
from pushnet.rpc.property_names import unknown_of_proxy
from pushnet.rpc.proxy import ObjectPrx
from pushnet.rpc.reference import EndpointSelectionType, Options, Reference
from pushnet.rpc.runtime import Runtime
from pushnet.wire.escapes import ToStringMode
from pushnet.wire.identity import Identity, identityToString, stringToIdentity
from pushnet.wire.proxies import ProxyData
from pushnet.wire.proxy_text import parse_proxy, proxy_text
from pushnet.wire.version_text import stringToEncodingVersion
from pushnet.wire.versions import Encoding_1_1
from pushnet.world import World

_ENCODINGS = ((1, 0), (1, 1))


class ProxyFactory(Runtime):
    """The part of a communicator that makes proxies."""

    def __init__(self, world: World, properties: Properties) -> None:
        super().__init__(world, properties)
        self._endpoint_defaults = self.transports.defaults()
        self._encoding = _default_encoding(properties.getProperty("Ice.Default.EncodingVersion"))
        self._to_string = _to_string_mode(properties.getPropertyWithDefault("Ice.ToStringMode", "Unicode"))
        self.default_options = _with(Options(), properties, "Ice.Default.")
        locator = self.propertyToProxy("Ice.Default.Locator")
        router = self.propertyToProxy("Ice.Default.Router")
        self.default_options = attrs.evolve(self.default_options, locator=locator, router=router)

    def stringToProxy(self, text: str) -> ObjectPrx | None:
        """None for the empty string. Raises a `ParseException` that says what is wrong."""
        self.check()
        data = parse_proxy(text, self._endpoint_defaults, self._encoding, self._ignored)
        return None if data is None else ObjectPrx(self.ice_reference(data))

    def proxyToString(self, proxy: ObjectPrx | None) -> str:
        return "" if proxy is None else proxy_text(proxy.ice_reference.data, self._to_string)

    def propertyToProxy(self, name: str) -> ObjectPrx | None:
        """The proxy a property holds, None if it is not set; see above for what else it may say."""
        proxy = self.stringToProxy(self.properties.getProperty(name))
        prefix = f"{name}."
        found = self.properties.getPropertiesForPrefix(prefix)
        if proxy is None or not found:
            return proxy
        if unknown := unknown_of_proxy(list(found), name):
            self.properties.warn(f"found unknown properties for proxy '{name}': {', '.join(unknown)}")
        reference = proxy.ice_reference
        options = _with(reference.options, self.properties, prefix)
        changes: dict[str, Any] = {}
        if f"{prefix}Locator" in found:
            changes["locator"] = self.propertyToProxy(f"{prefix}Locator")
        if f"{prefix}Router" in found:
            changes["router"] = self.propertyToProxy(f"{prefix}Router")
        start = f"{prefix}Context."
        context = tuple((key[len(start) :], value) for key, value in found.items() if key.startswith(start))
        options = attrs.evolve(options, context=context or options.context, **changes)
        return ObjectPrx(Reference(self, reference.data, options))

    def proxyToProperty(self, proxy: ObjectPrx | None, name: str) -> dict[str, str]:
        """The properties that make this proxy again. Raises `FixedProxyException` for a fixed one."""
        if proxy is None:
            return {}
        if proxy.ice_isFixed():
            raise FixedProxyException(f"no property can say {proxy}, which is bound to a connection")
        options = proxy.ice_reference.options
        told = {
            name: self.proxyToString(proxy),
            f"{name}.CollocationOptimized": str(int(options.collocated)),
            f"{name}.ConnectionCached": str(int(options.connection_cached)),
            f"{name}.EndpointSelection": options.selection.name,
            f"{name}.InvocationTimeout": str(options.timeout_ms),
            f"{name}.LocatorCacheTimeout": f"{options.locator_cache_s:g}",
            f"{name}.PreferSecure": str(int(options.prefer_secure)),
        }
        told.update((f"{name}.Context.{key}", value) for key, value in options.context)
        told.update(self.proxyToProperty(options.locator, f"{name}.Locator"))
        told.update(self.proxyToProperty(options.router, f"{name}.Router"))
        return told

    def stringToIdentity(self, text: str) -> Identity:
        return stringToIdentity(text)

    def identityToString(self, identity: Identity) -> str:
        return identityToString(identity, self._to_string)

    def getProperties(self) -> Properties:
        return self.properties

    def getDefaultLocator(self) -> ObjectPrx | None:
        self.check()
        locator: ObjectPrx | None = self.default_options.locator
        return locator

    def setDefaultLocator(self, locator: ObjectPrx | None) -> None:
        """The locator of proxies made from now on."""
        self.check()
        self.default_options = attrs.evolve(self.default_options, locator=locator)

    def getDefaultRouter(self) -> ObjectPrx | None:
        self.check()
        router: ObjectPrx | None = self.default_options.router
        return router

    def setDefaultRouter(self, router: ObjectPrx | None) -> None:
        """The router of proxies made from now on."""
        self.check()
        self.default_options = attrs.evolve(self.default_options, router=router)

    def ice_reference(self, data: ProxyData) -> Reference:
        return Reference(self, data, self.default_options)

    def fixed_proxy(self, connection: Any, data: ProxyData) -> ObjectPrx:
        return ObjectPrx(self.ice_reference(data).changed(fixed=connection))

    def check(self) -> None:
        """Raises `CommunicatorDestroyedException` once it is destroyed."""
        if self.destroyed:
            raise CommunicatorDestroyedException("the communicator is destroyed")

    def _ignored(self, endpoint: str) -> None:
        self.log.warn("a proxy has an endpoint of an unknown kind, ignored: {endpoint}", endpoint=endpoint)


def selection_of(value: str) -> EndpointSelectionType:
    try:
        return EndpointSelectionType[value]
    except KeyError:
        told = f"illegal value `{value}'; expected `Random' or `Ordered'"
        raise EndpointSelectionTypeParseException(told) from None


def _with(options: Options, properties: Properties, prefix: str) -> Options:
    """Options as the properties with that prefix say; what they do not say stays."""

    def number(name: str, usual: float, allowed: Callable[[int], bool]) -> int:
        value = properties.getPropertyAsIntWithDefault(prefix + name, int(usual))
        if not allowed(value):
            properties.warn(f"invalid value for {prefix}{name} `{value}': defaulting to -1")
            value = -1
        return value

    def flag(name: str, usual: bool) -> bool:
        return properties.getPropertyAsIntWithDefault(prefix + name, int(usual)) > 0

    return attrs.evolve(
        options,
        timeout_ms=number("InvocationTimeout", options.timeout_ms, lambda ms: ms > 0 or ms in (-1, -2)),
        connection_cached=flag("ConnectionCached", options.connection_cached),
        selection=selection_of(
            properties.getPropertyWithDefault(f"{prefix}EndpointSelection", options.selection.name)
        ),
        locator_cache_s=number("LocatorCacheTimeout", options.locator_cache_s, lambda s: s >= -1),
        prefer_secure=flag("PreferSecure", options.prefer_secure),
        collocated=flag("CollocationOptimized", options.collocated),
    )


def _default_encoding(text: str) -> tuple[int, int]:
    encoding = stringToEncodingVersion(text) if text else Encoding_1_1
    if encoding not in _ENCODINGS:
        raise UnsupportedEncodingException(
            f"Ice.Default.EncodingVersion is {text}: there are 1.0 and 1.1 here", encoding
        )
    return encoding


def _to_string_mode(name: str) -> ToStringMode:
    try:
        return ToStringMode[name]
    except KeyError:
        raise InitializationException(
            f"The value for Ice.ToStringMode must be Unicode, ASCII or Compat, and not {name}"
        ) from None
