"""`slice2tx lint`: what is found, where, and what is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.compilation import compile_file
from pushnet.slice.files import SourceFiles
from pushnet.slice.linting import lint
from pushnet.slice.source import Diagnostics

GOOD = """#pragma once

module M
{
    /** Wrong. */
    exception WrongException { string reason; }

    /** Does it. */
    interface Doer
    {
        /**
         * Do it.
         * @param what Which.
         * @return How often.
         * @throws WrongException No.
         */
        int perform(string what) throws WrongException;
    }
}
"""


class LintTest(SynchronousTestCase):
    def found(self, text: str, files: Mapping[str, str] | None = None) -> list[str]:
        folder = Path(self.mktemp())
        folder.mkdir()
        for name, content in {**(files or {}), "a.ice": text}.items():
            (folder / name).write_text(content)
        diagnostics = Diagnostics()
        sources = SourceFiles([folder])
        compilation = compile_file(sources.place(folder / "a.ice"), sources, diagnostics, {})
        self.assertFalse(diagnostics.failed, "\n".join(map(str, diagnostics.sorted())))
        return [str(item).replace(f"{folder}/a.ice:", "") for item in lint(compilation, text)]

    def test_a_tidy_file_has_no_findings(self) -> None:
        self.assertEqual(self.found(GOOD), [])

    def test_our_own_interfaces_are_tidy(self) -> None:
        idl = Path(__file__).parent.parent.parent / "idl"
        sources, diagnostics = SourceFiles([idl]), Diagnostics()
        for path in sorted(idl.glob("*/*.ice")):
            compilation = compile_file(sources.place(path), sources, diagnostics, {})
            self.assertEqual([str(item) for item in lint(compilation, path.read_text())], [])

    def test_a_file_says_which_rules_do_not_hold_in_it(self) -> None:
        text = GOOD.replace("    /** Does it. */\n", "")
        self.assertEqual([found.split(": ")[1] for found in self.found(text)], ["doc-missing"])
        ignoring = text.replace("#pragma once", '#pragma once\n\n[["pn:lint-ignore:doc-missing,guard"]]')
        self.assertEqual(self.found(ignoring), [])

    def test_missing_docs(self) -> None:
        text = GOOD.replace("    /** Does it. */\n", "").replace("    /** Wrong. */\n", "")
        self.assertEqual(
            self.found(text),
            [
                "5:15: doc-missing: exception `WrongException` has no doc comment: say what it is for",
                "7:15: doc-missing: interface `Doer` has no doc comment: say what it is for",
            ],
        )

    def test_docs_of_what_is_not_there(self) -> None:
        text = GOOD.replace("@param what", "@param who").replace("@throws Wrong", "@throws Other")
        self.assertEqual(
            self.found(text.replace("int perform", "void perform")),
            [
                "17:14: doc-stale: `perform` does not throw `OtherException`",
                "17:14: doc-stale: `perform` has no parameter `who`",
                "17:14: doc-stale: `perform` returns nothing",
            ],
        )

    def test_names(self) -> None:
        text = GOOD.replace("Doer", "doer").replace("perform(string what)", "Perform(string What)")
        text = text.replace("@param what", "@param What")
        self.assertEqual(
            self.found(text),
            [
                "9:15: name-style: interface `doer` should begin with a capital",
                "17:13: name-style: operation `Perform` should begin with a small letter",
                "17:28: name-style: parameter `What` should begin with a small letter",
            ],
        )

    def test_getters(self) -> None:
        (said,) = self.found(GOOD.replace("perform(", "getNumber("))
        self.assertIn("idempotent: `getNumber` looks as if it could be repeated", said)

    def test_includes(self) -> None:
        files = {
            "b.ice": "#pragma once\n#include <c.ice>\nmodule B { enum E { x } }",
            "c.ice": "#pragma once\nmodule C { struct S { int x; } }",
        }
        unused = GOOD.replace("#pragma once\n", "#pragma once\n#include <b.ice>\n")
        self.assertEqual(self.found(unused, files), ["2:1: unused-include: nothing of `b.ice` is used"])
        for use in ("const B::E K = B::E::x;", "sequence<C::S> Ss;"):
            used = unused.replace("    /** Wrong", f"    {use}\n\n    /** Wrong")
            self.assertEqual(self.found(used, files), [])

    def test_guards_and_format(self) -> None:
        self.assertEqual(
            self.found(GOOD.replace("#pragma once\n\n", "").replace("    exception", "   exception")),
            [
                "1:1: guard: the file cannot be included twice: begin it with `#pragma once`",
                "4:1: format: from here on the text is not as `slice2tx fmt` writes it",
            ],
        )
