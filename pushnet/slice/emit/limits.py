"""What Slice allows and Python cannot express."""

from __future__ import annotations

from pushnet.slice.emit.names import base_names, by_value, module_names
from pushnet.slice.emit.proxies import can_be_ordered
from pushnet.slice.emit.types import is_buffer, is_bytes, is_tuple
from pushnet.slice.model import Dictionary, Entity, Interface, Sequence, Struct, Type, Unit
from pushnet.slice.source import Diagnostics


def check_limits(unit: Unit, diagnostics: Diagnostics) -> None:
    """Report what cannot be written of the unit's own file."""
    for entity in unit.own():
        _check(entity, diagnostics)
    _check_names(unit, diagnostics)


def _check_names(unit: Unit, diagnostics: Diagnostics) -> None:
    """No name of the Python module may mean two things."""
    seen: dict[str, Entity] = {}
    passed = by_value(unit)
    for entity, base in base_names(unit).items():
        names = module_names(entity, base) if entity.level == 0 else []
        for name in [*names, f"{base}Value"] if entity in passed else names:
            other = seen.setdefault(name, entity)
            if other is not entity:
                message = f"Python's `{name}` would be two things: {entity.kind} `{entity.name}` and part of"
                diagnostics.error(entity.position, f"{message} {other.kind} `{other.name}`: rename one")


def _check(entity: Entity, diagnostics: Diagnostics) -> None:
    if isinstance(entity, Interface) and not can_be_ordered(entity):
        message = f"Python finds no order for the bases of `{entity.name}`"
        diagnostics.error(entity.position, f"{message}: list bases in the same order everywhere")
    if isinstance(entity, Dictionary) and not entity.local and not _hashable(entity.key, True):
        message = f"Python cannot have keys of dictionary `{entity.name}`, because a list is in them"
        diagnostics.error(entity.position, f'{message}: write ["python:tuple"] before the sequence inside')


def _hashable(key: Type, outermost: bool = False) -> bool:
    """Whether Python can have it as a key. A sequence that is the key itself is made a tuple."""
    if isinstance(key, Struct):
        return all(_hashable(member.type) for member in key.members)
    if not isinstance(key, Sequence) or is_bytes(key):
        return True
    return not is_buffer(key) and (outermost or is_tuple(key)) and _hashable(key.element)
