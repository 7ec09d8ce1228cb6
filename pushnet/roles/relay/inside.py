"""From targets to lanes: the ways to objects inside, which the registry locates."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from pushnet.roles.relay.lanes import Lane
from pushnet.roles.relay.routing import Target
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.stubs import ObjectPrx

SLOTS: Final = 32
"""Sessions with the same number modulo this share their lanes."""
KEPT_MAX: Final = 8192
"""Lanes; when there are more, those unused for longest are dropped and made again as they are needed."""


class Inside:
    """Makes the proxy of a target, indirect, two-way, without facet; and keeps its lanes.

    Args:
        stay_s: how long a lane stays with one member of a group; 0: as long as the connection.
    """

    def __init__(self, communicator: Communicator, stay_s: float) -> None:
        self._communicator = communicator
        self._stay_s = stay_s
        self._lanes: OrderedDict[tuple[int, Target], Lane] = OrderedDict()

    def lane(self, target: Target, session: int) -> Lane:
        """The way to a target for the session of that number; always the same for the same session."""
        key = (session % SLOTS, target)
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = Lane(self._communicator.world, self.proxy(target), self._stay_s)
            if len(self._lanes) > KEPT_MAX:
                self._lanes.popitem(last=False)
        else:
            self._lanes.move_to_end(key)
        return lane

    def proxy(self, target: Target) -> ObjectPrx:
        """The object meant, wherever it is."""
        template = self._communicator.stringToProxy("target")
        assert template is not None
        known = template.ice_identity(target.identity)
        return known.ice_adapterId(target.adapter_id) if target.adapter_id else known

    def __len__(self) -> int:
        return len(self._lanes)
