"""Pages of the reference as HTML that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from pushnet.slice.spans import Block, Heading, Listing, Page, Signature, Span, Text

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #222; }
pre { background: #f4f4f2; padding: .6em .8em; overflow-x: auto; white-space: pre-wrap; }
code { background: #f4f4f2; padding: 0 .2em; }
pre code { padding: 0; }
h2 { border-top: 1px solid #ddd; padding-top: 1em; margin-top: 2em; }
dt { font-family: monospace; margin-top: .5em; }
a { color: #0550ae; text-decoration: none; }
a:hover { text-decoration: underline; }
@media (prefers-color-scheme: dark) {
  body { background: #1b1b1b; color: #ddd; }
  pre, code { background: #2a2a2a; }
  a { color: #7ab7ff; }
}
"""


def page_html(page: Page) -> str:
    """The whole page."""
    up = f'<nav><a href="{escape(page.up)}">Index</a></nav>\n' if page.up else ""
    body = "\n".join(part for part in map(_block, page.blocks) if part)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(page.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"{up}{body}\n</body>\n</html>\n"
    )


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        place = f' id="{block.anchor}"' if block.anchor else ""
        return f"<h{block.level}{place}>{escape(block.text)}</h{block.level}>"
    if isinstance(block, Text):
        return f"<p>{_words(block.text)}</p>"
    if isinstance(block, Signature):
        return f"<pre><code>{_spans(block.spans)}</code></pre>"
    return _listing(block)


def _listing(block: Listing) -> str:
    if not block.items:
        return ""
    title = f"<h4>{escape(block.title)}</h4>\n" if block.title else ""
    items = [
        f"<dt>{_spans(term)}</dt>" + (f"<dd>{_words(text)}</dd>" if text else "")
        for term, text in block.items
    ]
    return f"{title}<dl>\n" + "\n".join(items) + "\n</dl>"


def _spans(spans: Sequence[Span]) -> str:
    return "".join(
        f'<a href="{escape(span.link)}">{escape(span.text)}</a>' if span.link else escape(span.text)
        for span in spans
    )


def _words(text: str) -> str:
    """Text with code between backticks."""
    parts = [escape(part) for part in text.split("`")]
    for index in range(1, len(parts) - 1, 2):
        parts[index] = f"<code>{parts[index]}</code>"
    if len(parts) % 2 == 0:
        parts[-1] = "`" + parts[-1]
    return "".join(parts)
