"""Versions of the protocol and of encodings, as values: pairs that have Ice's names for their parts."""

from __future__ import annotations

from typing import NamedTuple


class EncodingVersion(NamedTuple):
    """How parameters are written."""

    major: int = 0
    minor: int = 0


class ProtocolVersion(NamedTuple):
    """How messages are written."""

    major: int = 0
    minor: int = 0


Encoding_1_0 = EncodingVersion(1, 0)
Encoding_1_1 = EncodingVersion(1, 1)
Protocol_1_0 = ProtocolVersion(1, 0)
