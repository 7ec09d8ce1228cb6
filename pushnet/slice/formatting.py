"""`slice2tx fmt`: Slice files with one indentation and one spacing, and nothing else changed.

Lines stay lines: nobody's line breaks are moved. What lies between braces is indented by four spaces, what
continues a line by four more; between words there is one space or none; of several empty lines one stays.
Directives begin their line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import attrs

from pushnet.slice.lexer import TOKEN

INDENT = 4
_CONTINUING = ("throws", "extends", "implements")
_NO_SPACE_BEFORE = frozenset((";", ",", ")", "]", "]]", ">", "*", "(", "<"))
_NO_SPACE_AFTER = frozenset(("(", "[", "[[", "<"))


@attrs.frozen
class _Word:
    kind: str
    text: str

    @property
    def is_comment(self) -> bool:
        return self.kind in ("line_comment", "block_comment")


class _Layout:
    """How deep the line being written is."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._depth = 0
        self._parentheses = 0

    def code(self, words: Sequence[_Word]) -> None:
        """A line of words; a comment of several lines may be its last."""
        first = words[0].text
        depth = self._depth - (1 if first == "}" else 0)
        if self._parentheses > 0 or first in _CONTINUING:
            depth += 1
        indent = " " * (INDENT * max(depth, 0))
        text = _joined(words)
        head, *rest = text.split("\n")
        if first == "}" and self.lines and not self.lines[-1]:
            self.lines.pop()
        self.lines.append((indent + head).rstrip())
        self.lines += _comment_lines(rest, indent)
        for word in words:
            if word.is_comment:
                continue
            self._depth = max(self._depth + {"{": 1, "}": -1}.get(word.text, 0), 0)
            self._parentheses = max(self._parentheses + {"(": 1, ")": -1}.get(word.text, 0), 0)

    def directive(self, line: str) -> None:
        """A line of the preprocessor's."""
        self.lines.append(line.rstrip())

    def gap(self) -> None:
        """An empty line: not at the beginning, not after `{`, and not a second one."""
        if self.lines and self.lines[-1] and not self.lines[-1].endswith("{"):
            self.lines.append("")


def formatted(text: str) -> str:
    """The text as it should be. What cannot be read, such as a string left open, comes back as it was."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    layout = _Layout()
    rows = _rows(text)
    if rows is None:
        return text
    for row in rows:
        if isinstance(row, str):
            layout.directive(row)
        elif row:
            layout.code(row)
        else:
            layout.gap()
    while layout.lines and not layout.lines[-1]:
        layout.lines.pop()
    return "".join(f"{line}\n" for line in layout.lines)


def _rows(text: str) -> list[str | list[_Word]] | None:
    """The lines: a directive as text, others as words; a comment of several lines belongs to its first."""
    rows: list[str | list[_Word]] = []
    position = 0
    row: list[_Word] = []
    while position < len(text):
        line_end = text.find("\n", position)
        line_end = len(text) if line_end < 0 else line_end
        if not row and text[position:line_end].lstrip().startswith("#"):
            while text[:line_end].endswith("\\") and line_end < len(text):
                following = text.find("\n", line_end + 1)
                line_end = len(text) if following < 0 else following
            rows.append(text[position:line_end].strip())
            position = line_end + 1
            continue
        match = TOKEN.match(text, position)
        assert match is not None and match.lastgroup is not None, "every character is part of something"
        kind, word = match.lastgroup, match.group()
        position = match.end()
        if kind == "space":
            for _ in range(word.count("\n")):
                rows.append(row)
                row = []
            position = match.start() + word.rfind("\n") + 1 if "\n" in word else position
            if "\n" in word and not text[position:].lstrip(" \t\f\v").startswith("#"):
                position = match.end()
            continue
        if kind == "string" and (len(word) < 2 or not word.endswith('"')):
            return None
        if kind == "block_comment" and not (word.endswith("*/") and len(word) > 3):
            return None
        row.append(_Word(kind, word))
    if row:
        rows.append(row)
    return rows


def _joined(words: Sequence[_Word]) -> str:
    out = words[0].text
    for before, word in pairwise(words):
        tight = word.text in _NO_SPACE_BEFORE or before.text in _NO_SPACE_AFTER
        if before.is_comment or word.is_comment:
            tight = False
        if word.text == "(" and before.text in ("=", ",", "]", "throws"):
            tight = False
        out += word.text if tight else f" {word.text}"
    return re.sub(r"[ \t]+$", "", out, flags=re.MULTILINE)


def _comment_lines(lines: Sequence[str], indent: str) -> list[str]:
    """The further lines of a comment: stars below the first star, others as far in as they were."""
    if all(not line.strip() or line.lstrip().startswith("*") for line in lines):
        return [f"{indent} {line.strip()}".rstrip() for line in lines]
    margins = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    margin = min(margins, default=0)
    return [f"{indent}{' ' * 3 if margin else ''}{line[margin:]}".rstrip() for line in lines]
