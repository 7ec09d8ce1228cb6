"""A file with all that it includes."""

from __future__ import annotations

from tests.slice.sources import SliceTestCase


class CompilationTest(SliceTestCase):
    def test_a_file_knows_what_is_its_own(self) -> None:
        files = {"a.ice": "#pragma once\nmodule A { struct S { int x; } }"}
        compilation, diagnostics = self.compile(
            "#include <a.ice>\n/** Own. */ module B { sequence<A::S> Ss; }", files
        )
        self.assertFalse(diagnostics.failed)
        self.assertEqual([entity.name for entity in compilation.unit.own()], ["B", "Ss"])
        self.assertEqual(compilation.unit.modules, ("B",))
        assert compilation.unit.doc is not None
        self.assertEqual(compilation.unit.doc.text, "/** Own. */")
        self.assertEqual([item.file.path.name for item in compilation.inclusions], ["a.ice"])
        self.assertEqual(
            sorted(file.path.name for file in compilation.sources.values()), ["a.ice", "test.ice"]
        )
