"""Straight-line code between Python values and the wire.

Neighbours of fixed size travel through one `struct.Struct`, made once for the module. While code for reading
is written, the number of bytes already used is known, and added to the position only where it is needed.

In loops nothing simple costs a call: strings, and structs of few members, are written and read in place. A
string read in place may come out short at the end of the bytes; the position tells, which is looked at when
the loop has ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from pushnet.slice.emit.layout import INDENT, WIDTH, bracketed, indented
from pushnet.slice.emit.names import Locals, Names, python_name
from pushnet.slice.emit.types import (
    SIZES,
    Types,
    external,
    fixed_codes,
    holds_classes,
    holds_proxies,
    is_bytes,
    is_value,
)
from pushnet.slice.model import Builtin, Proxy, Struct, Type

_Leaf = tuple[str, str]
"""The `struct` code of something of fixed size, and the expression or name for it."""

_MEMBERS_IN_PLACE_MAX = 8
"""Larger structs have functions of their own in loops too: there a call counts for little."""


def is_simple(struct: Struct) -> bool:
    """Whether loops do without the struct's own functions."""
    return (
        not external(struct)
        and len(struct.members) <= _MEMBERS_IN_PLACE_MAX
        and not any(isinstance(item.type, Struct) and not fixed_codes(item.type) for item in struct.members)
    )


