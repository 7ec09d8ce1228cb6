# Written by slice2tx from idl/ice/version.ice. To change it, change the Slice file.
"""Versions as values that travel."""

from __future__ import annotations

from pushnet.wire.versions import (
    EncodingVersion,
    ProtocolVersion,
    read_EncodingVersion,
    read_ProtocolVersion,
    write_EncodingVersion,
    write_ProtocolVersion,
)

__all__ = [
    "EncodingVersion",
    "ProtocolVersion",
    "read_EncodingVersion",
    "read_ProtocolVersion",
    "write_EncodingVersion",
    "write_ProtocolVersion",
]
