"""What generated code says about each operation, once, for the runtime to use at every call."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import partial
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
        old: its parameters and results in encoding 1.0, where they differ.
    """

    __slots__ = ("mode", "name", "old", "read_result", "throws", "twoway_only")

    def __init__(
        self,
        name: str,
        mode: int,
        read_result: Callable[[bytes, int, Any], T] | None,
        throws: tuple[type[UserException], ...] = (),
        old: Call10 | None = None,
    ) -> None:
        self.name = name
        self.mode = mode
        self.read_result = read_result
        self.throws = throws
        self.old = old
        self.twoway_only = read_result is not None or bool(throws)


class ServantOperation:
    """The servant's side of an operation.

    Args:
        name: as declared in Slice.
        mode: 0 normal, 2 idempotent.
        serve: takes (servant, buf, pos, current): decodes the arguments and calls the servant's method.
        write_result: encodes what came back; None when there is nothing to encode.
        sliced: its exceptions travel in the sliced format; None: as the communicator says.
        any_mode: callers may give any operation mode: a built-in operation.
        old: its parameters and results in encoding 1.0, where they differ.
        raw: what `serve` returns is an answer in bytes: (succeeded, encapsulation).
        either_format: `write_result` takes whether instances travel in the sliced format.
    """

    __slots__ = (
        "_either_format",
        "_in_sliced_format",
        "any_mode",
        "mode",
        "name",
        "old",
        "raw",
        "serve",
        "sliced",
        "write_result",
    )

    def __init__(
        self,
        name: str,
        mode: int,
        serve: Callable[[Any, bytes, int, Any], Any],
        write_result: Callable[..., bytes | bytearray] | None = None,
        sliced: bool | None = None,
        any_mode: bool = False,
        old: Call10 | None = None,
        raw: bool = False,
        either_format: bool = False,
    ) -> None:
        self.name = name
        self.mode = mode
        self.serve = serve
        self.write_result = write_result
        self.sliced = bool(sliced)
        self._either_format = either_format
        self._in_sliced_format = None if sliced is None and not raw else self
        self.any_mode = any_mode
        self.raw = raw
        self.old = self
        """How to serve a request in encoding 1.0."""
        if old is not None:
            write = old.write_result if write_result is not None else None
            self.old = ServantOperation(name, mode, old.serve, write, sliced, any_mode)

    def checked(self, check: Callable[[Any], None]) -> ServantOperation:
        """The same, with a look at who calls (`current`) before anything is read; `check` raises."""
        serve = self.serve

        def serve_checked(servant: Any, buf: bytes, pos: int, current: Any) -> Any:
            check(current)
            return serve(servant, buf, pos, current)

        made = copy(self)
        made.serve = serve_checked
        made._in_sliced_format = made if self._in_sliced_format is self else None
        made.old = made if self.old is self else self.old.checked(check)
        return made

    def in_sliced_format(self) -> ServantOperation:
        """How to serve it where the communicator's default is the sliced format."""
        if self._in_sliced_format is None:
            write = self.write_result
            if self._either_format and write is not None:
                write = partial(write, sliced=True)
            made = ServantOperation(
                self.name, self.mode, self.serve, write, True, self.any_mode, raw=self.raw
            )
            made.old = self.old
            self._in_sliced_format = made
        return self._in_sliced_format
