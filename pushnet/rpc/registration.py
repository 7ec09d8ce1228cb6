"""Making adapters and server processes known to the locator's registry, and taking adapters away again."""

from __future__ import annotations

from pushnet.rpc.exceptions import NotRegisteredException, ObjectAdapterIdInUseException
from pushnet.rpc.locator_stubs import (
    AdapterAlreadyActive,
    AdapterNotFound,
    InvalidReplicaGroupId,
    LocatorPrx,
    ServerNotFound,
)
from pushnet.rpc.proxy import ObjectPrx


async def tell_registry(
    locator: ObjectPrx | None, adapter_id: str, group_id: str, proxy: ObjectPrx | None
) -> None:
    """Register the adapter with the endpoints of `proxy`; None takes it away.

    Raises:
        NotRegisteredException: the registry knows no such adapter, or lets it not into the group.
        ObjectAdapterIdInUseException: it is active elsewhere.
    """
    found = LocatorPrx.uncheckedCast(locator)
    registry = None if found is None else await found.getRegistry()
    if registry is None:
        return
    what = f"object adapter `{adapter_id}'"
    try:
        if group_id:
            await registry.setReplicatedAdapterDirectProxy(adapter_id, group_id, proxy)
        else:
            await registry.setAdapterDirectProxy(adapter_id, proxy)
    except AdapterNotFound:
        told = f"the registry does not know {what}"
        raise NotRegisteredException("object adapter", adapter_id, told) from None
    except InvalidReplicaGroupId:
        told = f"{what} may not join group `{group_id}'"
        raise NotRegisteredException("replica group", group_id, told) from None
    except AdapterAlreadyActive:
        raise ObjectAdapterIdInUseException(adapter_id, f"{what} is active elsewhere") from None


async def tell_registry_of_process(locator: ObjectPrx, server_id: str, process: ObjectPrx) -> None:
    """Say how the server can be ended. Raises `NotRegisteredException` when the registry does not know it."""
    found = LocatorPrx.uncheckedCast(locator)
    registry = None if found is None else await found.getRegistry()
    if registry is None:
        return
    try:
        await registry.setServerProcessProxy(server_id, process)
    except ServerNotFound:
        told = f"the registry does not know server `{server_id}'"
        raise NotRegisteredException("server", server_id, told) from None
