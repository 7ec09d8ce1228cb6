"""Optional parameters and results: tag and format before each, by tag, behind everything else."""

from __future__ import annotations

from collections.abc import Sequence as Items

from pushnet.slice.emit.codecs import Codecs, Place
from pushnet.slice.emit.layout import expression, indented
from pushnet.slice.emit.names import Locals, Names
from pushnet.slice.emit.types import SIZES, Types, fixed_codes, is_bytes, is_value
from pushnet.slice.model import Builtin, Dictionary, Enum, Sequence, Struct, Type

_BY_SIZE = {1: 0, 2: 1, 4: 2, 8: 3}
_SIZE, _VSIZE, _FSIZE, _CLASS = 4, 5, 6, 7


def _fixed_size(type_: Type) -> int | None:
    codes = fixed_codes(type_)
    return None if codes is None else sum(SIZES[code] for code in codes)


def optional_format(type_: Type) -> int:
    """How the value's length is told to those who do not know the tag."""
    if is_value(type_):
        return _CLASS
    if isinstance(type_, Builtin) and type_.name != "string":
        return _BY_SIZE[_fixed_size(type_) or 1]
    if isinstance(type_, Enum):
        return _SIZE
    if type_ == Builtin("string"):
        return _VSIZE
    if isinstance(type_, Struct):
        return _VSIZE if _fixed_size(type_) is not None else _FSIZE
    if isinstance(type_, Sequence):
        return _VSIZE if _fixed_size(type_.element) is not None else _FSIZE
    if isinstance(type_, Dictionary):
        fixed = _fixed_size(type_.key) is not None and _fixed_size(type_.value) is not None
        return _VSIZE if fixed else _FSIZE
    return _FSIZE


class Optionals:
    """Writes the statements for optional fields, given as tag, type and name."""

    def __init__(self, names: Names, types: Types, codecs: Codecs) -> None:
        self._names = names
        self._types = types
        self._codecs = codecs

    def write(
        self, fields: Items[tuple[int, Type, str]], out: str, locals_: Locals, depth: int = 2
    ) -> list[str]:
        """Append those that are there."""
        lines: list[str] = []
        for tag, type_, name in fields:
            header = self._names.support("pushnet.wire.optional", "write_optional_header")
            body = [f"{header}({out}, {tag}, {optional_format(type_)})"]
            body += self._value(type_, name, out, locals_, depth + 1)
            lines += [f"if {name} is not None:", *indented(body)]
        return lines

    def _value(self, type_: Type, name: str, out: str, locals_: Locals, depth: int) -> list[str]:
        written = self._codecs.write([(type_, name)], out, depth, locals_("values"))
        kind = optional_format(type_)
        if kind == _FSIZE:
            start = locals_("start")
            length = f"{self._names.builtin('len')}({out})"
            return [
                f"{start} = {length}",
                f'{out} += b"\\0\\0\\0\\0"',
                *written,
                f"{self._codecs.struct('i')}.pack_into({out}, {start}, {length} - {start} - 4)",
            ]
        size = self._size(type_, name)
        if kind != _VSIZE or size is None:
            return written
        return [f"{self._names.basic('write_size')}({out}, {size})", *written]

    def _size(self, type_: Type, name: str) -> str | None:
        """The length that goes ahead of a value of format VSize; `None` when the value begins with it."""
        if isinstance(type_, Struct):
            return str(_fixed_size(type_))
        element: int | None = None
        if isinstance(type_, Sequence):
            element = _fixed_size(type_.element)
        elif isinstance(type_, Dictionary):
            element = (_fixed_size(type_.key) or 0) + (_fixed_size(type_.value) or 0)
        if element is None or element == 1 or is_bytes(type_):
            return None
        count = f"{self._names.builtin('len')}({name})"
        return f"{count} * {element} + (1 if {count} < 255 else 5)"

    def read(
        self,
        fields: Items[tuple[int, Type, str]],
        place: Place,
        locals_: Locals,
        depth: int,
        skip: str,
    ) -> list[str]:
        """Pick out those that came, by tag; what nobody knows is passed over, instances by `skip`."""
        names = self._names
        lines: list[str] = []
        for tag, type_, name in fields:
            seek = names.support("pushnet.wire.optional", "seek_optional")
            there = locals_("there")
            arguments = [place.buf, place.take(), str(tag), str(optional_format(type_)), skip]
            lines.append(f"{there}, {place.pos} = {seek}({', '.join(arguments)})")
            body = self._skip_length(type_, place)
            reading, expressions = self._codecs.read([(type_, name)], place, depth + 1, locals_)
            body += reading
            if expressions[0] != name:
                body += expression(f"{name} = ", expressions[0], "", depth + 1)
            lines += [f"if {there}:", *indented([*body, *place.settle()])]
        return lines

    def unset(self, fields: Items[tuple[int, Type, str]]) -> list[str]:
        """Statements that declare the fields as local names without a value."""
        return [f"{name}: {self._types.optional(type_, tag)} = None" for tag, type_, name in fields]

    def _skip_length(self, type_: Type, place: Place) -> list[str]:
        kind = optional_format(type_)
        if kind == _FSIZE:
            place.skip(4)
        elif kind == _VSIZE and self._size(type_, "") is not None:
            return [f"_, {place.pos} = {self._names.basic('read_size')}({place.buf}, {place.pos})"]
        return []
