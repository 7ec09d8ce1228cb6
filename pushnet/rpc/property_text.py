"""The text of properties: one line of a configuration file or command line, and lists in a value.

A line is `key = value`. Blanks around both are dropped, `#` begins a comment. A backslash before a blank,
`#`, `=` or another backslash takes its meaning away; before anything else it stands for itself. A line has no
continuation. Escaped blanks at the ends of a value stay.
"""

from __future__ import annotations

_BLANKS = " \t\r\n"
_ESCAPED = "\\#= "


class InvalidLine(Exception):
    """The line is neither empty nor a comment, and has no key or no `=`."""


def parse_line(line: str) -> tuple[str, str] | None:
    """The key and the value, None for a line without. Raises `InvalidLine`."""
    marks = _marked(line)
    if not marks:
        return None
    for position, (character, plain) in enumerate(marks):
        if character == "=" and plain:
            key = "".join(found for found, _ in marks[:position]).strip(_BLANKS)
            if not key:
                break
            return key, _value(marks[position + 1 :])
    raise InvalidLine(line)


def split_list(text: str) -> list[str] | None:
    """The elements, separated by blanks or commas; quotes (`'` or `"`) keep both together.

    A backslash before a quote makes it an ordinary character: before any outside of quotes, before that which
    would end them inside. None: a quote is not closed.
    """
    found: list[str] = []
    element: str = ""
    quote = ""
    pos = 0
    while pos < len(text):
        character = text[pos]
        follows = text[pos + 1 : pos + 2]
        if character == "\\" and follows and follows in (quote or "'\""):
            element += follows
            pos += 1
        elif quote:
            element, quote = (element, "") if character == quote else (element + character, quote)
        elif character in "'\"":
            quote = character
        elif character in ", \t\r\n":
            if element:
                found.append(element)
            element = ""
        else:
            element += character
        pos += 1
    if element:
        found.append(element)
    return None if quote else found


def _value(marks: list[tuple[str, bool]]) -> str:
    """The text of a value. Before it begins and after it ends only escaped blanks count, as in Ice."""
    earnest = [at for at, mark in enumerate(marks) if mark[0] not in _BLANKS]
    begin, end = (earnest[0], earnest[-1] + 1) if earnest else (0, 0)
    kept = [found for at, (found, plain) in enumerate(marks) if begin <= at < end or not plain]
    return "".join(kept)


def _marked(line: str) -> list[tuple[str, bool]]:
    """The characters up to a comment, each with whether it is plain (not escaped), without blanks outside."""
    marks: list[tuple[str, bool]] = []
    pos = 0
    while pos < len(line):
        character = line[pos]
        follows = line[pos + 1 : pos + 2]
        if character == "\\" and follows and follows in _ESCAPED:
            marks.append((follows, False))
            pos += 1
        elif character == "\\" and follows and follows in _BLANKS:
            marks.append((character + follows, False))
            pos += 1
        elif character == "#":
            break
        else:
            marks.append((character, True))
        pos += 1
    return _stripped(marks)


def _stripped(marks: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    start, end = 0, len(marks)
    while start < end and marks[start][1] and marks[start][0] in _BLANKS:
        start += 1
    while end > start and marks[end - 1][1] and marks[end - 1][0] in _BLANKS:
        end -= 1
    return marks[start:end]
