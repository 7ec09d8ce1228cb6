"""The names every node and every client of the grid may rely on: well-known objects and replica groups.

`WellKnown` says that an object is to be found by its identity alone. The registry answers a lookup of it
with `identity@group` (or `identity@adapter` where there is no group), so that whoever calls it takes part
in the group's balancing and failover.
"""

from __future__ import annotations

from typing import Final

import attrs

from pushnet.wire.identity import Identity

LOCATOR: Final = Identity("Locator", "IceGrid")
LOCATOR_REGISTRY: Final = Identity("LocatorRegistry", "IceGrid")
QUERY: Final = Identity("Query", "IceGrid")
GRID_REGISTRY: Final = Identity("Registry", "IceGrid")
LOCATOR_FINDER: Final = Identity("LocatorFinder", "Ice")
REGISTRY: Final = Identity("Registry", "PushNet")
CLUSTER: Final = Identity("Cluster", "PushNet")
DEPLOYER: Final = Identity("Deployer", "PushNet")
RELEASES: Final = Identity("Releases", "PushNet")
EVENTS: Final = Identity("Events", "PushNet")
TOKENS: Final = Identity("Tokens", "PushNet")
AUTHORITY: Final = Identity("Authority", "PushNet")
LISTS: Final = Identity("Lists", "PushNet")
ROUTER: Final = Identity("router", "Glacier2")
ROUTER_FINDER: Final = Identity("RouterFinder", "Ice")

NAME_CHARACTERS_MAX: Final = 255
"""Of adapter ids, replica groups, and each part of an identity: more is no name but an attack."""


@attrs.frozen
class WellKnown:
    """An object to be found by its identity alone. `type_id` is its Slice type: `::PushNet::Queue`."""

    identity: Identity
    type_id: str


def is_name(text: str) -> bool:
    """Whether `text` may name an adapter, a group or a part of an identity: short and printable."""
    return 0 < len(text) <= NAME_CHARACTERS_MAX and text.isprintable()
