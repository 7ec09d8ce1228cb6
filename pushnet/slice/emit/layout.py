"""How long lines are broken: the way `ruff format` breaks them, so that what is written is tidy already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

WIDTH = 110
INDENT = "    "


def indented(lines: Iterable[str], depth: int = 1) -> list[str]:
    """The lines further to the right; empty lines stay empty."""
    return [INDENT * depth + line if line else line for line in lines]


def bracketed(head: str, items: Sequence[str], tail: str, depth: int = 0) -> list[str]:
    """A call or a signature: on one line if it fits, else the items on one line, else each on its own.

    Args:
        head: Up to and with the opening bracket.
        items: What stands between the brackets.
        tail: From the closing bracket on.
        depth: How far the result will be indented.
    """
    inner = ", ".join(items)
    room = WIDTH - depth * len(INDENT)
    if len(head) + len(inner) + len(tail) <= room or not items:
        return [head + inner + tail]
    if len(inner) + len(INDENT) <= room:
        lone = "," if len(items) == 1 and head.startswith("def ") else ""
        return [head, INDENT + inner + lone, tail]
    comma = "," if len(items) > 1 else ""
    return [head, *indented(line for item in items for line in expression("", item, comma, depth + 1)), tail]


def expression(head: str, text: str, tail: str, depth: int = 0) -> list[str]:
    """A statement around an expression that may be a call of calls, broken from the outside in."""
    arguments = _arguments(text)
    if len(head) + len(text) + len(tail) <= WIDTH - depth * len(INDENT) or arguments is None:
        return [head + text + tail]
    opening = text.index("(") + 1
    return bracketed(head + text[:opening], arguments, ")" + tail, depth)


def listed(head: str, items: Sequence[str], tail: str, depth: int = 0) -> list[str]:
    """Several values with commas between them: bare on one line if they fit, else in parentheses."""
    line = head + ", ".join(items) + tail
    if len(line) <= WIDTH - depth * len(INDENT):
        return [line]
    return [f"{head}(", *(f"{INDENT}{item}," for item in items), f"){tail}"]


def _arguments(text: str) -> list[str] | None:
    """The arguments of a call that is all of `text`; `None` when it is no such call."""
    opening = text.find("(")
    if opening < 0 or not text.endswith(")"):
        return None
    arguments = [""]
    level = 0
    for character in text[opening + 1 : -1]:
        level += {"(": 1, ")": -1}.get(character, 0)
        if level < 0:
            return None
        if character == "," and level == 0:
            arguments.append("")
        else:
            arguments[-1] += character
    return [argument.strip() for argument in arguments]


def collection(head: str, items: Sequence[str], tail: str, depth: int = 0) -> list[str]:
    """A list or a dictionary: on one line if it fits, else each item on its own."""
    line = head + ", ".join(items) + tail
    if len(line) <= WIDTH - depth * len(INDENT) or not items:
        return [line]
    return [head, *(f"{INDENT}{item}," for item in items), tail]


def quoted(text: str) -> str:
    """A string literal in double quotes."""
    out: list[str] = []
    for character in text:
        if character in ('"', "\\"):
            out.append("\\" + character)
        elif character in "\n\r\t":
            out.append({"\n": "\\n", "\r": "\\r", "\t": "\\t"}[character])
        elif character.isprintable():
            out.append(character)
        elif ord(character) < 256:
            out.append(f"\\x{ord(character):02x}")
        elif ord(character) < 65536:
            out.append(f"\\u{ord(character):04x}")
        else:
            out.append(f"\\U{ord(character):08x}")
    body = "".join(out)
    if '\\"' in body and "'" not in body:
        return "'" + body.replace('\\"', '"') + "'"
    return '"' + body + '"'
