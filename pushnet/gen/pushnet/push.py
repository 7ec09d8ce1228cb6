# Written by slice2tx from idl/pushnet/push.ice. To change it, change the Slice file.
"""What the Slice file declares in `PushNet`."""

from __future__ import annotations

from struct import Struct

import attrs

from pushnet.gen.pushnet.types import read_Strings, write_Strings
from pushnet.wire.basic import read_bytes, read_string, write_bytes, write_string
from pushnet.wire.makers import maker_of

__all__ = [
    "Audience",
    "Message",
    "Push",
    "read_Audience",
    "read_Message",
    "read_Push",
    "write_Audience",
    "write_Message",
    "write_Push",
]


@attrs.frozen(order=True)
class Audience:
    """Which devices a push is for: the parts that are not empty must all hold (JPush's audience)."""

    all: bool = False
    """Every device of the app."""

    tag: list[str] = attrs.field(factory=list)
    tagAnd: list[str] = attrs.field(factory=list)
    tagNot: list[str] = attrs.field(factory=list)
    alias: list[str] = attrs.field(factory=list)
    registrationId: list[str] = attrs.field(factory=list)
    platforms: list[str] = attrs.field(factory=list)
    """Empty means every platform."""


@attrs.frozen(order=True)
class Message:
    """What a device receives."""

    id: int = 0
    """Unique in the cluster, and newer is larger."""

    expiresMs: int = 0
    """Milliseconds since 1970 after which the message is worth nothing."""

    body: bytes = b""
    """JSON: `notification` and `message` as the app server gave them."""


@attrs.frozen(order=True)
class Push:
    """A push as it lies in the queue's topic `push`."""

    app: str = ""
    audience: Audience = attrs.field(factory=Audience)
    message: Message = attrs.field(factory=Message)
    acceptedMs: int = 0
    """Milliseconds since 1970 at which the gateway took it."""


# The wire: how the above becomes bytes and back.

_S_o = Struct("<?")
_S_q = Struct("<q")
_S_qq = Struct("<qq")

_new_Audience = maker_of(Audience)
_new_Message = maker_of(Message)
_new_Push = maker_of(Push)


def write_Audience(out: bytearray, value: Audience) -> None:
    out += _S_o.pack(value.all)
    write_Strings(out, value.tag)
    write_Strings(out, value.tagAnd)
    write_Strings(out, value.tagNot)
    write_Strings(out, value.alias)
    write_Strings(out, value.registrationId)
    write_Strings(out, value.platforms)


def read_Audience(buf: bytes, pos: int) -> tuple[Audience, int]:
    (all,) = _S_o.unpack_from(buf, pos)
    tag, pos = read_Strings(buf, pos + 1)
    tagAnd, pos = read_Strings(buf, pos)
    tagNot, pos = read_Strings(buf, pos)
    alias, pos = read_Strings(buf, pos)
    registrationId, pos = read_Strings(buf, pos)
    platforms, pos = read_Strings(buf, pos)
    return _new_Audience(all, tag, tagAnd, tagNot, alias, registrationId, platforms), pos


def write_Message(out: bytearray, value: Message) -> None:
    out += _S_qq.pack(value.id, value.expiresMs)
    write_bytes(out, value.body)


def read_Message(buf: bytes, pos: int) -> tuple[Message, int]:
    id, expiresMs = _S_qq.unpack_from(buf, pos)
    body, pos = read_bytes(buf, pos + 16)
    return _new_Message(id, expiresMs, body), pos


def write_Push(out: bytearray, value: Push) -> None:
    write_string(out, value.app)
    write_Audience(out, value.audience)
    write_Message(out, value.message)
    out += _S_q.pack(value.acceptedMs)


def read_Push(buf: bytes, pos: int) -> tuple[Push, int]:
    app, pos = read_string(buf, pos)
    audience, pos = read_Audience(buf, pos)
    message, pos = read_Message(buf, pos)
    (acceptedMs,) = _S_q.unpack_from(buf, pos)
    return _new_Push(app, audience, message, acceptedMs), pos + 8
