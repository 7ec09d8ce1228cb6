"""What a reader sees first: constants, enums, structs, classes and exceptions as Python classes."""

from __future__ import annotations

from pushnet.slice.docs import doc_of
from pushnet.slice.emit.docstrings import docstring, plain_docstring
from pushnet.slice.emit.layout import indented
from pushnet.slice.emit.names import Names, enumerator_name
from pushnet.slice.emit.types import Types
from pushnet.slice.model import Class, Const, Enum, Exception_, Interface, Struct
from pushnet.slice.uses import legal_key


def constant(const: Const, types: Types) -> list[str]:
    """A constant, and below it what was said about it."""
    return [types.constant(const), *docstring(doc_of(const), 0)]


def enum_class(enum: Enum, names: Names) -> list[str]:
    """A `SliceEnum`."""
    lines = [f"class {names.own(enum)}({names.support('pushnet.wire.enums', 'SliceEnum')}):"]
    doc = docstring(doc_of(enum), 1)
    body = [*doc, ""] if doc else []
    for enumerator in enum.enumerators:
        body.append(f"{enumerator_name(enumerator.name)} = {enumerator.value}")
        body += _member_doc(docstring(doc_of(enumerator), 1))
    return lines + indented(_without_last_gap(body)) + names.alias(enum)


def value_class(entity: Struct | Exception_ | Class, names: Names, types: Types) -> list[str]:
    """An attrs class: frozen for a struct or an exception; for a class one that can change and is equal to
    itself only. Structs that dictionaries can have as keys are ordered, as in Ice for Python.
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
    if isinstance(entity, Struct) and legal_key(entity):
        kind = "frozen(order=True)"
    lines = [f"@{names.imports.module('attrs')}.{kind}", heading]
    doc = docstring(doc_of(entity), 1)
    body = [*doc, ""] if doc and entity.members else doc
    for member in entity.members:
        body += types.field(member, entity)
        body += _member_doc(docstring(doc_of(member), 1))
    return lines + indented(_without_last_gap(body) or ["pass"]) + names.alias(entity)


def interface_value(interface: Interface, names: Names) -> list[str]:
    """What stands for an interface that is passed by value."""
    base = names.support("pushnet.wire.values", "InterfaceByValue")
    doc = plain_docstring(f"A `{names.own(interface)}` by value: nothing but its type travels.", 1)
    return [f"class {names.own(interface, suffix='Value')}({base}):", *indented(doc)]


def _member_doc(lines: list[str]) -> list[str]:
    return [*lines, ""] if lines else []


def _without_last_gap(lines: list[str]) -> list[str]:
    return lines[:-1] if lines and not lines[-1] else lines
