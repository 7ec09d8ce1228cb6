"""Bad input on every port, in every request: who sends it is told, nobody else notices, nothing dies."""

from __future__ import annotations

import base64
import json
import random
import socket
from pathlib import Path
from typing import Any

from twisted.trial.unittest import TestCase

from pushnet.app.rest import RestClient
from tests.app.children import Child
from tests.system.cluster import PUSHNET, reactor
from tests.system.ports import answer, listening_ports, talk
from tests.system.scene import Scene

ANSWER_LIMIT_S = 12.0
"""A Broker gives a device 10 s to log in: that is the longest a silent stranger is borne."""
ICE_MAGIC = b"IceP\x01\x00\x01\x00"
ICE_REQUEST, ICE_BATCH, ICE_REPLY = 0, 1, 2


def ice(kind: int, body: bytes, size: int | None = None) -> bytes:
    """An Ice message of protocol 1.0, with a size of our own choosing."""
    claimed = 14 + len(body) if size is None else size
    return ICE_MAGIC + bytes([kind, 0]) + claimed.to_bytes(4, "little") + body


ICE_WRONG = (
    "random bytes",
    "an Ice header that claims 2 GB",
    "an Ice header that claims less than itself",
    "an Ice request of random bytes",
    "an Ice batch that claims 2^31 requests",
    "an Ice message of no kind",
)
"""An Ice port hangs up on these at once."""
DEVICE_WRONG = {
    "random bytes": b"a frame claims",
    "a device frame of 2 MB": b"a frame claims",
    "a device frame without end": b"a frame claims",
    "a login without a version": b"ends too early",
    "a resume with a false token": b"token is not valid",
    "an HTTP line without end": b"more than 100 frames in a second",
}
"""A Broker's device port says this before it hangs up."""


def nonsense() -> dict[str, bytes]:
    """What is sent to every port."""
    rng = random.Random(7)
    request = (1).to_bytes(4, "little") + b"\x03abc\x00\x00\x03ping\x00\x00"
    return {
        "random bytes": rng.randbytes(4096),
        "random bytes, many": rng.randbytes(300_000),
        "an Ice header cut short": ICE_MAGIC,
        "an Ice header that claims 2 GB": ice(ICE_REQUEST, b"x" * 100, size=2**31 - 1),
        "an Ice header that claims less than itself": ice(ICE_REQUEST, b"", size=3),
        "an Ice request of random bytes": ice(ICE_REQUEST, rng.randbytes(200)),
        "an Ice request cut short": ice(ICE_REQUEST, request)[:-4],
        "an Ice batch that claims 2^31 requests": ice(ICE_BATCH, b"\xff\xff\xff\x7f" + request),
        "an Ice reply nobody asked for": ice(ICE_REPLY, (77).to_bytes(4, "little") + b"\x00"),
        "an Ice message of no kind": ice(99, b""),
        "a device frame of 2 MB": b"\xff\xff\x7f\x01" + b"x" * 1000,
        "a device frame without end": b"\xff" * 5000,
        "a login without a version": b"\x02\x01\x00",
        "a registration of random bytes": b"\x40\x01" + rng.randbytes(63),
        "a resume with a false token": b"\x1a\x03\x01\x00\x00" + rng.randbytes(22),
        "an HTTP line without end": b"GET /" + b"a" * 100_000,
        "HTTP with endless headers": b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 20_000,
        "HTTP with a negative length": b"POST /v3/push HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "nothing": b"",
    }


