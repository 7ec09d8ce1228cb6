"""Whole push objects, and what a device receives."""

from __future__ import annotations

import json
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.push import Audience
from pushnet.grid.placement import registration_id
from pushnet.roles.gateway.errors import ApiError
from pushnet.roles.gateway.message_id import MessageIds
from pushnet.roles.gateway.push import parse_batch, parse_push, parse_single

NOW_MS = 1_800_000_000_000
PUSH: dict[str, Any] = {"platform": "all", "audience": "all", "notification": {"alert": "Hi"}}
WRONG: list[tuple[dict[str, Any], int]] = [
    ({"platform": None}, 1002),
    ({"audience": None}, 1002),
    ({"notification": None}, 1002),
    ({"colour": 1}, 1009),
    ({"cid": ""}, 1003),
    ({"cid": 7}, 1003),
    ({"cid": "x" * 129}, 1003),
    ({"cid": "a b"}, 1003),
    ({"message": {}}, 1002),
    ({"message": {"msg_content": "x" * 3990}}, 1005),
    ({"options": {"time_to_live": -1}}, 1003),
    ({"options": {"active_push": True}, "message": {"msg_content": "x"}}, 1035),
    ({"sms_message": {"text": "x"}}, 1009),
    ({"callback": {"type": 0}}, 1003),
    ({"inapp_message": "x"}, 1003),
    ({"notification_3rd": "x"}, 1003),
    ({"live_activity": {"ios": {}}}, 2007),
    ({"audience": {"segment": ["s"]}}, 1011),
]


def body(**changes: object) -> bytes:
    return json.dumps({**PUSH, **changes}).encode()


class PushTests(SynchronousTestCase):
    def test_the_documented_example_is_read_whole(self) -> None:
        order = parse_push(
            body(
                cid="8103a4c628a0b98974ec1949-711261d4-5f17-4d2f-a855-5e5a8909b26e",
                platform=["android", "ios"],
                audience={"tag": ["深圳"], "tag_and": [], "alias": []},
                message={"msg_content": "x", "title": "t", "content_type": "text", "extras": {}},
                sms_message={"delay_time": 3600, "signid": 1, "temp_id": 1250, "temp_para": {"code": "1"}},
                callback={"url": "https://example.com", "params": {}, "type": 3},
                inapp_message={"inapp_message": True},
                options={"sendno": 12345, "time_to_live": 60},
            )
        )
        self.assertEqual(order.audience, Audience(tag=["深圳"], platforms=["android", "ios"]))
        self.assertEqual((order.options.sendno, order.options.ttl_s), (12345, 60))
        self.assertEqual(order.cid[:24], "8103a4c628a0b98974ec1949")

    def test_each_wrong_part_is_refused_with_its_code(self) -> None:
        for change, code in WRONG:
            with self.subTest(change=str(change)[:60]):
                self.assertEqual(self.assertRaises(ApiError, parse_push, body(**change)).code, code)

    def test_what_is_not_json_is_a_bad_value(self) -> None:
        for garbage in (b"", b"{", b"\xff", b'{"platform":"all","platform":"all"}'):
            self.assertEqual(self.assertRaises(ApiError, parse_push, garbage).code, 1003)

    def test_a_device_receives_the_parts_as_given_with_the_message_id_in_front(self) -> None:
        order = parse_push(
            body(
                message={"msg_content": {"any": "thing"}},
                sms_message={"temp_id": 1},
                inapp_message={"inapp_message": True},
                options={"sendno": 5, "override_msg_id": 9},
            )
        )
        self.assertEqual(
            order.body(77),
            b'{"msg_id":"77","notification":{"alert":"Hi"},"message":{"msg_content":{"any":"thing"}},'
            b'"inapp_message":{"inapp_message":true},"override_msg_id":"9"}',
        )

    def test_a_short_push_is_short_on_the_wire(self) -> None:
        self.assertEqual(parse_push(body()).body(1), b'{"msg_id":"1","notification":{"alert":"Hi"}}')

    def test_the_time_to_live_counts_from_acceptance(self) -> None:
        self.assertEqual(parse_push(body()).expires_ms(1000), 1000 + 86_400_000)
        self.assertEqual(parse_push(body(options={"time_to_live": 5})).expires_ms(1000), 6000)

    def test_a_push_for_those_online_lives_as_long_as_a_delivery_may_take(self) -> None:
        self.assertEqual(parse_push(body(options={"time_to_live": 0})).expires_ms(1000), 11_000)

    def test_only_a_message_of_the_last_day_can_be_replaced(self) -> None:
        yesterday = MessageIds(0).next(NOW_MS - 86_000_000)
        older = MessageIds(0).next(NOW_MS - 87_000_000)
        parse_push(body(options={"override_msg_id": yesterday})).check_override(NOW_MS)
        for unknown in (older, 12345, 2**62):
            order = parse_push(body(options={"override_msg_id": unknown}))
            self.assertEqual(self.assertRaises(ApiError, order.check_override, NOW_MS).code, 1003)


class BatchTests(SynchronousTestCase):
    entry = {"platform": "all", "target": "x", "notification": {"alert": "Hi"}}

    def test_an_entry_has_its_target_for_audience_and_its_key_for_cid(self) -> None:
        order = parse_single("c-1", self.entry, "alias")
        self.assertEqual((order.cid, order.audience), ("c-1", Audience(alias=["x"])))
        rid = registration_id(7, b"12345")
        named = parse_single("c-2", {**self.entry, "target": rid}, "registration_id")
        self.assertEqual(named.audience, Audience(registrationId=[rid]))

    def test_each_wrong_entry_is_refused_with_its_code(self) -> None:
        wrong: list[tuple[object, int]] = [
            ("x", 1003),
            ({**self.entry, "target": None}, 1002),
            ({**self.entry, "target": ["x"]}, 1003),
            ({**self.entry, "audience": "all"}, 1009),
            ({**self.entry, "cid": "x"}, 1009),
            ({**self.entry, "notification": None}, 1002),
        ]
        for entry, code in wrong:
            with self.subTest(entry=entry):
                self.assertEqual(self.assertRaises(ApiError, parse_single, "c", entry, "alias").code, code)

    def test_a_batch_has_one_to_a_thousand_entries(self) -> None:
        self.assertEqual(parse_batch(b'{"pushlist":{"a":{}}}'), {"a": {}})
        many = json.dumps({"pushlist": {str(n): {} for n in range(1001)}}).encode()
        for garbage, code in [
            (b"{}", 1002),
            (b'{"pushlist":{}}', 1003),
            (b'{"list":{}}', 1009),
            (many, 1003),
        ]:
            self.assertEqual(self.assertRaises(ApiError, parse_batch, garbage).code, code)
