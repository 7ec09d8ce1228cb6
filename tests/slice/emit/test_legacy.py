"""What only Ice 3.7 has: operations of classes, interfaces by value, local types, sequences as keys."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.value_reader import ValueReader
from pushnet.wire.value_writer import ValueWriter
from pushnet.wire.values import Value
from pushnet.wire.values10 import Reader10, Writer10
from tests.golden import legacy
from tests.golden.legacy import CounterOperationsPrx, FastCounterOperationsServant, ResettableValue, Title
from tests.slice.sources import SliceTestCase


def there_and_back(write: Any, read: Any, value: Any) -> Any:
    out = bytearray()
    write(out, value)
    again, pos = read(bytes(out), 0)
    assert pos == len(out)
    return again


class LegacyTest(SynchronousTestCase):
    def test_an_interface_by_value_is_a_class_without_members(self) -> None:
        out = bytearray()
        ValueWriter().write(out, ResettableValue())
        self.assertEqual(out.hex(), "012114" + b"::Legacy::Resettable".hex())
        again, _ = ValueReader(None).value(bytes(out), 0, Value)
        self.assertIsInstance(again, ResettableValue)

    def test_a_class_with_operations_has_proxies_and_servants_of_its_type_id(self) -> None:
        self.assertEqual(CounterOperationsPrx.ice_type, "::Legacy::Counter")
        self.assertEqual(
            FastCounterOperationsServant.ice_type_ids,
            ("::Ice::Object", "::Legacy::Counter", "::Legacy::FastCounter", "::Legacy::Resettable"),
        )
        self.assertEqual(sorted(FastCounterOperationsServant.ice_operations), [b"next", b"reset", b"skip"])

    def test_keys_are_tuples(self) -> None:
        for write, read, value in (
            (legacy.write_ByInts, legacy.read_ByInts, {(1, 2): "a", (): "b"}),
            (legacy.write_BySentences, legacy.read_BySentences, {(("a", "b"), ("c",)): 1}),
            (legacy.write_ByTitle, legacy.read_ByTitle, {Title(("x",), 1): 2}),
        ):
            self.assertEqual(there_and_back(write, read, value), value)

    def test_sequences_become_tuples_where_the_file_says_so(self) -> None:
        pairs = (legacy.Pair(1, 2), legacy.Pair(3, 4))
        for write, read, value in (
            (legacy.write_Numbers, legacy.read_Numbers, (1, 2, 3)),
            (legacy.write_Pairs, legacy.read_Pairs, pairs),
            (legacy.write_Words, legacy.read_Words, ("a", "b")),
            (legacy.write_Titles, legacy.read_Titles, (Title(("a",), 1),)),
        ):
            self.assertEqual(there_and_back(write, read, value), value)


class LegacySourceTest(SliceTestCase):
    def test_what_is_local_is_not_written(self) -> None:
        python = self.emitted(
            "module M { local interface I { void op(); } local class C { int x; } local exception E { }"
            " local sequence<I> Is; local dictionary<string, LocalObject> D; struct S { int x; } }"
        )
        self.assertIn('__all__ = ["S", "read_S", "write_S"]', python)
        self.assertNotIn("class I", python)

    def test_tuples_of_what_differs_in_encoding_10_are_tuples_there_too(self) -> None:
        self.assertEmits(
            'enum E { a } ["python:tuple"] sequence<E> Es;', "old_Es = Sequence10(old_E, 1, tuple)\n"
        )

    def test_keys_that_are_sequences_of_what_differs_are_tuples_in_encoding_10(self) -> None:
        python = self.emitted("module M { enum E { a, b } sequence<E> Es; dictionary<Es, int> D; }")
        space: dict[str, Any] = {"__name__": "made.test"}
        exec(compile(python, "test", "exec"), space)
        out = bytearray()
        value = {(space["E"].b, space["E"].a): 5}
        space["old_D"].write(out, value, Writer10())
        self.assertEqual(out.hex(), "01020100" + "05000000")
        self.assertEqual(space["old_D"].read(bytes(out), 0, Reader10(None)), (value, len(out)))
