"""A Broker's surroundings in memory: a world with a hand-turned clock, a shard, phones on strings."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from prometheus_client import CollectorRegistry
from pyroaring import BitMap
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from pushnet.device.device_session import Closed, DeviceSession, Event, Memory, Message, Missed
from pushnet.device.token import TokenSigner
from pushnet.gen.pushnet import push
from pushnet.gen.pushnet.broker import Target
from pushnet.gen.pushnet.dbagent import (
    Acknowledgement,
    BeatReply,
    GroupEntry,
    LoginRefusedException,
    LoginReply,
    LoginRequest,
    Registration,
    Route,
    StreamEntry,
)
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.placement import ordinal_at, registration_id
from pushnet.roles.broker.entrance import Identity
from pushnet.roles.broker.group_log import Row
from pushnet.roles.broker.line import Line
from pushnet.roles.broker.shards import Shards
from pushnet.roles.broker.switchboard import Limits, Switchboard
from pushnet.roles.broker.tally import Tally

APP = "7d431e42dfa6a6d693ac2d04"
EPOCH_S = 1_700_000_000
DAY_MS = 86_400_000


class SmallWorld:
    """Time and chance; everything else is missing."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.failures: list[Any] = []

    def monotonic(self) -> float:
        return self.clock.seconds()

    def wall(self) -> float:
        return EPOCH_S + self.clock.seconds()

    def call_later(self, delay_s: float, function: Callable[..., object], *args: Any) -> Any:
        return self.clock.callLater(delay_s, function, *args)

    def rng(self, name: str) -> random.Random:
        return random.Random(name)

    def background(self, what: str, work: Deferred[Any]) -> None:
        work.addErrback(self.failures.append)


class FakeShard:
    """What a Broker needs of a shard: streams, a group log, routes; `down` and `slow` at will."""

    def __init__(self) -> None:
        self.down = False
        self.failing: list[str] = []
        """Operations that fail while the others work."""
        self.waiting: list[Deferred[None]] | None = None
        """When a list: calls wait here until they are fired."""
        self.incarnation = 1
        self.devices: dict[str, int] = {}
        self.streams: dict[int, list[StreamEntry]] = {}
        self.log: list[GroupEntry] = []
        self.group_seen: dict[int, int] = {}
        self.acks: list[Acknowledgement] = []
        self.routes: dict[int, int] = {}
        self.logouts: list[tuple[int, int]] = []
        self.reported: list[Route] = []
        self.asked: list[str] = []
        self.epoch = 0

    async def _answer(self, what: str) -> None:
        self.asked.append(what)
        if self.waiting is not None:
            turn: Deferred[None] = Deferred()
            self.waiting.append(turn)
            await turn
        if self.down or what in self.failing:
            raise UnavailableException("down")

    async def register(self, app: str, deviceKey: str, platform: str) -> Registration:
        await self._answer("register")
        counter = self.devices.setdefault(deviceKey, len(self.devices))
        ordinal = ordinal_at(counter, 0)
        self.streams.setdefault(ordinal, [])
        return Registration(
            registration_id(ordinal, b"12345"), ordinal, b"secret", self.log[-1].seq if self.log else 0
        )

    async def login(self, request: LoginRequest) -> LoginReply:
        if request.ordinal not in self.streams or request.secret not in (b"", b"secret"):
            raise LoginRefusedException("unknown or wrong secret")
        self.epoch += 1
        epoch = self.routes[request.ordinal] = self.epoch
        stream = self.streams[request.ordinal]
        entries = [entry for entry in stream if entry.seq > request.seen][:20]
        head = stream[-1].seq if stream else 0
        await self._answer("login")
        seen = self.group_seen.get(request.ordinal, 0)
        return LoginReply(request.registrationId, "ios", epoch, head, entries, seen)

    async def logout(self, app: str, ordinal: int, broker: str, epoch: int) -> None:
        self.logouts.append((ordinal, epoch))

    async def beat(self, broker: str, brokerEpoch: int, apps: Sequence[str]) -> BeatReply:
        await self._answer("beat")
        return BeatReply(self.incarnation, dict.fromkeys(apps, self.log[-1].seq if self.log else 0))

    async def report(self, broker: str, brokerEpoch: int, held: Sequence[Route]) -> None:
        self.reported += held

    async def fetch(self, app: str, ordinal: int, since: int, max: int) -> list[StreamEntry]:
        await self._answer("fetch")
        return [entry for entry in self.streams[ordinal] if entry.seq > since][:max]

    async def acknowledge(self, acks: Sequence[Acknowledgement]) -> None:
        await self._answer("acknowledge")
        self.acks += acks

    async def group(self, app: str, since: int, max: int) -> list[GroupEntry]:
        await self._answer("group")
        return [entry for entry in self.log if entry.seq > since][:max]

    # What Pushers would do.

    def store(self, ordinal: int, body: bytes, expires_ms: int = EPOCH_S * 1000 + DAY_MS) -> StreamEntry:
        stream = self.streams[ordinal]
        prev = stream[-1].seq if stream else 0
        stream.append(StreamEntry(prev, prev + 1, push.Message(prev + 1001, expires_ms, body)))
        return stream[-1]

    def append(self, body: bytes, *ordinals: int, expires_ms: int = EPOCH_S * 1000 + DAY_MS) -> GroupEntry:
        seq = len(self.log) + 1
        message = push.Message(seq + 5000, expires_ms, body)
        self.log.append(GroupEntry(seq, message, BitMap(ordinals).serialize()))
        return self.log[-1]


