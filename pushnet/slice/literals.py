"""Numbers and strings as Slice writes them, and what they mean."""

from __future__ import annotations

import math
import re

INT64_MIN = -(2**63)
INT64_MAX = 2**63 - 1

_SIMPLE = {
    "\\": "\\",
    '"': '"',
    "'": "'",
    "?": "?",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
}
_ESCAPE = re.compile(
    r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))|([\x00-\x1f\x7f])",
    re.DOTALL,
)


class LiteralError(Exception):
    """The literal is wrong: the text is what its author should read."""


def read_integer(text: str) -> int:
    """A decimal, octal (`017`) or hexadecimal (`0x1f`) integer that fits 64 bits."""
    digits = text.lstrip("+-")
    if len(digits) > 40:
        raise LiteralError(f"integer {text[:20]}... does not fit 64 bits")
    try:
        if digits[:2] in ("0x", "0X"):
            value = int(digits, 16)
        else:
            value = int(digits, 8) if len(digits) > 1 and digits[0] == "0" else int(digits)
    except ValueError:
        raise LiteralError(f"`{text}` is no octal number: leave the leading zero out") from None
    if text[0] == "-":
        value = -value
    if not INT64_MIN <= value <= INT64_MAX:
        raise LiteralError(f"integer {text} does not fit 64 bits")
    return value


def read_float(text: str) -> float:
    """A number with a point or an exponent, perhaps with a trailing `f`."""
    value = float(text.rstrip("fF"))
    if math.isinf(value):
        raise LiteralError(f"{text} is too large for a double")
    if value == 0 and re.search(r"[1-9]", re.split(r"[eE]", text)[0]):
        raise LiteralError(f"{text} is too small for a double")
    return value


def read_string(text: str) -> tuple[str, list[str]]:
    """A string with its quotes: the characters it means, and warnings about escapes that mean nothing.

    Octal and hexadecimal escapes are bytes: those of a character beyond ASCII stand together, in UTF-8.
    """
    if len(text) < 2 or not text.endswith('"') or _ends_in_escape(text[1:-1]):
        raise LiteralError("the string is not closed on its line")
    warnings: list[str] = []

    def meaning(match: re.Match[str]) -> str:
        octal, short, unicode, wide, other, control = match.groups()
        if control is not None:
            raise LiteralError(f"control character in a string: write it as \\x{ord(control):02x}")
        if octal is not None:
            if int(octal, 8) > 255:
                raise LiteralError(f"\\{octal} is larger than a byte")
            return _byte(int(octal, 8))
        if short is not None:
            return _byte(int(short, 16))
        number = unicode or wide
        if number is not None:
            return _character(int(number, 16), match.group())
        if other in ("x", "u", "U"):
            digits = {"x": "one or two", "u": "four", "U": "eight"}[other]
            raise LiteralError(f"`\\{other}` wants {digits} hexadecimal digits")
        if other == "v":
            return "\v"
        if other not in _SIMPLE:
            warnings.append(f"`\\{other}` means nothing and stays as it is; write `\\\\{other}`")
            return f"\\{other}"
        return _SIMPLE[other]

    spelled = _ESCAPE.sub(meaning, text[1:-1]).encode("utf-8", "surrogateescape")
    try:
        return spelled.decode(), warnings
    except UnicodeDecodeError as error:
        wrong = spelled[error.start]
        cure = f"write \\u{wrong:04x} if you mean the character of that number"
        raise LiteralError(f"the byte \\x{wrong:02x} is no character in UTF-8: {cure}") from None


def _byte(value: int) -> str:
    """What stands for a byte until all are read together."""
    return chr(value) if value < 0x80 else chr(0xDC00 + value)


def _ends_in_escape(body: str) -> bool:
    return (len(body) - len(body.rstrip("\\"))) % 2 == 1


def _character(code: int, written: str) -> str:
    if 0xD800 <= code <= 0xDFFF:
        raise LiteralError(f"{written} is half of a surrogate pair: write the character itself")
    if code > 0x10FFFF:
        raise LiteralError(f"{written} is no character")
    return chr(code)
