"""Which changes go with programs of the version before, and which do not."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.generator import compile_all
from pushnet.slice.model import Entity
from pushnet.slice.source import Diagnostics
from pushnet.slice.succession import BOTH, NEW_CLIENTS, OLD_CLIENTS, compare

BREAKS: dict[str, tuple[str, str, str]] = {
    "an interface is gone": ("interface I {}", "", OLD_CLIENTS),
    "a class is gone": ("class C { int x; }", "", BOTH),
    "an interface became a class": ("interface I {}", "class I { int x; }", BOTH),
    "a base is gone": (
        "interface B {} interface I extends B {}",
        "interface B {} interface I {}",
        OLD_CLIENTS,
    ),
    "an operation is gone": ("interface I { void f(); }", "interface I {}", OLD_CLIENTS),
    "one parameter more": ("interface I { void f(int a); }", "interface I { void f(int a, int b); }", BOTH),
    "a parameter of another type": (
        "interface I { void f(int a); }",
        "interface I { void f(long a); }",
        BOTH,
    ),
    "a parameter goes out": ("interface I { void f(int a); }", "interface I { void f(out int a); }", BOTH),
    "another result": ("interface I { int f(); }", "interface I { string f(); }", BOTH),
    "no result any more": ("interface I { int f(); }", "interface I { void f(); }", BOTH),
    "a tagged parameter of another type": (
        "interface I { void f(optional(1) int a); }",
        "interface I { void f(optional(1) string a); }",
        BOTH,
    ),
    "another tag of the result": (
        "interface I { optional(1) int f(); }",
        "interface I { optional(2) int f(); }",
        BOTH,
    ),
    "idempotent now": ("interface I { void f(); }", "interface I { idempotent void f(); }", BOTH),
    "a struct grows": ("struct S { int a; }", "struct S { int a; int b; }", BOTH),
    "a member changes": ("struct S { int a; }", "struct S { string a; }", BOTH),
    "members change places": ("struct S { int a; string b; }", "struct S { string b; int a; }", BOTH),
    "a class grows": ("class C { int a; }", "class C { int a; int b; }", BOTH),
    "another compact id": ("class C(1) { int a; }", "class C(2) { int a; }", BOTH),
    "another base": ("class B {} class C extends B {}", "class B {} class C {}", BOTH),
    "an exception grows": ("exception E { int a; }", "exception E { int a; int b; }", BOTH),
    "a tagged member changes": (
        "class C { optional(1) int a; }",
        "class C { optional(1) string a; }",
        BOTH,
    ),
    "an enumerator is gone": ("enum E { a, b }", "enum E { a }", OLD_CLIENTS),
    "an enumerator moves": ("enum E { a, b }", "enum E { b, a }", BOTH),
    "elements change": ("sequence<int> Q;", "sequence<long> Q;", BOTH),
    "entries change": ("dictionary<int, string> D;", "dictionary<int, int> D;", BOTH),
    "wider in encoding 1.0": ("enum E { a, b }", "enum E { a, b, c = 200 }", f"{BOTH} that use it"),
}
CAUTION: dict[str, tuple[str, str, str]] = {
    "a new operation": ("interface I {}", "interface I { void f(); }", NEW_CLIENTS),
    "a new enumerator": ("enum E { a }", "enum E { a, b }", BOTH),
    "an exception derived from one that is declared": (
        "exception E {} interface I { void f() throws E; }",
        "exception E {} exception F extends E {} interface I { void f() throws E, F; }",
        OLD_CLIENTS,
    ),
    "a class derived from an old one": ("class C {}", "class C {} class D extends C {}", BOTH),
    "another exception": (
        "exception E {} interface I { void f(); }",
        "exception E {} interface I { void f() throws E; }",
        OLD_CLIENTS,
    ),
}
SAFE: dict[str, tuple[str, str]] = {
    "nothing": ("interface I { int f(string a); }", "interface I { int f(string a); }"),
    "names that do not travel": (
        "struct S { int a; } enum E { x, y } interface I { S f(int p, E e); }",
        "struct T { int b; } enum F { u, v } interface I { T f(int q, F e); }",
    ),
    "tagged parameters come and go": (
        "interface I { void f(optional(1) int a, out optional(2) int b); }",
        "interface I { void f(optional(3) int c); }",
    ),
    "tagged members come and go": ("class C { optional(1) int a; }", "class C { optional(2) string b; }"),
    "a new interface": ("interface I {}", "interface I {} interface J {}"),
    "a new base": ("interface B {} interface I {}", "interface B {} interface I extends B {}"),
    "an operation moves to a base": (
        "interface I { void f(); }",
        "interface B { void f(); } interface I extends B {}",
    ),
    "fewer exceptions": (
        "exception E {} interface I { void f() throws E; }",
        "exception E {} interface I { void f(); }",
    ),
    "another kind of proxy": (
        "interface A {} interface I { A* f(); }",
        "interface A {} interface I { Object* f(); }",
    ),
    "the same sequence under another name": (
        "sequence<int> Q; interface I { Q f(); }",
        "sequence<int> R; interface I { R f(); }",
    ),
    "constants": ("const int a = 1;", "const int a = 2;"),
    "a class that contains itself": ("class C { C next; }", "class C { C next; }"),
}


class SuccessionTest(SynchronousTestCase):
    def entities(self, text: str) -> tuple[Entity, ...]:
        path = Path(self.mktemp()).with_suffix(".ice")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"module M {{ {text} }}")
        diagnostics = Diagnostics()
        [compilation] = compile_all([path], [], {}, diagnostics)
        self.assertFalse(diagnostics.failed, diagnostics.sorted())
        return compilation.unit.entities

    def found(self, old: str, new: str) -> list[tuple[bool, str]]:
        return [(each.breaks, each.who) for each in compare(self.entities(old), self.entities(new))]

    def test_what_breaks_is_found_with_who_breaks(self) -> None:
        for what, (old, new, who) in BREAKS.items():
            self.assertIn((True, who), self.found(old, new), what)

    def test_what_needs_caution_breaks_nothing(self) -> None:
        for what, (old, new, who) in CAUTION.items():
            self.assertEqual(self.found(old, new), [(False, who)], what)

    def test_what_does_not_travel_may_change(self) -> None:
        for what, (old, new) in SAFE.items():
            self.assertEqual(self.found(old, new), [], what)

    def test_every_version_follows_itself(self) -> None:
        for what, (old, new, _) in BREAKS.items():
            for text in (old, new):
                self.assertEqual(self.found(text, text), [], what)
