"""HTTP on simulated streams, where seconds cost nothing: deadlines, limits, odd framing, one at a time."""

from __future__ import annotations

import json

from pushnet.roles.gateway.framing import HttpLimits
from pushnet.roles.gateway.http_port import RestFactory
from tests.roles.gateway.given import AUTHORIZATION, HI, GatewayGiven
from tests.roles.gateway.wire import RawClient, raw_client_factory, request

PUSH = json.dumps(HI).encode()
AUTH = b"Authorization: " + AUTHORIZATION
LIMITS = HttpLimits(header_bytes_max=2048, body_bytes_max=5000, body_s=30.0, connections_max=3)
CHUNKED = b"Transfer-Encoding: chunked"
ODD = {
    "no request at all": b"\x00\x01\x02\r\n\r\n",
    "a TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "no version": b"GET /\r\nHost: a\r\n\r\n",
    "a version that is none": b"GET / HTTP/3.0\r\nHost: a\r\n\r\n",
    "a space before the colon": b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\nHost: a\r\nrubbish\r\nX: y\r\n\r\n",
    "a header in two lines": b"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n",
    "a bare line feed": b"GET / HTTP/1.1\nHost: a\n\n\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\nX: y\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    "a length that is none": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx",
    "a length below nothing": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\nx",
    "lengths in a list": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\nx",
    "a length beside chunks": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n" + CHUNKED + b"\r\n\r\nx",
    "chunks beside a length": b"POST / HTTP/1.1\r\nHost: a\r\n" + CHUNKED + b"\r\nContent-Length: 1\r\n\r\nx",
    "another encoding": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\nx",
    "a chunk without a size": b"POST / HTTP/1.1\r\nHost: a\r\n" + CHUNKED + b"\r\n\r\nxyz\r\n",
    "a chunk of hexadecimal nonsense": b"POST / HTTP/1.1\r\nHost: a\r\n"
    + CHUNKED
    + b"\r\n\r\n0x5\r\nhello\r\n",
    "a chunk that is too short": b"POST / HTTP/1.1\r\nHost: a\r\n" + CHUNKED + b"\r\n\r\n1\r\nhello\r\n",
}