class Codecs:
    """Writes statements that encode and decode, and remembers the `Struct`s they need."""

    def __init__(self, names: Names, types: Types) -> None:
        self._names = names
        self._types = types
        self._structs: dict[str, str] = {}
        self._makers: dict[str, str] = {}

    def struct_lines(self) -> list[str]:
        """The definitions of the `Struct`s that the code uses."""
        return [
            f'{name} = {self._names.support("struct", "Struct")}("<{codes}")'
            for name, codes in self._sorted()
        ]

    def maker_lines(self) -> list[str]:
        """The definitions of what makes the module's structs."""
        return [
            f"{name} = {self._names.support('pushnet.wire.makers', 'maker_of')}({cls})"
            for cls, name in sorted(self._makers.items())
        ]

    def maker(self, struct: Struct) -> str:
        """The name of what makes this struct while it is read."""
        if external(struct):
            return self._names.ref(struct)
        cls = self._names.ref(struct)
        return self._makers.setdefault(cls, f"_new_{cls}")

    def _sorted(self) -> list[tuple[str, str]]:
        return sorted((name, codes) for codes, name in self._structs.items())

    def struct(self, codes: str) -> str:
        """The name of the `Struct` for these codes."""
        short = self._short(codes)
        return self._structs.setdefault(short, "_S_" + short.replace("?", "o"))

    def _short(self, codes: str) -> str:
        """The codes with long repetitions counted: `4i`."""
        short = ""
        for code, run in groupby(codes):
            count = len(list(run))
            short += code * count if count < 4 else f"{count}{code}"
        return short

    # Encoding

    def write(
        self,
        fields: Sequence[tuple[Type, str]],
        out: str,
        depth: int,
        values: str,
        locals_: Locals | None = None,
    ) -> list[str]:
        """Statements that append the fields to the bytearray `out`; instances by the writer `values`.

        In a loop, which `locals_` tells, strings are written in place.
        """
        lines: list[str] = []
        run: list[_Leaf] = []
        for type_, expression in fields:
            leaves = self._leaves(type_, expression, ".")
            if leaves is not None:
                run += leaves
                continue
            if locals_ is not None and type_ == Builtin("string"):
                lines += self._write_text(run, expression, out, depth, locals_)
            else:
                lines += self._pack_run(run, out, depth)
                lines.append(self._write_one(type_, expression, out, values))
            run = []
        return lines + self._pack_run(run, out, depth)

    def packed(self, fields: Sequence[tuple[Type, str]]) -> tuple[str, list[str]] | None:
        """The `pack` function and its arguments, when the fields are one run of fixed size."""
        run: list[_Leaf] = []
        for type_, expression in fields:
            leaves = self._leaves(type_, expression, ".")
            if leaves is None:
                return None
            run += leaves
        if not run:
            return None
        return f"{self.struct(''.join(code for code, _ in run))}.pack", [expression for _, expression in run]

    def _write_one(self, type_: Type, expression: str, out: str, values: str) -> str:
        if is_value(type_):
            return f"{values}.write({out}, {expression})"
        if isinstance(type_, Proxy):
            writer = self._names.stub("write_proxy")
        elif type_ == Builtin("string"):
            writer = self._names.basic("write_string")
        elif is_bytes(type_):
            writer = self._names.basic("write_bytes")
        else:
            assert not isinstance(type_, Builtin), "every other builtin has a fixed size"
            writer = self._names.ref(type_, prefix="write_")
            if holds_classes(type_):
                return f"{writer}({out}, {expression}, {values})"
        return f"{writer}({out}, {expression})"

    def _write_text(
        self, run: list[_Leaf], expression: str, out: str, depth: int, locals_: Locals
    ) -> list[str]:
        """Append a string, and what stands ahead of it: together with its size, if that is one byte."""
        text, size = locals_("text"), locals_("size")
        short = self._pack_run([*run, ("B", size)], out, depth + 1) if run else [f"{out}.append({size})"]
        return [
            f"{text} = {expression}.encode()",
            f"if ({size} := {self._names.builtin('len')}({text})) < 255:",
            *indented(short),
            "else:",
            *indented(self._pack_run(run, out, depth + 1)),
            f"{INDENT}{self._names.basic('write_size')}({out}, {size})",
            f"{out} += {text}",
        ]

    def _pack_run(self, run: list[_Leaf], out: str, depth: int) -> list[str]:
        if not run:
            return []
        name = self.struct("".join(code for code, _ in run))
        return bracketed(f"{out} += {name}.pack(", [expression for _, expression in run], ")", depth)

    # Decoding

    def read(
        self,
        fields: Sequence[tuple[Type, str]],
        place: Place,
        depth: int,
        locals_: Locals,
        in_loop: bool = False,
    ) -> tuple[list[str], list[str]]:
        """Statements that decode the fields into the names given, and the expressions to use for them.

        In a loop strings are read in place.
        """
        lines: list[str] = []
        expressions: list[str] = []
        run: list[_Leaf] = []
        for type_, name in fields:
            leaves = self._targets(type_, name, locals_)
            if leaves is not None:
                run += leaves
                expressions.append(self._value(type_, iter(leaves)))
                continue
            in_place = in_loop and type_ == Builtin("string")
            if in_place and run:
                lines += self._unpack_run([*run, ("B", locals_("size"))], place, depth)
                lines += self._read_sized_text(name, place, locals_)
            else:
                lines += self._unpack_run(run, place, depth)
                lines += (
                    self._read_text(name, place, locals_)
                    if in_place
                    else [self._read_one(type_, name, place)]
                )
            run = []
            expressions.append(name)
        return lines + self._unpack_run(run, place, depth), expressions

    def _read_one(self, type_: Type, name: str, place: Place) -> str:
        arguments = [place.buf, place.take()]
        if is_value(type_):
            reader = f"{place.source}.value"
            arguments.append(self._types.value_class(type_))
        elif isinstance(type_, Proxy):
            reader = self._names.stub("read_proxy")
            arguments += [place.source, self._types.proxy_class(type_)]
        elif type_ == Builtin("string"):
            reader = self._names.basic("read_string")
        elif is_bytes(type_):
            reader = self._names.basic("read_bytes")
        else:
            assert not isinstance(type_, Builtin), "every other builtin has a fixed size"
            reader = self._names.ref(type_, prefix="read_")
            if holds_proxies(type_) or holds_classes(type_):
                arguments.append(place.source)
        return f"{name}, {place.pos} = {reader}({', '.join(arguments)})"

    def _read_text(self, name: str, place: Place, locals_: Locals) -> list[str]:
        size, buf, pos = locals_("size"), place.buf, place.pos
        return [
            *place.settle(),
            f"if ({size} := {buf}[{pos}]) < 255:",
            f"{INDENT}{name} = {buf}[{pos} + 1 : ({pos} := {pos} + {size} + 1)].decode()",
            "else:",
            f"{INDENT}{name}, {pos} = {self._names.basic('read_string')}({buf}, {pos})",
        ]

    def _read_sized_text(self, name: str, place: Place, locals_: Locals) -> list[str]:
        """The same where the first byte of its size was unpacked with what stands ahead."""
        size, buf, pos = locals_("size"), place.buf, place.pos
        here = place.here()
        place.skip(-1)
        return [
            f"if {size} < 255:",
            f"{INDENT}{name} = {buf}[{here} : ({pos} := {here} + {size})].decode()",
            "else:",
            f"{INDENT}{name}, {pos} = {self._names.basic('read_string')}({buf}, {place.take()})",
        ]

    def _unpack_run(self, run: list[_Leaf], place: Place, depth: int) -> list[str]:
        lines: list[str] = []
        for part in self._cut(run, depth):
            codes = "".join(code for code, _ in part)
            targets = ", ".join(name for _, name in part)
            if len(part) == 1:
                targets = f"({targets},)"
            lines.append(f"{targets} = {self.struct(codes)}.unpack_from({place.buf}, {place.here()})")
            place.skip(sum(SIZES[code] for code in codes))
        return lines

    def rows(self, struct: Struct, buffer: str, locals_: Locals) -> tuple[str, str] | None:
        """For a struct of fixed size: a loop's head over `buffer`, and the value made in each round."""
        leaves = self._targets(struct, locals_("item"), locals_)
        if leaves is None:
            return None
        codes = self._short("".join(code for code, _ in leaves))
        name = "_S_" + codes.replace("?", "o")
        if len(leaves) == len(struct.members):
            row = locals_("row")
            head, value = f"for {row} in {name}.iter_unpack({buffer})", f"{self.maker(struct)}(*{row})"
        else:
            targets = ", ".join(target for _, target in leaves)
            head, value = f"for {targets} in {name}.iter_unpack({buffer})", self._value(struct, iter(leaves))
        if len(head) > WIDTH - 2 * len(INDENT):
            return None
        self.struct(codes)
        return head, value

    # Leaves: what a value of fixed size consists of

    def _leaves(self, type_: Type, expression: str, joint: str) -> list[_Leaf] | None:
        codes = fixed_codes(type_)
        if codes is None:
            return None
        if not isinstance(type_, Struct):
            return [(codes, expression)]
        leaves: list[_Leaf] = []
        for member in type_.members:
            leaves += self._leaves(member.type, f"{expression}{joint}{python_name(member.name)}", joint) or []
        return leaves

    def _targets(self, type_: Type, name: str, locals_: Locals) -> list[_Leaf] | None:
        if not isinstance(type_, Struct):
            return self._leaves(type_, name, "_")
        leaves = self._leaves(type_, name.replace(".", "_"), "_")
        if leaves is None:
            return None
        return [(code, locals_.fresh(leaf)) for code, leaf in leaves]

    def _value(self, type_: Type, leaves: Iterator[_Leaf]) -> str:
        if not isinstance(type_, Struct):
            return next(leaves)[1]
        parts = [self._value(member.type, leaves) for member in type_.members]
        return f"{self.maker(type_)}({', '.join(parts)})"

    def _cut(self, run: list[_Leaf], depth: int) -> list[list[_Leaf]]:
        """The run in parts whose names fit on a line each."""
        parts: list[list[_Leaf]] = []
        room = 0
        for code, name in run:
            room -= len(name) + len(", ") + len(code)
            if not parts or room < 0:
                parts.append([])
                room = WIDTH - len(INDENT) * depth - len(name) - len(" = _S_.unpack_from(_buf, _pos + 1000)")
            parts[-1].append((code, name))
        return parts


class Place:
    """Where decoding stands: the names of buffer, position and source, and the bytes used since."""

    def __init__(self, buf: str, pos: str, source: str) -> None:
        self.buf = buf
        self.pos = pos
        self.source = source
        self._skipped = 0

    def skip(self, count: int) -> None:
        """So many bytes have been used."""
        self._skipped += count

    def here(self) -> str:
        """The present position, as an expression."""
        return f"{self.pos} + {self._skipped}" if self._skipped else self.pos

    def take(self) -> str:
        """The present position, for a statement that assigns the position anew."""
        here = self.here()
        self._skipped = 0
        return here

    def settle(self) -> list[str]:
        """A statement that brings the position up to date, if that is needed."""
        lines = [f"{self.pos} += {self._skipped}"] if self._skipped else []
        self._skipped = 0
        return lines


def function(head: str, parameters: Sequence[str], result: str, body: Sequence[str]) -> list[str]:
    """A whole function."""
    return [*bracketed(f"def {head}(", parameters, f") -> {result}:"), *indented(body)]
