"""From lines to tokens: names (scoped ones are one token), numbers, strings, symbols and doc comments."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

import attrs

from pushnet.slice.literals import LiteralError, read_float, read_integer, read_string
from pushnet.slice.preprocessor import SourceLine
from pushnet.slice.source import Diagnostics, Position

KEYWORDS = frozenset(
    (
        *("module", "class", "interface", "exception", "struct", "sequence", "dictionary", "enum", "const"),
        *("out", "extends", "implements", "throws", "local", "idempotent", "optional", "false", "true"),
        *("void", "byte", "bool", "short", "int", "long", "float", "double", "string"),
        *("Object", "LocalObject", "Value"),
    )
)

TOKEN = re.compile(
    r"""
    (?P<space>[ \t\n\f\v]+)
    |(?P<line_comment>//[^\n]*)
    |(?P<block_comment>/\*.*?(?:\*/|\Z))
    |(?P<name>(?:::)?\\?[A-Za-z_][A-Za-z0-9_]*(?:::\\?[A-Za-z_][A-Za-z0-9_]*)*)
    |(?P<float>[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fF]?|[+-]?[0-9]+[eE][+-]?[0-9]+[fF]?)
    |(?P<integer>[+-]?(?:0[xX][0-9A-Fa-f]+|[0-9]+))
    |(?P<string>"(?:\\[^\n]|[^"\\\n])*(?:"|\\?(?=\n)|\\?\Z))
    |(?P<symbol>\[\[|\]\]|[{}()\[\]<>;,=*])
    |(?P<bad>.)
    """,
    re.VERBOSE | re.DOTALL,
)


_LINE_DOC = re.compile(r"///(?!/)")


@attrs.frozen
class DocComment:
    """A `/** ... */` as written, and where it begins. Lines of `///` become one of these."""

    text: str
    position: Position


@attrs.frozen
class Token:
    """One word of Slice."""

    kind: str
    """`name`, `keyword`, `integer`, `float`, `string`, `symbol` or `end`."""

    text: str
    """A name without its backslashes; anything else as written."""

    position: Position
    level: int
    """The include level of the file it stands in."""

    value: int | float | str = 0
    """What an integer, float or string means."""

    doc: DocComment | None = None
    """The last doc comment between the token before and this one."""


class _Text:
    """The unit's lines as one text, and the way back from an index to a place in a file."""

    def __init__(self, lines: Sequence[SourceLine]) -> None:
        self.text = "\n".join(line.text for line in lines)
        self._lines = lines
        self._starts: list[int] = []
        start = 0
        for line in lines:
            self._starts.append(start)
            start += len(line.text) + 1

    def line(self, index: int) -> tuple[SourceLine, int]:
        """The line that the character at `index` stands in, and the character's index in that line."""
        number = bisect_right(self._starts, index) - 1
        return self._lines[number], index - self._starts[number]


def tokenize(lines: Sequence[SourceLine], diagnostics: Diagnostics) -> list[Token]:
    """The tokens of a unit, the last of kind `end`. What cannot be read is reported and left out."""
    if not lines:
        lines = [SourceLine("", "", 1, 0)]
    text = _Text(lines)
    tokens: list[Token] = []
    doc: DocComment | None = None
    lined: list[str] = []
    for match in TOKEN.finditer(text.text):
        kind = match.lastgroup
        assert kind is not None, "every alternative has a name"
        if kind == "space":
            continue
        line, column = text.line(match.start())
        position = line.position(column)
        if kind == "line_comment":
            if _LINE_DOC.match(match.group()):
                lined.append(match.group()[3:])
                doc = DocComment(
                    "/**" + "\n * ".join(lined) + "*/", position if len(lined) == 1 else _at(doc)
                )
            continue
        lined.clear()
        if kind == "block_comment":
            if match.group().startswith("/**") and len(match.group()) > 4:
                doc = DocComment(match.group(), position)
            continue
        token = _token(kind, match.group(), position, line.level, doc, diagnostics)
        if token is not None:
            tokens.append(token)
            doc = None
    tokens.append(Token("end", "the end of the file", _end(lines), 0))
    return tokens


def _at(doc: DocComment | None) -> Position:
    assert doc is not None, "there is one already"
    return doc.position


def _end(lines: Sequence[SourceLine]) -> Position:
    last = lines[-1]
    return last.position(len(last.text))


def _token(
    kind: str, text: str, position: Position, level: int, doc: DocComment | None, diagnostics: Diagnostics
) -> Token | None:
    value: int | float | str = 0
    try:
        if kind == "name":
            if "\\" in text:
                text = text.replace("\\", "")
            elif text in KEYWORDS:
                kind = "keyword"
        elif kind == "integer":
            value = read_integer(text)
        elif kind == "float":
            value = read_float(text)
        elif kind == "string":
            value, warnings = read_string(text)
            for warning in warnings:
                diagnostics.warning(position, warning)
        elif kind == "bad":
            shown = text if text.isprintable() else f"\\x{ord(text):02x}"
            diagnostics.error(position, f"`{shown}` is no part of Slice")
            return None
    except LiteralError as error:
        diagnostics.error(position, str(error))
    return Token(kind, text, position, level, value, doc)
