"""Escapes in the string forms of identities, facets and adapter ids.

Named escapes (`\\n`), octal bytes (`\\101`), hexadecimal bytes (`\\x41`) and code points (`\\u20ac`,
`\\U0001F600`) are understood; a run of escaped bytes is read as UTF-8. What is no escape stays as it is.
"""

from __future__ import annotations

import re

from pushnet.wire.enums import SliceEnum
from pushnet.wire.errors import ParseException

_NAMED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_NAMES = {value: "\\" + name for name, value in _NAMED.items()}
_LITERAL = "\\'\""

_ESCAPE = re.compile(
    r"\\(?:(?P<octal>[0-7]{1,3})|x(?P<hex>[0-9a-fA-F]{0,2})|u(?P<short>[0-9a-fA-F]{0,4})"
    r"|U(?P<long>[0-9a-fA-F]{0,8})|(?P<other>.))",
    re.DOTALL,
)


class ToStringMode(SliceEnum):
    """What becomes of characters beyond printable ASCII; Ice's property `Ice.ToStringMode`."""

    Unicode = 0
    """They stay, other than control characters."""
    ASCII = 1
    """They become `\\uXXXX`."""
    Compat = 2
    """Their UTF-8 bytes become `\\ooo`, as before Ice 3.7."""


def escape(text: str, special: str = "", mode: ToStringMode = ToStringMode.Unicode) -> str:
    """`text` with all that could be misread escaped, and each character of `special` too."""
    return "".join(_escaped(character, special, mode) for character in text)


def _escaped(character: str, special: str, mode: ToStringMode) -> str:
    if character in _LITERAL or character in special:
        return "\\" + character
    code = ord(character)
    if 32 <= code < 127 or (mode is ToStringMode.Unicode and code > 127):
        return character
    if character in _NAMES and not (mode is ToStringMode.Compat and character in "\a\v"):
        return _NAMES[character]
    if mode is ToStringMode.Compat:
        return "".join(f"\\{byte:03o}" for byte in character.encode())
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def unescape(text: str, special: str = "") -> str:
    """What `escape` was given. Raises `ParseException` for escapes that mean nothing."""
    if "\\" not in text:
        return text
    out = bytearray()
    pos = 0
    for match in _ESCAPE.finditer(text):
        out += text[pos : match.start()].encode()
        out += _meant(match, special)
        pos = match.end()
    out += text[pos:].encode()
    try:
        return out.decode()
    except UnicodeDecodeError:
        raise ParseException("its escaped bytes are not UTF-8") from None


def _meant(match: re.Match[str], special: str) -> bytes:
    """The bytes one escape stands for."""
    if (octal := match["octal"]) is not None:
        value = int(octal, 8)
        if value > 255:
            raise ParseException(f"octal value \\{octal} ({value}) is out of range")
        return bytes([value])
    if (digits := match["hex"]) is not None:
        if not digits:
            raise ParseException("Invalid \\x escape sequence: no hex digit")
        return bytes([int(digits, 16)])
    if (digits := match["short"]) is not None:
        return _code_point(digits, 4)
    if (digits := match["long"]) is not None:
        return _code_point(digits, 8)
    other = match["other"]
    if other in _LITERAL or other == "?" or other in special:
        return other.encode()
    if other in _NAMED:
        return _NAMED[other].encode()
    return match[0].encode()


def _code_point(digits: str, wanted: int) -> bytes:
    if len(digits) < wanted:
        raise ParseException("Invalid universal character name: too few hex digits")
    code = int(digits, 16)
    if 0xD800 <= code < 0xE000:
        raise ParseException("A universal character name cannot designate a surrogate")
    if code > 0x10FFFF:
        raise ParseException("Invalid universal character name")
    return chr(code).encode()
