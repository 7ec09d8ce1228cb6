# Written by slice2tx from golden/conditions.ice. To change it, change the Slice file.
"""Made by the preprocessor: NAME stays in a comment, and in "NAME"."""

from __future__ import annotations

from collections.abc import Sequence
from struct import pack, unpack_from
from typing import Final

from pushnet.wire.basic import read_size, write_size

__all__ = ["Limit", "Modern", "Text", "read_Ints", "write_Ints"]

Limit: Final = 100

Text: Final = "LIMIT"

Modern: Final = True

# The wire: how the above becomes bytes and back.


def write_Ints(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}i", *value)


def read_Ints(buf: bytes, pos: int) -> tuple[list[int], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}i", buf, pos)), pos + count * 4
