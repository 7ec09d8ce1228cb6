"""The import block of a generated module: only what is used, in the order that `ruff` puts it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pushnet.slice.emit.layout import WIDTH

_STANDARD = ("array", "builtins", "collections", "enum", "struct", "typing")
_THIRD_PARTY = ("attrs", "numpy", "twisted")


class Imports:
    """Collects imports while a module is being written."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = frozenset(taken)
        self._names: dict[str, dict[str, str]] = {}
        self._modules: dict[str, str] = {}
        self._late: set[str] = set()

    def support(self, module: str, name: str) -> str:
        """A name the generated code itself needs: `_name` where the user has taken `name`."""
        return self.use(module, name, f"_{name}" if name in self._taken else name)

    def builtin(self, name: str) -> str:
        """A builtin, which is imported only where the user has taken its name."""
        return self.use("builtins", name, f"_{name}") if name in self._taken else name

    def module(self, name: str) -> str:
        """A whole module."""
        return self._modules.setdefault(name, f"_{name}" if name in self._taken else name)

    def use(self, module: str, name: str, local: str, late: bool = False) -> str:
        """Import `name` as `local`; late, when the module imports this one in turn."""
        if late:
            self._late.add(module)
        self._names.setdefault(module, {})[name] = local
        return local

    def lines(self) -> list[str]:
        """The block, sections apart by an empty line."""
        out = ["from __future__ import annotations"]
        for belongs in (_is_standard, _is_third_party, _is_ours):
            early = [module for module in self._names if belongs(module) and module not in self._late]
            section = self._section(early, belongs)
            if section:
                out += ["", *section]
        return out

    def late_lines(self) -> list[str]:
        """What is imported when the module's own classes are there already."""
        lines: list[str] = []
        for module in sorted(self._late, key=_natural):
            lines += [_with_noqa(line) for line in self._from(module)]
        return lines

    def _section(self, modules: list[str], belongs: object) -> list[str]:
        assert callable(belongs)
        out: list[str] = []
        for name, local in sorted(self._modules.items()):
            if belongs(name):
                out.append(f"import {name}" if name == local else f"import {name} as {local}")
        for module in sorted(modules, key=_natural):
            out += self._from(module)
        return out

    def _from(self, module: str) -> list[str]:
        names = self._names[module]
        plain = sorted((name for name, local in names.items() if name == local), key=_member_key)
        statements: list[tuple[tuple[object, ...], list[str]]] = []
        if plain:
            line = f"from {module} import {', '.join(plain)}"
            lines = [line]
            if len(line) > WIDTH:
                lines = [f"from {module} import (", *(f"    {name}," for name in plain), ")"]
            statements.append((_member_key(plain[0]), lines))
        for name, local in names.items():
            if name != local:
                statements.append((_member_key(name), [f"from {module} import {name} as {local}"]))
        return [line for _, lines in sorted(statements) for line in lines]


def _with_noqa(line: str) -> str:
    return f"{line}  # noqa: E402" if line.startswith("from ") else line


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in _STANDARD


def _is_third_party(module: str) -> bool:
    return module.partition(".")[0] in _THIRD_PARTY


def _is_ours(module: str) -> bool:
    return not _is_standard(module) and not _is_third_party(module)


def _natural(text: str) -> tuple[object, ...]:
    """Sorts numbers within names by their value."""
    parts = re.split(r"(\d+)", text)
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts if part)


def _member_key(name: str) -> tuple[object, ...]:
    """Constants first, then classes, then the rest, each without regard to case."""
    if len(name) > 1 and name.isupper():
        kind = 0
    elif name[0].isupper():
        kind = 1
    else:
        kind = 2
    return (kind, _natural(name.lower()), _natural(name))
