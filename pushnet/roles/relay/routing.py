"""The routing table of one session: the targets its client has announced, least recently used first out.

What is kept is the target's identity and, for objects that are not well known, the adapter id to look it up
at. Endpoints that a client announces are never kept: the relay dials what the registry knows and nothing
else, so a client cannot make it connect to an address of the client's choice.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

import attrs

from pushnet.wire.identity import Identity

TARGETS_MAX: Final = 1000
"""As in Glacier2 (`RoutingTable.MaxSize`)."""


@attrs.frozen
class Target:
    """An object inside: well known when `adapter_id` is empty."""

    identity: Identity
    adapter_id: str = ""


class RoutingTable:
    """Identity to target."""

    def __init__(self, targets_max: int = TARGETS_MAX) -> None:
        self._targets: OrderedDict[Identity, Target] = OrderedDict()
        self._targets_max = targets_max

    def add(self, target: Target) -> list[Target]:
        """Enter a target or refresh it; returns those that had to make room."""
        self._targets[target.identity] = target
        self._targets.move_to_end(target.identity)
        evicted: list[Target] = []
        while len(self._targets) > self._targets_max:
            evicted.append(self._targets.popitem(last=False)[1])
        return evicted

    def find(self, identity: Identity) -> Target | None:
        """The announced target, which counts as used now."""
        target = self._targets.get(identity)
        if target is not None:
            self._targets.move_to_end(identity)
        return target

    def __len__(self) -> int:
        return len(self._targets)
