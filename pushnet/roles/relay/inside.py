"""From targets to proxies of objects inside, which the registry locates."""

from __future__ import annotations

from typing import Final

from pushnet.roles.relay.routing import Target
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.stubs import ObjectPrx

KEPT_MAX: Final = 4096
"""Proxies kept ready made; when there are more, all are dropped and made again as they are needed."""


class Inside:
    """Makes the proxy of each target once: indirect, two-way, without facet."""

    def __init__(self, communicator: Communicator) -> None:
        self._communicator = communicator
        self._kept: dict[Target, ObjectPrx] = {}

    def proxy(self, target: Target) -> ObjectPrx:
        kept = self._kept.get(target)
        if kept is None:
            if len(self._kept) >= KEPT_MAX:
                self._kept.clear()
            kept = self._kept[target] = self._make(target)
        return kept

    def _make(self, target: Target) -> ObjectPrx:
        template = self._communicator.stringToProxy("target")
        assert template is not None
        known = template.ice_identity(target.identity)
        return known.ice_adapterId(target.adapter_id) if target.adapter_id else known
