"""How a WebSocket is opened (RFC 6455, section 4), both sides, as far as Ice uses it.

The client asks with one HTTP request, the server answers with one HTTP response; what follows is frames.
The subprotocol is `ice.zeroc.com`: as stock Ice, a server takes a client that names none, and refuses one
that names only others.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence

import attrs

from pushnet.wire.errors import ProtocolException

SUBPROTOCOL = "ice.zeroc.com"
KEY_BYTES = 16
HEAD_BYTES_MAX = 8 * 1024
"""Of a request or response with all its header lines: what one who is not known yet may make us keep."""
_END = b"\r\n\r\n"
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""From the RFC."""
_NOT_IN_NAMES = frozenset(" \t\n\r")


@attrs.frozen
class WebSocketRefusedException(ProtocolException):
    """The handshake of a WebSocket failed; `answer` is what a server tells the client before it hangs up."""

    answer: bytes = b""


class Head:
    """Gathers an HTTP head. `rest` is what came behind it."""

    def __init__(self) -> None:
        self.rest = b""
        self._buffer = bytearray()

    def receive(self, data: bytes) -> bytes | None:
        """The whole head, without the empty line; None while it is not all there."""
        looked = max(0, len(self._buffer) - len(_END) + 1)
        self._buffer += data
        end = self._buffer.find(_END, looked)
        if end < 0 and len(self._buffer) <= HEAD_BYTES_MAX:
            return None
        if end < 0 or end > HEAD_BYTES_MAX:
            raise _refused(431, f"a head of more than {HEAD_BYTES_MAX} bytes")
        self.rest = bytes(self._buffer[end + len(_END) :])
        return bytes(self._buffer[:end])


def request(host: str, port: int, resource: str, key: bytes) -> bytes:
    """What a client sends. `key` are `KEY_BYTES` random bytes."""
    name = f"[{host}]" if ":" in host else host
    return _head(
        f"GET {resource or '/'} HTTP/1.1",
        ("Host", f"{name}:{port}"),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Protocol", SUBPROTOCOL),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", base64.b64encode(key).decode()),
    )


def answer(head: bytes, origins: Sequence[str] = ()) -> tuple[bytes, dict[str, str]]:
    """What a server sends to a request with that head, and the request's header fields as they came.

    Args:
        origins: the values of `Origin` that are let in; empty: all. Who is no browser sends none.
    """
    first, spelled, fields = _parsed(head)
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise _refused(400, "not a request of HTTP/1.1")
    if words[0] != "GET" or words[2] == "HTTP/1.0":
        raise _refused(405 if words[0] != "GET" else 426, "a WebSocket is opened with GET and HTTP/1.1")
    _check_upgrade(fields)
    if fields.get("sec-websocket-version") != "13":
        raise _refused(426, "only version 13 is served", ("Sec-WebSocket-Version", "13"))
    offered = fields.get("sec-websocket-protocol")
    if offered is not None and SUBPROTOCOL not in _listed(offered):
        raise _refused(400, f"unknown value `{offered}' for WebSocket protocol")
    if origins and fields.get("origin", origins[0]) not in origins:
        raise _refused(403, f"origin `{fields['origin']}' is not allowed")
    key = fields.get("sec-websocket-key", "")
    if not _is_key(key):
        raise _refused(400, "missing or invalid value for WebSocket key")
    lines = [("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", accept_of(key))]
    if offered is not None:
        lines.insert(2, ("Sec-WebSocket-Protocol", SUBPROTOCOL))
    return _head("HTTP/1.1 101 Switching Protocols", *lines), spelled


def check_answer(head: bytes, key: bytes) -> dict[str, str]:
    """The header fields of a server's answer, as they came. Raises when it has not agreed."""
    first, spelled, fields = _parsed(head)
    words = first.split(" ", 2)
    if len(words) < 2 or not words[0].startswith("HTTP/1.") or not words[1].isdecimal():
        raise WebSocketRefusedException("the answer is not HTTP")
    if words[1] != "101":
        raise WebSocketRefusedException(f"the server answers {' '.join(words[1:])!r}")
    _check_upgrade(fields)
    agreed = fields.get("sec-websocket-protocol")
    if agreed not in (None, SUBPROTOCOL):
        raise WebSocketRefusedException(f"invalid value `{agreed}' for WebSocket protocol")
    if fields.get("sec-websocket-accept") != accept_of(base64.b64encode(key).decode()):
        raise WebSocketRefusedException("the server has not answered to our key")
    return spelled


def accept_of(key: str) -> str:
    """The proof that a server has understood the key it was sent."""
    return base64.b64encode(hashlib.sha1(key.encode() + _GUID).digest()).decode()


def _check_upgrade(fields: Mapping[str, str]) -> None:
    if fields.get("upgrade", "").lower() != "websocket":
        raise _refused(426, "missing or invalid value for Upgrade", ("Upgrade", "websocket"))
    if "upgrade" not in _listed(fields.get("connection", "").lower()):
        raise _refused(400, "missing or invalid value for Connection")


def _parsed(head: bytes) -> tuple[str, dict[str, str], dict[str, str]]:
    """The first line, and the fields: as they are spelled, and in lower case. One given twice is a list."""
    try:
        first, *lines = head.decode("ascii").split("\r\n")
    except UnicodeDecodeError:
        raise _refused(400, "a head that is not ASCII") from None
    fields: dict[str, str] = {}
    spelling: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or set(name) & _NOT_IN_NAMES or "\n" in line or "\r" in line:
            raise _refused(400, "a malformed header line")
        lower, value = name.lower(), value.strip()
        spelling.setdefault(lower, name)
        fields[lower] = f"{fields[lower]}, {value}" if lower in fields else value
    return first, {spelling[lower]: value for lower, value in fields.items()}, fields


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",")]


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == KEY_BYTES
    except (binascii.Error, ValueError):
        return False


def _refused(status: int, what: str, *fields: tuple[str, str]) -> WebSocketRefusedException:
    lines = [*fields, ("Connection", "close"), ("Content-Length", "0")]
    return WebSocketRefusedException(what, _head(f"HTTP/1.1 {status} {what}", *lines))


def _head(first: str, *fields: tuple[str, str]) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in fields), "", ""]
    return "\r\n".join(lines).encode("ascii", "replace")
