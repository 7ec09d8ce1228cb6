"""Cutting string forms into words: blanks separate, quotes hold together."""

from __future__ import annotations

from pushnet.wire.errors import EndpointParseException
from pushnet.wire.escapes import ToStringMode, escape

BLANKS = " \t\r\n"
QUOTES = "\"'"


def skip_blanks(text: str, pos: int) -> int:
    while pos < len(text) and text[pos] in BLANKS:
        pos += 1
    return pos


def closing_quote(text: str, pos: int) -> int:
    """Where the quote that opens at `pos` closes; -1 when it does not."""
    quote = text[pos]
    pos += 1
    while pos < len(text):
        if text[pos] == "\\":
            pos += 1
        elif text[pos] == quote:
            return pos
        pos += 1
    return -1


def word_end(text: str, pos: int, stops: str) -> int:
    """The end of an unquoted word: a blank, a stop or the end."""
    while pos < len(text) and text[pos] not in BLANKS and text[pos] not in stops:
        pos += 1
    return pos


def split_words(text: str) -> list[str]:
    """All words of an endpoint, quotes taken off."""
    words = []
    pos = skip_blanks(text, 0)
    while pos < len(text):
        if text[pos] in QUOTES:
            end = closing_quote(text, pos)
            if end < 0:
                raise EndpointParseException(f"mismatched quote in `{text}'")
            words.append(text[pos + 1 : end])
            pos = end + 1
        else:
            end = word_end(text, pos, "")
            words.append(text[pos:end])
            pos = end
        pos = skip_blanks(text, pos)
    return words


def split_endpoints(text: str) -> list[str]:
    """Parts between colons that stand outside quotes."""
    parts, start, pos = [], 0, 0
    while pos < len(text):
        if text[pos] == '"':
            end = closing_quote(text, pos)
            if end < 0:
                raise EndpointParseException(f"mismatched quote in `{text}'")
            pos = end
        elif text[pos] == ":":
            parts.append(text[start:pos])
            start = pos + 1
        pos += 1
    parts.append(text[start:])
    return parts


def quoted(text: str) -> str:
    """`text` (already escaped), in quotes when blanks, `:` or `@` would end it early."""
    return f'"{text}"' if any(character in text for character in " \t\n\r:@") else text


def escaped_and_quoted(text: str, mode: ToStringMode = ToStringMode.Unicode) -> str:
    """`text` as the string form of a facet or adapter id; a dash ahead would be taken for an option."""
    escaped = escape(text, mode=mode)
    return f'"{escaped}"' if escaped.startswith("-") else quoted(escaped)
