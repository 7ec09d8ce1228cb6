"""The reference of interfaces: everything defined is on a page, and links lead to it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.generator import compile_all
from pushnet.slice.pages import reference
from pushnet.slice.source import Diagnostics

IDL = Path(__file__).parent.parent.parent / "idl"
GOLDEN = Path(__file__).parent.parent / "golden"


def pages(kind: str) -> Mapping[str, str]:
    diagnostics = Diagnostics()
    files = [*sorted(IDL.rglob("*.ice")), GOLDEN / "graphs.ice", GOLDEN / "values.ice", GOLDEN / "legacy.ice"]
    compilations = compile_all(files, [IDL, GOLDEN], {}, diagnostics)
    assert not diagnostics.failed
    return reference(compilations, kind, "All")


class PagesTest(SynchronousTestCase):
    def test_every_link_leads_somewhere(self) -> None:
        for kind, link, place in (
            ("html", r'href="([^"]*)"', r'id="([^"]+)"'),
            ("markdown", r"\]\(([^)]*)\)", r'id="([^"]+)"'),
        ):
            made = pages(kind)
            places = {path: set(re.findall(place, text)) for path, text in made.items()}
            count = 0
            for path, text in made.items():
                for target in re.findall(link, text):
                    name, _, at = target.partition("#")
                    found = (
                        posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) if name else path
                    )
                    self.assertIn(found, made, f"{path}: {target}")
                    if at:
                        self.assertIn(at, places[found], f"{path}: {target}")
                    count += 1
            self.assertGreater(count, 200)

    def test_a_page_tells_what_the_file_says(self) -> None:
        text = pages("markdown")["graphs.md"]
        for piece in (
            "# graphs.ice\n\nClasses: values with identity.\n",
            "```\nclass Circle(7) extends Shape\n```",
            '* `string name = "shape"`\n* [Point](#graphs-point) at: Where it stands.\n',
            "* optional(3) string text".replace("* optional(3) string text", "* `optional(3) string text`"),
            "```\noptional(1) Shape maybe(optional(2) Shape a, int values, optional(3) Leaves leaves,"
            " out optional(4) Boxes holders)\n```",
            "* `red = 0`\n* `green = 1`\n",
        ):
            self.assertIn(piece, text)

    def test_what_is_local_is_left_out(self) -> None:
        text = pages("markdown")["legacy.md"]
        self.assertNotIn("Callback", text)
        self.assertIn("### next\n\n```\nint next(int step)\n```\n\nCount on.", text)
