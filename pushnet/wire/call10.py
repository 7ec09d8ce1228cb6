"""Operations in encoding 1.0: parameters and results from shapes (`pushnet.wire.encoding10`).

Generated code makes a `Call10` for each operation whose parameters or results have other bytes there; both
sides of the call share it. Operations without one use in both encodings the same functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from pushnet.wire.encoding10 import Shape
from pushnet.wire.errors import MarshalException
from pushnet.wire.values10 import Reader10, Writer10


@attrs.frozen
class Call10:
    """What travels with one operation.

    Args:
        method: the servant's method.
        ins: the shapes of the parameters that go in; None for optional ones, which stay behind.
        outs: those of the results, the return value first.
        returns: there is a return value, which travels behind the out parameters.
        classes_in: instances of classes may follow the parameters.
        classes_out: instances of classes may follow the results.
    """

    method: str
    ins: tuple[Shape | None, ...] = ()
    outs: tuple[Shape | None, ...] = ()
    returns: bool = False
    classes_in: bool = False
    classes_out: bool = False

    def write_params(self, arguments: Sequence[Any]) -> bytearray:
        """The arguments of a call."""
        out = bytearray()
        _write(out, list(zip(self.ins, arguments, strict=True)), self.classes_in)
        return out

    def serve(self, servant: Any, buf: bytes, pos: int, current: Any) -> Any:
        """Decode the arguments and call the servant."""
        arguments = _read(buf, pos, self.ins, current, self.classes_in)
        return getattr(servant, self.method)(*arguments, current)

    def write_result(self, value: Any) -> bytearray:
        """What a servant returned."""
        out = bytearray()
        values = value if len(self.outs) > 1 else (value,)
        pairs = list(zip(self.outs, values, strict=True)) if self.outs else []
        _write(out, self._on_wire(pairs), self.classes_out)
        return out

    def read_result(self, buf: bytes, pos: int, source: Any) -> Any:
        """What a caller gets."""
        values = self._in_python(
            _read(buf, pos, tuple(self._on_wire(list(self.outs))), source, self.classes_out)
        )
        if len(values) > 1:
            return tuple(values)
        return values[0] if values else None

    def _on_wire(self, items: list[Any]) -> list[Any]:
        return [*items[1:], items[0]] if self.returns else items

    def _in_python(self, items: list[Any]) -> list[Any]:
        return [items[-1], *items[:-1]] if self.returns else items


def _write(out: bytearray, pairs: list[tuple[Shape | None, Any]], classes: bool) -> None:
    writer = Writer10()
    for shape, value in pairs:
        if shape is not None:
            shape.write(out, value, writer)
    if classes:
        writer.finish(out)


def _read(buf: bytes, pos: int, shapes: tuple[Shape | None, ...], source: Any, classes: bool) -> list[Any]:
    reader = Reader10(source)
    values: list[Any] = []
    for shape in shapes:
        value = None
        if shape is not None:
            value, pos = shape.read(buf, pos, reader)
        values.append(value)
    if classes:
        pos = reader.finish(buf, pos)
    if pos != len(buf):
        raise MarshalException(f"{len(buf) - pos} bytes follow the parameters")
    return values
