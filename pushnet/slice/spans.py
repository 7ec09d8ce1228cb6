"""What a page of the reference is made of."""

from __future__ import annotations

import re

import attrs


@attrs.frozen
class Span:
    """A piece of a line, perhaps with a link."""

    text: str
    link: str = ""


@attrs.frozen
class Heading:
    """A heading of level 1 to 3; `summary` is what an index says beside it."""

    level: int
    text: str
    anchor: str
    summary: str = ""


@attrs.frozen
class Text:
    """A paragraph; words between backticks are code."""

    text: str


@attrs.frozen
class Signature:
    """How something is written in Slice."""

    spans: tuple[Span, ...]


@attrs.frozen
class Listing:
    """Terms and what is said of each."""

    title: str
    items: tuple[tuple[list[Span], str], ...]


Block = Heading | Text | Signature | Listing


@attrs.frozen
class Page:
    """One page, and the way up to the index; the index has none."""

    path: str
    title: str
    up: str
    blocks: tuple[Block, ...]


def anchor(type_id: str) -> str:
    """`::A::B` as the name of a place in a page."""
    return re.sub(r"\W+", "-", type_id).strip("-").lower()
