"""`${...}` in a cluster file: parameters and whole numbers with `+`, `-` and `*`.

Parameters may be written with others; one that needs itself is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

FILLED: Final = ("release", "data", "settings", "id", "version", "locator", "port")
"""What agents fill in when they start a server."""
DIGITS_MAX: Final = 9
"""Of a number, and of what is calculated: ports and shards are smaller."""
DEPTH_MAX: Final = 16
CHARACTERS_MAX: Final = 64 * 1024
"""Of one text: a few parameters that name each other twice would fill the memory."""
_PLACE: Final = re.compile(r"\$\{([^{}]*)\}")
_WORD: Final = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*|\d+|[-+*])\s*")


class BadExpression(ValueError):
    """It cannot be calculated; the text says why."""


def places(text: str) -> list[str]:
    """What stands in each `${...}` of a text."""
    return [found.strip() for found in _PLACE.findall(text)]


class Scope:
    """What the parameters of one copy are."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self._known: dict[str, Any] = {}

    def fill(self, text: str, above: tuple[str, ...] = ()) -> Any:
        """The text with each `${...}` replaced; the value itself where the text is nothing else."""
        whole = _PLACE.fullmatch(text)
        if whole and whole[1].strip() not in FILLED:
            return self._value(whole[1], above)

        def replaced(match: re.Match[str]) -> str:
            if match[1].strip() in FILLED:
                return match[0]
            return _text(self._value(match[1], above), match[1])

        filled = _PLACE.sub(replaced, text)
        if len(filled) > CHARACTERS_MAX:
            raise BadExpression(f"a text becomes longer than {CHARACTERS_MAX} characters")
        return filled

    def _value(self, expression: str, above: tuple[str, ...]) -> Any:
        words = _words(expression)
        if len(words) == 1:
            return self._operand(words[0], above)
        return self._sum(expression, words, above)

    def _sum(self, expression: str, words: list[str], above: tuple[str, ...]) -> int:
        """Products first, from left to right."""
        total, sign, factor, expected = 0, 1, 1, True
        for word in words:
            if expected:
                value = self._operand(word, above) if word not in "+-*" else None
                if not isinstance(value, int) or isinstance(value, bool):
                    raise BadExpression(f"${{{expression}}}: {word!r} is no whole number")
                factor *= value
            elif word == "*":
                pass
            elif word in "+-":
                total += sign * factor
                sign, factor = (1 if word == "+" else -1), 1
            else:
                raise BadExpression(f"${{{expression}}}: +, - or * is missing before {word!r}")
            expected = not expected
        if expected:
            raise BadExpression(f"${{{expression}}} ends too early")
        total += sign * factor
        if abs(total) >= 10**DIGITS_MAX:
            raise BadExpression(f"${{{expression}}} is a number of more than {DIGITS_MAX} digits")
        return total

    def _operand(self, word: str, above: tuple[str, ...]) -> Any:
        if word.isdigit():
            return int(word)
        if word in "+-*":
            raise BadExpression(f"${{{word}}} is no parameter")
        if word not in self._given:
            known = ", ".join(sorted(self._given))
            raise BadExpression(f"unknown parameter {word!r}; there are: {known}")
        if word in above:
            raise BadExpression(f"parameter {word!r} needs itself: {' -> '.join([*above, word])}")
        if len(above) >= DEPTH_MAX:
            raise BadExpression(f"parameter {above[0]!r} needs more than {DEPTH_MAX} others in a row")
        if word not in self._known:
            value = self._given[word]
            self._known[word] = self.fill(value, (*above, word)) if isinstance(value, str) else value
        return self._known[word]


def _words(expression: str) -> list[str]:
    words: list[str] = []
    at = 0
    while at < len(expression):
        match = _WORD.match(expression, at)
        if match is None or (match[1].isdigit() and len(match[1]) > DIGITS_MAX):
            raise BadExpression(f"${{{expression}}}: {expression[at:].strip()!r} is not understood")
        words.append(match[1])
        at = match.end()
    if not words:
        raise BadExpression("${} names nothing")
    return words


def _text(value: Any, expression: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | str):
        return str(value)
    raise BadExpression(f"${{{expression}}} is a list or a table: it cannot stand inside a text")
