"""Lookups answered in bytes: what was asked, as it came, leads to what is to be answered, as it goes out.

An answer is made once and kept under the bytes of its question until what it says is no longer so. Where a
group's answers take turns, a whole turn of them is kept and given round and round; where they depend on who
asks, or somebody of the group is unfit, each is made anew.
"""

from __future__ import annotations

from typing import Final

from twisted.internet.defer import Deferred

from pushnet.gen.ice.locator import AdapterNotFoundException, ObjectNotFoundException
from pushnet.grid.balance import ANYBODY, Asker
from pushnet.roles.registry.lookups import Lookups
from pushnet.roles.registry.metrics import LookupCounts
from pushnet.roles.registry.own import OwnObjects
from pushnet.roles.registry.proxies import Proxies
from pushnet.rpc.proxy import write_proxy
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.basic import read_string, write_string
from pushnet.wire.identity import Identity, read_Identity, write_Identity

KEPT_MAX: Final = 65_536
"""Questions whose answers are kept; when there are more, all are made again as they are asked."""
REGION, ZONE = "_pn.region", "_pn.zone"
"""In a lookup's context: where the caller is."""


class _Turn:
    """The answers of one group, given in turn once all are made."""

    __slots__ = ("answers", "at", "length")

    def __init__(self, length: int) -> None:
        self.length = length
        self.answers: list[bytes] = []
        self.at = 0

    def next(self) -> bytes | None:
        """The next answer; None when it has still to be made."""
        if len(self.answers) < self.length:
            return None
        answer = self.answers[self.at]
        self.at = (self.at + 1) % self.length
        return answer


class Answers:
    """The locator's answers; questions are encoded parameters, answers encoded results."""

    def __init__(self, lookups: Lookups, proxies: Proxies, own: OwnObjects, counts: LookupCounts) -> None:
        self._lookups = lookups
        self._proxies = proxies
        self._own = own
        self._counts = counts
        self._adapters: dict[bytes, bytes | _Turn] = {}
        self._objects: dict[bytes, bytes] = {}
        lookups.moved = self._forget_adapter
        lookups.moved_object = self._forget_object

    def adapter(self, params: bytes, current: Current) -> bytes:
        """Answers findAdapterById. Raises `AdapterNotFoundException`."""
        kept = self._adapters.get(params)
        if kept is not None:
            answer = kept if type(kept) is bytes else kept.next()  # type: ignore[union-attr]
            if answer is not None:
                self._counts.adapters_found += 1
                return answer
        return self._make_adapter(params, asker_of(current), kept)

    def object(self, params: bytes, current: Current) -> bytes:
        """Answers findObjectById. Raises `ObjectNotFoundException`."""
        answer = self._objects.get(params)
        if answer is None:
            answer = self._encoded(self.find_object(read_Identity(params, 0)[0]), ObjectNotFoundException)
            if len(self._objects) >= KEPT_MAX:
                self._objects.clear()
            self._objects[params] = answer
            return answer
        self._counts.objects_found += 1
        return answer

    def find_adapter(self, name: str, asker: Asker = ANYBODY) -> ObjectPrx | None:
        """Endpoints of an adapter or group; counted."""
        found = self._lookups.adapter(name, asker)
        if found is None:
            self._counts.adapters_unknown += 1
            return None
        self._counts.adapters_found += 1
        return self._proxies.proxy(found.proxy)

    def find_object(self, identity: Identity) -> ObjectPrx | None:
        """The proxy of a well-known object, the registry's own included; counted."""
        found = self._own.find(identity) or self._proxies.proxy(self._lookups.object(identity))
        if found is None:
            self._counts.objects_unknown += 1
        else:
            self._counts.objects_found += 1
        return found

    def _make_adapter(self, params: bytes, asker: Asker, kept: bytes | _Turn | None) -> bytes:
        name, _ = read_string(params, 0)
        found = self._lookups.adapter(name, asker)
        if found is None:
            self._counts.adapters_unknown += 1
            raise AdapterNotFoundException
        self._counts.adapters_found += 1
        answer = self._encoded(self._proxies.fresh(found.proxy), AdapterNotFoundException)
        if len(self._adapters) >= KEPT_MAX:
            self._adapters.clear()
        if found.turn == 1:
            self._adapters[params] = answer
        elif found.turn > 1:
            turn = kept if isinstance(kept, _Turn) and kept.length == found.turn else _Turn(found.turn)
            turn.answers.append(answer)
            self._adapters[params] = turn
        return answer

    def _encoded(self, found: ObjectPrx | None, unknown: type[Exception]) -> bytes:
        if found is None:
            raise unknown
        out = bytearray()
        write_proxy(out, found)
        return bytes(out)

    def _forget_adapter(self, name: str) -> None:
        out = bytearray()
        write_string(out, name)
        self._adapters.pop(bytes(out), None)

    def _forget_object(self, identity: Identity) -> None:
        out = bytearray()
        write_Identity(out, identity)
        self._objects.pop(bytes(out), None)


def asker_of(current: Current) -> Asker:
    """Who asks, as far as the context of the lookup says."""
    context = current.head.context
    if not context:
        return ANYBODY
    return Asker(context.get(REGION, ""), context.get(ZONE, ""))


Answer = bytes | Deferred[bytes]
"""At once, or when what was missed while this process stood still has been heard."""
