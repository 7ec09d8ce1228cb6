"""What is still to be said when the peer has closed the connection: the answers to what it has asked.

Requests of ours that wait to be sent are not sent any more; they are repeated elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from pushnet.wire.message import HEADER_BYTES, MAGIC, REPLY

_KIND_POS = 8
_SIZE_POS = 10


def answers_among(parts: Sequence[bytes | bytearray]) -> list[bytes | bytearray]:
    """Of messages that wait, some in two parts: the replies, and the rest of one that has begun to leave."""
    kept: list[bytes | bytearray] = []
    missing = 0
    keeping = True
    for part in parts:
        if not missing and part[: len(MAGIC)] == MAGIC:
            keeping = part[_KIND_POS] == REPLY
            missing = int.from_bytes(part[_SIZE_POS:HEADER_BYTES], "little")
        missing = max(0, missing - len(part))
        if keeping:
            kept.append(part)
    return kept
