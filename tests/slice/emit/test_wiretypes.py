"""The codecs of named types: value to bytes to value, and what garbage does."""

from __future__ import annotations

import contextlib
from struct import error as StructError
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.errors import MarshalException
from pushnet.wire.identity import Identity
from tests.golden import collections, external, failures, values

INTS = st.integers(-(2**31), 2**31 - 1)
LONGS = st.integers(-(2**63), 2**63 - 1)
BYTES = st.integers(0, 255)
FLOATS = st.floats(width=32, allow_nan=False)
DOUBLES = st.floats(allow_nan=False)
SHORTS = st.integers(-(2**15), 2**15 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
LIGHTS = st.sampled_from(values.Light)
POINTS = st.builds(values.Point, INTS, INTS)
LINES = st.builds(values.Line, POINTS, POINTS, DOUBLES)
FIXED = st.builds(values.Fixed, st.booleans(), BYTES, SHORTS, INTS, LONGS, FLOATS, DOUBLES)
DEFAULTS = st.builds(values.Defaults, INTS, TEXTS, LIGHTS, LIGHTS, st.booleans(), BYTES, FLOATS, LINES)
KEYS = st.builds(collections.Key, INTS, TEXTS)
GAUGES = st.dictionaries(TEXTS, DOUBLES)
IDENTITIES = st.builds(Identity, TEXTS.filter(bool), TEXTS)

PEERS_FAULT = (MarshalException, StructError, IndexError, UnicodeDecodeError)

CODECS: list[tuple[Any, str, st.SearchStrategy[Any]]] = [
    (values, "Light", LIGHTS),
    (values, "Fixed", FIXED),
    (values, "Line", LINES),
    (values, "Defaults", DEFAULTS),
    (collections, "Bools", st.lists(st.booleans())),
    (collections, "Ints", st.lists(INTS)),
    (collections, "Doubles", st.lists(DOUBLES)),
    (collections, "Strings", st.lists(TEXTS)),
    (collections, "Chunks", st.lists(st.binary())),
    (collections, "Table", st.lists(st.lists(INTS))),
    (collections, "Lights", st.lists(LIGHTS)),
    (collections, "Points", st.lists(POINTS)),
    (collections, "Lines", st.lists(LINES)),
    (collections, "Many", st.lists(DEFAULTS, max_size=5)),
    (collections, "Key", KEYS),
    (collections, "Gauges", GAUGES),
    (collections, "Positions", st.dictionaries(INTS, LONGS)),
    (collections, "Names", st.dictionaries(LIGHTS, TEXTS)),
    (collections, "ByKey", st.dictionaries(KEYS, st.lists(TEXTS), max_size=5)),
    (collections, "Seen", st.dictionaries(st.binary(), st.booleans())),
    (collections, "Nested", st.dictionaries(TEXTS, GAUGES, max_size=5)),
    (external, "Identities", st.lists(IDENTITIES)),
    (external, "Counts", st.dictionaries(IDENTITIES, INTS)),
    (external, "Holding", st.builds(external.Holding, IDENTITIES, INTS)),
]


class RoundTripTest(SynchronousTestCase):
    @given(st.data())
    def test_a_value_comes_back_from_its_bytes(self, data: st.DataObject) -> None:
        for module, name, strategy in CODECS:
            value = data.draw(strategy, name)
            out = bytearray(b"before")
            getattr(module, f"write_{name}")(out, value)
            back, pos = getattr(module, f"read_{name}")(bytes(out), 6)
            self.assertEqual((back, pos), (value, len(out)), name)

    @given(st.data(), st.binary(max_size=100))
    def test_garbage_is_the_peers_fault(self, data: st.DataObject, garbage: bytes) -> None:
        module, name, _ = data.draw(st.sampled_from(CODECS))
        with contextlib.suppress(*PEERS_FAULT):
            getattr(module, f"read_{name}")(garbage, 0)

    def test_a_claim_that_cannot_be_true_costs_no_memory(self) -> None:
        claim = b"\xff\xff\xff\xff\x7f" + bytes(40)
        for module, name, _ in CODECS[4:-1]:
            if name != "Key":
                self.assertRaises(PEERS_FAULT, getattr(module, f"read_{name}"), claim, 0)

    def test_a_string_that_is_cut_off_is_refused_wherever_it_stands(self) -> None:
        for module, name, value in (
            (collections, "Strings", ["a", "bcd"]),
            (collections, "Gauges", {"abc": 1.0}),
            (collections, "Names", {values.Light.Red: "abc"}),
            (collections, "ByKey", {collections.Key(1, "abc"): ["d", "efg"]}),
            (collections, "Many", [values.Defaults(name="abc")]),
        ):
            out = bytearray()
            getattr(module, f"write_{name}")(out, value)
            for end in range(len(out)):
                self.assertRaises(PEERS_FAULT, getattr(module, f"read_{name}"), bytes(out[:end]), 0)

    def test_an_enumerator_that_does_not_exist_is_named(self) -> None:
        error = self.assertRaises(MarshalException, values.read_Light, b"\x04", 0)
        self.assertEqual(str(error), "4 is no ::Values::Light")


class LayoutOnTheWireTest(SynchronousTestCase):
    def test_the_bytes_are_those_of_ice(self) -> None:
        out = bytearray()
        values.write_Fixed(out, values.Fixed(True, 255, -2, 3, -4, 0.5, 0.25))
        self.assertEqual(out.hex(), "01fffeff03000000fcffffffffffffff0000003f000000000000d03f")
        out = bytearray()
        collections.write_Gauges(out, {"a": 1.0})
        self.assertEqual(out.hex(), "010161000000000000f03f")
        out = bytearray()
        collections.write_Ints(out, list(range(300)))
        self.assertEqual((out[:5].hex(), len(out)), ("ff2c010000", 5 + 1200))

    def test_exceptions_write_their_own_members_only(self) -> None:
        part = failures.OutOfRange.ice_slice
        assert part.base is not None
        self.assertEqual((part.type_id, part.base.type_id), ("::Failures::OutOfRange", "::Failures::Failure"))
        out = bytearray()
        part.base.write(out, failures.OutOfRange("why", 1, 2))
        self.assertEqual(bytes(out), b"\x03why")
        members, pos = part.base.read(bytes(out), 0, None)
        self.assertEqual((members, pos), (("why",), 4))
