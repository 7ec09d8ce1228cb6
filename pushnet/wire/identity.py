r"""The name of an object, `category/name`, as a value, as bytes and as text.

The text form escapes `/` and backslash with a backslash, keeps printable ASCII and (mode Unicode) other
letters, and writes control characters as `\n`, `\x1f` or `\u0085`. Source: the Ice manual, "Object Identity".
"""

from __future__ import annotations

import attrs

from pushnet.wire.basic import read_string, write_string
from pushnet.wire.errors import MarshalException


class IdentityParseException(Exception):
    """A text is no identity: the message shows the text and what is wrong."""


@attrs.frozen(order=True)
class Identity:
    """Unique within an adapter, or within a grid when well known."""

    name: str = ""
    category: str = ""

    def __str__(self) -> str:
        return identity_to_string(self)


def read_Identity(buf: bytes, pos: int) -> tuple[Identity, int]:
    """Raises `MarshalException`, also for an empty name with a category: no object can have that."""
    name, pos = read_string(buf, pos)
    category, pos = read_string(buf, pos)
    if category and not name:
        raise MarshalException("an identity has a category but no name")
    return Identity(name, category), pos


def write_Identity(out: bytearray, value: Identity) -> None:
    write_string(out, value.name)
    write_string(out, value.category)


_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_ESCAPED = {value: f"\\{key}" for key, value in _ESCAPES.items()}


def escape(text: str, special: str) -> str:
    """Text with backslashes before backslashes and the characters in `special`, control characters named."""
    out: list[str] = []
    for char in text:
        code = ord(char)
        if char == "\\" or char in special:
            out.append("\\" + char)
        elif char in _ESCAPED:
            out.append(_ESCAPED[char])
        elif code < 32 or code == 127:
            out.append(f"\\{code:03o}")
        elif 128 <= code < 160:
            out.append(f"\\u{code:04x}")
        else:
            out.append(char)
    return "".join(out)


def unescape(text: str, special: str = "") -> str:
    """The reverse of `escape`. Raises `ValueError` for a backslash that begins no escape."""
    out: list[str] = []
    at = 0
    while at < len(text):
        if text[at] != "\\":
            out.append(text[at])
            at += 1
            continue
        char, at = _unescaped(text, at + 1, special)
        out.append(char)
    return "".join(out)


def _unescaped(text: str, at: int, special: str) -> tuple[str, int]:
    """The character that the escape at `at` (behind the backslash) means, and where it ends."""
    kind = text[at : at + 1]
    if not kind:
        raise ValueError("a trailing backslash")
    if kind in "\\'\"" or kind in special:
        return kind, at + 1
    if kind in _ESCAPES:
        return _ESCAPES[kind], at + 1
    if kind in "01234567":
        end = at + 1
        while end < at + 3 and text[end : end + 1] in ("0", "1", "2", "3", "4", "5", "6", "7"):
            end += 1
        return _character(int(text[at:end], 8), 0xFF), end
    width = {"x": 2, "u": 4, "U": 8}.get(kind)
    if width is None:
        return "\\" + kind, at + 1
    digits = text[at + 1 : at + 1 + width]
    if len(digits) != width or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
        raise ValueError(f"\\{kind} wants {width} hexadecimal digits")
    return _character(int(digits, 16), 0x10FFFF), at + 1 + width


def _character(code: int, largest: int) -> str:
    if code > largest or 0xD800 <= code < 0xE000:
        raise ValueError(f"{code:#x} is no character")
    return chr(code)


def identity_to_string(identity: Identity) -> str:
    name = escape(identity.name, "/")
    return f"{escape(identity.category, '/')}/{name}" if identity.category else name


def identity_from_string(text: str) -> Identity:
    """Read `name` or `category/name`. Raises `IdentityParseException`."""
    slash = -1
    at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == "/":
            if slash >= 0:
                raise IdentityParseException(f"unescaped '/' in identity `{text}'")
            slash = at
        at += 1
    try:
        if slash < 0:
            return Identity(unescape(text, "/"), "")
        return Identity(unescape(text[slash + 1 :], "/"), unescape(text[:slash], "/"))
    except ValueError as error:
        raise IdentityParseException(f"invalid escape in identity `{text}': {error}") from None
