"""Blocks as Markdown."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.pages_markdown import page_markdown
from pushnet.slice.spans import Heading, Listing, Page, Signature, Span, Text


class MarkdownTest(SynchronousTestCase):
    def test_a_page(self) -> None:
        page = Page(
            "a/b.md",
            "b",
            "../index.md",
            (
                Heading(2, "struct S_T", "m-s"),
                Signature((Span("sequence<"), Span("S", "#m-s"), Span("> Ss"))),
                Text("Has `a_b` and *stars* <b>."),
                Listing("Members", (([Span("int x")], ""), ([Span("S", "#m-s"), Span("* s")], "One\nmore."))),
                Listing("Values", ()),
            ),
        )
        expected = [
            "[Index](../index.md)",
            '<a id="m-s"></a>',
            "## struct S\\_T",
            "```\nsequence<S> Ss\n```",
            "Has `a_b` and \\*stars\\* &lt;b>.",
            "Members:",
            "* `int x`\n* [S](#m-s)\\* s: One more.",
        ]
        self.assertEqual(page_markdown(page), "\n\n".join(expected) + "\n")
