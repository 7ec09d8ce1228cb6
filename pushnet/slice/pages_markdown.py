"""Pages of the reference as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from pushnet.slice.spans import Block, Heading, Listing, Page, Signature, Span, Text


def page_markdown(page: Page) -> str:
    """The whole page."""
    parts = [f"[Index]({page.up})"] if page.up else []
    parts += [_block(block) for block in page.blocks]
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        place = f'<a id="{block.anchor}"></a>\n\n' if block.anchor else ""
        return f"{place}{'#' * block.level} {_plain(block.text)}"
    if isinstance(block, Text):
        return _plain(block.text)
    if isinstance(block, Signature):
        return "```\n" + "".join(span.text for span in block.spans) + "\n```"
    return _listing(block)


def _listing(block: Listing) -> str:
    lines = [f"* {_spans(term)}" + (f": {_one_line(text)}" if text else "") for term, text in block.items]
    title = f"{block.title}:\n\n" if block.title else ""
    return title + "\n".join(lines) if lines else ""


def _spans(spans: Sequence[Span]) -> str:
    """Code, but links where there are any: Markdown cannot have both."""
    if not any(span.link for span in spans):
        return f"`{''.join(span.text for span in spans)}`"
    out: list[str] = []
    for span in spans:
        text = span.text.replace("*", "\\*").replace("_", "\\_").replace("<", "&lt;")
        out.append(f"[{text}]({span.link})" if span.link else text)
    return "".join(out)


def _one_line(text: str) -> str:
    return " ".join(_plain(text).split())


def _plain(text: str) -> str:
    """Text in which only backticks mean something."""
    parts = text.split("`")
    parts[::2] = [part.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_") for part in parts[::2]]
    return "`".join(parts)
