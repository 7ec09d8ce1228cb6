"""Audiences and platforms."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.push import Audience
from pushnet.grid.placement import registration_id
from pushnet.roles.gateway.audience import is_name, parse_audience, parse_platforms
from pushnet.roles.gateway.errors import ApiError

RID = registration_id(5, b"abcde")

AUDIENCES: list[tuple[object, Audience]] = [
    ("all", Audience(all=True)),
    ({"tag": ["a", "深圳", "a"]}, Audience(tag=["a", "深圳"])),
    ({"tag_and": ["a"], "tag_not": ["b"]}, Audience(tagAnd=["a"], tagNot=["b"])),
    ({"alias": ["x"], "tag": []}, Audience(alias=["x"])),
    ({"registration_id": [RID], "segment": None}, Audience(registrationId=[RID])),
    ({"tag_not": ["b"], "abtest": []}, Audience(tagNot=["b"])),
]
REFUSED: list[tuple[object, int]] = [
    (None, 1002),
    ({}, 1002),
    ({"tag": [], "alias": None}, 1002),
    ("everyone", 1003),
    (["a"], 1003),
    ({"tag": "a"}, 1003),
    ({"tag": [1]}, 1003),
    ({"tag": [""]}, 1003),
    ({"tag": ["a b"]}, 1003),
    ({"tag": ["x" * 41]}, 1003),
    ({"tag": [str(n) for n in range(21)]}, 1003),
    ({"tag_and": [str(n) for n in range(21)]}, 1003),
    ({"tag_not": [str(n) for n in range(21)]}, 1003),
    ({"alias": [str(n) for n in range(1001)]}, 1003),
    ({"registration_id": [registration_id(n, b"abcde") for n in range(1001)]}, 1003),
    ({"registration_id": ["nobody"]}, 1003),
    ({"colour": ["red"]}, 1009),
    ({"segment": ["s"]}, 1011),
    ({"abtest": ["s"], "tag": ["a"]}, 1011),
    ({"live_activity_id": "x"}, 1011),
    ({"file": {"file_id": "x"}}, 1011),
]


class AudienceTests(SynchronousTestCase):
    def test_each_audience_is_read_as_documented(self) -> None:
        for value, wanted in AUDIENCES:
            with self.subTest(value=value):
                self.assertEqual(parse_audience(value, []), wanted)

    def test_each_wrong_audience_is_refused_with_its_code(self) -> None:
        for value, code in REFUSED:
            with self.subTest(value=str(value)[:60]):
                self.assertEqual(self.assertRaises(ApiError, parse_audience, value, []).code, code)

    def test_the_largest_allowed_numbers_are_taken(self) -> None:
        for kind, count in (("tag", 20), ("tag_and", 20), ("tag_not", 20), ("alias", 1000)):
            parse_audience({kind: [f"n{n}" for n in range(count)]}, [])
        ids = [registration_id(n, b"abcde") for n in range(1000)]
        self.assertEqual(parse_audience({"registration_id": ids}, []).registrationId, ids)

    def test_platforms_are_all_or_a_list_of_known_ones(self) -> None:
        self.assertEqual(parse_platforms("all"), [])
        self.assertEqual(parse_platforms(["ios", "android", "ios"]), ["ios", "android"])
        self.assertEqual(parse_audience("all", ["ios"]).platforms, ["ios"])

    def test_wrong_platforms_are_refused_with_their_code(self) -> None:
        for value, code in [
            (None, 1002),
            ([], 1003),
            ("ios", 1003),
            (["symbian"], 1003),
            ([["ios"]], 1003),
            (7, 1003),
        ]:
            with self.subTest(value=value):
                self.assertEqual(self.assertRaises(ApiError, parse_platforms, value).code, code)

    def test_names_have_the_documented_letters_and_length(self) -> None:
        for name in ("a", "A9_", "深圳", "@!#$&*+=.|￥", "x" * 40, "深" * 13):
            self.assertTrue(is_name(name), name)
        for name in ("", "a-b", "a b", "x" * 41, "深" * 14, "a/b", "é", "a\n", "深圳\n"):
            self.assertFalse(is_name(name), name)
