"""Slice files loaded without a build step."""

from __future__ import annotations

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

import pushnet.slice


class LoadTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.top = Path(self.mktemp())
        (self.top / "sub").mkdir(parents=True)

    def write(self, name: str, text: str) -> Path:
        path = self.top / name
        path.write_text(text)
        return path

    def test_a_file_becomes_a_module(self) -> None:
        path = self.write(
            "hello.ice", "module Hello { struct S { int x = 7; } interface I { void op(S s); } }"
        )
        hello = pushnet.slice.load(path)
        self.assertEqual(hello.S().x, 7)
        self.assertEqual(hello.IPrx.ice_type, "::Hello::I")
        self.assertIs(pushnet.slice.load(str(path)), hello, "the same text is loaded once")

    def test_a_file_that_changed_is_another_module(self) -> None:
        first = pushnet.slice.load(self.write("hello.ice", "module Hello { const int N = 1; }"))
        second = pushnet.slice.load(self.write("hello.ice", "module Hello { const int N = 2; }"))
        self.assertEqual((first.N, second.N), (1, 2))

    def test_includes_are_loaded_before_whoever_needs_them(self) -> None:
        self.write("sub/c.ice", "#pragma once\nmodule C { class Base { int x; } }")
        self.write(
            "b.ice", "#pragma once\n#include <sub/c.ice>\nmodule B { class Derived extends C::Base { } }"
        )
        path = self.write(
            "a.ice", "#include <b.ice>\n#include <sub/c.ice>\nmodule A { struct S { B::Derived d; } }"
        )
        module = pushnet.slice.load(path, [self.top])
        derived = module.read_S.__globals__["Derived"]
        self.assertEqual([cls.__name__ for cls in derived.__mro__[:2]], ["Derived", "Base"])

    def test_macros_decide(self) -> None:
        path = self.write("m.ice", "module M { const int N = SIZE; }")
        self.assertEqual(pushnet.slice.load(path, defines={"SIZE": "3"}).N, 3)
        self.assertEqual(pushnet.slice.load(path, defines={"SIZE": "4"}).N, 4)

    def test_mistakes_are_told_as_the_compiler_tells_them(self) -> None:
        path = self.write("bad.ice", "module M { struct S { Y y; } }")
        error = self.assertRaises(pushnet.slice.SliceLoadException, pushnet.slice.load, path)
        self.assertEqual(str(error), f"{path}:1:23: error: `Y` is not defined")

    def test_files_that_include_each_other_are_loaded_from_either_end(self) -> None:
        for one, other in (("left", "right"), ("right", "left")):
            self.write(
                f"{one}.ice",
                f"#pragma once\nmodule M {{ interface I{other}; class C{other}; }}\n#include <{other}.ice>\n"
                f"module M {{ class C{one} {{ C{other} other; I{other}* prx; }}\n"
                f"exception E{one} {{ C{one} c; }}\n"
                f"interface I{one} {{ I{other}* op(C{other} c) throws E{one}; }} }}",
            )
        for one, other in (("left", "right"), ("right", "left")):
            module = pushnet.slice.load(self.top / f"{one}.ice", [self.top])
            cls, partner = getattr(module, f"C{one}"), getattr(module, f"C{other}")
            self.assertIsInstance(cls(partner()).other, partner)
            self.assertEqual(partner.__module__, f"{module.__package__}.{other}")
