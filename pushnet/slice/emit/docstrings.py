"""From doc comments to Google-style docstrings."""

from __future__ import annotations

import re
import textwrap

from pushnet.slice.docs import Doc
from pushnet.slice.emit.layout import INDENT, WIDTH

_LISTED = re.compile(r"\s*([-*]|\d+[.)])\s|\s{2,}\S|\s*$")


def docstring(
    doc: Doc,
    depth: int,
    results: tuple[str, ...] = (),
    renamed: dict[str, str] | None = None,
    title: str = "",
) -> list[str]:
    """The docstring's lines, not indented yet; none when there is nothing to say.

    Args:
        doc: What was said in Slice.
        depth: How far the lines will be indented.
        results: The out parameters, which are documented as parts of the result.
        renamed: Python's names of parameters, where they differ.
        title: What to begin with when only parts were described, so that the sections stay sections.
    """
    room = WIDTH - depth * len(INDENT)
    names = renamed or {}
    text = doc.text
    if title and not text and (doc.params or doc.returns or doc.throws):
        text = title
    blocks = [_filled(text, room)] if text else []
    if doc.deprecated is not None:
        blocks.append(_filled(f"Deprecated: {doc.deprecated}".rstrip(": "), room))
    arguments = [(names.get(name, name), text) for name, text in doc.params if name not in results]
    blocks += _section("Args:", [f"{name}: {text}" for name, text in arguments], room)
    outs = [f"`{names.get(name, name)}`: {text}" for name, text in doc.params if name in results]
    blocks += _section("Returns:", ([doc.returns] if doc.returns else []) + outs, room)
    blocks += _section("Raises:", [f"{name}: {text}" for name, text in doc.throws], room)
    if doc.see:
        blocks.append(_filled(f"See also: {', '.join(doc.see)}.", room))
    return _quoted(
        [line for index, block in enumerate(blocks) for line in ([""] if index else []) + block], room
    )


def plain_docstring(text: str, depth: int) -> list[str]:
    """A docstring of one text."""
    return docstring(Doc(text=text), depth)


def _section(title: str, entries: list[str], room: int) -> list[list[str]]:
    if not entries:
        return []
    lines = [title]
    for entry in entries:
        words = " ".join(entry.split())
        lines += textwrap.wrap(
            words,
            room,
            initial_indent=INDENT,
            subsequent_indent=INDENT * 2,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return [lines]


def _filled(text: str, room: int) -> list[str]:
    """The text refilled to the width; lists and indented lines stay as they are."""
    out: list[str] = []
    paragraph: list[str] = []

    def flush() -> None:
        if paragraph:
            width = room - 3 if not out else room
            out.extend(
                textwrap.wrap(" ".join(paragraph), width, break_long_words=False, break_on_hyphens=False)
            )
            paragraph.clear()

    for line in text.split("\n"):
        if _LISTED.match(line):
            flush()
            if line.strip() or (out and out[-1]):
                out.append(line.rstrip())
        else:
            paragraph.append(line.strip())
    flush()
    while out and not out[-1]:
        out.pop()
    return out


def _quoted(lines: list[str], room: int) -> list[str]:
    """The lines between triple quotes, as `ruff format` would have them."""
    if not lines:
        return []
    lines = [line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') for line in lines]
    lines[0] = lines[0].lstrip()
    if lines[0].startswith('"'):
        lines[0] = " " + lines[0]
    if len(lines) == 1:
        closing = " " if lines[0].endswith('"') else ""
        if len(lines[0]) + 6 + len(closing) <= room:
            return [f'"""{lines[0]}{closing}"""']
        lines = textwrap.wrap(lines[0], room - 6, break_long_words=False, break_on_hyphens=False)
    return ['"""' + lines[0], *lines[1:], '"""']
