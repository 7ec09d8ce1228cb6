"""`IceGrid/LocatorRegistry`: where stock Ice servers register their adapters themselves.

A stock server whose id was refused still takes "its" entry away when it ends, which would take away that of
the server that holds the id. The registry remembers whom it refused, by connection, and ignores that.
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
from pushnet.roles.registry.ledger import NotSaved
from pushnet.roles.registry.probing import Probing
from pushnet.roles.registry.records import AdapterRecord
from pushnet.roles.registry.roster import Refused
from pushnet.roles.registry.servant import Desk
from pushnet.roles.registry.strangers import InUse, NotInGroup
from pushnet.rpc.current import ConnectionContract
from pushnet.rpc.exceptions import UnknownException
from pushnet.rpc.stubs import Current, ObjectPrx

REFUSED_MAX: Final = 256
"""Refused servers end soon after; the oldest is forgotten first."""


class LocatorRegistryI(LocatorRegistryServant):
    """Enters and removes adapters for servers that know nothing of leases."""

    def __init__(self, desk: Desk, probing: Probing) -> None:
        self._desk = desk
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

    def setServerProcessProxy(
        self, id: str, proxy: ProcessPrx | None, current: Current | None = None
    ) -> None:
        """The registry starts and stops no stock servers, so it knows none by id."""
        raise ServerNotFoundException

    async def _set(
        self, adapter_id: str, group: str, proxy: ObjectPrx | None, current: Current | None
    ) -> None:
        assert current is not None
        self._desk.ledger.sweep()
        caller = (current.con, adapter_id)
        if proxy is None:
            if caller not in self._refused:
                await self._desk.ledger.remove_stranger(adapter_id)
            return
        self._refused.pop(caller, None)
        adapter = AdapterRecord(adapter_id, group, self._desk.proxies.endpoints(proxy))
        try:
            await self._desk.ledger.enter_stranger(adapter, self._probing.alive)
        except InUse as error:
            self._remember_refused(caller)
            raise AdapterAlreadyActiveException from error
        except NotInGroup as error:
            self._remember_refused(caller)
            raise InvalidReplicaGroupIdException from error
        except Refused as error:
            self._remember_refused(caller)
            raise AdapterNotFoundException from error
        except NotSaved as unable:
            raise UnknownException(f"the registry takes in nobody now: {unable}") from unable

    def _remember_refused(self, caller: tuple[ConnectionContract, str]) -> None:
        self._refused[caller] = None
        if len(self._refused) > REFUSED_MAX:
            self._refused.popitem(last=False)
