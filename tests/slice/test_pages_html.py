"""Blocks as HTML."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.pages_html import page_html
from pushnet.slice.spans import Heading, Listing, Page, Signature, Span, Text


class Reader(HTMLParser):
    """What a browser would show, and which tags made it."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = ""
        self.tags: list[str] = []

    def handle_data(self, data: str) -> None:
        self.shown += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


class HtmlTest(SynchronousTestCase):
    def test_a_page(self) -> None:
        signature = Signature((Span("sequence<"), Span("S", "b.html#m-s"), Span("> Ss")))
        members = Listing("Members", (([Span("int x")], "How `many`."), ([Span("int y")], "")))
        blocks = (Heading(2, "struct S", "m-s"), signature, members, Listing("Values", ()))
        text = page_html(Page("a.html", "A & B", "index.html", blocks))
        for piece in (
            "<title>A &amp; B</title>",
            '<nav><a href="index.html">Index</a></nav>',
            '<h2 id="m-s">struct S</h2>',
            '<pre><code>sequence&lt;<a href="b.html#m-s">S</a>&gt; Ss</code></pre>',
            "<h4>Members</h4>\n<dl>\n<dt>int x</dt><dd>How <code>many</code>.</dd>\n<dt>int y</dt>\n</dl>",
        ):
            self.assertIn(piece, text)
        self.assertNotIn("Values", text)

    @given(st.text(max_size=40))
    def test_any_text_is_shown_as_text(self, text: str) -> None:
        reader = Reader()
        page = page_html(Page("a.html", "", "", (Text(text),)))
        reader.feed(page[page.index("<body>") :])
        self.assertEqual(
            reader.shown.replace("`", "").strip(), text.replace("`", "").replace("\r\n", "\n").strip()
        )
        self.assertLessEqual(set(reader.tags), {"body", "p", "code"})
