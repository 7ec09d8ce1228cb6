"""What makes frozen values while they are read, at the cost of ones that can change.

A frozen attrs class sets its fields past its own `__setattr__`, one call a field: three times the cost of
ordinary assignments. Readers make structs by the thousand, so they make them of a class that derives from the
frozen one and differs in two ways: its fields can be set, and once they are it becomes the frozen class.
"""

from __future__ import annotations

from typing import Any, TypeVar

import attrs

T = TypeVar("T")


def maker_of(cls: type[T]) -> type[T]:
    """What to call instead of the frozen class `cls`, with all fields by position."""
    any_cls: Any = cls
    fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(any_cls)
    parameters = ", ".join(f"field_{number}" for number in range(len(fields)))
    lines = [f"def __init__(value, {parameters}):"]
    lines += [f"    value.{field.name} = field_{number}" for number, field in enumerate(fields)]
    scope: dict[str, Any] = {"cls": cls}
    exec("\n".join([*lines, "    value.__class__ = cls"]), scope)
    able: dict[str, Any] = {
        "__slots__": (),
        "__init__": scope["__init__"],
        "__setattr__": object.__setattr__,
        "__delattr__": object.__delattr__,
        "__module__": cls.__module__,
    }
    return type(cls.__name__, (cls,), able)
