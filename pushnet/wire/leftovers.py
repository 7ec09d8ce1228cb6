"""What stands behind the parameters that are known: optional ones that are not, or nothing."""

from __future__ import annotations

from typing import Any

from pushnet.wire.errors import MarshalException
from pushnet.wire.optional import END, read_header, skip_optional
from pushnet.wire.value_reader import ValueReader


def pass_over(buf: bytes, pos: int, source: Any) -> None:
    """Get from `pos` to the end over optional values that nobody asked for; anything else is an error.

    Args:
        buf: ends with the encapsulation.
        pos: where the parameters that are known end.
        source: what they were read with: a `ValueReader` where instances of classes may have been among them.
    """
    reader: ValueReader | None = source if isinstance(source, ValueReader) else None
    optionals = getattr(source, "encoding", (1, 1)) != (1, 0)
    while optionals and pos < len(buf):
        if buf[pos] == END:
            pos += 1
            break
        _, format, pos = read_header(buf, pos)
        if reader is None:
            reader = ValueReader(source)
        pos = skip_optional(buf, pos, format, reader.skip)
    if pos != len(buf):
        raise MarshalException(f"{len(buf) - pos} bytes follow the parameters")
