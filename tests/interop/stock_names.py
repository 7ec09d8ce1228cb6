"""Tells what stock Ice for Python offers to programs, as JSON: names, members, fields and enumerators."""

from __future__ import annotations

import inspect
import json

import Ice


def public(names: list[str]) -> list[str]:
    """Those a program uses; of the ways to call an operation only the first."""
    ways = ("begin_", "end_")
    return [
        name for name in names if name[0] != "_" and not name.startswith(ways) and not name.endswith("Async")
    ]


def told(kind: type) -> dict[str, object]:
    """One class."""
    found: dict[str, object] = {"members": public(list(vars(kind)))}
    if issubclass(kind, Ice.EnumBase) and hasattr(kind, "_enumerators"):
        found["enumerators"] = {each.name: value for value, each in kind._enumerators.items()}
        found["members"] = []
    elif issubclass(kind, Ice.Exception):
        found["bases"] = [base.__name__ for base in kind.__mro__ if issubclass(base, Ice.Exception)]
        found["fields"] = list(inspect.signature(kind.__init__).parameters)[1:]
    return found


names = {name: getattr(Ice, name) for name in public(dir(Ice)) if not inspect.ismodule(getattr(Ice, name))}
print(json.dumps({name: told(it) if isinstance(it, type) else None for name, it in names.items()}))
