"""Constants and defaults: what each side makes of `values.ice`, in words that are alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_CLASSES = {
    "S": "bysilfdtcu",
    "B": "asc",
    "D": ("a", "s", "c", "b", "o", "p", "oc", "ob"),
    "E": "asf",
    "F": "asfco",
}
_INNER = ("ic", "oc", "od")


def told(text: str, find: Callable[[str, bool], Any]) -> list[str]:
    """A line for each constant and each class; `find(name, inner)` has what they are."""
    names = re.findall(r"const \S+ (\w+) =", text)
    lines = [f"{name} {_word(find(name, name in _INNER))}" for name in names]
    for name, members in _CLASSES.items():
        made = find(name, False)()
        lines.append(f"{name} {[_word(getattr(made, member)) for member in members]}")
    return lines


def _word(value: Any) -> str:
    if hasattr(value, "name"):
        return f"{value.name} {int(value.value)}"
    return repr(float(value)) if isinstance(value, float) else ascii(value)
