"""Which shard a device, a new device and an app's group log belong to: numbers in, numbers out.

A device is a dense number in its app, its *ordinal*: 31 bits, `block << 16 | (counter & 0xffff)` with
`block = (counter >> 16) * 64 + shard`. So each shard counts its own devices from 0, and whoever sees an
ordinal knows the shard; and as a roaring bitmap keeps one container for 65,536 neighbours, each container
belongs to one shard whole.

    bit   30 ........... 22  21 ... 16  15 ............ 0
          counter >> 16      shard      counter & 0xffff

A registration id carries the ordinal: `1`, 8 hexadecimal digits of it, and 10 that nobody can guess.
"""

from __future__ import annotations

import re
from typing import Final
from zlib import crc32

SHARDS_MAX: Final = 64
COUNTER_END: Final = 1 << 25
"""Devices one shard can number in one app: 9 bits of counter above the shard, 16 below."""
REGISTRATION_ID_CHARACTERS: Final = 19
RANDOM_BYTES: Final = 5
"""Of entropy in a registration id: its last ten hexadecimal digits."""

_REGISTRATION_ID: Final = re.compile(r"1([0-7][0-9a-f]{7})[0-9a-f]{10}")


def ordinal_at(counter: int, shard: int) -> int:
    """The ordinal of the device that shard `shard` counts as its `counter`-th in an app, from 0."""
    assert 0 <= counter < COUNTER_END and 0 <= shard < SHARDS_MAX
    block = (counter >> 16) * SHARDS_MAX + shard
    return block << 16 | (counter & 0xFFFF)


def shard_of_ordinal(ordinal: int) -> int:
    """The shard that the device of this ordinal belongs to."""
    return (ordinal >> 16) % SHARDS_MAX


def ranges_of_shard(shard: int) -> list[tuple[int, int]]:
    """Every ordinal that a shard's devices can have, as half-open ranges of 65,536."""
    return [(first, first + 0x10000) for first in range(shard << 16, 1 << 31, SHARDS_MAX << 16)]


def registration_id(ordinal: int, random: bytes) -> str:
    """The id of a new device. `random` has `RANDOM_BYTES` bytes."""
    assert 0 <= ordinal < 1 << 31 and len(random) == RANDOM_BYTES
    return f"1{ordinal:08x}{random.hex()}"


def ordinal_in(registration_id: str) -> int | None:
    """The ordinal that a registration id carries; None when it cannot be one of ours."""
    match = _REGISTRATION_ID.fullmatch(registration_id)
    return int(match[1], 16) if match else None


def shard_of_device(app: str, device_key: str, shards: int) -> int:
    """Where a device that has no registration yet asks for one."""
    return crc32(f"{app}/{device_key}".encode()) % shards


def home_shard(app: str, shards: int) -> int:
    """Where the app's group log lives."""
    return crc32(app.encode()) % shards


def by_shard(ordinals: list[int]) -> dict[int, list[int]]:
    """The ordinals by the shard they belong to; shards ascending, ordinals in the order given."""
    parts: dict[int, list[int]] = {}
    for ordinal in ordinals:
        parts.setdefault(shard_of_ordinal(ordinal), []).append(ordinal)
    return dict(sorted(parts.items()))
