"""Many files into one package."""

from __future__ import annotations

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.generator import compile_all, generate
from pushnet.slice.outputs import Outputs
from pushnet.slice.source import Diagnostics


class GeneratorTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.top = Path(self.mktemp())
        self.top.mkdir()
        self.diagnostics = Diagnostics()

    def generate(self, **texts: str) -> Outputs | None:
        paths = []
        for name, text in texts.items():
            path = self.top / "idl" / f"{name.replace('__', '/').replace('DASH', '-')}.ice"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            paths.append(path)
        compilations = compile_all(paths, [self.top / "idl"], {}, self.diagnostics)
        return generate(compilations, self.top / "out", "made", self.diagnostics)

    def said(self) -> str:
        return "\n".join(map(str, self.diagnostics.sorted()))

    def test_folders_become_packages(self) -> None:
        outputs = self.generate(a__b__c="module M { const int N = 1; }", d="module M { const int O = 1; }")
        assert outputs is not None
        names = sorted(str(path.relative_to(self.top / "out")) for path in outputs.texts)
        self.assertEqual(names, ["a/__init__.py", "a/b/__init__.py", "a/b/c.py", "d.py"])

    def test_the_text_does_not_depend_on_where_the_tree_is(self) -> None:
        text = "module M { interface I { int op(string s); } }"
        first = self.generate(one=text)
        self.top = Path(self.mktemp())
        self.top.mkdir()
        second = self.generate(one=text)
        assert first is not None and second is not None
        self.assertEqual(list(first.texts.values()), list(second.texts.values()))

    def test_includes_become_imports_of_the_package(self) -> None:
        outputs = self.generate(
            a__types="#pragma once\nmodule M { struct S { int x; } }",
            user="#include <a/types.ice>\nmodule M { struct T { S s; string t; } }",
        )
        assert outputs is not None
        self.assertIn("from made.a.types import S\n", outputs.texts[self.top / "out/user.py"])

    def test_one_bad_file_and_nothing_comes_out(self) -> None:
        self.assertIsNone(self.generate(good="module M { }", bad="module M { struct S { X x; } }"))
        self.assertIn("bad.ice:1:23: error: `X` is not defined", self.said())

    def test_a_name_python_cannot_import_is_refused(self) -> None:
        self.assertIsNone(self.generate(myDASHfile="module M { }"))
        self.assertIn("`my-file` cannot be the name of a Python module", self.said())

    def test_files_may_include_each_other(self) -> None:
        outputs = self.generate(
            a="#pragma once\nmodule M { interface B; }\n"
            "#include <b.ice>\nmodule M { interface A { B* op(); } }",
            b="#pragma once\nmodule M { interface A; }\n"
            "#include <a.ice>\nmodule M { interface B { A* op(); } }",
        )
        assert outputs is not None, self.said()
        text = outputs.texts[self.top / "out/a.py"]
        late = text.index("from made.b import BPrx  # noqa: E402\n")
        self.assertLess(text.index("class APrx(ObjectPrx):"), late)
        self.assertLess(late, text.index("# The wire"))
