"""A module from top to bottom."""

from __future__ import annotations

import importlib

from tests.slice.golden import FOLDER
from tests.slice.sources import SliceTestCase


class ModuleTest(SliceTestCase):
    def test_one_reads_from_values_to_the_wire(self) -> None:
        python = self.emitted(
            "/** Doc. */ module M { interface I { void op() throws E1; } }".replace(
                "interface",
                "exception E1 { int x; } struct S { int y; } enum E { a } const int C = 1; interface",
            )
        )
        marks = (
            '"""Doc."""',
            "__all__ = [",
            "class S:",
            "class E(SliceEnum):",
            "C: Final = 1",
            "class E1(UserException):",
            "class I(Protocol):",
            "class IPrx(ObjectPrx):",
            "class IServant(Servant):",
            "# The wire: how the above becomes bytes and back.",
            "def write_S(",
            "IServant.ice_operations = {",
        )
        places = [python.index(mark) for mark in marks]
        self.assertEqual(places, sorted(places))

    def test_all_public_names_are_named_and_are_there(self) -> None:
        for path in sorted(FOLDER.glob("*.ice")):
            module = importlib.import_module(f"tests.golden.{path.stem}")
            public = list(module.__all__)
            self.assertEqual(public, sorted(public))
            self.assertEqual([name for name in public if not hasattr(module, name)], [])

    def test_the_first_line_says_where_it_comes_from(self) -> None:
        first = self.emitted("module M { }").splitlines()[0]
        self.assertRegex(
            first, r"^# Written by slice2tx from \w+/test\.ice\. To change it, change the Slice file\.$"
        )

    def test_nothing_is_imported_that_is_not_needed(self) -> None:
        self.assertNotIn(
            "import", self.emitted("module M { }").replace("from __future__ import annotations", "")
        )
