"""The `write_` and `read_` functions of the named types."""

from __future__ import annotations

from pushnet.slice.emit.codecs import Codecs, Place, function
from pushnet.slice.emit.layout import bracketed, expression, indented
from pushnet.slice.emit.names import Locals, Names, inside_name, member_name
from pushnet.slice.emit.types import (
    SIZES,
    Types,
    fixed_codes,
    holds_classes,
    holds_proxies,
    is_tuple,
    needs_tuple,
    wire_size_min,
)
from pushnet.slice.model import Dictionary, Entity, Enum, Sequence, Struct, Type

NamedType = Enum | Struct | Sequence | Dictionary


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
        lines += _returned(hint, expressions, place, inside)
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
        if codes is not None and not isinstance(sequence.element, Struct):
            write, read = self._numbers(codes, out, value, place, locals_, is_tuple(sequence))
        elif isinstance(sequence.element, Struct) and (loop := self._loop(sequence.element, place, locals_)):
            write, read = self._rows(sequence, sequence.element, loop, out, value, place, locals_)
        else:
            size = f"{names.builtin('len')}({value})"
            write = [f"{names.basic('write_size')}({out}, {size})", f"for {item} in {value}:"]
            write += indented(self._codecs.write([(sequence.element, item)], out, 2, locals_("values")))
            read = self._items(sequence, place, locals_)
        return [
            self._writer(sequence, accepting, out, value, write, locals_("values")),
            self._reader(sequence, hint, place, read),
        ]

    def _counted(self, place: Place, locals_: Locals, element_size: int) -> list[str]:
        """Read a count, and refuse one that cannot be true."""
        count = locals_("count")
        return [
            f"{count}, {place.pos} = {self._names.basic('read_size')}({place.buf}, {place.pos})",
            f"{self._names.basic('check_count')}({place.buf}, {place.pos}, {count}, {element_size})",
        ]

    def _numbers(
        self, codes: str, out: str, value: str, place: Place, locals_: Locals, as_tuple: bool
    ) -> tuple[list[str], list[str]]:
        """Elements of a basic type: all at once."""
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
        read = self._counted(place, locals_, size)
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
        item, items, count = locals_("item"), locals_("items"), locals_("count")
        lines = self._counted(place, locals_, wire_size_min(sequence.element))
        reading, expressions = self._codecs.read([(sequence.element, item)], place, 2, locals_)
        body = [*reading, *place.settle(), *expression("", f"{items}.append({expressions[0]})", "", 2)]
        lines += [
            f"{items}: {self._collecting(sequence)} = []",
            f"for _ in {self._names.builtin('range')}({count}):",
            *indented(body),
        ]
        return [*lines, f"return {self._finished(sequence, items)}, {place.pos}"]

    def dictionary(self, dictionary: Dictionary) -> list[list[str]]:
        """A count, then key and value, key and value."""
        names = self._names
        locals_ = names.locals()
        out, value, key, item = locals_("out"), locals_("value"), locals_("key"), locals_("item")
        fields: list[tuple[Type, str]] = [(dictionary.key, key), (dictionary.value, item)]
        write = [
            f"{names.basic('write_size')}({out}, {names.builtin('len')}({value}))",
            f"for {key}, {item} in {value}.items():",
            *indented(self._codecs.write(fields, out, 2, locals_("values"))),
        ]
        place = Place(locals_("buf"), locals_("pos"), locals_("source"))
        hint = self._types.annotation(dictionary)
        read = self._counted(place, locals_, wire_size_min(dictionary.key) + wire_size_min(dictionary.value))
        reading, expressions = self._codecs.read(fields, place, 2, locals_)
        made = (
            f"{names.builtin('tuple')}({expressions[0]})" if needs_tuple(dictionary.key) else expressions[0]
        )
        assigned = expression(f"{value}[{made}] = ", expressions[1], "", 2)
        body = [*reading, *place.settle(), *assigned]
        read += [
            f"{value}: {hint} = {{}}",
            f"for _ in {names.builtin('range')}({locals_('count')}):",
            *indented(body),
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
