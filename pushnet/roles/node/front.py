"""A front: it listens where clients expect the server, and outlives every process of the server's.

Stock Ice servers lose one-way requests when they end, and their clients must connect again. Behind a front
neither happens: see `pushnet.roles.node.front_line` for how a client's line goes from one server to the next.
While there is no server clients are let in and wait. UDP passes no front.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from twisted.internet.defer import Deferred, DeferredList, ensureDeferred, maybeDeferred
from twisted.internet.interfaces import IAddress, IDelayedCall, IListeningPort, IProtocol
from twisted.internet.protocol import Factory, Protocol
from twisted.logger import Logger

from pushnet.net.handshakes import Accepting, StreamInfo
from pushnet.roles.node.front_counts import FrontCounts
from pushnet.roles.node.front_line import Line
from pushnet.roles.node.front_sides import Side
from pushnet.roles.node.fronting import Front
from pushnet.rpc.properties import Properties
from pushnet.rpc.transports import Transports
from pushnet.wire.endpoints import StreamEndpoint
from pushnet.wire.errors import LocalException
from pushnet.wire.proxy_text import parse_endpoints
from pushnet.world import World

TURN_S: Final = 10.0
"""How long an old server is kept for what it has not answered. Then it may be told to end, and answer yet."""
BEAT_S: Final = 20.0
"""Peers of Ice 3.8 give up a connection on which nothing has come for 60 s."""
LINES_MAX: Final = 8000
"""Each takes two descriptors."""
ADAPTER: Final = "Front"
"""The name by which properties speak of its ports: `IceSSL.TrustOnly.Server.Front`."""


class _Comers(Factory):
    """Makes a line of each client that comes, by TCP alone."""

    noisy = False

    def __init__(self, build: Callable[[StreamInfo], IProtocol]) -> None:
        self._build = build

    def buildProtocol(self, addr: IAddress | None) -> IProtocol:  # type: ignore[override]
        return self._build(StreamInfo())


class _TurnedAway(Protocol):
    """There are too many, or the front closes."""

    def connectionMade(self) -> None:
        assert self.transport is not None
        self.transport.loseConnection()


class _Going(Factory):
    """One connection to a server."""

    noisy = False

    def __init__(self, side: Side) -> None:
        self._side = side

    def buildProtocol(self, addr: IAddress | None) -> Side:
        return self._side


class PassingFront:
    """Implements `Front`."""

    def __init__(self, world: World, turn_s: float = TURN_S) -> None:
        self._world = world
        self._turn_s = turn_s
        self._target: tuple[str, int] | None = None
        self._generation = 0
        self._lines: dict[Line, None] = {}
        self._sides: dict[Side, None] = {}
        """To servers, of all generations."""
        self._ports: list[IListeningPort] = []
        self._accepting: list[Accepting] = []
        self._waiting: list[tuple[int, Deferred[None]]] = []
        self._closing: Deferred[None] | None = None
        self._empty: Deferred[None] | None = None
        """Fires when no line is left."""
        self._heart: IDelayedCall | None = None
        self.counts = FrontCounts()
        self._log = Logger(namespace="pushnet.front")

    async def open(self, endpoints: str, properties: Mapping[str, str]) -> None:
        """Listen. Raises `CannotListenError`, or `ValueError` for what cannot be listened at."""
        try:
            await self._listen(endpoints, properties)
        except LocalException as error:
            raise ValueError(f"front {endpoints}: {error}") from error
        self._beat()

    async def _listen(self, endpoints: str, properties: Mapping[str, str]) -> None:
        transports = Transports(self._world, Properties(properties))
        for endpoint in parse_endpoints(endpoints, transports.defaults(adapter=True)):
            if not isinstance(endpoint, StreamEndpoint) or not transports.knows(endpoint):
                raise ValueError(f"a front cannot listen at {endpoint}")
            layers = transports.server_layers(endpoint, ADAPTER)
            factory: Factory = _Comers(self._comes)
            if layers:
                factory = Accepting(self._world.call_later, layers, self._comes, self._refused)
                self._accepting.append(factory)
            self._ports.append(await transports.server_endpoint(endpoint).listen(factory))

    # What the agent says: `Front`.

    def turn_to(self, host: str, port: int) -> Deferred[None]:
        return self._turn((host, port))

    def turn_away(self) -> Deferred[None]:
        return self._turn(None)

    def close(self) -> Deferred[None]:
        if self._closing is None:
            self._closing = ensureDeferred(self._close())
            self._world.background("closing a front", self._closing)
        waiting: Deferred[None] = Deferred()
        self._closing.addBoth(lambda _: waiting.callback(None))
        return waiting

    # What its lines want: `House`.

    def later(self, delay_s: float, function: Callable[..., object], *args: object) -> IDelayedCall:
        return self._world.call_later(delay_s, function, *args)

    def now(self) -> float:
        return self._world.monotonic()

    def took(self, began_at: float) -> None:
        now = self._world.monotonic()
        self.counts.took(now - began_at, now)

    def connect(self, line: Line) -> bool:
        if self._target is None:
            return False
        generation = self._generation
        side = Side(line, lambda side: None)
        side.generation = generation
        side.cutter.counts = self.counts

        def reached(_: object) -> None:
            if not side.alive or generation != self._generation:
                side.cut_off()
                line.unreached()
            else:
                self._sides[side] = None
                line.reached(side)

        endpoint = self._world.client_endpoint(*self._target)
        connecting = endpoint.connect(_Going(side))
        connecting.addCallbacks(reached, lambda failure: line.unreached())
        self._world.background("connecting to a server", connecting)
        return True

    def left(self, side: Side) -> None:
        if side in self._sides:
            del self._sides[side]
            self._look()

    def dropped(self, messages: int) -> None:
        self._log.error("{count} messages of a client are lost: no server has come", count=messages)

    def over(self, line: Line) -> None:
        self._lines.pop(line, None)
        self._look()
        if self._empty is not None and not self._lines:
            self._give_up()

    def gauges(self) -> dict[str, float]:
        waits = any(line.waits for line in self._lines)
        told = self.counts.gauges(self._world.monotonic(), waits)
        return {**told, "connections": float(len(self._lines))}

    @property
    def lines(self) -> int:
        """How many clients there are."""
        return len(self._lines)

    # Inside.

    def _comes(self, stream: StreamInfo) -> IProtocol:
        if len(self._lines) >= LINES_MAX or self._closing is not None:
            return _TurnedAway()
        line = Line(self)
        self._lines[line] = None
        return line.client

    def _refused(self, address: IAddress | None, error: Exception) -> None:
        self._log.info(
            "{peer} did not get through the handshake: {error}", peer=str(address), error=str(error)
        )

    def _turn(self, target: tuple[str, int] | None) -> Deferred[None]:
        self._target = target
        self._generation += 1
        done: Deferred[None] = Deferred()
        self._waiting.append((self._generation, done))
        for line in list(self._lines):
            line.turn()
        self._look()
        if not done.called:
            limit = self._world.call_later(self._turn_s, self._no_longer, done)
            done.addCallback(lambda _: limit.cancel() if limit.active() else None)
        return done

    def _no_longer(self, done: Deferred[None]) -> None:
        if not done.called:
            self._waiting = [each for each in self._waiting if each[1] is not done]
            self._log.warn("a server still has requests to answer, and has to end")
            done.callback(None)

    def _look(self) -> None:
        """Who waits for the end of old connections, and for that of all lines?"""
        oldest = min((side.generation for side in self._sides), default=self._generation)
        for each in [each for each in self._waiting if each[0] <= oldest]:
            self._waiting.remove(each)
            each[1].callback(None)

    def _beat(self) -> None:
        self._heart = self._world.call_later(BEAT_S, self._beat)
        for line in list(self._lines):
            line.beat()

    async def _close(self) -> None:
        for factory in self._accepting:
            factory.close()
        await DeferredList([maybeDeferred(port.stopListening) for port in self._ports])
        if self._lines:
            empty: Deferred[None] = Deferred()
            self._empty = empty
            limit = self._world.call_later(self._turn_s, self._give_up)
            for line in list(self._lines):
                line.end()
            await empty
            if limit.active():
                limit.cancel()
        if self._heart is not None and self._heart.active():
            self._heart.cancel()

    def _give_up(self) -> None:
        empty, self._empty = self._empty, None
        for line in list(self._lines):
            line.give_up()
        if empty is not None:
            empty.callback(None)


class FrontOf:
    """Makes fronts with these properties, `IceSSL.*` among them. Implements `FrontMaker`."""

    def __init__(self, properties: Mapping[str, str], turn_s: float = TURN_S) -> None:
        self._properties = properties
        self._turn_s = turn_s

    def __call__(self, world: World, endpoints: str) -> Deferred[Front]:
        front = PassingFront(world, self._turn_s)
        opening: Deferred[None] = ensureDeferred(front.open(endpoints, self._properties))
        return opening.addCallback(lambda _: front)
