"""The cases with pushnet: what `cases.side` leaves open, and a server of all areas."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from twisted.internet.defer import Deferred

import pushnet.rpc.exceptions
from pushnet.rpc.acm import ConnectionClose
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.batch import CompressBatch
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.reference import EndpointSelectionType
from pushnet.rpc.servant import Blobject
from pushnet.rpc.servant_locators import ServantLocator
from pushnet.slice import load
from tests.interop.cases.side import Side

SLICES = Path(__file__).parent / "slices"


class OurSide(Side):
    """Pushnet."""

    name = "Ours"
    unset = None
    errors = pushnet.rpc.exceptions
    Blobject = Blobject
    ServantLocator = ServantLocator
    Gracefully = ConnectionClose.Gracefully
    Forcefully = ConnectionClose.Forcefully
    GracefullyWithWait = ConnectionClose.GracefullyWithWait
    BasedOnProxy = CompressBatch.BasedOnProxy
    Ordered = EndpointSelectionType.Ordered
    Random = EndpointSelectionType.Random

    def __init__(self, communicator: Communicator) -> None:
        self.communicator = communicator

    def slice(self, name: str) -> Any:
        if name == "slicing":  # the one that its derived types are made for
            return sys.modules[_loaded("strangers").__package__ + ".slicing"]
        return _loaded(name)

    def servant(self, module: Any, interface: str) -> type:
        kind: type = getattr(module, f"{interface}Servant")
        return kind

    async def call(self, callee: Callable[..., Any], *args: Any) -> Any:
        result = callee(*args)
        return await result if hasattr(result, "__await__") else result

    def begin(self, callee: Callable[..., Any], *args: Any) -> Any:
        return callee(*args)

    async def end(self, begun: Any) -> Any:
        return await begun

    def by_value(self, module: Any, interface: str) -> Any:
        return getattr(module, f"{interface}Value")()

    def promise(self) -> Any:
        return Deferred()

    def keep(self, promise: Any, result: Any) -> None:
        promise.callback(result)

    def begin_close(self, connection: Any) -> Any:
        return connection.close(self.GracefullyWithWait)

    async def end_close(self, begun: Any) -> None:
        await begun

    async def invoke(
        self, proxy: Any, operation: str, mode: int, params: bytes, context: dict[str, str] | None = None
    ) -> tuple[bool, bytes]:
        ok, result = await proxy.ice_invoke(operation, mode, params, context)
        return ok, bytes(result)

    def mode(self, current: Any) -> int:
        return int(current.mode)

    def encoding(self, current: Any) -> tuple[int, int]:
        major, minor = current.encoding
        return major, minor


@functools.cache
def _loaded(name: str) -> ModuleType:
    return load(SLICES / f"{name}.ice", [SLICES], {"SIDE": "Ours", "NUMBER": "53"})


async def serve(communicator: Communicator, endpoints: str, areas: Iterable[ModuleType]) -> ObjectAdapter:
    """An active adapter with the servants of some areas."""
    adapter = communicator.createObjectAdapterWithEndpoints("Server", endpoints)
    side = OurSide(communicator)
    for area in areas:
        area.serve(side, adapter)
    await adapter.activate()
    return adapter
