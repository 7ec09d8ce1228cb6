"""The bytes of answers."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.gateway.answer import Answer, refusal, success
from pushnet.roles.gateway.errors import ApiError


class AnswerTests(SynchronousTestCase):
    def test_success_is_compact_json(self) -> None:
        self.assertEqual(success({"tags": ["深圳"]}), Answer(200, '{"tags":["深圳"]}'.encode()))

    def test_a_refusal_has_code_and_message_inside_error(self) -> None:
        answer = refusal(ApiError(2002, "Rate limit exceeded"))
        self.assertEqual(
            (answer.status, answer.body), (429, b'{"error":{"code":2002,"message":"Rate limit exceeded"}}')
        )

    def test_illegal_ids_are_listed_in_the_error(self) -> None:
        answer = refusal(ApiError(7013, "part", illegal=("a", "b")))
        self.assertEqual(answer.body, b'{"error":{"code":7013,"message":"part","illegal_rids":["a","b"]}}')

    def test_a_wrong_method_is_told_the_right_ones(self) -> None:
        self.assertEqual(refusal(ApiError(1001, "x", allow="POST")).headers, {"Allow": "POST"})

    def test_headers_add_up(self) -> None:
        answer = Answer(200, b"{}", {"A": "1"}).with_headers({"B": "2"})
        self.assertEqual(answer.headers, {"A": "1", "B": "2"})
