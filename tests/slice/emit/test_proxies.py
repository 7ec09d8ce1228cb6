"""Contract, proxy and skeleton."""

from __future__ import annotations

from pushnet.slice.emit.proxies import can_be_ordered, near_bases
from pushnet.slice.model import Interface
from tests.golden import inheritance
from tests.slice.sources import SliceTestCase


class ProxiesTest(SliceTestCase):
    def interface(self, name: str) -> Interface:
        found = self.entities(
            "module M { interface A { } interface B extends A { } interface C extends A, B { }"
            " interface D { }"
            " interface AD extends A, D { } interface DA extends D, A { } }"
        )[name]
        assert isinstance(found, Interface)
        return found

    def test_bases_that_others_have_already_are_left_out(self) -> None:
        self.assertEqual([base.name for base in near_bases(self.interface("C"))], ["B"])
        self.assertTrue(can_be_ordered(self.interface("C")))

    def test_python_agrees_on_the_order(self) -> None:
        self.assertEqual(
            [cls.__name__ for cls in inheritance.BottomPrx.__mro__[:4]],
            ["BottomPrx", "LeftPrx", "RightPrx", "TopPrx"],
        )
        for name in ("A", "B", "C", "AD", "DA"):
            self.assertTrue(can_be_ordered(self.interface(name)))

    def test_skeletons_know_all_type_ids_and_operations(self) -> None:
        self.assertEqual(
            inheritance.BottomServant.ice_type_ids,
            (
                "::Ice::Object",
                "::Inheritance::Bottom",
                "::Inheritance::Left",
                "::Inheritance::Right",
                "::Inheritance::Top",
            ),
        )
        self.assertEqual(
            set(inheritance.BottomServant.ice_operations), {b"goUp", b"goLeft", b"goRight", b"goDown"}
        )
        self.assertEqual(set(inheritance.NothingServant.ice_operations), {b"tell"})

    def test_an_interface_that_is_only_declared_has_a_proxy_and_no_more(self) -> None:
        python = self.emitted("module M { interface Far; interface I { Far* get(); } }")
        self.assertIn("class FarPrx(ObjectPrx):", python)
        self.assertNotIn("class Far(", python)
        self.assertNotIn("class FarServant(", python)

    def test_user_names_keep_theirs_and_ours_make_way(self) -> None:
        self.assertEmits(
            "interface I { void op(int self, int context, int current); }",
            "self, _self: int, context: int, current: int, _current: Current | None = None, /",
            "def op(self, _self: int, context: int, current: int, _context: CallContext = None)",
        )
