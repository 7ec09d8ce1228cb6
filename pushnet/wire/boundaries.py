"""Where Ice messages begin and end in bytes that are being sent, however they are written.

A WebSocket client sends each message in a frame of its own: stock Ice takes the mask off wrongly from where a
second message begins in a frame.
"""

from __future__ import annotations

from pushnet.wire.message import HEADER_BYTES

_SIZE_POS = 10


class Boundaries:
    """Cuts what is written. Bytes of a header that is not complete are held until it is."""

    def __init__(self) -> None:
        self._left = 0
        """Bytes of the message that has begun which are still to come."""
        self._held = b""

    def cut(self, data: bytes) -> list[bytes]:
        """Parts that each lie within one message: the rest of one, whole ones, and the beginning of one."""
        if self._held:
            data, self._held = self._held + data, b""
        parts: list[bytes] = []
        pos, end = 0, len(data)
        while pos < end:
            if not self._left:
                if end - pos < HEADER_BYTES:
                    self._held = data[pos:]
                    break
                size = int.from_bytes(data[pos + _SIZE_POS : pos + HEADER_BYTES], "little")
                self._left = max(size, HEADER_BYTES)
            count = min(self._left, end - pos)
            parts.append(data[pos : pos + count])
            self._left -= count
            pos += count
        return parts
