"""Route, caller, rate and deadline: what stands around every call."""

from __future__ import annotations

import json
from base64 import b64encode

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.defer import CancelledError, ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.lists import API, Lists, Rule
from pushnet.grid.lists import APP as DENIED_APP
from pushnet.grid.settings import GatewaySettings
from pushnet.roles.gateway.gateway import Call
from pushnet.rpc.exceptions import ConnectionRefusedException
from tests.roles.gateway.given import APP, AUTHORIZATION, HI, SECRET, GatewayGiven

WRONG = b"Basic " + b64encode(f"{APP}:{'x' * 24}".encode())
FOUR = ["X-Rate-Limit-Limit", "X-Rate-Limit-Quota", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset"]


class GatewayTests(GatewayGiven):
    settings = GatewaySettings(push_per_minute=2, device_per_minute=3, request_deadline_s=10.0)

    def test_the_base_url_answers_without_credentials(self) -> None:
        for line in ("HEAD /", "HEAD /v3/", "GET /"):
            answer = self.ask(line, authorization=None)
            self.assertEqual((answer.status, answer.body), (200, b"{}"))

    def test_who_is_not_known_is_told_by_the_code_of_the_api(self) -> None:
        cases = [
            ("POST /v3/push", None, 1004),
            ("POST /v3/push", WRONG, 1004),
            ("GET /v3/push/cid", WRONG, 1004),
            ("GET /v3/tags", None, 7001),
            ("GET /v3/tags", WRONG, 7004),
        ]
        for line, authorization, code in cases:
            with self.subTest(line=line, authorization=authorization):
                answer = self.ask(line, HI, authorization)
                self.assertEqual((answer.status, json.loads(answer.body)["error"]["code"]), (401, code))
                self.assertIn("WWW-Authenticate", answer.headers)
        self.assertEqual(self.grid.queue.calls, [])

    def test_every_answer_has_the_four_rate_headers(self) -> None:
        asked = [
            self.ask("POST /v3/push", HI),
            self.ask("POST /v3/push", b"{"),
            self.ask("POST /v3/push", HI),
            self.ask("POST /v3/push", HI, None),
            self.ask("GET /v3/push"),
            self.ask("GET /nowhere"),
            self.ask("GET /v3/tags"),
            self.ask("HEAD /"),
        ]
        self.assertEqual([answer.status for answer in asked], [200, 400, 429, 401, 405, 404, 200, 200])
        for answer in asked:
            self.assertEqual(sorted(name for name in answer.headers if name.startswith("X-Rate")), FOUR)

    def test_over_the_rate_nothing_is_done_until_the_minute_is_over(self) -> None:
        statuses = [self.ask("POST /v3/push", HI).status for _ in range(3)]
        self.assertEqual((statuses, len(self.grid.queue.bodies)), ([200, 200, 429], 2))
        self.assertEqual(self.refused("POST /v3/push", HI), (429, 2002))
        self.assertEqual(self.ask("GET /v3/tags").status, 200)
        self.simulation.run_for(60.0)
        answer = self.ask("POST /v3/push", HI)
        self.assertEqual((answer.status, answer.headers["X-Rate-Limit-Remaining"]), (200, "1"))

    def test_a_wrong_password_does_not_use_up_the_rate(self) -> None:
        for _ in range(5):
            self.ask("POST /v3/push", HI, WRONG)
        self.assertEqual(self.ask("POST /v3/push", HI).status, 200)

    def test_a_backend_that_does_not_answer_is_busy_at_the_deadline(self) -> None:
        self.grid.queue.hold("publish")
        self.grid.shards[0].hold("position")
        push, tags = self.asked("POST /v3/push", HI), self.asked("GET /v3/tags")
        self.simulation.run_for(9.9)
        self.assertNoResult(push)
        self.assertEqual(self.gateway.calls_running, 2)
        self.simulation.run_for(0.2)
        codes = [json.loads(self.successResultOf(call).body)["error"]["code"] for call in (push, tags)]
        self.assertEqual((codes, self.gateway.calls_running), ([1030, 7030], 0))

    def test_an_error_of_ours_is_logged_and_told_without_its_text(self) -> None:
        self.grid.shards[0].trouble["position"] = [ZeroDivisionError("secret detail")]
        self.grid.queue.trouble["publish"] = [ZeroDivisionError("secret detail")]
        for line, code in (("GET /v3/tags", 7000), ("POST /v3/push", 1000)):
            answer = self.ask(line, HI)
            self.assertEqual((answer.status, json.loads(answer.body)["error"]["code"]), (500, code))
            self.assertNotIn(b"secret", answer.body)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 2)

    def test_a_caller_who_goes_away_ends_the_call(self) -> None:
        self.grid.queue.hold("publish")
        asked = self.asked("POST /v3/push", HI)
        asked.cancel()
        self.failureResultOf(asked, CancelledError)
        self.assertEqual(self.gateway.calls_running, 0)

    def test_the_push_door_of_the_simulation_has_no_rate_and_no_exceptions(self) -> None:
        body = json.dumps(HI).encode()
        answers = [self.simulation.run_until(ensureDeferred(self.gateway.push(APP, body))) for _ in range(5)]
        self.assertEqual([answer.status for answer in answers], [200] * 5)
        self.grid.queue.trouble["publish"] = [ConnectionRefusedException()] * 4
        self.assertEqual(self.simulation.run_until(ensureDeferred(self.gateway.push(APP, body))).status, 503)

    def test_answers_are_counted_by_call_and_status(self) -> None:
        self.ask("POST /v3/push", HI)
        self.ask("GET /nowhere")
        counted = [
            self.metrics.get_sample_value("pushnet_gateway_answers_total", {"call": call, "status": status})
            for call, status in (("push", "200"), ("none", "404"))
        ]
        self.assertEqual(counted, [1.0, 1.0])

    def test_an_app_on_the_black_list_is_refused_in_all_its_calls(self) -> None:
        self.gateway.lists = Lists([Rule(DENIED_APP, "", APP)])
        for line in ("POST /v3/push", "GET /v3/tags/"):
            self.assertEqual(self.refused(line, HI), (403, 2003))
        self.gateway.lists = Lists()
        self.assertEqual(self.ask("POST /v3/push", HI).status, 200)

    def test_who_calls_from_elsewhere_than_the_white_list_says_is_refused(self) -> None:
        self.gateway.lists = Lists([Rule(API, APP, "192.0.2.0/24")])
        self.assertEqual(self.refused("POST /v3/push", HI), (403, 2004))
        body = json.dumps(HI).encode()
        call = Call(b"POST", b"/v3/push", AUTHORIZATION, body, "192.0.2.7")
        self.assertEqual(self.simulation.run_until(ensureDeferred(self.gateway.answer(call))).status, 200)

    def test_who_is_not_known_is_not_told_of_lists(self) -> None:
        self.gateway.lists = Lists([Rule(DENIED_APP, "", APP)])
        self.assertEqual(self.ask("POST /v3/push", HI, WRONG).status, 401)

    def test_the_secret_is_in_no_answer(self) -> None:
        for authorization in (AUTHORIZATION, WRONG):
            self.assertNotIn(SECRET.encode(), self.ask("POST /v3/push", HI, authorization).body)


class GarbageTests(SynchronousTestCase):
    @settings(max_examples=50)
    @given(st.sampled_from(["POST /v3/push", "POST /v3/tags/a", "POST /v3/devices/status"]), st.binary())
    def test_any_body_gets_a_json_answer(self, line: str, body: bytes) -> None:
        given_gateway = GatewayTests()
        given_gateway.setUp()
        answer = given_gateway.ask(line, body)
        self.assertIn(answer.status, (200, 400))
        json.loads(answer.body)
        given_gateway.simulation.close()
