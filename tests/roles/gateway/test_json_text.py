"""JSON from anyone."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.gateway.json_text import DEPTH_MAX, JsonRefused, decode_object, encode

REFUSED = {
    b"": "not JSON",
    b"[]": "not a JSON object",
    b'"x"': "not a JSON object",
    b"{": "not JSON",
    b'{"a":1,}': "not JSON",
    b'{"a":1}x': "not JSON",
    b'{"a":1,"a":2}': "twice",
    b'{"b":{"a":1,"a":1}}': "twice",
    b'{"a":NaN}': "NaN",
    b'{"a":-Infinity}': "Infinity",
    b'{"a":1e999}': "too large",
    b'{"a":9223372036854775808}': "64 bits",
    b'{"a":"\\ud800"}': "surrogate",
    b'{"\\udfff":1}': "surrogate",
    b'{"a":"\xff"}': "UTF-8",
    b"\xef\xbb\xbf{}": "not JSON",
    b'{"a":"\x00"}': "not JSON",
    b'{"a":' + b"9" * 5000 + b"}": "not JSON",
    b'{"a":' * 40 + b"1" + b"}" * 40: "nested",
    b'{"a":' + b"[" * 100_000: "nested",
}
LEAVES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text()
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


class JsonTests(SynchronousTestCase):
    def test_what_two_programs_could_read_differently_is_refused(self) -> None:
        for body, why in REFUSED.items():
            with self.subTest(body=body[:40]):
                error = self.assertRaises(JsonRefused, decode_object, body)
                self.assertIn(why, str(error))

    def test_the_deepest_allowed_nesting_is_read(self) -> None:
        body = b'{"a":' * DEPTH_MAX + b"1" + b"}" * DEPTH_MAX
        self.assertEqual(encode(decode_object(body)), body)

    @given(st.dictionaries(st.text(), VALUES, max_size=5))
    def test_what_is_encoded_is_read_back(self, value: dict[str, object]) -> None:
        self.assertEqual(decode_object(encode(value)), value)

    @given(st.binary(max_size=60))
    def test_garbage_raises_nothing_but_refusals(self, body: bytes) -> None:
        try:
            value = decode_object(body)
        except JsonRefused:
            return
        self.assertEqual(value, json.loads(body))
