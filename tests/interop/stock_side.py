"""Stock Ice for Python as a `Side` of the cases. Imported by programs that run with system Python."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import Any

import Ice
from cases.side import Side

SLICES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "slices")
MODES = (Ice.OperationMode.Normal, Ice.OperationMode.Nonmutating, Ice.OperationMode.Idempotent)


class StockSide(Side):
    """Ice for Python."""

    name = "Stock"
    unset = Ice.Unset
    errors = Ice
    Blobject = Ice.Blobject
    ServantLocator = Ice.ServantLocator
    Gracefully = Ice.ConnectionClose.Gracefully
    Forcefully = Ice.ConnectionClose.Forcefully
    GracefullyWithWait = Ice.ConnectionClose.GracefullyWithWait
    BasedOnProxy = Ice.CompressBatch.BasedOnProxy
    Ordered = Ice.EndpointSelectionType.Ordered
    Random = Ice.EndpointSelectionType.Random

    def __init__(self, communicator: Ice.Communicator) -> None:
        self.communicator = communicator
        self._loaded: dict[str, Any] = {}

    def slice(self, name: str) -> Any:
        if name == "slicing":  # comes with them
            return sys.modules["Slicing"]
        if name not in self._loaded:
            Ice.loadSlice(
                "",
                ["--all", "-I" + SLICES, "-DSIDE=Stock", "-DNUMBER=52", os.path.join(SLICES, f"{name}.ice")],
            )
            self._loaded[name] = sys.modules[self.name if name == "strangers" else name.capitalize()]
        return self._loaded[name]

    def servant(self, module: Any, interface: str) -> type:
        kind: type = getattr(module, interface)
        return kind

    async def call(self, callee: Callable[..., Any], *args: Any) -> Any:
        result = callee(*args)
        return await result if hasattr(result, "cr_await") else result

    def begin(self, callee: Callable[..., Any], *args: Any) -> Any:
        return getattr(callee.__self__, callee.__name__ + "Async")(*args)

    async def end(self, begun: Any) -> Any:
        return begun.result()

    def by_value(self, module: Any, interface: str) -> Any:
        type_id = f"::{module.__name__}::{interface}"
        factories = self.communicator.getValueFactoryManager()
        if factories.find(type_id) is None:
            factories.add(lambda name: Ice.InterfaceByValue(name), type_id)  # it takes no class
        return Ice.InterfaceByValue(type_id)

    def promise(self) -> Any:
        return Ice.Future()

    def keep(self, promise: Any, result: Any) -> None:
        promise.set_result(result)

    def begin_close(self, connection: Any) -> Any:
        closing = threading.Thread(target=connection.close, args=(self.GracefullyWithWait,))
        closing.start()
        return closing

    async def end_close(self, begun: Any) -> None:
        begun.join()

    async def invoke(
        self, proxy: Any, operation: str, mode: int, params: bytes, context: dict[str, str] | None = None
    ) -> tuple[bool, bytes]:
        ok, result = proxy.ice_invoke(operation, MODES[mode], params, context)
        return ok, bytes(result)

    def mode(self, current: Any) -> int:
        return int(current.mode.value)

    def encoding(self, current: Any) -> tuple[int, int]:
        return current.encoding.major, current.encoding.minor
