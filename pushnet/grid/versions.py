"""Which of two versions is the older one, as their names say it.

Numbers count as numbers and words as words: 1.10 follows 1.9. What follows a `-` comes before the version
itself: 1.4.0-rc1 is older than 1.4.0. Other names are compared as they are spelled; equal ones are not older.
"""

from __future__ import annotations

import re

_PART = re.compile(r"\d+|[A-Za-z]+")


def is_older(version: str, other: str) -> bool:
    """Whether `version` is older than `other`."""
    return _key(version) < _key(other)


def _key(version: str) -> tuple[list[tuple[int, int, str]], int, list[tuple[int, int, str]]]:
    body, _, before = version.partition("+")[0].partition("-")
    return _parts(body), 0 if before else 1, _parts(before)


def _parts(text: str) -> list[tuple[int, int, str]]:
    parts = [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in _PART.findall(text)]
    while parts and parts[-1] == (1, 0, ""):
        parts.pop()
    return parts
