"""What stands behind `#if` and `#elif`: C's integer expressions, as far as Slice files use them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping

DEPTH_MAX = 32
"""Nested parentheses and signs; deeper ones are no expression a person wrote."""

_TOKEN = re.compile(
    r"\s*(?:(0[xX][0-9a-fA-F]+|\d+)[uUlL]*|([A-Za-z_]\w*)|(\|\||&&|<<|>>|[<>=!]=|[-+*/%<>!~&|^()?:]))"
)

_LEVELS: tuple[dict[str, Callable[[int, int], int]], ...] = (
    {"||": lambda a, b: int(bool(a or b))},
    {"&&": lambda a, b: int(bool(a and b))},
    {"|": operator.or_},
    {"^": operator.xor},
    {"&": operator.and_},
    {"==": operator.eq, "!=": operator.ne},
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge},
    {"<<": lambda a, b: a << _shift(b), ">>": lambda a, b: a >> _shift(b)},
    {"+": operator.add, "-": operator.sub},
    {"*": operator.mul, "/": lambda a, b: int(_quotient(a, b)), "%": lambda a, b: a - b * _quotient(a, b)},
)


class ConditionError(Exception):
    """The condition cannot be read: the text says why."""


def _shift(count: int) -> int:
    if not 0 <= count < 64:
        raise ConditionError(f"cannot shift by {count}")
    return count


def _quotient(a: int, b: int) -> int:
    if b == 0:
        raise ConditionError("division by zero")
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def evaluate(text: str, macros: Mapping[str, str]) -> bool:
    """Whether the condition holds. Names that are no macros count as 0.

    Raises:
        ConditionError: The text is no expression.
    """
    reading = _Reading(_tokens(text), macros)
    value = reading.ternary(0)
    if reading.left:
        raise ConditionError(f"`{reading.left[0]}` is not expected here")
    return bool(value)


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    position = 0
    text = text.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ConditionError(f"`{text[position:].strip()[:1]}` cannot stand in a condition")
        tokens.append(match.group(1) or match.group(2) or match.group(3))
        position = match.end()
    return tokens


class _Reading:
    """One expression being read; `left` is what has not been read."""

    def __init__(self, tokens: list[str], macros: Mapping[str, str]) -> None:
        self.left = tokens
        self._macros = macros

    def ternary(self, depth: int) -> int:
        if depth > DEPTH_MAX:
            raise ConditionError("the condition is nested too deeply")
        value = self._binary(0, depth)
        if self._take("?"):
            chosen = self.ternary(depth + 1)
            self._expect(":")
            other = self.ternary(depth + 1)
            value = chosen if value else other
        return value

    def _binary(self, level: int, depth: int) -> int:
        if level == len(_LEVELS):
            return self._unary(depth)
        value = self._binary(level + 1, depth)
        while self.left and self.left[0] in _LEVELS[level]:
            operation = _LEVELS[level][self.left.pop(0)]
            value = int(operation(value, self._binary(level + 1, depth)))
        return value

    def _unary(self, depth: int) -> int:
        if depth > DEPTH_MAX:
            raise ConditionError("the condition is nested too deeply")
        if self._take("!"):
            return int(not self._unary(depth + 1))
        if self._take("-"):
            return -self._unary(depth + 1)
        if self._take("+"):
            return self._unary(depth + 1)
        if self._take("~"):
            return ~self._unary(depth + 1)
        if self._take("("):
            value = self.ternary(depth + 1)
            self._expect(")")
            return value
        return self._operand(depth)

    def _operand(self, depth: int) -> int:
        if not self.left:
            raise ConditionError("the condition ends too early")
        token = self.left.pop(0)
        if token == "defined":
            return self._defined()
        if token[0].isdigit():
            return _number(token)
        if token[0].isalpha() or token[0] == "_":
            body = self._macros.get(token, "")
            self.left[:0] = _tokens(body) if body and depth < DEPTH_MAX else ["0"]
            hidden = {name: text for name, text in self._macros.items() if name != token}
            outer, self._macros = self._macros, hidden
            try:
                return self._unary(depth + 1)
            finally:
                self._macros = outer
        raise ConditionError(f"`{token}` is not expected here")

    def _defined(self) -> int:
        parenthesis = self._take("(")
        if not self.left or not (self.left[0][0].isalpha() or self.left[0][0] == "_"):
            raise ConditionError("`defined` wants a name")
        name = self.left.pop(0)
        if parenthesis:
            self._expect(")")
        return int(name in self._macros)

    def _take(self, token: str) -> bool:
        if self.left and self.left[0] == token:
            self.left.pop(0)
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise ConditionError(f"`{token}` is missing")


def _number(token: str) -> int:
    try:
        if token[:2] in ("0x", "0X"):
            return int(token, 16)
        return int(token, 8) if len(token) > 1 and token[0] == "0" else int(token[:40])
    except ValueError:
        raise ConditionError(f"`{token}` is no number") from None
