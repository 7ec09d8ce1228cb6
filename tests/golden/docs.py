# Written by slice2tx from golden/docs.ice. To change it, change the Slice file.
"""The first paragraph of the module, which is long enough to have to be broken into more than one line when
it becomes a docstring of Python.

- a list
- stays a list

The end.
"""

from __future__ import annotations

from collections.abc import Awaitable
from struct import Struct
from typing import Any, ClassVar, Final, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.rpc.stubs import CallContext, Current, ObjectPrx, Operation, Servant, ServantOperation, Source
from pushnet.wire.basic import read_string, write_string
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of

__all__ = ["None1", "Old", "OldPrx", "OldServant", "Plain", "Quotes", "read_Plain", "write_Plain"]

Quotes: Final = 1
""" "Quoted" at the start, and \\ at the \\end\\ with \"\"\"three\"\"\" of them: "x" """

None1: Final = 2
"""A doc comment of lines, which names `Nothing`."""


@attrs.frozen(order=True)
class Plain:
    a: int = 0
    """Two lines."""

    b: int = 0
    c: int = 0
    """With a `Docs.Plain.a`."""


class Old(Protocol):
    """Deprecated: Use something else.

    See also: Plain, Quotes.
    """

    def much(self, first: int, second: str, current: Current | None = None, /) -> Awaitable[tuple[str, int]]:
        """Does much. The description goes on for a while, so that it has to be wrapped at the right margin of
        the page.

        Remark: Seldom used.

        Args:
            first: The first parameter, with a description that is so long that it does not fit on one line.
            second: Another.

        Returns:
            What it made.
            `third`: Comes out.

        Raises:
            Failed: When it did not.
            Lost: When nobody knows.
        """
        ...

    def only(self, current: Current | None = None, /) -> Awaitable[int]:
        """The operation `only`.

        Returns:
            Only a result.
        """
        ...


class OldPrx(ObjectPrx):
    """Calls an `Old` wherever it is."""

    ice_type: ClassVar[str] = "::Docs::Old"

    def much(self, first: int, second: str, context: CallContext = None) -> Deferred[tuple[str, int]]:
        out = bytearray()
        out += _S_i.pack(first)
        write_string(out, second)
        return self._ice_call(_OP_Old_much, out, context)

    def only(self, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_Old_only, b"", context)


class OldServant(Servant):
    """Serves an `Old`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Docs::Old"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Docs::Old", "::Ice::Object")


# The wire: how the above becomes bytes and back.

_S_i = Struct("<i")
_S_iii = Struct("<iii")

_new_Plain = maker_of(Plain)


def write_Plain(out: bytearray, value: Plain) -> None:
    out += _S_iii.pack(value.a, value.b, value.c)


def read_Plain(buf: bytes, pos: int) -> tuple[Plain, int]:
    a, b, c = _S_iii.unpack_from(buf, pos)
    return _new_Plain(a, b, c), pos + 12


def _read_result_Old_much(buf: bytes, pos: int, source: Source) -> tuple[str, int]:
    (third,) = _S_i.unpack_from(buf, pos)
    result, pos = read_string(buf, pos + 4)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result, third


def _serve_Old_much(servant: Old, buf: bytes, pos: int, current: Current) -> Any:
    (first,) = _S_i.unpack_from(buf, pos)
    second, pos = read_string(buf, pos + 4)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.much(first, second, current)


def _write_result_Old_much(value: tuple[str, int]) -> bytearray:
    result, third = value
    out = bytearray()
    out += _S_i.pack(third)
    write_string(out, result)
    return out


_OP_Old_much: Operation[tuple[str, int]] = Operation("much", 0, _read_result_Old_much, ())


def _read_result_Old_only(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_i.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_Old_only(servant: Old, buf: bytes, pos: int, current: Current) -> Any:
    return servant.only(current)


_OP_Old_only: Operation[int] = Operation("only", 0, _read_result_Old_only, ())

OldServant.ice_operations = {
    b"much": ServantOperation("much", 0, _serve_Old_much, _write_result_Old_much),
    b"only": ServantOperation("only", 0, _serve_Old_only, _S_i.pack),
}
