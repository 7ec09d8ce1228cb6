"""What a device makes of a message's body, and how orders reach it."""

from __future__ import annotations

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.demo_devices import Orders, text_of


class TextTest(SynchronousTestCase):
    def test_a_custom_message_is_told_by_its_content(self) -> None:
        body = b'{"message":{"msg_content":"all-1"},"notification":{"alert":"hello"}}'
        self.assertEqual(text_of(body), "all-1")

    def test_a_notification_is_told_by_its_alert(self) -> None:
        self.assertEqual(text_of(b'{"notification":{"alert":"hello"},"message":null}'), "hello")

    def test_a_body_with_neither_has_no_text(self) -> None:
        self.assertEqual(text_of(b"{}"), "")

    def test_orders_survive_the_file(self) -> None:
        orders = Orders("a" * 24, [("127.0.0.1", 7001)], [(0, "demo-0"), (2, "demo-2")])
        self.assertEqual(msgspec.json.decode(msgspec.json.encode(orders), type=Orders), orders)