class BadInputTest(TestCase):
    timeout = 240

    async def test_a_cluster_bears_it(self) -> None:
        scene = Scene(self.mktemp(), 20)
        try:
            await scene.open()
            pids = {name: node.pid for name, node in scene.cluster.nodes.items()}
            connections = list(scene.crowd.connections)
            scene.start_flow()
            await self.every_port(scene)
            await self.rest(scene)
            await scene.stop_flow()
            facts = await scene.settled()
            self.assertTrue(facts.exactly_once, facts)
            self.assertEqual(scene.crowd.connections, connections, "a device lost its connection")
            self.assertEqual({name: node.pid for name, node in scene.cluster.nodes.items()}, pids)
            for line in scene.cluster.up.lines:
                self.assertNotIn("trace", line, "bad input is no failure of ours")
        finally:
            status = await scene.close()
        self.assertEqual(status, 0)

    async def every_port(self, scene: Scene) -> None:
        """All nonsense at once to each port. What is plainly wrong is told why, and hung up on."""
        for name, node in scene.cluster.nodes.items():
            ports = listening_ports(node.pid)
            self.assertGreaterEqual(len(ports), 2, f"{name} has an adapter or a door, and health")
            for port in ports:
                await self.one_port(scene, name, port)
            self.assertTrue(await scene.round(f"after nonsense to {name}", 10), name)

    async def one_port(self, scene: Scene, name: str, port: int) -> None:
        talks = {what: await talk(port, data) for what, data in nonsense().items()}
        await scene.pause(0.2)
        wrong: dict[str, bytes] = {}
        if port in scene.cluster.demo.broker_ports:
            wrong = DEVICE_WRONG
        elif talks["nothing"].got.startswith(ICE_MAGIC):
            wrong = dict.fromkeys(ICE_WRONG, b"")
        for what, reason in wrong.items():
            got = await talks[what].until_closed(ANSWER_LIMIT_S)
            self.assertIsNotNone(got, f"{name}:{port} keeps the connection of {what}")
            self.assertIn(reason, got or b"", f"{name}:{port} on {what}")
        for conversation in talks.values():
            conversation.hang_up()
            await conversation.closed

    async def rest(self, scene: Scene) -> None:
        """Requests that are wrong, each answered with JSON and a code of JPush."""
        demo = scene.cluster.demo
        good = {"platform": "all", "audience": "all", "message": {"msg_content": "x"}}
        for body, code in (
            ({**good, "surprise": 1}, 1009),
            ({"platform": "all", "audience": "all"}, 1002),
            ({**good, "audience": {"tag": "vip"}}, 1003),
            ({**good, "message": {"msg_content": "x" * 5000}}, 1005),
        ):
            told = await scene.rest.call("POST", "/v3/push", body)
            self.assertEqual((told.status, told.body["error"]["code"]), (400, code), body)
        for key, secret in ((demo.key, "x" * 24), ("x" * 24, demo.secret)):
            stranger = RestClient(reactor, demo.rest, key, secret)
            told = await stranger.call("POST", "/v3/push", good)
            self.assertEqual(told.status, 401 if key == demo.key else told.status)
            self.assertIn(told.body["error"]["code"], (1004, 1008))
            await stranger.close()
        head = f"POST /v3/push HTTP/1.1\r\nHost: x\r\nAuthorization: {_basic(demo.key, demo.secret)}\r\n"
        bad_json = b"{" * 50
        raw: dict[bytes, int] = {
            f"{head}Content-Length: {len(bad_json)}\r\nConnection: close\r\n\r\n".encode() + bad_json: 400,
            f"{head}Content-Length: 99999999\r\nConnection: close\r\n\r\n".encode(): 413,
            b"POST /v3/push HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}": 401,
        }
        for data, status in raw.items():
            got = await answer(demo.rest_port, data, ANSWER_LIMIT_S)
            assert got is not None, f"no answer to {data[:80]!r}"
            first, _, rest = got.partition(b"\r\n")
            self.assertIn(str(status).encode(), first, data[:200])
            error: Any = json.loads(rest.partition(b"\r\n\r\n")[2])
            self.assertIsInstance(error["error"]["code"], int)

    async def test_a_broker_tells_a_stranger_to_go(self) -> None:
        scene = Scene(self.mktemp(), 20)
        try:
            await scene.cluster.start()
            port = scene.cluster.demo.broker_ports[0]
            for data in (b"\xff" * 100, b"\x02\x01\x00", b""):
                got = await answer(port, data, ANSWER_LIMIT_S)
                self.assertIsNotNone(got, f"still connected after {data[:20]!r}")
        finally:
            await scene.cluster.stop()


class BadConfigurationTest(TestCase):
    timeout = 120

    async def refused(self, scene: Scene) -> str:
        ended = await Child([PUSHNET, "up", str(scene.cluster.demo.file)]).ended
        self.assertEqual(ended.status, 1, ended.out)
        return ended.err

    async def test_an_unknown_key_starts_nothing(self) -> None:
        scene = Scene(self.mktemp(), 20)
        file: Path = scene.cluster.demo.file
        file.write_text(file.read_text() + 'colour = "red"\n')
        self.assertIn("node 'pusher-1': Object contains unknown field `colour`", await self.refused(scene))

    async def test_a_port_in_use_is_told_with_its_node(self) -> None:
        for role, pick in (
            ("registry-1", "registry_port"),
            ("gateway-1", "rest_port"),
            ("relay-1", "relay_port"),
        ):
            scene = Scene(self.mktemp(), 20)
            port = getattr(scene.cluster.demo, pick)
            with socket.socket() as other:
                other.bind(("127.0.0.1", port))
                other.listen()
                said = await self.refused(scene)
            self.assertRegex(said, f"{role} .*{port}.*in use")


def _basic(key: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()
