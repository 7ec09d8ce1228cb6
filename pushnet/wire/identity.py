"""`Identity`: the name of an object, its string form, and its bytes."""

from __future__ import annotations

import attrs

from pushnet.wire.basic import read_string, write_string
from pushnet.wire.errors import IdentityParseException, LocalException, MarshalException, ParseException
from pushnet.wire.escapes import ToStringMode, escape, unescape


@attrs.frozen(order=True)
class Identity:
    """Unique within an adapter, or within a grid when well known."""

    name: str = ""
    category: str = ""

    def __str__(self) -> str:
        return identityToString(self)


@attrs.frozen
class IllegalIdentityException(LocalException):
    """An identity has no name."""

    id: Identity = Identity()


def identityToString(identity: Identity, mode: ToStringMode = ToStringMode.Unicode) -> str:
    """`category/name`, or `name` without a category; `stringToIdentity` reads it back."""
    name = escape(identity.name, "/", mode)
    return f"{escape(identity.category, '/', mode)}/{name}" if identity.category else name


def stringToIdentity(text: str) -> Identity:
    """Raises `IdentityParseException` when a part is malformed or there are more than two."""
    parts: list[str] = []
    start = pos = 0
    while pos < len(text):
        if text[pos] == "\\":
            pos += 1
        elif text[pos] == "/":
            parts.append(text[start:pos])
            start = pos + 1
        pos += 1
    parts.append(text[start:])
    if len(parts) > 2:
        raise IdentityParseException(f"unescaped '/' in identity `{text}'")
    name = _part(parts[-1], "name")
    return Identity(name, _part(parts[0], "category") if len(parts) == 2 else "")


def _part(text: str, what: str) -> str:
    try:
        return unescape(text, "/")
    except ParseException as error:
        raise IdentityParseException(f"invalid identity {what} `{text}': {error}") from None


def read_Identity(buf: bytes, pos: int) -> tuple[Identity, int]:
    name, pos = read_string(buf, pos)
    category, pos = read_string(buf, pos)
    if category and not name:
        raise MarshalException("an identity has a category but no name")
    return Identity(name, category), pos


def write_Identity(out: bytearray, value: Identity) -> None:
    write_string(out, value.name)
    write_string(out, value.category)