class HttpTests(GatewayGiven):
    def setUp(self) -> None:
        super().setUp()
        self.factory = RestFactory(self.world, self.gateway, LIMITS)
        self.simulation.run_until(self.world.server_endpoint("", 80).listen(self.factory))
        self.caller = self.simulation.host("app-server").boot()

    def connect(self) -> RawClient:
        endpoint = self.caller.client_endpoint("gateway", 80)
        return self.simulation.run_until(endpoint.connect(raw_client_factory()))

    def sent(self, data: bytes) -> RawClient:
        client = self.connect()
        client.send(data)
        return client

    def answer(self, data: bytes) -> tuple[int, object]:
        client = self.sent(data)
        self.simulation.run_until(client.answered())
        return client.answers()[0]

    def test_a_push_comes_in_and_its_answer_goes_out(self) -> None:
        status, told = self.answer(request("POST /v3/push", PUSH, AUTH))
        self.assertEqual((status, sorted(told)), (200, ["msg_id", "sendno"]))
        self.assertEqual(len(self.grid.queue.bodies), 1)

    def test_answers_are_json_with_a_length_and_the_rate(self) -> None:
        client = self.sent(request("POST /v3/push", PUSH, AUTH))
        self.simulation.run_until(client.answered())
        head = client.received.partition(b"\r\n\r\n")[0].lower()
        for wanted in (b"content-type: application/json", b"content-length: ", b"x-rate-limit-quota: 600"):
            self.assertIn(wanted, head)

    def test_what_sdks_send_in_their_own_way_is_taken(self) -> None:
        chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PUSH), PUSH)
        head = request("POST /v3//push", b"", AUTH, CHUNKED)
        self.assertEqual(self.answer(head + chunks)[0], 200)
        content = b"Content-Type: application/json;charset:utf-8"
        upgrade = b"Connection: Upgrade, HTTP2-Settings"
        headers = (AUTH, content, upgrade, b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABk")
        self.assertEqual(self.answer(request("POST /v3/push/", PUSH, *headers))[0], 200)

    def test_one_byte_at_a_time_is_read_as_well(self) -> None:
        client = self.connect()
        for byte in request("POST /v3/push", PUSH, AUTH):
            client.send(bytes([byte]))
            self.simulation.run_for(0.001)
        self.simulation.run_until(client.answered())
        self.assertEqual(client.answers()[0][0], 200)

    def test_a_connection_serves_one_request_after_the_other(self) -> None:
        client = self.connect()
        for count in (1, 2, 3):
            client.send(request("POST /v3/push", PUSH, AUTH))
            self.simulation.run_until(client.answered(count))
        self.assertEqual([status for status, _ in client.answers()], [200, 200, 200])
        self.assertFalse(client.closed)

    def test_head_has_no_body(self) -> None:
        client = self.sent(request("HEAD /"))
        self.simulation.run_for(0.1)
        head, _, body = client.received.partition(b"\r\n\r\n")
        self.assertTrue(head.startswith(b"HTTP/1.1 200"))
        self.assertEqual(body, b"")

    def test_http_1_0_is_answered_and_closed(self) -> None:
        client = self.sent(b"GET /v3/push/cid HTTP/1.0\r\n" + AUTH + b"\r\n\r\n")
        self.simulation.run_until(client.ended)
        self.assertEqual(client.answers()[0][0], 200)

    def test_close_is_closed(self) -> None:
        client = self.sent(request("GET /v3/push/cid", b"", AUTH, b"Connection: close"))
        self.simulation.run_until(client.ended)
        self.assertEqual(client.answers()[0][0], 200)
        self.assertIn(b"connection: close", client.received.lower())

    def test_a_body_waits_for_the_word_to_continue(self) -> None:
        client = self.sent(request("POST /v3/push", PUSH, AUTH, b"Expect: 100-continue")[: -len(PUSH)])
        self.simulation.run_until(client.until(lambda: b"100 Continue" in client.received))
        client.send(PUSH)
        self.simulation.run_until(client.answered())
        self.assertEqual(client.answers()[0][0], 200)

    def test_whatever_is_odd_gets_a_json_error_and_the_door(self) -> None:
        for what, data in ODD.items():
            with self.subTest(what=what):
                client = self.sent(data)
                self.simulation.run_until(client.ended, limit_s=10)
                ((status, told),) = client.answers()
                self.assertEqual((status, told["error"]["code"]), (400, 1003))
        self.assertEqual(self.factory.connections, 0)

    def test_an_unknown_call_is_a_json_error_and_no_reason_to_close(self) -> None:
        client = self.connect()
        for count, line in enumerate(["GET /nowhere", "BREW /v3/push", "GET /v3/push"], 1):
            client.send(request(line, b"", AUTH))
            self.simulation.run_until(client.answered(count))
        self.assertEqual([status for status, _ in client.answers()], [404, 405, 405])
        self.assertFalse(client.closed)

    def test_a_slow_header_is_cut_off_after_its_total_time(self) -> None:
        client = self.sent(b"POST /v3/push HTTP/1.1\r\nX: ")
        for _ in range(11):
            client.send(b"y")
            self.simulation.run_for(0.5)
        self.simulation.run_until(client.ended, limit_s=3)
        self.assertEqual([status for status, _ in client.answers()], [408])
        self.assertLess(self.simulation.now_s, 8.0)

    def test_a_silent_connection_is_cut_off(self) -> None:
        client = self.connect()
        self.simulation.run_until(client.ended, limit_s=8)
        self.assertEqual(client.answers()[0][0], 408)

    def test_a_slow_body_is_cut_off_after_its_total_time(self) -> None:
        client = self.sent(request("POST /v3/push", PUSH, AUTH)[: -len(PUSH)])
        for byte in PUSH[:35]:
            client.send(bytes([byte]))
            self.simulation.run_for(1.0)
        self.assertTrue(client.closed)
        self.assertEqual([status for status, _ in client.answers()], [408])
        self.assertEqual(self.grid.queue.calls, [])

    def test_a_body_slower_than_its_pace_is_cut_off_soon(self) -> None:
        client = self.sent(request("POST /v3/push", b"x" * 4000, AUTH)[:-4000])
        for _ in range(4):
            client.send(b"x" * 50)
            self.simulation.run_for(1.0)
        self.assertFalse(client.closed or client.received)
        self.simulation.run_for(1.5)
        self.assertEqual([status for status, _ in client.answers()], [408])

    def test_a_slow_body_that_keeps_its_pace_is_read_to_its_end(self) -> None:
        limits = HttpLimits(body_bytes_max=20_000)
        factory = RestFactory(self.world, self.gateway, limits)
        self.simulation.run_until(self.world.server_endpoint("", 81).listen(factory))
        connecting = self.caller.client_endpoint("gateway", 81).connect(raw_client_factory())
        client = self.simulation.run_until(connecting)
        body = PUSH + b" " * (15_000 - len(PUSH))
        client.send(request("POST /v3/push", body, AUTH)[: -len(body)])
        for first in range(0, len(body), 1500):
            client.send(body[first : first + 1500])
            self.simulation.run_for(1.0)
        self.simulation.run_until(client.answered())
        self.assertEqual([status for status, _ in client.answers()], [200])

    def test_a_connection_that_idles_is_closed(self) -> None:
        client = self.sent(request("GET /v3/push/cid", b"", AUTH))
        self.simulation.run_until(client.answered())
        self.simulation.run_for(59.0)
        self.assertFalse(client.closed)
        self.simulation.run_until(client.ended, limit_s=2)

    def test_a_large_header_is_refused(self) -> None:
        for filler in (b"X: " + b"y" * 3000, b"\r\n".join(b"X%d: y" % n for n in range(600))):
            client = self.sent(b"GET / HTTP/1.1\r\nHost: a\r\n" + filler + b"\r\n\r\n")
            self.simulation.run_until(client.ended, limit_s=10)
            self.assertIn(client.answers()[0][0], (400, 431))

    def test_a_large_body_is_refused_by_its_claim_before_it_is_sent(self) -> None:
        for length in (b"5001", b"99999999999999999999", b"9" * 1000):
            head = b"POST /v3/push HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + b"\r\n\r\n"
            status, told = self.answer(head)
            self.assertEqual((status, told["error"]["code"]), (413, 1005))

    def test_a_large_body_in_chunks_is_refused_when_it_has_grown_too_large(self) -> None:
        client = self.sent(request("POST /v3/push", b"", AUTH, CHUNKED))
        for _ in range(6):
            client.send(b"3e8\r\n" + b"x" * 1000 + b"\r\n")
        self.simulation.run_until(client.answered())
        self.assertEqual(client.answers()[0][0], 413)
        self.assertEqual(self.grid.queue.calls, [])

    def test_who_is_refused_can_read_why_even_when_it_goes_on_sending(self) -> None:
        client = self.sent(request("POST /v3/push", b"x" * 100_000, AUTH))
        self.simulation.run_until(client.ended, limit_s=5)
        self.assertEqual(client.answers()[0][0], 413)

    def test_the_largest_allowed_body_is_read(self) -> None:
        body = PUSH[:-1] + b" " * (LIMITS.body_bytes_max - len(PUSH)) + b"}"
        self.assertEqual(self.answer(request("POST /v3/push", body, AUTH))[0], 200)

    def test_what_is_sent_ahead_of_the_answer_is_dropped_and_the_connection_closed_behind_it(self) -> None:
        self.grid.queue.hold("publish")
        one = request("POST /v3/push", PUSH, AUTH)
        client = self.sent(one + one)
        self.simulation.run_for(1.0)
        client.send(one)
        self.simulation.run_for(1.0)
        self.grid.queue.release("publish")
        self.simulation.run_until(client.ended, limit_s=5)
        self.assertEqual([status for status, _ in client.answers()], [200])
        self.assertEqual(len(self.grid.queue.bodies), 1)

    def test_a_caller_who_leaves_in_the_middle_costs_nothing(self) -> None:
        self.grid.queue.hold("publish")
        client = self.sent(request("POST /v3/push", PUSH, AUTH))
        self.simulation.run_for(1.0)
        assert client.transport is not None
        client.transport.loseConnection()
        self.simulation.run_for(1.0)
        self.assertEqual((self.gateway.calls_running, self.factory.connections), (0, 0))
        self.assertEqual(self.simulation.failures, [])

    def test_too_many_connections_are_closed_at_once(self) -> None:
        held = [self.connect() for _ in range(LIMITS.connections_max)]
        extra = self.connect()
        self.simulation.run_until(extra.ended, limit_s=1)
        self.assertFalse(any(client.closed for client in held))

    def test_no_timer_is_left_behind(self) -> None:
        client = self.sent(request("GET /v3/push/cid", b"", AUTH, b"Connection: close"))
        self.simulation.run_until(client.ended)
        self.simulation.run_for(0.1)
        left = [line for line in self.world.leftovers() if "listens" not in line]
        self.assertEqual(left, [])
