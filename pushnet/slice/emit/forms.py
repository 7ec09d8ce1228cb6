"""`python:` metadata where a sequence is used: before a member, a parameter or a result.

There the sequence has another form than where it was defined. It is written as if the file had defined a
second sequence, `Numbers_tuple` beside `Numbers`, of which that member, parameter or result is.
"""

from __future__ import annotations

import re

import attrs

from pushnet.slice.emit.buffers import python_form
from pushnet.slice.model import (
    Class,
    Entity,
    Exception_,
    Interface,
    Member,
    Operation,
    Sequence,
    Struct,
    Type,
    Unit,
)

_PREFIX = "python:"


@attrs.define(eq=False)
class Form(Sequence):
    """A sequence as somebody uses it."""

    of: Sequence | None = None
    """As it was defined."""


def with_forms(unit: Unit) -> Unit:
    """The unit with a sequence before each such use in a file; what uses it is of that type from now on."""
    found: dict[tuple[str, int, str], Form] = {}
    entities: list[Entity] = []
    for entity in unit.entities:
        known = len(found)
        if isinstance(entity, Struct | Exception_ | Class):
            for member in entity.members:
                member.type = _formed(member.type, member, found)
        operations = entity.operations if isinstance(entity, Interface) else ()
        for operation in operations:
            _form_operation(operation, found)
        entities += [*list(found.values())[known:], entity]
    return attrs.evolve(unit, entities=tuple(entities))


def _form_operation(operation: Operation, found: dict[tuple[str, int, str], Form]) -> None:
    if operation.returns is not None:
        operation.returns = _formed(operation.returns, operation, found)
    for parameter in operation.parameters:
        parameter.type = _formed(parameter.type, parameter, found)


def _formed(type_: Type, user: Member | Entity, found: dict[tuple[str, int, str], Form]) -> Type:
    metadata = tuple(item for item in user.metadata if item.startswith(_PREFIX))
    defined = type_.of if isinstance(type_, Form) else type_
    if not metadata or not isinstance(defined, Sequence):
        return type_
    form = Form(
        defined.name,
        defined.scope,
        user.position,
        user.level,
        None,
        metadata,
        element=defined.element,
        of=defined,
    )
    said = python_form(form)
    if said == python_form(defined):
        return defined
    form.name = f"{defined.name}_{re.sub('[^A-Za-z0-9]', '_', said) or 'default'}"
    return found.setdefault((user.position.file, id(defined), said), form)
