"""The REST API: HTTP framing, JSON, and the calls' own rules."""

from __future__ import annotations

from functools import cache
from typing import Any

from twisted.internet.error import ConnectionDone
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from pushnet.roles.gateway.answer import Answer
from pushnet.roles.gateway.audience import is_name
from pushnet.roles.gateway.auth import Apps, NotAuthentic
from pushnet.roles.gateway.device_bodies import parse_members, parse_status, parse_update
from pushnet.roles.gateway.errors import ApiError
from pushnet.roles.gateway.framing import HttpLimits
from pushnet.roles.gateway.http import RestChannel
from pushnet.roles.gateway.json_text import JsonRefused, decode_object, encode
from pushnet.roles.gateway.push import parse_batch, parse_push, parse_single
from pushnet.roles.gateway.routes import find_route
from pushnet.sim.simulation import Simulation
from pushnet.world import World
from tests.fuzz.target import Target

APPS = Apps({"0123456789abcdef01234567": "abcdefabcdefabcdefabcdef"})


class Answering:
    """A gateway that finds the route and says yes."""

    async def answer(self, call: Any) -> Answer:
        try:
            find_route(call.method, call.target)
        except ApiError as error:
            return Answer(error.http_status, encode({"error": error.code}))
        return Answer(200, b"{}")


@cache
def _simulation() -> tuple[Simulation, World]:
    simulation = Simulation(1)
    return simulation, simulation.host("gateway").boot()


def http(data: bytes) -> None:
    """A connection that gets the bytes in two parts, and then waits beyond every deadline."""
    simulation, world = _simulation()
    gateway: Any = Answering()
    lost: list[RestChannel] = []
    limits = HttpLimits(header_bytes_max=1024, body_bytes_max=2048)
    channel = RestChannel(world, gateway, limits, lost.append)
    transport = StringTransport()
    channel.makeConnection(transport)
    half = len(data) // 2
    for part in (data[:half], data[half:]):
        if part and transport.connected:
            channel.dataReceived(part)
    simulation.run_for(0)
    answered = transport.value()
    assert not answered or answered.startswith(b"HTTP/1."), answered[:80]
    channel.connectionLost(Failure(ConnectionDone()))
    assert lost == [channel]


def json(data: bytes) -> None:
    """What is accepted is sent on, and means the same."""
    value = decode_object(data)
    assert decode_object(encode(value)) == value


def push(data: bytes) -> None:
    order = parse_push(data)
    order.check_override(1_600_000_000_000)
    assert decode_object(order.body(7))["msg_id"] == "7"
    assert order.expires_ms(0) > 0


def batch(data: bytes) -> None:
    for cid, entry in parse_batch(data).items():
        parse_single(cid, entry, "alias")


def devices(data: bytes) -> None:
    """One of the calls about devices, by the first byte."""
    kind = data[:1]
    if kind < b"\x40":
        update = parse_update(data[1:])
        assert all(is_name(tag) for tag in (*update.addTags, *update.removeTags))
    elif kind < b"\xc0":
        parse_members(data[1:], may_add=kind < b"\x80")
    else:
        parse_status(data[1:])


def authorization(data: bytes) -> None:
    APPS.authenticate(data)


_JSON = (
    b'{"', b'": ', b"[", b"]", b"{", b"}", b", ", b"null", b"true", b"1e999", b"-0", b"NaN",
    b"9223372036854775808", b'"\\ud800"', b'"\\u0000"', b'"all"', b'"platform": "all"', b'"audience": ',
    b'"tag": ["a"]', b'"alias"', b'"notification": {"alert": "x"}', b'"message": {"msg_content": "x"}',
    b'"options": {"time_to_live": 0}', b'"registration_ids"', b'"add"', b'"pushlist"', b'"target"',
    b'"android"', b'"ios"', b"\xc3\xa9", b"1" * 5000,
)  # fmt: skip
_HTTP = (
    b"\r\n", b"\r\n\r\n", b": ", b"Host: a\r\n", b"GET / HTTP/1.1\r\n", b"POST /v3/push HTTP/1.1\r\n",
    b"HTTP/1.0", b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n",
    b"\n", b"\r", b"\t", b"\0", b"0\r\n\r\n", b"3;a=b\r\nabc\r\n", b"Expect: 100-continue\r\n",
    b"Authorization: Basic YTpi\r\n", b"-1", b"%00",
)  # fmt: skip

TARGETS = (
    Target("http", http, (), _HTTP, share=4, bytes_per_byte=40),
    Target("json", json, (JsonRefused,), _JSON, bytes_per_byte=40),
    Target("push", push, (ApiError,), _JSON, bytes_per_byte=40),
    Target("push_batch", batch, (ApiError,), _JSON, bytes_per_byte=40),
    Target("device_calls", devices, (ApiError,), _JSON, bytes_per_byte=40),
    Target("authorization", authorization, (NotAuthentic,), (b"Basic ", b":", b"==", b" ")),
)
