"""What classes and exceptions add to their bases on the wire: functions for the own members, and the slice
that tells the runtime about them.
"""

from __future__ import annotations

from pushnet.slice.emit.codecs import Codecs, Place, function
from pushnet.slice.emit.encoding10 import Encoding10
from pushnet.slice.emit.layout import bracketed, indented
from pushnet.slice.emit.names import Locals, Names, inside_name, member_name
from pushnet.slice.emit.optionals import Optionals
from pushnet.slice.emit.types import Types, holds_classes
from pushnet.slice.model import Class, Exception_, Interface, Type

_PRESERVE = "preserve-slice"


class Slices:
    """Writes the slices of one module's classes and exceptions."""

    def __init__(self, names: Names, types: Types, codecs: Codecs, old: Encoding10) -> None:
        self._names = names
        self._types = types
        self._codecs = codecs
        self._optionals = Optionals(names, types, codecs)
        self._old = old

    def value(self, entity: Class) -> list[list[str]]:
        """A class: its members are set one by one, because they may name the instance itself."""
        names = self._names
        title, hint = names.own(entity), names.ref(entity)
        locals_ = names.locals()
        values = locals_("values")
        parameters = [f"{locals_('value')}: {hint}", f"{values}: {names.value_writer()}"]
        place = Place(locals_("buf"), locals_("pos"), locals_("source"))
        value = locals_("value")
        required = [member for member in entity.members if member.tag is None]
        fields = [(member.type, f"{value}.{member_name(member.name, entity)}") for member in required]
        body = self._read(fields, place, locals_)
        tagged = _tagged(entity, value)
        if tagged:
            body += place.settle()
            body += [f"{name} = None" for _, _, name in tagged]
            seeking = self._optionals.read(tagged, place, locals_, 2, f"{place.source}.skip")
            body += [f"if {locals_('optionals')}:", *indented(seeking)]
        body.append(f"return {place.here()}")
        reading = [f"{value}: {hint}", f"{place.source}: {names.value_reader()}"]
        return [
            self._writer(entity, parameters, locals_, values),
            self._reader(entity, reading, place, names.builtin("int"), body, locals_),
            *self._value_slice(entity, title, hint),
        ]

    def interface(self, interface: Interface) -> list[str]:
        """An interface passed by value: a class without members."""
        names = self._names
        title = names.own(interface, suffix="Value")
        module = "pushnet.wire.values"
        functions = [names.support(module, name) for name in ("write_no_members", "read_no_members")]
        head = f"{title}.ice_slice = {names.support(module, 'ValueSlice')}("
        return bracketed(head, [f'"{interface.type_id}"', title, *functions], ")")

    def exception(self, entity: Exception_) -> list[list[str]]:
        """An exception: it is made of all members at once, because it cannot change."""
        names = self._names
        title, hint = names.own(entity), names.ref(entity)
        outer = names.locals()
        parameters = [f"{outer('value')}: {hint}"]
        if _has_classes(entity):
            parameters.append(f"{outer('values')}: {names.value_writer()}")
        members = [member_name(member.name, entity) for member in entity.members]
        inside = names.locals(members)
        place = Place(inside("buf"), inside("pos"), inside("source"))
        fields = [(m, inside_name(name, names)) for m, name in zip(entity.members, members, strict=True)]
        required = [(member.type, name) for member, name in fields if member.tag is None]
        body, expressions = self._codecs.read(required, place, 1, inside)
        made = dict(zip([name for _, name in required], expressions, strict=True))
        tagged = sorted(
            ((m.tag, m.type, name) for m, name in fields if m.tag is not None), key=lambda item: item[0]
        )
        if tagged:
            body += place.settle()
            body += self._optionals.unset(tagged)
            seeking = self._optionals.read(tagged, place, inside, 2, f"{place.source}.skip")
            body += [f"if {inside('optionals')}:", *indented(seeking)]
        body += _tuple_returned([made.get(name, name) for _, name in fields], place, inside)
        needs_reader = tagged or _has_classes(entity)
        source = names.value_reader() if needs_reader else names.stub("Source")
        any_, tuple_ = names.support("typing", "Any"), names.builtin("tuple")
        result = f"{tuple_}[{any_}, ...]" if members else f"{tuple_}[()]"
        return [
            self._writer(entity, parameters, outer, outer("values")),
            self._reader(entity, [f"{place.source}: {source}"], place, result, body, inside),
            *self._exception_slice(entity, title, hint),
        ]

    def _read(self, fields: list[tuple[Type, str]], place: Place, locals_: Locals) -> list[str]:
        """Statements that read straight into the fields."""
        lines, expressions = self._codecs.read(fields, place, 1, locals_)
        for (_, name), made in zip(fields, expressions, strict=True):
            if made != name:
                lines.append(f"{name} = {made}")
        return lines

    def _writer(
        self, entity: Class | Exception_, parameters: list[str], locals_: Locals, values: str
    ) -> list[str]:
        names = self._names
        out, value = locals_("out"), locals_("value")
        required = [member for member in entity.members if member.tag is None]
        fields = [(member.type, f"{value}.{member_name(member.name, entity)}") for member in required]
        body = self._codecs.write(fields, out, 1, values)
        tagged = _tagged(entity, value)
        result = "None"
        if tagged:
            before = locals_("before")
            end = names.support("pushnet.wire.optional", "end_optionals")
            body.append(f"{before} = {names.builtin('len')}({out})")
            body += self._optionals.write(tagged, out, locals_, 1)
            body.append(f"return {end}({out}, {before})")
            result = names.builtin("bool")
        parameters = [f"{out}: {names.builtin('bytearray')}", *parameters]
        return function(
            f"_write_{names.own(entity)}",
            parameters,
            result,
            body or ['"""Has no members of its own."""'],
        )

    def _reader(
        self,
        entity: Class | Exception_,
        more: list[str],
        place: Place,
        result: str,
        body: list[str],
        locals_: Locals,
    ) -> list[str]:
        names = self._names
        int_ = names.builtin("int")
        parameters = [f"{place.buf}: {names.builtin('bytes')}", f"{place.pos}: {int_}", *more]
        if _tagged(entity, ""):
            parameters.append(f"{locals_('optionals')}: {names.builtin('bool')}")
        if isinstance(entity, Exception_):
            result = f"{names.builtin('tuple')}[{result}, {int_}]"
        return function(f"_read_{names.own(entity)}", parameters, result, body)

    def _value_slice(self, entity: Class, title: str, hint: str) -> list[list[str]]:
        names = self._names
        cls = names.support("pushnet.wire.values", "ValueSlice")
        arguments = [f'"{entity.type_id}"', hint, f"_write_{title}", f"_read_{title}"]
        if entity.base is not None:
            arguments.append(f"{names.ref(entity.base)}.ice_slice")
        if entity.compact_id is not None:
            arguments.append(f"compact_id={entity.compact_id}")
        blocks = self._common(entity, arguments)
        return [*blocks, bracketed(f"{hint}.ice_slice = {cls}(", arguments, ")")]

    def _exception_slice(self, entity: Exception_, title: str, hint: str) -> list[list[str]]:
        names = self._names
        base = f"{names.ref(entity.base)}.ice_slice" if entity.base is not None else "None"
        arguments = [f'"{entity.type_id}"', hint, f"_write_{title}", f"_read_{title}", base]
        if _has_classes(entity):
            arguments.append("classes=True")
        blocks = self._common(entity, arguments)
        return [*blocks, bracketed(f"{hint}.ice_slice = {names.stub('ExceptionSlice')}(", arguments, ")")]

    def _common(self, entity: Class | Exception_, arguments: list[str]) -> list[list[str]]:
        """Add what is said of both; the blocks that must stand before."""
        if _preserves(entity):
            arguments.append("preserve=True")
        if _tagged(entity, ""):
            arguments.append("optionals=True")
        members = self._old.members(entity)
        if members:
            arguments.append(f"old={self._names.own(entity, prefix='_old_')}")
        return [members] if members else []


def _tagged(entity: Class | Exception_, value: str) -> list[tuple[int, Type, str]]:
    """The optional members, by tag."""
    found = [
        (member.tag, member.type, f"{value}.{member_name(member.name, entity)}")
        for member in entity.members
        if member.tag is not None
    ]
    return sorted(found, key=lambda item: item[0])


def _has_classes(entity: Class | Exception_) -> bool:
    return any(holds_classes(member.type) for member in entity.members)


def _preserves(entity: Class | Exception_) -> bool:
    above: Class | Exception_ | None = entity
    while above is not None:
        if _PRESERVE in above.metadata:
            return True
        above = above.base
    return False


def _tuple_returned(expressions: list[str], place: Place, locals_: Locals) -> list[str]:
    """Return a tuple of the expressions, and the position behind it."""
    values = f"({expressions[0]},)" if len(expressions) == 1 else f"({', '.join(expressions)})"
    line = f"return {values}, {place.here()}"
    if len(line) <= 106:
        return [line]
    value = locals_("value")
    return [*bracketed(f"{value} = (", expressions, ")", 1), f"return {value}, {place.here()}"]
