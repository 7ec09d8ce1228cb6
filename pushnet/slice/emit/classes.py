"""What a reader sees first: constants, enums, structs, classes and exceptions as Python classes."""

from __future__ import annotations

from pushnet.slice.docs import read_doc
from pushnet.slice.emit.docstrings import docstring
from pushnet.slice.emit.layout import indented
from pushnet.slice.emit.names import Names, enumerator_name
from pushnet.slice.emit.types import Types
from pushnet.slice.model import Class, Const, Enum, Exception_, Struct


def constant(const: Const, types: Types) -> list[str]:
    """A constant, and below it what was said about it."""
    return [types.constant(const), *docstring(read_doc(const.doc), 0)]


def enum_class(enum: Enum, names: Names) -> list[str]:
    """An `IntEnum`."""
    lines = [f"class {names.own(enum)}({names.support('enum', 'IntEnum')}):"]
    doc = docstring(read_doc(enum.doc), 1)
    body = [*doc, ""] if doc else []
    for enumerator in enum.enumerators:
        body.append(f"{enumerator_name(enumerator.name)} = {enumerator.value}")
        body += _member_doc(docstring(read_doc(enumerator.doc), 1))
    return lines + indented(_without_last_gap(body)) + _alias(enum, names)


def value_class(entity: Struct | Exception_ | Class, names: Names, types: Types) -> list[str]:
    """An attrs class: frozen for a struct or an exception; for a class one that can change and is equal to
    itself only.
    """
    base = ""
    if isinstance(entity, Exception_):
        base = names.ref(entity.base) if entity.base is not None else names.stub("UserException")
    elif isinstance(entity, Class):
        base = (
            names.ref(entity.base)
            if entity.base is not None
            else names.support("pushnet.wire.values", "Value")
        )
    heading = f"class {names.own(entity)}({base}):" if base else f"class {names.own(entity)}:"
    kind = "define(eq=False, slots=False)" if isinstance(entity, Class) else "frozen"
    lines = [f"@{names.imports.module('attrs')}.{kind}", heading]
    doc = docstring(read_doc(entity.doc), 1)
    body = [*doc, ""] if doc and entity.members else doc
    for member in entity.members:
        body += types.field(member, entity)
        body += _member_doc(docstring(read_doc(member.doc), 1))
    return lines + indented(_without_last_gap(body) or ["pass"]) + _alias(entity, names)


def _member_doc(lines: list[str]) -> list[str]:
    return [*lines, ""] if lines else []


def _without_last_gap(lines: list[str]) -> list[str]:
    return lines[:-1] if lines and not lines[-1] else lines


def _alias(entity: Enum | Struct | Exception_ | Class, names: Names) -> list[str]:
    """A second name, for use where a member of the same name hides the class."""
    return ["", "", f"{names.ref(entity)} = {names.own(entity)}"] if names.is_shadowed(entity) else []