class Stage:
    """A Broker with one shard, and phones that call it."""

    def __init__(self, shard: FakeShard | None = None, world: SmallWorld | None = None) -> None:
        self.world = SmallWorld() if world is None else world
        self.shard = FakeShard() if shard is None else shard
        self.tally = Tally(CollectorRegistry())
        self.shards = Shards([self.shard])  # type: ignore[list-item]
        self.board = Switchboard(
            self.world,  # type: ignore[arg-type]
            self.shards,
            TokenSigner(b"secret of the cluster", [APP]),
            self.tally,
            Identity("broker-1", lambda: 7),
            Limits(heartbeat_s=60, connections_max=40, inline_bytes_max=64, moves_per_s=50),
        )
        self.board.open()

    def phone(self, key: str = "phone", memory: Memory | None = None) -> Phone:
        phone = Phone(self, key, memory)
        phone.call()
        return phone

    def deliver(self, ordinal: int, entry: StreamEntry) -> list[int]:
        target = Target(ordinal, 0, entry.prev, entry.seq)
        return self.board.own.deliver(APP, entry.message, [target])

    def spread(self, entry: GroupEntry) -> None:
        self.board.logs.take(APP, entry.seq, lambda: Row(entry.seq, entry.message, entry.audience))

    def advance(self, seconds: float, step: float = 0.25) -> None:
        for _ in range(int(seconds / step)):
            self.world.clock.advance(step)


class Phone:
    """A device: its machine, and a string to the Broker."""

    def __init__(self, stage: Stage, key: str, memory: Memory | None) -> None:
        self.stage = stage
        self.session = DeviceSession(APP, key, "ios", Memory() if memory is None else memory)
        self.events: list[Event] = []
        self.raw = b""
        """Everything the Broker has sent on this connection."""

    def call(self) -> None:
        """Connect, and say the first frame."""
        self.transport = StringTransport()
        self.line = Line(self.stage.board)
        self.raw = b""
        self.line.makeConnection(self.transport)
        self.line.dataReceived(self.session.connected())
        self.pump()

    def pump(self) -> None:
        """Hear and answer until there is silence."""
        while self.transport.value():
            data = self.transport.value()
            self.transport.clear()
            self.raw += data
            self.events += self.session.receive(data)
            answer = self.session.to_send()
            if answer:
                self.line.dataReceived(answer)

    def hang_up(self) -> None:
        self.line.connectionLost()

    @property
    def ordinal(self) -> int:
        return self.line.ordinal

    @property
    def bodies(self) -> list[bytes]:
        """What the application has been shown."""
        return [event.body for event in self.events if isinstance(event, Message)]

    @property
    def gaps(self) -> list[tuple[int, int, int]]:
        return [
            (event.since, event.up_to, event.reason) for event in self.events if isinstance(event, Missed)
        ]

    @property
    def farewells(self) -> list[int]:
        return [event.reason for event in self.events if isinstance(event, Closed)]
