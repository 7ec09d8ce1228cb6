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


def read_EncodingVersion(buf: bytes, pos: int) -> tuple[EncodingVersion, int]:
    return EncodingVersion(buf[pos], buf[pos + 1]), pos + 2


def write_EncodingVersion(out: bytearray, value: tuple[int, int]) -> None:
    out += bytes(value)


def read_ProtocolVersion(buf: bytes, pos: int) -> tuple[ProtocolVersion, int]:
    return ProtocolVersion(buf[pos], buf[pos + 1]), pos + 2


def write_ProtocolVersion(out: bytearray, value: tuple[int, int]) -> None:
    out += bytes(value)


Encoding_1_0 = EncodingVersion(1, 0)
Encoding_1_1 = EncodingVersion(1, 1)
Protocol_1_0 = ProtocolVersion(1, 0)
