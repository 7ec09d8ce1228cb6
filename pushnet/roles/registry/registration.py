"""`IceGrid/LocatorRegistry`: where stock Ice servers register their adapters themselves.

A stock server whose id was refused still takes "its" entry away when it ends, which would take away that of
the server that holds the id. The registry remembers whom it refused, by connection, and ignores that. It also
ignores it when a process of a server ends whose successor serves already at the same endpoints: its agent
tells. When a server ends that was cut off while another took its id, the entry is given back: who holds the
id still answers where it is (`Probing.recall`).
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from pushnet.gen.ice.locator import (
    AdapterAlreadyActiveException,
    AdapterNotFoundException,
    InvalidReplicaGroupIdException,
    LocatorRegistryServant,
    ServerNotFoundException,
)
from pushnet.gen.ice.process import ProcessPrx
from pushnet.roles.registry.desk import Desk
from pushnet.roles.registry.joining import Joining, NotAdmitted
from pushnet.roles.registry.ledger import InUse, NotInGroup, Refused
from pushnet.roles.registry.probing import Probing
from pushnet.roles.registry.records import AdapterRecord, ProcessRecord
from pushnet.roles.registry.writing import NotSaved
from pushnet.rpc.current import ConnectionContract
from pushnet.rpc.exceptions import UnknownException
from pushnet.rpc.stubs import Current, ObjectPrx

REFUSED_MAX: Final = 256
"""Refused servers end soon after; the oldest is forgotten first."""


class LocatorRegistryI(LocatorRegistryServant):
    """Enters and removes adapters for servers that know nothing of leases."""

    def __init__(self, desk: Desk, probing: Probing, joining: Joining) -> None:
        self._desk = desk
        self._joining = joining
        self._probing = probing
        self._refused: OrderedDict[tuple[ConnectionContract, str], None] = OrderedDict()

    async def setAdapterDirectProxy(
        self, id: str, proxy: ObjectPrx | None, current: Current | None = None
    ) -> None:
        await self._set(id, "", proxy, current)

    async def setReplicatedAdapterDirectProxy(
        self, adapterId: str, replicaGroupId: str, proxy: ObjectPrx | None, current: Current | None = None
    ) -> None:
        await self._set(adapterId, replicaGroupId, proxy, current)

    async def setServerProcessProxy(
        self, id: str, proxy: ProcessPrx | None, current: Current | None = None
    ) -> None:
        """How the server can be asked to end; None takes it away."""
        try:
            self._joining.admit_server(current, id)
        except NotAdmitted as error:
            raise ServerNotFoundException from error
        if not self._desk.ledger.welcomes(id):
            raise ServerNotFoundException
        try:
            if proxy is None:
                await self._desk.ledger.remove_process(id)
                return
            text, endpoints = self._desk.proxies.text(proxy), self._desk.proxies.endpoints(proxy)
            await self._desk.ledger.enter_process(ProcessRecord(id, text, endpoints))
            self._probing.attend_place(current, endpoints)
        except Refused as refused:
            raise ServerNotFoundException from refused
        except NotSaved as unable:
            raise _not_now(unable) from unable

    async def _set(
        self, adapter_id: str, group: str, proxy: ObjectPrx | None, current: Current | None
    ) -> None:
        assert current is not None
        caller = (current.con, adapter_id)
        try:
            self._joining.admit_stranger(current, adapter_id)
            if proxy is None:
                if caller not in self._refused and not self._desk.is_kept(adapter_id):
                    await self._remove(adapter_id, current)
                return
            self._refused.pop(caller, None)
            await self._enter(adapter_id, group, self._desk.proxies.endpoints(proxy), current)
        except InUse as error:
            self._remember_refused(caller, error)
            raise AdapterAlreadyActiveException from error
        except NotInGroup as error:
            self._remember_refused(caller, error)
            if not group:  # a group has that name
                raise AdapterAlreadyActiveException from error
            raise InvalidReplicaGroupIdException from error
        except (NotAdmitted, Refused) as error:
            self._remember_refused(caller, error)
            raise AdapterNotFoundException from error
        except NotSaved as unable:
            raise _not_now(unable) from unable

    async def _enter(self, adapter_id: str, group: str, endpoints: str, current: Current) -> None:
        ledger = self._desk.ledger
        if not ledger.welcomes(adapter_id):
            raise Refused(f"adapter {adapter_id} is not in the cluster file")
        await ledger.enter_stranger(AdapterRecord(adapter_id, group, endpoints), self._probing.alive)
        self._probing.attend_place(current, endpoints)

    async def _remove(self, adapter_id: str, current: Current) -> None:
        ledger, probing = self._desk.ledger, self._probing
        known = ledger.books.strangers.get(adapter_id)
        await ledger.remove_stranger(adapter_id)
        if known is not None and not probing.is_behind(current, known.adapter.endpoints):
            probing.recall(known.adapter)

    def _remember_refused(self, caller: tuple[ConnectionContract, str], why: Exception) -> None:
        self._desk.ledger.events.record("adapter.refused", caller[1], str(why))
        self._refused[caller] = None
        if len(self._refused) > REFUSED_MAX:
            self._refused.popitem(last=False)


def _not_now(unable: NotSaved) -> UnknownException:
    return UnknownException(f"the registry takes in nobody now: {unable}")
