"""Where source text stands, and what the compiler says about it."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

ERRORS_MAX = 200
"""More than a screen or two of errors helps nobody; what follows is usually caused by what came first."""


@attrs.frozen(order=True)
class Position:
    """A place in a file. Lines and columns count from 1; a column is a character."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@attrs.frozen(order=True)
class Diagnostic:
    """One line of what the compiler has to say."""

    position: Position
    severity: str
    message: str
    category: str = ""
    """Of a warning: what `suppress-warning` calls it."""

    def __str__(self) -> str:
        return f"{self.position}: {self.severity}: {self.message}"


class Diagnostics:
    """Collects errors and warnings over a whole run. The same one is kept once.

    A file that several others include is read several times; what is wrong in it is said only once.
    """

    def __init__(self) -> None:
        self._items: list[Diagnostic] = []
        self._seen: set[Diagnostic] = set()
        self._errors = 0
        self._quiet: dict[str, set[str]] = {}

    def error(self, position: Position, message: str) -> None:
        """Note a fault of the source: nothing will be written."""
        self._add(Diagnostic(position, "error", message))

    def warning(self, position: Position, message: str, category: str = "") -> None:
        """Note something that compiles but should not stay."""
        self._add(Diagnostic(position, "warning", message, category))

    def suppress(self, file: str, category: str) -> None:
        """A file wants no warnings of that category, or none at all: `all`."""
        self._quiet.setdefault(file, set()).add(category)

    def _wanted(self, item: Diagnostic) -> bool:
        quiet = self._quiet.get(item.position.file, set())
        return item.severity == "error" or not ("all" in quiet or item.category in quiet)

    def _add(self, item: Diagnostic) -> None:
        if item in self._seen:
            return
        if item.severity == "error":
            self._errors += 1
            if self._errors > ERRORS_MAX:
                return
        self._seen.add(item)
        self._items.append(item)

    @property
    def failed(self) -> bool:
        """Whether there was an error."""
        return self._errors > 0

    @property
    def errors(self) -> int:
        """How many errors there were, those not kept included."""
        return self._errors

    def sorted(self) -> Sequence[Diagnostic]:
        """By file, line and column."""
        return sorted(item for item in self._items if self._wanted(item))
