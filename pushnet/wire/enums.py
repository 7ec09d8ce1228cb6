"""`SliceEnum`: the root of enums, those that Slice files declare and Ice's own.

Enumerators are numbers: they compare and sort as in Slice. They print as their names, as in Ice.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class SliceEnum(IntEnum):
    """Enumerators with the values they have on the wire."""

    @classmethod
    def valueOf(cls, value: int) -> Self | None:
        """The enumerator with that value, None when there is none. Ice's name."""
        try:
            return cls(value)
        except ValueError:
            return None

    def __str__(self) -> str:
        return self.name
