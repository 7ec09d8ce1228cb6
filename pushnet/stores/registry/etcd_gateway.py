"""etcd's JSON gateway: calls with a time limit, and a watch that is read as it comes.

Numbers of 64 bits travel as strings, keys and values in base64, and a field that is 0, false or empty is left
out. A call may carry several messages, one after the other, and is answered with as many. A watch is one
answer that never ends: JSON lines in chunks of any size, on a connection of its own.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from treq.client import HTTPClient
from treq.content import content
from twisted.internet.defer import Deferred, succeed
from twisted.internet.defer import TimeoutError as DeferredTimeout
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import Agent, HTTPConnectionPool, ResponseFailed
from twisted.web.iweb import IAgentEndpointFactory, IBodyProducer
from zope.interface import implementer

from pushnet.world import World

CONNECT_LIMIT_S: Final = 2.0
LINE_BYTES_MAX: Final = 64 * 1024 * 1024
"""Of one message of a watch: etcd sends what happened meanwhile in one."""
CONNECTIONS_MAX: Final = 4
"""Kept open for calls, as long as they are used."""
IDLE_S: Final = 30


class GatewayError(Exception):
    """etcd did not answer, or not with what was asked for; the text says which."""


def text_of(encoded: str) -> str:
    """What a key or value says."""
    return b64decode(encoded).decode()


def coded(text: str) -> str:
    """A key or value as the gateway takes it."""
    return b64encode(text.encode()).decode()


@implementer(IAgentEndpointFactory)
class _Endpoints:
    """Connects through the world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def endpointForURI(self, uri: Any) -> IStreamClientEndpoint:
        return self._world.client_endpoint(uri.host.decode(), uri.port, timeout_s=CONNECT_LIMIT_S)


@implementer(IBodyProducer)
class _Body:
    """Small enough to go in one piece. (treq's own producer takes its time from the global reactor.)"""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.length = len(data)

    def startProducing(self, consumer: Any) -> Deferred[None]:
        consumer.write(self._data)
        return succeed(None)

    def pauseProducing(self) -> None:
        """It has been produced."""

    def resumeProducing(self) -> None:
        """Likewise."""

    def stopProducing(self) -> None:
        """Likewise."""


class Watch(Protocol):
    """Reads one watch to its end: `receive` is told each message, `ended` why there are no more."""

    def __init__(
        self, receive: Callable[[Mapping[str, Any]], object], ended: Callable[[str], object]
    ) -> None:
        self._receive = receive
        self._ended: Callable[[str], object] | None = ended
        self._rest = b""

    def dataReceived(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.strip() and self._ended is not None:
                self._line(line)
        if len(self._rest) > LINE_BYTES_MAX:
            self._end("a message of the watch is too long")

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._end(reason.getErrorMessage())

    def stop(self) -> None:
        """Read no more; `ended` is not told."""
        self._ended = None
        self._abort()

    def _line(self, line: bytes) -> None:
        try:
            message = msgspec.json.decode(line)
        except msgspec.DecodeError as error:
            self._end(f"the watch said what is no JSON: {error}")
            return
        if "result" in message:
            self._receive(message["result"])
        else:
            self._end(f"the watch failed: {message.get('error')}")

    def _end(self, why: str) -> None:
        ended, self._ended = self._ended, None
        if ended is not None:
            self._abort()
            ended(why)

    def _abort(self) -> None:
        if self.transport is not None:
            abort = getattr(self.transport, "abortConnection", self.transport.loseConnection)
            abort()


class Gateway:
    """Several etcd members behind one door: the one that answered last is asked first."""

    def __init__(self, world: World, urls: Sequence[str], limit_s: float) -> None:
        """`limit_s`: for a call as a whole."""
        self._world = world
        self._urls = [url.rstrip("/") for url in urls]
        self._limit_s = limit_s
        pool: Any = HTTPConnectionPool(world.clock)  # type: ignore[no-untyped-call]
        pool.maxPersistentPerHost = CONNECTIONS_MAX
        pool.cachedConnectionTimeout = IDLE_S
        pool.retryAutomatically = False
        self._pool = pool
        endpoints = _Endpoints(world)
        agent: Any = Agent
        self._calls = HTTPClient(agent.usingEndpointFactory(world.clock, endpoints, pool))
        self._watches = HTTPClient(agent.usingEndpointFactory(world.clock, endpoints))

    async def call(self, path: str, *messages: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Ask, and return the answer's messages. Raises `GatewayError`."""
        try:
            calling = Deferred.fromCoroutine(self._post(path, messages))
            answers = await calling.addTimeout(self._limit_s, self._world.clock)
        except GatewayError:
            raise
        except DeferredTimeout as error:
            self._turn()
            raise GatewayError(f"etcd at {self._urls[-1]} does not answer") from error
        except Exception as error:
            self._turn()
            raise GatewayError(f"etcd at {self._urls[-1]}: {_told(error)}") from error
        for answer in answers:
            if answer.get("error"):
                raise GatewayError(f"etcd: {answer['error']}")
        return answers

    async def watch(
        self,
        request: Mapping[str, Any],
        receive: Callable[[Mapping[str, Any]], object],
        ended: Callable[[str], object],
    ) -> Watch:
        """Begin a watch. Raises `GatewayError` when it cannot begin."""
        watch = Watch(receive, ended)
        data = msgspec.json.encode({"create_request": request})
        asking = self._watches.post(f"{self._urls[0]}/v3/watch", data=_Body(data))
        try:
            response = await asking.addTimeout(self._limit_s, self._world.clock)
        except Exception as error:
            self._turn()
            raise GatewayError(f"etcd at {self._urls[-1]}: {_told(error)}") from error
        if response.code != 200:
            raise GatewayError(f"etcd answers a watch with {response.code}")
        body: Any = response.original
        body.deliverBody(watch)
        return watch

    async def close(self) -> None:
        await self._pool.closeCachedConnections()

    async def _post(self, path: str, messages: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        data = b"".join(map(msgspec.json.encode, messages))
        response = await self._calls.post(f"{self._urls[0]}{path}", data=_Body(data))
        body = await content(response)
        try:
            answers = [msgspec.json.decode(line) for line in body.split(b"\n") if line.strip()]
        except msgspec.DecodeError as error:
            raise GatewayError(f"etcd answers {path} with what is no JSON") from error
        if response.code != 200 and not any("error" in answer for answer in answers):
            raise GatewayError(f"etcd answers {path} with {response.code}")
        return answers

    def _turn(self) -> None:
        """Ask the next member first."""
        self._urls.append(self._urls.pop(0))


def _told(error: Exception) -> str:
    if isinstance(error, ResponseFailed) and error.reasons:
        return str(error.reasons[0].getErrorMessage())
    return f"{type(error).__name__}: {error}"


def address_of(url: str) -> tuple[str, int]:
    """Host and port. Raises `ValueError` when it is no URL of the gateway."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname or parts.path.strip("/"):
        raise ValueError(f"{url!r} is not http://host:port")
    return parts.hostname, parts.port or 2379
