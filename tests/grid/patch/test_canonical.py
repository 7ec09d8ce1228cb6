"""One value, one spelling."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.canonical import decode, encode
from pushnet.grid.patch.refusals import Malformed

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcé", max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


class CanonicalTests(SynchronousTestCase):
    @given(st.dictionaries(st.text("abcé\n", max_size=4), VALUES, max_size=5))
    def test_what_was_spelt_is_read_back(self, value: dict[str, object]) -> None:
        self.assertEqual(decode(encode(value), 1 << 20, "it"), value)

    def test_keys_are_sorted_without_white_space(self) -> None:
        self.assertEqual(encode({"b": [1, True], "a": "é"}), '{"a":"é","b":[1,true]}'.encode())

    def test_any_other_spelling_is_refused(self) -> None:
        for data in (
            b'{"a": 1}', b'{"b":1,"a":2}', b'{"a":1,"a":1}', b'{"a":1.0}', b'{"a":1e3}', b'{"a":NaN}',
            b'{"a":"\\u0041"}', b'{"a":01}', b"[]", b"1", b"", b"{", b"\xff",
            b'{"a":1}\n', b'{"a":"\\ud800"}',
        ):  # fmt: skip
            self.assertRaises(Malformed, decode, data, 1000, "it")

    def test_depth_and_size_are_limited(self) -> None:
        self.assertRaises(Malformed, decode, b'{"a":' + b"[" * 100_000, 1 << 20, "it")
        self.assertRaises(Malformed, decode, json.dumps({"a": "x" * 100}).encode(), 100, "it")

    @given(st.binary(max_size=60))
    def test_garbage_is_refused_and_nothing_else_happens(self, data: bytes) -> None:
        try:
            self.assertEqual(encode(decode(data, 100, "it")), data)
        except Malformed:
            return
