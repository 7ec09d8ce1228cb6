"""Stock Ice servers that registered an adapter themselves, and whether they still live.

IceGrid keeps such an entry until it is taken away, so a server that was killed is answered for ever. Here a
stranger's entry has a lease too. Since stock servers know nothing of leases, the registry renews it for
them: it pings each one every lease, any answer at all being a sign of life, and drops an entry that has
given none for two leases.

An id in use is not given to a second server as long as the first lives: `AdapterAlreadyActive`. (IceGrid
lets the second take over silently.)
"""

from __future__ import annotations

from typing import Final

import attrs

from pushnet.grid.leases import LeaseLost, Leases
from pushnet.roles.registry.directory import Directory, Owner
from pushnet.roles.registry.records import AdapterRecord, adapter_fault
from pushnet.roles.registry.roster import Refused

STRANGERS_MAX: Final = 256
"""Each costs a connection and a ping every lease."""
LEASES_UNANSWERED_MAX: Final = 2


class NotInGroup(Exception):
    """The adapter cannot be in that replica group: the text says why."""


class InUse(Exception):
    """The id belongs to an adapter that may be alive."""


@attrs.frozen
class Stranger:
    """One adapter; `epoch` tells this registration of the id from later ones."""

    adapter: AdapterRecord
    epoch: int


class Strangers:
    """The adapters of stock servers. Times are monotonic seconds."""

    def __init__(self, directory: Directory, lease_s: float) -> None:
        self._directory = directory
        self._leases = Leases(lease_s * LEASES_UNANSWERED_MAX)
        self._adapters: dict[str, AdapterRecord] = {}

    def get(self, adapter_id: str) -> Stranger | None:
        adapter = self._adapters.get(adapter_id)
        return Stranger(adapter, self._leases.epoch(adapter_id)) if adapter else None

    def all(self) -> list[Stranger]:
        """Every stranger, by adapter id."""
        return [Stranger(self._adapters[name], self._leases.epoch(name)) for name in sorted(self._adapters)]

    def enter(self, adapter: AdapterRecord, now: float, *, instead_of: int = 0) -> Stranger:
        """Take an adapter in.

        Args:
            adapter: what was registered.
            now: monotonic seconds.
            instead_of: the epoch of a registration of the same id that was found dead.

        Raises:
            InUse: the id is taken; by a stranger, ping it and call again with `instead_of`.
            NotInGroup: the group is another adapter's id, or the adapter is in another group.
            Refused: something is malformed, or there are too many.
        """
        reason = adapter_fault(adapter)
        if reason:
            raise Refused(reason)
        self._refuse_taken(adapter, instead_of)
        clash = self._directory.clash(_owner(adapter.id), [adapter], ())
        if clash:
            raise NotInGroup(clash)
        if adapter.id not in self._adapters and len(self._adapters) >= STRANGERS_MAX:
            raise Refused(f"there are {STRANGERS_MAX} adapters of stock servers, which is the most")
        self._adapters[adapter.id] = adapter
        self._directory.put(_owner(adapter.id), [adapter], ())
        return Stranger(adapter, self._leases.grant(adapter.id, now))

    def _refuse_taken(self, adapter: AdapterRecord, instead_of: int) -> None:
        owner = self._directory.owner(adapter.id)
        if owner is None:
            return
        if owner != _owner(adapter.id):
            raise InUse(f"adapter {adapter.id} belongs to node {owner[1]}")
        known = self._adapters[adapter.id]
        if known.endpoints != adapter.endpoints and self._leases.epoch(adapter.id) != instead_of:
            raise InUse(f"adapter {adapter.id} is registered with {known.endpoints}")

    def answered(self, stranger: Stranger, now: float) -> None:
        """It gave a sign of life. A registration that was replaced meanwhile is left alone."""
        try:
            self._leases.renew(stranger.adapter.id, stranger.epoch, now)
        except LeaseLost:
            return

    def leave(self, adapter_id: str) -> bool:
        """Take an adapter out; False when it is no stranger's."""
        known = self.get(adapter_id)
        if known is None:
            return False
        self._leases.release(adapter_id, known.epoch)
        self._remove(adapter_id)
        return True

    def sweep(self, now: float) -> list[str]:
        """Take out those that gave no sign of life for two leases; returns their ids."""
        gone = self._leases.overdue(now)
        for adapter_id in gone:
            self._remove(adapter_id)
        return gone

    def _remove(self, adapter_id: str) -> None:
        del self._adapters[adapter_id]
        self._directory.drop(_owner(adapter_id))

    def __len__(self) -> int:
        return len(self._adapters)


def _owner(adapter_id: str) -> Owner:
    return ("adapter", adapter_id)
