"""Macros, with and without parameters, as C's preprocessor has them; `#` and `##` too.

A macro's own name in its expansion stays as it is, and nothing grows without end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

EXPANSION_MAX = 20_000
"""Characters one line may grow to by macros; more is a bomb."""

MACRO_DEPTH_MAX = 64
"""Macros that name macros that name macros."""

PIECE = re.compile(r'/\*|//|"(?:\\.|[^"\\])*"?|[A-Za-z_][A-Za-z0-9_]*|[^A-Za-z_/"]+|.')
"""A comment's beginning, a string, a name, or what stands between."""

_IN_BODY = re.compile(r'(\s*##\s*)|#\s*([A-Za-z_]\w*)|("(?:\\.|[^"\\])*"?)|([A-Za-z_]\w*)')


class MacroError(Exception):
    """A macro is used in a way that means nothing: the text says why, and begins behind its name."""


class Macros:
    """The macros known at one point of a unit."""

    def __init__(self, defines: Mapping[str, str]) -> None:
        self.plain: dict[str, str] = dict(defines)
        """Those without parameters."""
        self._functions: dict[str, tuple[tuple[str, ...], str]] = {}

    def define(self, name: str, parameters: Sequence[str] | None, body: str) -> None:
        """`#define`; `parameters` is None where there is no parenthesis behind the name."""
        self.undefine(name)
        if parameters is None:
            self.plain[name] = body
        else:
            self._functions[name] = (tuple(parameters), body)

    def undefine(self, name: str) -> None:
        """`#undef`."""
        self.plain.pop(name, None)
        self._functions.pop(name, None)

    def __contains__(self, name: object) -> bool:
        return name in self.plain or name in self._functions

    def use_end(self, line: str, name: str, end: int) -> int | None:
        """Where the use of a macro ends whose name ends at `end`; None when it is none."""
        if name in self.plain:
            return end
        if name not in self._functions:
            return None
        opening = end + len(line[end:]) - len(line[end:].lstrip())
        if line[opening : opening + 1] != "(":
            return None
        return _closing(line, opening) + 1

    def expand(self, text: str, hidden: frozenset[str] = frozenset()) -> str:
        """`text` with its macros replaced.

        Raises:
            MacroError: it grows too much, or arguments are wrong.
        """
        if len(hidden) > MACRO_DEPTH_MAX:
            raise MacroError(f"names others more than {MACRO_DEPTH_MAX} deep")
        out: list[str] = []
        size = index = 0
        while index < len(text):
            match = PIECE.match(text, index)
            assert match is not None, "every character is a piece of something"
            piece, index = match.group(), match.end()
            end = None if piece in hidden else self.use_end(text, piece, index)
            if end is not None:
                piece, index = self._replaced(piece, text[index:end], hidden), end
            size += len(piece)
            if size > EXPANSION_MAX:
                raise MacroError(f"grows beyond {EXPANSION_MAX} characters")
            out.append(piece)
        return "".join(out)

    def _replaced(self, name: str, written: str, hidden: frozenset[str]) -> str:
        """What one use becomes; `written` are its arguments in parentheses, if it has any."""
        body = self.plain.get(name)
        if body is None:
            parameters, body = self._functions[name]
            arguments = _arguments(written.strip())
            if len(arguments) != len(parameters) and not (not parameters and arguments == [""]):
                wants = f"{len(parameters)} argument{'s' if len(parameters) != 1 else ''}"
                raise MacroError(f"wants {wants}, not {len(arguments)}")
            expanded = [self.expand(argument, hidden) for argument in arguments]
            body = _substituted(body, dict(zip(parameters, arguments, strict=False)), parameters, expanded)
        return self.expand(body, hidden | {name})


def _closing(line: str, opening: int) -> int:
    """Where the parenthesis closes that opens at `opening`."""
    depth = 0
    index = opening
    while index < len(line):
        match = PIECE.match(line, index)
        assert match is not None
        piece = match.group()
        if piece[0] == '"' or piece[0].isalpha():
            index = match.end()
            continue
        depth += {"(": 1, ")": -1}.get(line[index], 0)
        if depth == 0:
            return index
        index += 1
    raise MacroError("wants its arguments on one line: the parenthesis does not close")


def _arguments(written: str) -> list[str]:
    """What stands between the commas of `(a, f(b, c), "d,e")`."""
    arguments = [""]
    depth = 0
    for match in re.finditer(r'"(?:\\.|[^"\\])*"?|.', written[1:-1], re.DOTALL):
        piece = match.group()
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece == "," and depth == 0:
            arguments.append("")
        else:
            arguments[-1] += piece
    return [argument.strip() for argument in arguments]


def _substituted(
    body: str, raw: Mapping[str, str], parameters: Sequence[str], expanded: Sequence[str]
) -> str:
    """The body with arguments for parameters: as they are beside `##` and behind `#`, else expanded."""
    values = dict(zip(parameters, expanded, strict=False))

    def meaning(match: re.Match[str]) -> str:
        paste, quoted, string, name = match.groups()
        if paste is not None:
            return ""
        if quoted is not None:
            if quoted not in raw:
                return match.group()
            text = raw[quoted].replace("\\", "\\\\").replace('"', '\\"')
            return f'"{text}"'
        if string is not None:
            return string
        beside = body[match.end() :].lstrip().startswith("##") or body[: match.start()].rstrip().endswith(
            "##"
        )
        return (raw if beside else values).get(name, name)

    return _IN_BODY.sub(meaning, body)
