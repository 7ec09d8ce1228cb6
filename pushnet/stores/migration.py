"""From one version of a SQLite file to the next, and when an older program may still use it.

A rolling patch runs two versions side by side, and may be rolled back: the older program then opens a file
that the newer one has brought forward. So a step that only adds (tables, indexes, columns that have a
default) lets older programs go on; they see what they know, and name the columns they write. A step that
does more says `breaking`, and the file remembers the oldest version that may open it. Release a breaking
step only when the version that runs everywhere no longer needs what it takes away.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from typing import Final

import attrs

_ADDS: Final = re.compile(
    r"(CREATE\s+(TABLE|INDEX|UNIQUE\s+INDEX)\b"
    r"|ALTER\s+TABLE\s+\w+\s+ADD\s+(COLUMN\s+)?\w+[^,;]*\bDEFAULT\b"
    r"|INSERT\b)",
    re.IGNORECASE,
)


OLDEST: Final = (
    "CREATE TABLE IF NOT EXISTS oldest_version"
    " (id INTEGER PRIMARY KEY CHECK (id = 0), version INTEGER NOT NULL)"
)
"""Where the oldest version is remembered whose programs may open the file; made when it is needed."""


class TooNewError(Exception):
    """A newer program has changed the file so that this one must not use it. The text says which version."""


@attrs.frozen
class Step:
    """The statements, each ended by `;`, that lead to one version from the one before."""

    statements: str
    breaking: bool = False
    """Programs that know only the version before cannot use the file any more."""


def migrate(connection: sqlite3.Connection, steps: Sequence[Step]) -> None:
    """Bring the file to the newest version that `steps` lead to, each step in a transaction of its own.

    `PRAGMA user_version` keeps the version. Raises `TooNewError`.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(steps):
        oldest = _oldest(connection)
        if oldest > len(steps):
            raise TooNewError(f"its version {version} wants a program that knows {oldest}, not {len(steps)}")
        return
    for number, step in enumerate(steps[version:], version + 1):
        floor = f"{OLDEST}; INSERT OR REPLACE INTO oldest_version (id, version) VALUES (0, {number});"
        connection.executescript(
            f"BEGIN IMMEDIATE; {step.statements}; {floor if step.breaking else ''}"
            f"PRAGMA user_version = {number}; COMMIT;"
        )


def demand(connection: sqlite3.Connection, version: int) -> None:
    """From now on only programs that know this version may open the file: it is not all there is.

    For a schema that has made `oldest_version`, with a row. Say the version from before when it is all again.
    """
    connection.execute("INSERT OR REPLACE INTO oldest_version (id, version) VALUES (0, ?)", (version,))


def takes_away(step: Step) -> str:
    """The first statement of a step that does more than add, though it is not `breaking`; empty: none."""
    if step.breaking:
        return ""
    for statement in step.statements.split(";"):
        if statement.strip() and not _ADDS.match(statement.strip()):
            return statement.strip()
    return ""


def _oldest(connection: sqlite3.Connection) -> int:
    """The oldest version whose programs may use the file."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'oldest_version'").fetchone():
        return 0
    (oldest,) = connection.execute("SELECT version FROM oldest_version").fetchone()
    return int(oldest)
