"""What `buffers.ice` names: a factory of views, and a message as Protocol Buffers would generate it."""

from __future__ import annotations


def summed(view: memoryview, kind: int, copy: bool) -> tuple[int, ...]:
    """The numbers; `kind` is Ice's number for int."""
    if kind != 3 or copy:
        raise AssertionError(f"numbers of the type {kind}")
    return tuple(view.cast("i"))


class Message:
    """Holds a text."""

    def __init__(self, text: str = "") -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and other.text == self.text

    __hash__ = None  # type: ignore[assignment]

    def SerializeToString(self) -> bytes:
        return self.text.encode()

    def ParseFromString(self, serialized: bytes) -> int:
        if serialized == b"wrong":
            raise ValueError("a wrong message")
        self.text = serialized.decode()
        return len(serialized)
