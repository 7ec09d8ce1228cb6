"""Doc comments: what `/** ... */` says, taken apart by its `@` tags."""

from __future__ import annotations

import re

import attrs

from pushnet.slice.lexer import DocComment
from pushnet.slice.model import Entity

_TAG = re.compile(r"@(\w+)\b[ \t]*(.*)", re.DOTALL)
_WORD = re.compile(r"@p\s+(\w+)")
_LINK = re.compile(r"\{@link\s+([^}\s]+)[^}]*\}")
_NAMED = ("param", "throws", "exception")


@attrs.frozen
class Doc:
    """A doc comment. Texts are paragraphs, apart by an empty line."""

    text: str = ""
    params: tuple[tuple[str, str], ...] = ()
    returns: str = ""
    throws: tuple[tuple[str, str], ...] = ()
    deprecated: str | None = None
    see: tuple[str, ...] = ()


def doc_of(entity: Entity) -> Doc:
    """What was said about an entity; `["deprecated:..."]` counts as said."""
    doc = read_doc(entity.doc)
    for item in entity.metadata:
        head, _, reason = item.partition(":")
        if head in ("deprecated", "deprecate") and doc.deprecated is None:
            doc = attrs.evolve(doc, deprecated=reason)
    return doc


def read_doc(comment: DocComment | None) -> Doc:
    """The parts of a comment; none of them when there is no comment."""
    if comment is None:
        return Doc()
    blocks: list[tuple[str, list[str]]] = [("", [])]
    for line in _bare_lines(comment.text):
        match = _TAG.match(line.lstrip())
        if match is None or match.group(1) == "p":
            blocks[-1][1].append(line)
        else:
            blocks.append((match.group(1), [match.group(2)]))
    doc = Doc(text=_text(blocks[0][1]))
    for tag, lines in blocks[1:]:
        doc = _with_block(doc, tag, lines)
    return doc


def _with_block(doc: Doc, tag: str, lines: list[str]) -> Doc:
    if tag in _NAMED:
        name, _, first = lines[0].strip().partition(" ")
        entry = (name.rpartition("::")[2] if tag != "param" else name, _text([first, *lines[1:]]))
        if tag == "param":
            return attrs.evolve(doc, params=(*doc.params, entry))
        return attrs.evolve(doc, throws=(*doc.throws, entry))
    text = _text(lines)
    if tag in ("return", "returns"):
        return attrs.evolve(doc, returns=text)
    if tag == "deprecated":
        return attrs.evolve(doc, deprecated=text)
    if tag == "see":
        return attrs.evolve(doc, see=(*doc.see, text))
    kept = f"{tag.capitalize()}: {text}"
    return attrs.evolve(doc, text=f"{doc.text}\n\n{kept}" if doc.text else kept)


def _bare_lines(comment: str) -> list[str]:
    """The comment's lines without its stars."""
    body = comment.removeprefix("/**").removesuffix("*/")
    lines = body.split("\n")
    bare = [lines[0].strip()]
    for line in lines[1:]:
        stripped = line.strip()
        if stripped.startswith("*"):
            bare.append(stripped[1:].removeprefix(" ").rstrip())
        else:
            bare.append(stripped)
    return bare


def _text(lines: list[str]) -> str:
    """The lines without empty ones at both ends, links rewritten."""
    text = "\n".join(line.expandtabs(4).rstrip() for line in lines).strip("\n")
    text = _WORD.sub(r"`\1`", text)
    return _LINK.sub(
        lambda match: "`" + match.group(1).replace("#", ".").replace("::", ".").strip(".") + "`", text
    )
