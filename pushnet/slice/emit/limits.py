"""What Slice allows and this version of the emitter does not write yet, or Python cannot express."""

from __future__ import annotations

from pushnet.slice.emit.names import base_names, module_names
from pushnet.slice.emit.proxies import can_be_ordered
from pushnet.slice.emit.types import is_bytes
from pushnet.slice.model import (
    Builtin,
    Class,
    Const,
    Dictionary,
    Entity,
    Exception_,
    Interface,
    Proxy,
    Sequence,
    Struct,
    Type,
    Unit,
)
from pushnet.slice.source import Diagnostics, Position


def check_limits(unit: Unit, diagnostics: Diagnostics) -> None:
    """Report what cannot be written of the unit's own file."""
    for entity in unit.own():
        _check(entity, diagnostics)
    _check_names(unit, diagnostics)


def _check_names(unit: Unit, diagnostics: Diagnostics) -> None:
    """No name of the Python module may mean two things."""
    seen: dict[str, Entity] = {}
    for entity, base in base_names(unit).items():
        for name in module_names(entity, base) if entity.level == 0 else ():
            other = seen.setdefault(name, entity)
            if other is not entity:
                message = f"Python's `{name}` would be two things: {entity.kind} `{entity.name}` and part of"
                diagnostics.error(entity.position, f"{message} {other.kind} `{other.name}`: rename one")


def _check(entity: Entity, diagnostics: Diagnostics) -> None:
    if getattr(entity, "local", False):
        _unsupported(entity.position, f"`{entity.name}`: local types are", diagnostics)
    elif isinstance(entity, Class):
        for member in entity.members:
            _type(member.type, member.position, diagnostics)
    elif isinstance(entity, Const):
        _type(entity.type, entity.position, diagnostics)
    elif isinstance(entity, Struct | Exception_):
        for member in entity.members:
            _type(member.type, member.position, diagnostics)
    elif isinstance(entity, Sequence):
        _type(entity.element, entity.position, diagnostics)
    elif isinstance(entity, Dictionary):
        _type(entity.value, entity.position, diagnostics)
        if not _hashable(entity.key):
            _unsupported(entity.position, f"`{entity.name}`: sequences in dictionary keys are", diagnostics)
    elif isinstance(entity, Interface):
        _interface(entity, diagnostics)


def _interface(interface: Interface, diagnostics: Diagnostics) -> None:
    if not can_be_ordered(interface):
        message = f"Python finds no order for the bases of `{interface.name}`"
        diagnostics.error(interface.position, f"{message}: list bases in the same order everywhere")
    for operation in interface.operations:
        if operation.returns is not None:
            _type(operation.returns, operation.position, diagnostics)
        for parameter in operation.parameters:
            _type(parameter.type, parameter.position, diagnostics)


def _type(type_: Type, position: Position, diagnostics: Diagnostics) -> None:
    if isinstance(type_, Builtin) and type_.name == "LocalObject":
        _unsupported(position, "local types are", diagnostics)
    elif isinstance(type_, Interface):
        _unsupported(position, f"`{type_.name}` by value: interfaces by value are", diagnostics)
    elif isinstance(type_, Proxy) and isinstance(type_.target, Class):
        _unsupported(position, f"`{type_.target.name}*`: proxies of classes are", diagnostics)


def _hashable(key: Type) -> bool:
    if isinstance(key, Struct):
        return all(_hashable(member.type) for member in key.members)
    return not isinstance(key, Sequence) or is_bytes(key)


def _unsupported(position: Position, what: str, diagnostics: Diagnostics) -> None:
    diagnostics.error(position, f"{what} not supported yet by this version of slice2tx")
