"""The small REST client, against a real HTTP server that answers as told."""

from __future__ import annotations

import json
from typing import Any

from twisted.internet import reactor
from twisted.trial.unittest import TestCase
from twisted.web.resource import Resource
from twisted.web.server import Site

from pushnet.app.demo_config import free_ports
from pushnet.app.rest import RestClient, RestFailed


class Told(Resource):
    """Answers every request alike, and remembers them."""

    isLeaf = True

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__()
        self.status = status
        self.body = body
        self.asked: list[tuple[bytes, bytes, Any]] = []
        self.users: list[tuple[bytes, bytes]] = []

    def render(self, request: Any) -> bytes:
        body = request.content.read()
        self.asked.append((request.method, request.path, json.loads(body) if body else None))
        self.users.append((request.getUser(), request.getPassword()))
        request.setResponseCode(self.status)
        return self.body


class RestClientTest(TestCase):
    def serve(self, status: int, body: bytes) -> tuple[Told, RestClient]:
        told = Told(status, body)
        site: Any = Site(told)
        port: Any = reactor.listenTCP(0, site, interface="127.0.0.1")
        client = RestClient(reactor, f"http://127.0.0.1:{port.getHost().port}/", "k" * 24, "s" * 24)
        self.addCleanup(port.stopListening)
        self.addCleanup(client.close)
        return told, client

    async def test_a_push_says_who_asks_and_what(self) -> None:
        told, client = self.serve(200, b'{"sendno":"0","msg_id":"17"}')
        self.assertEqual(await client.push({"tag": ["vip"]}, "hello", cid="c1", ttl_s=60), "17")
        method, path, body = told.asked[0]
        self.assertEqual((method, path), (b"POST", b"/v3/push"))
        self.assertEqual(body["audience"], {"tag": ["vip"]})
        self.assertEqual((body["message"]["msg_content"], body["cid"]), ("hello", "c1"))
        self.assertEqual(body["options"], {"time_to_live": 60})
        self.assertEqual(told.users, [(b"k" * 24, b"s" * 24)])

    async def test_a_refusal_is_told_in_the_gateways_words(self) -> None:
        _, client = self.serve(400, b'{"error":{"code":1003,"message":"bad value"}}')
        with self.assertRaisesRegex(RestFailed, r"refused with 400: bad value \(code 1003\)"):
            await client.push("all", "hello")

    async def test_an_answer_that_is_no_json_is_a_failure(self) -> None:
        _, client = self.serve(502, b"<html>")
        with self.assertRaisesRegex(RestFailed, "answered 502 without JSON"):
            await client.call("GET", "/v3/tags")

    async def test_any_status_can_be_looked_at(self) -> None:
        _, client = self.serve(404, b'{"error":{"code":1,"message":"no"}}')
        answer = await client.call("GET", "/v3/nothing")
        self.assertEqual((answer.status, answer.body["error"]["code"]), (404, 1))

    async def test_nobody_there_is_a_failure(self) -> None:
        (port,) = free_ports(1)
        client = RestClient(reactor, f"http://127.0.0.1:{port}", "k", "s")
        with self.assertRaisesRegex(RestFailed, f"127.0.0.1:{port} cannot be reached"):
            await client.ask("GET", "/v3/tags")
