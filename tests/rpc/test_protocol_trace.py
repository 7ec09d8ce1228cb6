"""Messages in words, whatever is in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.protocol_trace import described, each_message, kind_of
from pushnet.wire.identity import Identity
from pushnet.wire.message import CLOSE_MESSAGE, MAGIC, VALIDATE_MESSAGE, deflated
from pushnet.wire.reply import Status, not_exist_message, ok_message, text_message, user_exception_message
from pushnet.wire.request import batch_message, batched_request, head_bytes, request_message, target_bytes

HEAD = head_bytes(target_bytes(Identity("one", "all"), "side", "op", 2), {"key": "value"})


class DescribedTest(SynchronousTestCase):
    def test_a_request_is_told_with_its_head(self) -> None:
        lines = described(request_message(7, HEAD, b"xyz"))
        self.assertEqual(lines[0], "message type = 0 (request)")
        self.assertEqual(
            lines[3:],
            [
                "request id = 7",
                "identity = all/one",
                "facet = side",
                "operation = op",
                "mode = 2 (idempotent)",
                "context = key/value",
                "encoding = 1.1",
            ],
        )
        self.assertIn("request id = 0 (oneway)", described(request_message(0, HEAD, b"")))

    def test_each_request_of_a_batch_is_told(self) -> None:
        lines = described(batch_message([batched_request(HEAD, b""), batched_request(HEAD, b"", (1, 0))]))
        self.assertEqual(lines.count("identity = all/one"), 2)
        self.assertEqual(
            [line for line in lines if "#" in line or "enc" in line][2:], ["request #1:", "encoding = 1.0"]
        )

    def test_answers_are_told_by_their_status(self) -> None:
        missing = not_exist_message(3, Status.facet_not_exist, Identity("one"), "f", "op")
        for message, told in (
            (ok_message(3, b"x"), ["reply status = 0 (ok)", "encoding = 1.1"]),
            (user_exception_message(3, b"x"), ["reply status = 1 (user exception)", "encoding = 1.1"]),
            (
                missing,
                ["reply status = 3 (facet not exist)", "identity = one", "facet = f", "operation = op"],
            ),
            (
                text_message(3, Status.unknown_exception, "why"),
                ["reply status = 7 (unknown exception)", "unknown = why"],
            ),
        ):
            self.assertEqual(described(message)[3:], ["request id = 3", *told])

    def test_messages_without_a_body_are_three_lines(self) -> None:
        for message, kind in ((VALIDATE_MESSAGE, "validate connection"), (CLOSE_MESSAGE, "close connection")):
            self.assertEqual((kind_of(message), len(described(message))), (kind, 3))

    def test_what_is_written_together_is_told_apart(self) -> None:
        one, two = request_message(1, HEAD, b""), ok_message(1, b"abc")
        self.assertEqual(list(each_message(one + two + VALIDATE_MESSAGE)), [one, two, VALIDATE_MESSAGE])

    def test_of_a_squeezed_message_the_head_is_told(self) -> None:
        lines = described(deflated(request_message(7, HEAD, b"x" * 500), 1))
        self.assertEqual(lines[1:2], ["compression status = 2 (compressed; compress response, if any)"])
        self.assertEqual(len(lines), 3)

    @given(st.binary(max_size=60), st.integers(0, 5))
    def test_what_cannot_be_read_is_told_as_far_as_it_can(self, body: bytes, kind: int) -> None:
        message = MAGIC + bytes((kind, 0)) + (14 + len(body)).to_bytes(4, "little") + body
        self.assertGreaterEqual(len(described(message)), 3)
        self.assertEqual(list(each_message(message)), [message])
