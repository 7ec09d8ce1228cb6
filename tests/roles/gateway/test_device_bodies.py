"""What the device, tag and alias calls carry."""

from __future__ import annotations

import json
from collections.abc import Callable

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import DeviceUpdate
from pushnet.roles.gateway.device_bodies import (
    Members,
    check_alias,
    check_tag,
    parse_members,
    parse_platforms,
    parse_status,
    parse_update,
)
from pushnet.roles.gateway.errors import ApiError

UPDATES: list[tuple[object, DeviceUpdate]] = [
    ({"tags": {"add": ["a", "a"], "remove": ["b"]}}, DeviceUpdate(addTags=["a"], removeTags=["b"])),
    ({"tags": ""}, DeviceUpdate(clearTags=True)),
    ({"alias": "x"}, DeviceUpdate(setAlias=True, alias="x")),
    ({"alias": ""}, DeviceUpdate(setAlias=True)),
    ({"mobile": "13800138000"}, DeviceUpdate(setMobile=True, mobile="13800138000")),
    ({"mobile": "", "alias": None}, DeviceUpdate(setMobile=True)),
    ({"tags": {"add": ["深圳"]}, "alias": "x"}, DeviceUpdate(addTags=["深圳"], setAlias=True, alias="x")),
]
WRONG_UPDATES: list[object] = [
    {},
    {"alias": None},
    {"colour": "red"},
    {"tags": "a"},
    {"tags": ["a"]},
    {"tags": {"set": ["a"]}},
    {"tags": {"add": "a"}},
    {"tags": {"add": [1]}},
    {"tags": {"add": ["a b"]}},
    {"tags": {"add": [f"t{n}" for n in range(101)]}},
    {"tags": {"remove": [f"{n:x>40}" for n in range(26)]}},
    {"alias": {"add": ["x"]}},
    {"alias": "a b"},
    {"mobile": "call me"},
    {"mobile": 13800138000},
    [],
]


class DeviceBodiesTests(SynchronousTestCase):
    def wrong(self, read: Callable[[], object]) -> None:
        error = self.assertRaises(ApiError, read)
        self.assertEqual((error.code, error.http_status), (7002, 400))

    def test_an_update_is_read_as_documented(self) -> None:
        for body, wanted in UPDATES:
            with self.subTest(body=body):
                self.assertEqual(parse_update(json.dumps(body).encode()), wanted)

    def test_a_wrong_update_is_refused(self) -> None:
        for body in WRONG_UPDATES:
            with self.subTest(body=str(body)[:60]):
                self.wrong(lambda body=body: parse_update(json.dumps(body).encode()))
        self.wrong(lambda: parse_update(b"{"))

    def test_members_are_added_and_removed(self) -> None:
        body = b'{"registration_ids":{"add":["a","a","b"],"remove":["c"]}}'
        self.assertEqual(parse_members(body, may_add=True), Members(["a", "b"], ["c"]))
        self.assertEqual(
            parse_members(b'{"registration_ids":{"remove":["c"]}}', may_add=False), Members([], ["c"])
        )

    def test_wrong_members_are_refused(self) -> None:
        many = json.dumps({"registration_ids": {"add": [str(n) for n in range(1001)]}}).encode()
        for body in (b"{}", b'{"registration_ids":{}}', b'{"registration_ids":"a"}', b'{"ids":{}}', many):
            with self.subTest(body=body[:40]):
                self.wrong(lambda body=body: parse_members(body, may_add=True))
        self.wrong(lambda: parse_members(b'{"registration_ids":{"add":["a"]}}', may_add=False))

    def test_status_names_up_to_a_thousand_devices(self) -> None:
        self.assertEqual(parse_status(b'{"registration_ids":["a","b"]}'), ["a", "b"])
        many = json.dumps({"registration_ids": [str(n) for n in range(1001)]}).encode()
        for body in (b"{}", b'{"registration_ids":[]}', b'{"registration_ids":"a"}', many):
            self.wrong(lambda body=body: parse_status(body))

    def test_platforms_come_comma_separated(self) -> None:
        self.assertEqual(parse_platforms(""), [])
        self.assertEqual(parse_platforms("all"), [])
        self.assertEqual(parse_platforms("android,ios,android"), ["android", "ios"])
        self.wrong(lambda: parse_platforms("android,symbian"))

    def test_names_in_the_path_are_checked(self) -> None:
        self.assertEqual((check_tag("深圳"), check_alias("x")), ("深圳", "x"))
        self.wrong(lambda: check_tag("a/b"))
        self.wrong(lambda: check_alias("x" * 41))
