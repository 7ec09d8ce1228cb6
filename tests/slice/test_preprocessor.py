"""Includes, conditions, macros; and that everything keeps its place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.files import SourceFiles
from pushnet.slice.preprocessor import Preprocessor, SourceLine
from pushnet.slice.source import Diagnostics


class PreprocessorTest(SynchronousTestCase):
    def run_on(
        self, text: str, files: Mapping[str, str] | None = None, defines: Mapping[str, str] | None = None
    ) -> tuple[list[SourceLine], list[str]]:
        folder = Path(self.mktemp())
        folder.mkdir()
        for name, content in {**(files or {}), "main.ice": text}.items():
            (folder / name).write_bytes(content.encode("utf-8"))
        diagnostics = Diagnostics()
        sources = SourceFiles([folder])
        lines = Preprocessor(sources, diagnostics, defines or {}).run(sources.place(folder / "main.ice"))
        said = [str(item).replace(f"{folder}/", "") for item in diagnostics.sorted()]
        return [line for line in lines if line.text.strip()], said

    def texts(
        self, text: str, files: Mapping[str, str] | None = None, defines: Mapping[str, str] | None = None
    ) -> list[str]:
        lines, said = self.run_on(text, files, defines)
        self.assertEqual(said, [])
        return [line.text.strip() for line in lines]

    def test_lines_know_where_they_stand(self) -> None:
        lines, _ = self.run_on("a\n#include <b.ice>\nc", {"b.ice": "\n\nb"})
        self.assertEqual(
            [(line.text, line.number, line.level) for line in lines], [("a", 1, 0), ("b", 3, 1), ("c", 3, 0)]
        )

    def test_columns_survive_macros(self) -> None:
        (line,), _ = self.run_on("#define LONG abcdefgh\nx LONG y")
        self.assertEqual(line.text, "x abcdefgh y")
        self.assertEqual([line.position(index).column for index in (0, 2, 9, 11, 12)], [1, 3, 3, 8, 9])

    def test_a_file_is_read_once_where_it_says_so(self) -> None:
        self.assertEqual(
            self.texts('#include "b.ice"\n#include <b.ice>', {"b.ice": "#pragma once\nb"}), ["b"]
        )

    def test_a_guard_does_the_same(self) -> None:
        guarded = "#ifndef B\n#define B\nb\n#endif"
        self.assertEqual(self.texts("#include <b.ice>\n#include <b.ice>", {"b.ice": guarded}), ["b"])

    def test_exactly_one_branch_counts(self) -> None:
        text = "#if A == 1\none\n#elif A == 2\ntwo\n#elif A == 2\nagain\n#else\nother\n#endif"
        for value, expected in (("1", "one"), ("2", "two"), ("3", "other")):
            self.assertEqual(self.texts(text, defines={"A": value}), [expected])

    def test_nothing_in_a_dead_branch_is_looked_at(self) -> None:
        dead = "#if 0\n#if 1\n#include <nowhere.ice>\n#error no\n#else\n#endif\n#bad\nx\n#endif\ny"
        self.assertEqual(self.texts(dead), ["y"])

    def test_comments_and_strings_keep_their_words(self) -> None:
        text = '#define A b\nA "A" /* A\nA */ A // A'
        self.assertEqual(self.texts(text), ['b "A" /* A', "A */ b // A"])

    def test_directives_inside_comments_are_comments(self) -> None:
        self.assertEqual(self.texts("/*\n#error no\n*/ x"), ["/*", "#error no", "*/ x"])

    def test_a_directive_may_go_on_on_the_next_line(self) -> None:
        self.assertEqual(self.texts("#define A 1 + \\\n  2 // not this\nA"), ["1 +    2"])

    def test_macros_that_name_each_other_end(self) -> None:
        self.assertEqual(self.texts("#define A B\n#define B A\nA B"), ["A B"])

    def test_a_macro_bomb_does_not_go_off(self) -> None:
        bomb = "#define A0 xxxxxxxxxx\n" + "".join(
            f"#define A{n} {' '.join([f'A{n - 1}'] * 10)}\n" for n in range(1, 30)
        )
        _, said = self.run_on(bomb + "A29")
        self.assertEqual(said, ["main.ice:31:1: error: macro `A29` grows beyond 20000 characters"])

    def test_undef_takes_a_macro_away(self) -> None:
        self.assertEqual(self.texts("#define A b\n#undef A\nA"), ["A"])

    def test_a_byte_order_mark_and_dos_line_ends_are_nothing(self) -> None:
        lines, said = self.run_on("\ufeffa\r\nb\rc")
        self.assertEqual(
            ([(line.text, line.number) for line in lines], said), ([("a", 1), ("b", 2), ("c", 3)], [])
        )

    def test_an_include_loop_is_told_from_where_it_is(self) -> None:
        _, said = self.run_on("#include <main.ice>")
        self.assertEqual(len(said), 1)
        self.assertIn("main.ice:1:1: error: includes nest deeper than 64", said[0])

    def test_files_that_include_each_other_twice_end(self) -> None:
        _, said = self.run_on(
            "#include <b.ice>", {"b.ice": "#include <c.ice>\n" * 2, "c.ice": "#include <b.ice>\n" * 2}
        )
        self.assertEqual(len(said), 1)
        wide = {f"f{n}.ice": f"#include <f{n + 1}.ice>\n" * 2 for n in range(40)} | {"f40.ice": ""}
        _, said = self.run_on("#include <f0.ice>", wide)
        self.assertIn("more than 5000 includes", said[0])

    def test_faults_are_told_with_their_place(self) -> None:
        for text, expected in (
            (
                "x\n#include <nowhere.ice>",
                "2:1: error: `nowhere.ice` is in none of the include directories: add its directory with -I",
            ),
            ("#include nothing", "1:1: error: `#include` wants a name in `<...>` or quotes"),
            ("  #if 1", "1:3: error: `#endif` is missing for this condition"),
            ("#endif", "1:1: error: `#endif` without `#if`"),
            ("x /* y", "1:3: warning: the comment is never closed: `*/` is missing"),
            ("#error Do not.", "1:1: error: #error Do not."),
            ("#warning Odd.", "1:1: warning: #warning Odd."),
            ("#what", "1:1: error: `#what` is no directive that is known here"),
        ):
            _, said = self.run_on(text)
            self.assertEqual(said, [f"main.ice:{expected}"])

    def test_a_file_that_is_not_utf8_is_told_where(self) -> None:
        folder = Path(self.mktemp())
        folder.mkdir()
        (folder / "main.ice").write_bytes(b"abc\nde\xff")
        diagnostics = Diagnostics()
        sources = SourceFiles([folder])
        Preprocessor(sources, diagnostics, {}).run(sources.place(folder / "main.ice"))
        self.assertEqual(
            [(item.position.line, item.position.column) for item in diagnostics.sorted()], [(2, 3)]
        )
