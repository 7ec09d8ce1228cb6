"""What a push may say."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.gateway.checks import check_level
from pushnet.roles.gateway.errors import ApiError
from pushnet.roles.gateway.notification import (
    CALLBACK,
    SMS,
    check_together,
    parse_message,
    parse_notification,
)

ANDROID = {
    "alert": "a",
    "title": "t",
    "builder_id": 1,
    "channel_id": "c",
    "priority": -2,
    "category": "c",
    "style": 2,
    "alert_type": 7,
    "big_text": "b",
    "inbox": {"k": "v"},
    "big_pic_path": "p",
    "large_icon": "l",
    "small_icon_uri": "s",
    "icon_bg_color": "#fff",
    "intent": {"url": "intent:#Intent;end"},
    "uri_activity": "a",
    "uri_action": "a",
    "badge_add_num": 1,
    "badge_set_num": 0,
    "badge_class": "c",
    "sound": "s",
    "show_begin_time": "2030-01-01 00:00:00",
    "show_end_time": "2030-01-02 00:00:00",
    "display_foreground": "1",
    "custom_buttons": [{"name": "n", "action_type": 1}],
    "mipns_content_forshort": "s",
    "extras": {"any": {"thing": [1]}},
}
IOS = {
    "alert": {"title": "t", "body": "b"},
    "sound": {"critical": 1},
    "badge": "+1",
    "content-available": 1,
    "mutable-content": True,
    "category": "c",
    "thread-id": "t",
    "interruption-level": "time-sensitive",
    "extras": {},
}
HMOS = {"alert": "a", "category": "IM", "push_type": 10, "extra_data": "x", "test_message": False, "style": 0}
RIGHT: list[dict[str, Any]] = [
    {"alert": "hi"},
    {"alert": ""},
    {"android": ANDROID},
    {"ios": IOS},
    {"ios": {"badge": 5}},
    {"ios": {"badge": "-1"}},
    {"hmos": HMOS},
    {"quickapp": {"alert": "a", "title": "t", "page": "/p"}},
    {"winphone": {"alert": "a", "_open_page": "/p"}},
    {"voip": {"any": "thing"}},
    {"alert": "hi", "ios": None},
]
WRONG: list[tuple[object, int]] = [
    ("hi", 1003),
    ({}, 1002),
    ({"alert": None}, 1002),
    ({"symbian": {}}, 1009),
    ({"alert": 7}, 1003),
    ({"android": "x"}, 1003),
    ({"android": {"colour": 1}}, 1009),
    ({"android": {"priority": 3}}, 1003),
    ({"android": {"style": 4}}, 1003),
    ({"android": {"alert_type": 8}}, 1003),
    ({"android": {"badge_add_num": 0}}, 1003),
    ({"android": {"badge_add_num": 100}}, 1003),
    ({"android": {"badge_set_num": 100}}, 1003),
    ({"android": {"channel_id": "x" * 1001}}, 1003),
    ({"android": {"display_foreground": 1}}, 1003),
    ({"android": {"extras": "x"}}, 1003),
    ({"ios": {"badge": "one"}}, 1003),
    ({"ios": {"badge": True}}, 1003),
    ({"ios": {"badge": 1.5}}, 1003),
    ({"ios": {"interruption-level": "loud"}}, 1003),
    ({"ios": {"contentAvailable": True}}, 1009),
    ({"hmos": {"push_type": 3}}, 1003),
    ({"quickapp": {"url": "x"}}, 1009),
    ({"winphone": {"url": "x"}}, 1009),
    ({"ios": {"alert": "x" * 2000}}, 1005),
    ({"winphone": {"alert": "x" * 1000}}, 1005),
]


class NotificationTests(SynchronousTestCase):
    def test_every_documented_key_is_taken(self) -> None:
        for value in RIGHT:
            with self.subTest(value=str(value)[:60]):
                wanted = {key: item for key, item in value.items() if item is not None}
                self.assertEqual(parse_notification(value), wanted)

    def test_what_jpush_refuses_is_refused_with_its_code(self) -> None:
        for value, code in WRONG:
            with self.subTest(value=str(value)[:60]):
                self.assertEqual(self.assertRaises(ApiError, parse_notification, value).code, code)

    def test_a_message_needs_its_content(self) -> None:
        self.assertEqual(
            parse_message({"msg_content": "x", "title": "t"}), {"msg_content": "x", "title": "t"}
        )
        wrong = [({}, 1002), ({"title": "t"}, 1002), ("x", 1003), ({"msg_content": "x", "colour": 1}, 1009)]
        for value, code in [
            *wrong,
            ({"msg_content": "x" * 4000}, 1005),
            ({"msg_content": "x", "extras": []}, 1003),
        ]:
            with self.subTest(value=str(value)[:60]):
                self.assertEqual(self.assertRaises(ApiError, parse_message, value).code, code)

    def test_notification_and_message_are_weighed_together(self) -> None:
        half = {"alert": "x" * 1980}
        message = {"msg_content": "y" * 1980}
        check_together({"android": half}, message)
        check_together({"alert": "x" * 3000, "android": {"alert": "short"}}, message)
        for notification in ({"android": {"alert": "x" * 2100}}, {"alert": "x" * 2100}):
            error = self.assertRaises(ApiError, check_together, notification, message)
            self.assertEqual(error.code, 1005)

    def test_the_companions_have_their_tables(self) -> None:
        check_level(
            {"delay_time": 0, "temp_id": 1, "temp_para": {}, "signid": 1, "active_filter": False}, "s", SMS
        )
        check_level({"url": "https://example.com", "params": {}, "type": 15}, "c", CALLBACK)
        self.assertEqual(self.assertRaises(ApiError, check_level, {"type": 16}, "c", CALLBACK).code, 1003)
        self.assertEqual(self.assertRaises(ApiError, check_level, {"text": "x"}, "s", SMS).code, 1009)
