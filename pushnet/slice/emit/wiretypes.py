"""The `write_` and `read_` functions of the named types."""

from __future__ import annotations

from pushnet.slice.emit.buffers import Buffers
from pushnet.slice.emit.codecs import Codecs, Place, function, is_simple
from pushnet.slice.emit.layout import INDENT, bracketed, expression, indented
from pushnet.slice.emit.names import Locals, Names, inside_name, member_name
from pushnet.slice.emit.types import (
    SIZES,
    Types,
    fixed_codes,
    holds_classes,
    holds_proxies,
    is_buffer,
    is_tuple,
    needs_tuple,
    wire_size_min,
)
from pushnet.slice.model import Builtin, Dictionary, Entity, Enum, Sequence, Struct, Type

NamedType = Enum | Struct | Sequence | Dictionary

_OURS = ("buf", "pos", "source", "count", "size", "key", "item", "items", "value", "text")
"""The locals of functions with loops: members that are read in place must not have these names."""


class WireTypes:
    """Writes the codecs of one module's types."""

    def __init__(self, names: Names, types: Types, codecs: Codecs) -> None:
        self._names = names
        self._types = types
        self._codecs = codecs

    def enum(self, enum: Enum) -> list[list[str]]:
        """An enum travels as a size. Numbers that mean nothing are the peer's fault."""
        names = self._names
        title = names.own(enum)
        hint = names.ref(enum)
        table = f"_MEMBERS_{title}"
        out, value, number = names.locals()("out"), names.locals()("value"), names.locals()("number")
        buf, pos = names.locals()("buf"), names.locals()("pos")
        error = names.support("pushnet.wire.errors", "MarshalException")
        final = names.support("typing", "Final")
        return [
            [f"{table}: {final} = {{member.value: member for member in {hint}}}"],
            self._writer(enum, hint, out, value, [f"{names.basic('write_size')}({out}, {value})"]),
            function(
                f"read_{title}",
                [f"{buf}: {names.builtin('bytes')}", f"{pos}: {names.builtin('int')}"],
                f"{names.builtin('tuple')}[{hint}, {names.builtin('int')}]",
                [
                    f"{number}, {pos} = {names.basic('read_size')}({buf}, {pos})",
                    f"{value} = {table}.get({number})",
                    f"if {value} is None:",
                    f'    raise {error}(f"{{{number}}} is no {enum.type_id}")',
                    f"return {value}, {pos}",
                ],
            ),
        ]

    def struct(self, struct: Struct) -> list[list[str]]:
        """Members one after the other."""
        names = self._names
        hint = names.ref(struct)
        outer = names.locals()
        out, value = outer("out"), outer("value")
        fields = [(member.type, f"{value}.{member_name(member.name, struct)}") for member in struct.members]
        writer = self._writer(
            struct, hint, out, value, self._codecs.write(fields, out, 1, outer("values")), outer("values")
        )
        members = [member_name(member.name, struct) for member in struct.members]
        inside = names.locals(members)
        place = Place(inside("buf"), inside("pos"), inside("source"))
        targets = [
            (member.type, inside_name(name, names))
            for member, name in zip(struct.members, members, strict=True)
        ]
        lines, expressions = self._codecs.read(targets, place, 1, inside)
        lines += _returned(self._codecs.maker(struct), expressions, place, inside)
        return [writer, self._reader(struct, hint, place, lines)]

    def sequence(self, sequence: Sequence) -> list[list[str]]:
        """A count, then the elements."""
        names = self._names
        locals_ = names.locals()
        out, value, item = locals_("out"), locals_("value"), locals_("item")
        accepting = self._types.annotation(sequence, accepting=True)
        hint = self._types.annotation(sequence)
        codes = fixed_codes(sequence.element)
        place = Place(locals_("buf"), locals_("pos"), locals_("source"))
        if is_buffer(sequence):
            write, read = Buffers(names).codec(sequence, out, value, place.buf, place.pos)
        elif codes is not None and not isinstance(sequence.element, Struct):
            write, read = self._numbers(codes, out, value, place, locals_, is_tuple(sequence))
        elif isinstance(sequence.element, Struct) and (loop := self._loop(sequence.element, place, locals_)):
            write, read = self._rows(sequence, sequence.element, loop, out, value, place, locals_)
        else:
            size = f"{names.builtin('len')}({value})"
            write = [f"{names.basic('write_size')}({out}, {size})", f"for {item} in {value}:"]
            fields = _in_place(sequence.element, item)
            write += indented(self._codecs.write(fields, out, 2, locals_("values"), locals_))
            read = self._items(sequence, place, locals_)
        return [
            self._writer(sequence, accepting, out, value, write, locals_("values")),
            self._reader(sequence, hint, place, read),
        ]

    def _counted(self, place: Place, locals_: Locals, element_size: int) -> list[str]:
        """Read a count, and refuse one that cannot be true."""
        read = f"{self._names.basic('read_count')}({place.buf}, {place.pos}, {element_size})"
        return [f"{locals_('count')}, {place.pos} = {read}"]

    def _numbers(
        self, codes: str, out: str, value: str, place: Place, locals_: Locals, as_tuple: bool
    ) -> tuple[list[str], list[str]]:
        """Elements of a basic type: all at once. `unpack_from` itself refuses a count that cannot be true."""
        names = self._names
        count = locals_("count")
        pack, unpack = names.support("struct", "pack"), names.support("struct", "unpack_from")
        layout = f'f"<{{{count}}}{codes}"'
        size = SIZES[codes]
        end = f"{place.pos} + {count}" if size == 1 else f"{place.pos} + {count} * {size}"
        write = [
            f"{count} = {names.builtin('len')}({value})",
            f"{names.basic('write_size')}({out}, {count})",
            f"{out} += {pack}({layout}, *{value})",
        ]
        read = [f"{count}, {place.pos} = {names.basic('read_size')}({place.buf}, {place.pos})"]
        made = f"{unpack}({layout}, {place.buf}, {place.pos})"
        read.append(f"return {made if as_tuple else names.builtin('list') + f'({made})'}, {end}")
        return write, read

    def _loop(self, struct: Struct, place: Place, locals_: Locals) -> tuple[str, str] | None:
        """A loop's head over the rows of a struct of fixed size, and what each round makes."""
        buffer = f"{place.buf}[{place.pos}:{locals_('end')}]"
        return self._codecs.rows(struct, buffer, self._names.locals())

    def _rows(
        self,
        sequence: Sequence,
        struct: Struct,
        rows: tuple[str, str],
        out: str,
        value: str,
        place: Place,
        locals_: Locals,
    ) -> tuple[list[str], list[str]]:
        """Elements that are structs of fixed size: row by row."""
        names = self._names
        item, items, end, count = locals_("item"), locals_("items"), locals_("end"), locals_("count")
        packed = self._codecs.packed([(struct, item)])
        assert packed is not None, "a struct that can be read in rows can be written in rows"
        write = [
            f"{names.basic('write_size')}({out}, {names.builtin('len')}({value}))",
            f"for {item} in {value}:",
            *indented(bracketed(f"{out} += {packed[0]}(", packed[1], ")", 2)),
        ]
        size = wire_size_min(struct)
        read = self._counted(place, locals_, size)
        read.append(f"{end} = {place.pos} + {count} * {size}")
        made = f"[{rows[1]} {rows[0]}]"
        one_line = f"return {self._finished(sequence, made)}, {end}"
        if len(one_line) <= 106:
            return write, [*read, one_line]
        appended = expression("", f"{items}.append({rows[1]})", "", 2)
        read += [f"{items}: {self._collecting(sequence)} = []", f"{rows[0]}:", *indented(appended)]
        read.append(f"return {self._finished(sequence, items)}, {end}")
        return write, read

    def _finished(self, sequence: Sequence, items: str) -> str:
        """The value made of a list of its elements."""
        return f"{self._names.builtin('tuple')}({items})" if is_tuple(sequence) else items

    def _collecting(self, sequence: Sequence) -> str:
        """The type hint of that list."""
        return f"{self._names.builtin('list')}[{self._types.annotation(sequence.element)}]"

    def _items(self, sequence: Sequence, place: Place, locals_: Locals) -> list[str]:
        """Elements of any other type: one by one."""
        items, count = locals_("items"), locals_("count")
        lines = self._counted(place, locals_, wire_size_min(sequence.element))
        reading, made = self._element({locals_("item"): sequence.element}, place, locals_)
        body = [*reading, *place.settle(), *expression("", f"{items}.append({made[0]})", "", 2)]
        lines += [
            f"{items}: {self._collecting(sequence)} = []",
            f"for _ in {self._names.builtin('range')}({count}):",
            *indented(body),
            *self._inside(sequence.element, place),
        ]
        return [*lines, f"return {self._finished(sequence, items)}, {place.pos}"]

    def _element(self, types: dict[str, Type], place: Place, locals_: Locals) -> tuple[list[str], list[str]]:
        """Read what a loop's round is about: the statements, and the expressions for the named values."""
        for name in _OURS:
            locals_(name)
        parts = {
            name: [(item, locals_.fresh(member)) for item, member in _members(type_)] or [(type_, name)]
            for name, type_ in types.items()
        }
        fields = [field for part in parts.values() for field in part]
        lines, expressions = self._codecs.read(fields, place, 2, locals_, True)
        left = iter(expressions)
        made: list[str] = []
        for name, type_ in types.items():
            values = [next(left) for _ in parts[name]]
            if isinstance(type_, Struct) and is_simple(type_):
                values = [f"{self._codecs.maker(type_)}({', '.join(values)})"]
            made += values
        return lines, made

    def _inside(self, last: Type, place: Place) -> list[str]:
        """Refuse strings that were read in place past the end; what else comes last has been checked."""
        if isinstance(last, Struct) and is_simple(last):
            last = last.members[-1].type
        if last != Builtin("string"):
            return []
        error = self._names.support("pushnet.wire.errors", "MarshalException")
        return [
            f"if {place.pos} > {self._names.builtin('len')}({place.buf}):",
            f'{INDENT}raise {error}("a string is cut off")',
        ]

    def dictionary(self, dictionary: Dictionary) -> list[list[str]]:
        """A count, then key and value, key and value."""
        names = self._names
        locals_ = names.locals()
        out, value, key, item = locals_("out"), locals_("value"), locals_("key"), locals_("item")
        fields = [*_in_place(dictionary.key, key), *_in_place(dictionary.value, item)]
        write = [
            f"{names.basic('write_size')}({out}, {names.builtin('len')}({value}))",
            f"for {key}, {item} in {value}.items():",
            *indented(self._codecs.write(fields, out, 2, locals_("values"), locals_)),
        ]
        place = Place(locals_("buf"), locals_("pos"), locals_("source"))
        hint = self._types.annotation(dictionary)
        read = self._counted(place, locals_, wire_size_min(dictionary.key) + wire_size_min(dictionary.value))
        types = {key: dictionary.key, item: dictionary.value}
        reading, (found, made) = self._element(types, place, locals_)
        if needs_tuple(dictionary.key):
            found = f"{names.builtin('tuple')}({found})"
        body = [*reading, *place.settle(), *expression(f"{value}[{found}] = ", made, "", 2)]
        read += [
            f"{value}: {hint} = {{}}",
            f"for _ in {names.builtin('range')}({locals_('count')}):",
            *indented(body),
            *self._inside(dictionary.value, place),
            f"return {value}, {place.pos}",
        ]
        return [
            self._writer(
                dictionary,
                self._types.annotation(dictionary, accepting=True),
                out,
                value,
                write,
                locals_("values"),
            ),
            self._reader(dictionary, hint, place, read),
        ]

    def _writer(
        self, type_: NamedType, hint: str, out: str, value: str, body: list[str], values: str = ""
    ) -> list[str]:
        names = self._names
        parameters = [f"{out}: {names.builtin('bytearray')}", f"{value}: {hint}"]
        if holds_classes(type_):
            parameters.append(f"{values}: {names.value_writer()}")
        return function(names.own(type_, prefix="write_"), parameters, "None", body)

    def _reader(self, type_: NamedType, hint: str, place: Place, body: list[str]) -> list[str]:
        names = self._names
        int_ = names.builtin("int")
        parameters = [f"{place.buf}: {names.builtin('bytes')}", f"{place.pos}: {int_}"]
        if holds_classes(type_):
            parameters.append(f"{place.source}: {names.value_reader()}")
        elif holds_proxies(type_):
            parameters.append(f"{place.source}: {names.stub('Source')}")
        result = f"{names.builtin('tuple')}[{hint}, {int_}]"
        return function(names.own(type_, prefix="read_"), parameters, result, body)


def _in_place(type_: Type, name: str) -> list[tuple[Type, str]]:
    """What is written of a value in a loop: the members of a simple struct instead of the struct."""
    return [(item, f"{name}.{member}") for item, member in _members(type_)] or [(type_, name)]


def _members(type_: Type) -> list[tuple[Type, str]]:
    """Types and names of a simple struct's members; nothing for any other type."""
    if not isinstance(type_, Struct) or not is_simple(type_):
        return []
    return [(member.type, member_name(member.name, type_)) for member in type_.members]


def public_functions(entity: Entity, names: Names) -> list[str]:
    """The names that others may import."""
    return [names.own(entity, prefix="read_"), names.own(entity, prefix="write_")]


def _returned(hint: str, expressions: list[str], place: Place, locals_: Locals) -> list[str]:
    """Return the value made of the expressions, and the position behind it."""
    line = f"return {hint}({', '.join(expressions)}), {place.here()}"
    if len(line) <= 106:
        return [line]
    value = locals_("value")
    return [*bracketed(f"{value} = {hint}(", expressions, ")", 1), f"return {value}, {place.here()}"]
