"""From tokens to the tree; and that no text whatever stops the parser."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice import syntax
from pushnet.slice.checker import check
from pushnet.slice.lexer import KEYWORDS
from pushnet.slice.parser import parse
from pushnet.slice.source import Diagnostics
from tests.slice.golden import ERRORS, FOLDER
from tests.slice.test_lexer import lex

WORDS = [
    *sorted(KEYWORDS),
    "A",
    "b",
    "A::b",
    "::A",
    *"{}()[]<>;,=*",
    "[[",
    "]]",
    '"x"',
    "1",
    "-1",
    "1.5",
    "/** d */",
]


def read(text: str) -> tuple[syntax.SyntaxTree, list[str]]:
    diagnostics = Diagnostics()
    tree = parse(lex(text)[0], diagnostics)
    return tree, [str(item).removeprefix("x.ice:") for item in diagnostics.sorted()]


class ParserTest(SynchronousTestCase):
    def one(self, text: str) -> syntax.Definition:
        tree, said = read("module M { " + text + " }")
        self.assertEqual(said, [])
        (module,) = tree.definitions
        assert isinstance(module, syntax.Module)
        (definition,) = module.body
        return definition

    def test_an_operation_has_all_its_parts(self) -> None:
        interface = self.one(
            "interface I extends A, B::C\n"
            '{ ["m"] idempotent optional(1) int op(A a, out ["n"] X* x) throws E; }'
        )
        assert isinstance(interface, syntax.Interface)
        self.assertEqual([base.text for base in interface.bases], ["A", "B::C"])
        (operation,) = interface.operations
        self.assertTrue(operation.idempotent)
        self.assertEqual([item.text for item in operation.metadata], ["m"])
        assert operation.returns is not None and operation.returns_tag is not None
        self.assertEqual(operation.returns.text, "int")
        first, second = operation.parameters
        self.assertEqual((first.type.text, first.name.text, first.out), ("A", "a", False))
        self.assertEqual((second.type.proxy, second.out, second.metadata[0].text), (True, True, "n"))
        self.assertEqual([name.text for name in operation.throws], ["E"])

    def test_a_class_has_members_and_operations(self) -> None:
        item = self.one(
            "local class C(42) extends B implements I, J { int a = 3; optional(2) string s; void op(); }"
        )
        assert isinstance(item, syntax.Class)
        self.assertEqual((len(item.members), len(item.operations), item.local), (2, 1, True))
        assert item.compact_id is not None
        self.assertEqual(item.compact_id.value, 42)

    def test_each_member_ends_in_a_semicolon_the_last_one_too(self) -> None:
        for text in ("struct S { int a; int b }", "interface I { void op() }", "class C { int a }"):
            _, said = read("module M { " + text + " }")
            self.assertEqual(len(said), 1, said)
            self.assertIn("error: `;` is missing after this member", said[0])

    def test_a_semicolon_may_follow_a_definition_and_ends_nothing_else(self) -> None:
        self.assertEqual(read("module M { struct S { int a; }; module N { }; };")[1], [])
        for text in ("module M { ; }", "module M { struct S { int a; };; }", "; module M { }"):
            _, said = read(text)
            self.assertEqual([line.partition(": ")[2] for line in said], ["error: `;` ends nothing"], text)

    def test_doc_comments_find_their_definitions(self) -> None:
        struct = self.one('/** Doc. */ ["m"] struct S { /** A. */ int a; int b; }')
        assert isinstance(struct, syntax.Struct) and struct.doc is not None
        self.assertEqual(struct.doc.text, "/** Doc. */")
        self.assertEqual([member.doc is not None for member in struct.members], [True, False])

    def test_one_mistake_costs_one_member(self) -> None:
        tree, said = read("module M { struct S { int a; int; int c; } struct T { int d; } }")
        self.assertEqual(said, ["1:33: error: the data member name is missing before `;`"])
        (module,) = tree.definitions
        assert isinstance(module, syntax.Module)
        first, second = module.body
        assert isinstance(first, syntax.Struct) and isinstance(second, syntax.Struct)
        self.assertEqual([member.name.text for member in first.members], ["a", "c"])
        self.assertEqual(second.name.text, "T")

    def test_modules_nest_so_deep_and_no_deeper(self) -> None:
        _, said = read("module A { " * 5000 + "}" * 5000)
        self.assertIn("error: modules nest deeper than 100", said[0])

    def test_file_metadata_stands_first(self) -> None:
        tree, said = read('[["a", "b" "c"]] module M { } [["late"]]')
        self.assertEqual([item.text for _, item in tree.file_metadata], ["a", "bc", "late"])
        self.assertEqual(said, ["1:31: error: file metadata must stand before the file's first definition"])

    @given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))
    def test_any_words_give_a_tree_and_diagnostics(self, text: str) -> None:
        diagnostics = Diagnostics()
        check(parse(lex(text)[0], diagnostics), diagnostics)

    @given(st.data())
    def test_good_text_with_holes_gives_a_tree_and_diagnostics(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted([*FOLDER.glob("*.ice"), *ERRORS.glob("*.ice")])))
        text = path.read_text()
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 40)))
        diagnostics = Diagnostics()
        tokens, _ = lex(text[:start] + text[end:])
        check(parse(tokens, diagnostics), diagnostics)
