"""What the registry knows of a node, as values that go to disk and come back.

Proxies are kept as Ice's own strings: they can be read in the database and in a debugger, keep endpoints of
unknown kinds, and mean the same to the next version.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import attrs
import msgspec

from pushnet.grid.wellknown import NAME_CHARACTERS_MAX, is_name
from pushnet.wire.identity import Identity

ADAPTERS_MAX: Final = 256
"""Entries of one node: an adapter counts once for each group it is in, and there are 64 shards at most."""
OBJECTS_MAX: Final = 1024
ENDPOINTS_CHARACTERS_MAX: Final = 4096
TEXT_CHARACTERS_MAX: Final = 255
"""Of version, region and the like."""


@attrs.frozen
class AdapterRecord:
    """An adapter in a group (or in none, ""); `endpoints` as `tcp -h host -p port:ssl …`."""

    id: str
    group: str
    endpoints: str


@attrs.frozen
class ObjectRecord:
    """A well-known object and the proxy that a lookup of it is answered with."""

    identity: Identity
    type_id: str
    proxy: str


@attrs.frozen
class ProcessRecord:
    """The `Ice::Process` of a server that registered it; `endpoints` are those of its proxy."""

    id: str
    proxy: str
    endpoints: str


@attrs.frozen
class NodeRecord:
    """Everything a node told when it joined."""

    name: str
    role: str
    version: str
    region: str
    pid: int
    http: str
    adapters: tuple[AdapterRecord, ...] = ()
    objects: tuple[ObjectRecord, ...] = ()
    zone: str = ""
    installation: str = ""
    """See `pushnet.grid.installations`."""
    address: str = ""
    """From where it joined."""
    joined_s: float = 0.0
    """When, in seconds since 1970."""

    def to_json(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, text: str) -> NodeRecord:
        return msgspec.json.decode(text, type=cls)


def described(node: NodeRecord) -> str:
    """Who has a name, for whoever wants it, too."""
    since = datetime.fromtimestamp(node.joined_s, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    places = ", ".join(dict.fromkeys(adapter.endpoints for adapter in node.adapters))
    return (
        f"process {node.pid} at {node.address or 'the registry'} ({places or 'no endpoints'}) since {since}"
    )


def fault(node: NodeRecord) -> str:
    """What is wrong with the record in itself; empty when nothing is."""
    if not is_name(node.name):
        return f"a node's name has 1 to {NAME_CHARACTERS_MAX} printable characters"
    if any(len(text) > TEXT_CHARACTERS_MAX for text in _texts(node)):
        return (
            f"role, version, region, zone, http, installation: {TEXT_CHARACTERS_MAX} characters each at most"
        )
    if len(node.adapters) > ADAPTERS_MAX:
        return f"a node has at most {ADAPTERS_MAX} adapters, not {len(node.adapters)}"
    if len(node.objects) > OBJECTS_MAX:
        return f"a node has at most {OBJECTS_MAX} well-known objects, not {len(node.objects)}"
    return next(filter(None, map(adapter_fault, node.adapters)), "") or next(
        filter(None, map(object_fault, node.objects)), ""
    )


def _texts(node: NodeRecord) -> tuple[str, ...]:
    return node.role, node.version, node.region, node.zone, node.http, node.installation


def adapter_fault(adapter: AdapterRecord) -> str:
    """What is wrong with one adapter; empty when nothing is."""
    if not is_name(adapter.id):
        return f"an adapter id has 1 to {NAME_CHARACTERS_MAX} printable characters"
    if adapter.group and not is_name(adapter.group):
        return f"adapter {adapter.id}: a group has 1 to {NAME_CHARACTERS_MAX} printable characters"
    if adapter.group == adapter.id:
        return f"adapter {adapter.id}: its group has the same name"
    if not adapter.endpoints:
        return f"adapter {adapter.id}: its proxy has no endpoints"
    if len(adapter.endpoints) > ENDPOINTS_CHARACTERS_MAX:
        return f"adapter {adapter.id}: more than {ENDPOINTS_CHARACTERS_MAX} characters of endpoints"
    return ""


def object_fault(known: ObjectRecord) -> str:
    """What is wrong with one object; empty when nothing is."""
    identity = known.identity
    if not is_name(identity.name) or (identity.category and not is_name(identity.category)):
        return f"a well-known object's name has 1 to {NAME_CHARACTERS_MAX} printable characters"
    if len(known.type_id) > TEXT_CHARACTERS_MAX or len(known.proxy) > ENDPOINTS_CHARACTERS_MAX:
        return f"object {identity.category}/{identity.name}: type or proxy is too long"
    return ""
