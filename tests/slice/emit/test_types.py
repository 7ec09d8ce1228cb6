"""Type hints, defaults, sizes."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.emit.types import fixed_codes, holds_proxies, is_bytes, wire_size_min
from pushnet.slice.model import Builtin, Entity, Interface, Proxy, Sequence, Struct
from tests.slice.sources import SliceTestCase


class SizesTest(SynchronousTestCase):
    def test_basic_types(self) -> None:
        sizes = {"byte": 1, "bool": 1, "short": 2, "int": 4, "long": 8, "float": 4, "double": 8, "string": 1}
        self.assertEqual({name: wire_size_min(Builtin(name)) for name in sizes}, sizes)
        self.assertEqual(wire_size_min(Proxy(None)), 2)


class TypesTest(SliceTestCase):
    def found(self) -> dict[str, Entity]:
        return self.entities(
            "module M { sequence<byte> B; struct F { int a; double b; } struct G { F f; bool c; }"
            " struct V { F f; string s; }"
            " struct P { Object* p; } sequence<P> Ps; }"
        )

    def test_fixed_structs_are_flat(self) -> None:
        found = self.found()
        codes = {name: fixed_codes(item) for name, item in found.items() if isinstance(item, Struct)}
        self.assertEqual(codes, {"F": "id", "G": "id?", "V": None, "P": None})

    def test_proxies_are_found_however_deep(self) -> None:
        found = self.found()
        holding = sorted(
            n for n, item in found.items() if isinstance(item, Struct | Sequence) and holds_proxies(item)
        )
        self.assertEqual(holding, ["P", "Ps"])

    def test_bytes_are_bytes(self) -> None:
        found = self.found()
        self.assertEqual(
            [n for n, item in found.items() if isinstance(item, Sequence) and is_bytes(item)], ["B"]
        )
        self.assertFalse(any(isinstance(item, Interface) for item in found.values()))

    def test_hints(self) -> None:
        self.assertEmits(
            "sequence<int> S; dictionary<string, S> D; interface I;"
            " struct T { S s; D d; I* i; Object* o; float f; }",
            "s: list[int] = attrs.field(factory=list)",
            "d: dict[str, list[int]] = attrs.field(factory=dict)",
            "i: IPrx | None = None",
            "o: ObjectPrx | None = None",
            "f: float = 0.0",
        )

    def test_parameters_take_any_sequence_and_mapping(self) -> None:
        self.assertEmits(
            "sequence<int> S; dictionary<string, S> D; interface I { D op(S s, D d); }",
            "s: Sequence[int], d: Mapping[str, Sequence[int]]",
            "Deferred[dict[str, list[int]]]",
        )
