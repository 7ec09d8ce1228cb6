"""What generated code says about each operation, once, for the runtime to use at every call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from pushnet.wire.call10 import Call10
from pushnet.wire.proxies import ProxyData
from pushnet.wire.slices import UserException

T = TypeVar("T")


class Source(Protocol):
    """Where proxies that are read from bytes come to life: the communicator, or a call being served."""

    def ice_reference(self, data: ProxyData) -> Any:
        """What a proxy is made of."""
        ...


class Operation(Generic[T]):
    """The caller's side of an operation.

    Args:
        name: as declared in Slice.
        mode: 0 normal, 2 idempotent.
        read_result: takes (buf, pos, source), returns the results; None when there are none.
        throws: the user exceptions it declares.
        sliced: its exceptions travel in the sliced format.
        old: its parameters and results in encoding 1.0, where they differ.
    """

    __slots__ = ("mode", "name", "old", "read_result", "sliced", "throws", "twoway_only")

    def __init__(
        self,
        name: str,
        mode: int,
        read_result: Callable[[bytes, int, Any], T] | None,
        throws: tuple[type[UserException], ...] = (),
        sliced: bool = False,
        old: Call10 | None = None,
    ) -> None:
        self.name = name
        self.mode = mode
        self.read_result = read_result
        self.throws = throws
        self.sliced = sliced
        self.old = old
        self.twoway_only = read_result is not None or bool(throws)


class ServantOperation:
    """The servant's side of an operation.

    Args:
        name: as declared in Slice.
        mode: 0 normal, 2 idempotent.
        serve: takes (servant, buf, pos, current): decodes the arguments and calls the servant's method.
        write_result: encodes what came back; None when there is nothing to encode.
        sliced: its exceptions travel in the sliced format.
        any_mode: callers may give any operation mode: a built-in operation.
        old: its parameters and results in encoding 1.0, where they differ.
        raw: what `serve` returns is an answer in bytes: (succeeded, encapsulation).
    """

    __slots__ = ("any_mode", "mode", "name", "old", "raw", "serve", "sliced", "write_result")

    def __init__(
        self,
        name: str,
        mode: int,
        serve: Callable[[Any, bytes, int, Any], Any],
        write_result: Callable[[Any], bytes | bytearray] | None = None,
        sliced: bool = False,
        any_mode: bool = False,
        old: Call10 | None = None,
        raw: bool = False,
    ) -> None:
        self.name = name
        self.mode = mode
        self.serve = serve
        self.write_result = write_result
        self.sliced = sliced
        self.any_mode = any_mode
        self.raw = raw
        self.old = self
        """How to serve a request in encoding 1.0."""
        if old is not None:
            write = old.write_result if write_result is not None else None
            self.old = ServantOperation(name, mode, old.serve, write, sliced, any_mode)
