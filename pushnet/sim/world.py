"""The simulated world of one process. Implements `pushnet.world.World`; made by `Host.boot`."""

from __future__ import annotations

import functools
import random
import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import (
    IDelayedCall,
    IReactorTime,
    IStreamClientEndpoint,
    IStreamServerEndpoint,
)
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from pushnet.sim.datagrams import GROUPS, SimDatagramSocket
from pushnet.sim.disk import SimDisk
from pushnet.sim.endpoints import OWN_NAMES, SimClientEndpoint, SimServerEndpoint
from pushnet.sim.network import Network
from pushnet.sim.timeline import Happening, Life, Timeline, microseconds
from pushnet.sim.trace import name_of
from pushnet.sim.transport import SimTransport
from pushnet.sim.workers import SimWorker
from pushnet.world import (
    ANY_FAMILY,
    PLAIN,
    DatagramOptions,
    Entropy,
    Families,
    Processes,
    Storage,
)

T = TypeVar("T")

STARTED_AT_S = 1_800_000_000.0
"""The wall clock when a simulation begins."""


@implementer(IReactorTime)
class SimClock:
    """A process's timers, for Twisted's helpers."""

    def __init__(self, world: SimWorld, timeline: Timeline, life: Life) -> None:
        self._timeline = timeline
        self._life = life
        self._world = world

    def seconds(self) -> float:
        return self._world.monotonic()

    def callLater(
        self, delay: float, callable: Callable[..., Any], *args: object, **kwargs: object
    ) -> IDelayedCall:
        function = functools.partial(callable, **kwargs) if kwargs else callable
        return self._world.call_later(delay, function, *args)

    def getDelayedCalls(self) -> Sequence[IDelayedCall]:
        return [call for call in self._timeline.waiting() if call.life is self._life]


class SimEntropy:
    """Seeded identifiers."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def token(self, size_bytes: int) -> bytes:
        return self._rng.randbytes(size_bytes)

    def uuid(self) -> str:
        return str(uuid.UUID(bytes=self._rng.randbytes(16), version=4))


class SimWorld:
    """One process on one host, from its boot to its end."""

    def __init__(
        self,
        host: str,
        network: Network,
        life: Life,
        disk: SimDisk,
        rng: Callable[[str], random.Random],
        failures: list[str],
    ) -> None:
        self.host = host
        self.life = life
        self.storage: Storage = disk
        self.entropy: Entropy = SimEntropy(rng("entropy"))
        self.processes: Processes
        """Set by the host."""
        self.starts = 0
        """How often its machine had been started; set by the host."""
        self.wall_offset_s = 0.0
        """How far the host's wall clock is off."""
        self._network = network
        self._timeline = network.timeline
        self._rng = rng
        self._failures = failures
        self._streams: dict[str, random.Random] = {}
        self._transports: dict[int, SimTransport] = {}
        self._silent: list[SimTransport] = []
        self._workers: list[SimWorker] = []
        self._background: dict[int, tuple[str, Deferred[Any]]] = {}
        self._background_count = 0
        self._log = Logger(namespace="pushnet.sim")
        self.clock: IReactorTime = SimClock(self, self._timeline, life)

    def monotonic(self) -> float:
        return (self._timeline.now_us + self.life.offset_us) / 1e6

    def wall(self) -> float:
        return STARTED_AT_S + self.wall_offset_s + self._timeline.now_us / 1e6

    def call_later(self, delay_s: float, function: Callable[..., object], *args: Any) -> IDelayedCall:
        assert delay_s >= 0, f"{delay_s} s is in the past"
        happening = Happening(self._timeline, self.life, name_of(function), function, args)
        self._timeline.put(happening, self._timeline.now_us + microseconds(delay_s))
        return happening

    def rng(self, name: str) -> random.Random:
        stream = self._streams.get(name)
        if stream is None:
            stream = self._streams[name] = self._rng(f"rng.{name}")
        return stream

    def server_endpoint(self, host: str, port: int, *, backlog: int = 0) -> IStreamServerEndpoint:
        own = host in OWN_NAMES or self._network.host_named(host) == self.host
        return SimServerEndpoint(self._network, self, self.host if own else host, port)

    def client_endpoint(
        self,
        host: str,
        port: int,
        *,
        timeout_s: float = 10.0,
        source: str = "",
        families: Families = ANY_FAMILY,
    ) -> IStreamClientEndpoint:
        target = (self.host if host in OWN_NAMES else host, port)
        here = (self.host, source or self._network.address_of(self.host))
        return SimClientEndpoint(self._network, self, here, target, timeout_s)

    def stream_buffers(self, transport: Any) -> tuple[int, int]:
        return 0, 0

    def set_stream_buffers(self, transport: Any, receive_bytes: int, send_bytes: int) -> None:
        """Simulated streams have the network's."""

    def datagrams(
        self,
        host: str,
        port: int,
        receive: Callable[[bytes, str, int], object],
        options: DatagramOptions = PLAIN,
    ) -> SimDatagramSocket:
        def heard(data: bytes, sender: str, sender_port: int) -> None:
            self.now(receive, data, sender, sender_port)

        return self._network.air.open(self.host, port, heard, options.group)

    def resolve(self, host: str, families: Families = ANY_FAMILY) -> Deferred[str]:
        if host.startswith(GROUPS):
            return succeed(host)
        found = self.host if host in OWN_NAMES else self._network.host_named(host)
        if found is None:
            return fail(DNSLookupError(f"no host is named {host}"))
        return succeed(self._network.address_of(found))

    def local_addresses(self, families: Families = ANY_FAMILY) -> list[str]:
        return [self._network.address_of(self.host)]

    def machine(self) -> str:
        return f"{self.host} {self.starts}"

    def epoll_streams(self) -> None:
        return None

    def read_file(self, path: str) -> bytes:
        return self.storage.read(path.lstrip("/"))

    def replace_file(self, path: str, data: bytes) -> None:
        self.storage.replace(path.lstrip("/"), data)

    def append_file(self, path: str, data: bytes) -> int:
        name = path.lstrip("/")
        self.storage.append(name, data)
        return self.storage.size(name)

    def rename_file(self, old: str, new: str) -> None:
        self.storage.rename(old.lstrip("/"), new.lstrip("/"))

    def redirect_output(self, stream: int, path: str) -> None:
        self.append_file(path, b"")

    def worker(self, name: str) -> SimWorker:
        worker = SimWorker(self._timeline, self.life, self._rng(f"worker.{name}"), f"{self.host} {name}")
        self._workers.append(worker)
        return worker

    def run_blocking(self, function: Callable[..., T], *args: Any) -> Deferred[T]:
        return self.worker("pool").submit(function, *args)

    def background(self, what: str, work: Deferred[Any]) -> None:
        self._background_count += 1
        number = self._background_count
        self._background[number] = (what, work)
        work.addErrback(lambda failure: self.failed(what, failure))
        work.addBoth(lambda _: self._background.pop(number, None))

    # What transports and the simulation call.

    @property
    def stopped(self) -> bool:
        return self.life.held is not None

    def soon(self, function: Callable[..., object], *args: Any) -> None:
        self.call_later(0, function, *args)

    def now(self, function: Callable[..., object], *args: Any) -> None:
        if self.stopped:
            self.soon(function, *args)
        elif self.life.alive:
            function(*args)

    def failed(self, what: str, failure: Failure) -> None:
        """Like a reactor, log it and go on; and keep it for the checkers."""
        if self.life.alive:
            self._failures.append(f"{self.host}: {what}: {failure.getErrorMessage()}")
            self._log.failure("{host}: {what} failed", failure, host=self.host, what=what)

    def opened(self, transport: SimTransport) -> None:
        self._transports[id(transport)] = transport

    def closed(self, transport: SimTransport) -> None:
        self._transports.pop(id(transport), None)

    def end(self, power_lost: bool) -> None:
        """No more of this process. Its connections end, or fall silent with the power."""
        self.life.alive = False
        for host, port in self._network.doors.of(self):
            self._network.doors.leave(host, port, self)
        for socket in self._network.air.of_host(self.host):
            socket.close()
        for transport in list(self._transports.values()):
            if power_lost:
                transport.power_lost()
                self._silent.append(transport)
            else:
                transport.process_ended()
        self._transports.clear()

    def remains(self) -> list[object]:
        """All that the process is reached from."""
        calls = [call for call in self._timeline.waiting() if call.life is self.life]
        return [calls, list(self._transports.values()), list(self._background.values())]

    def forget(self) -> None:
        """Nothing is kept of the process from now on."""
        self._transports.clear()
        self._background.clear()
        self._silent.clear()

    def power_back(self) -> list[SimTransport]:
        """The host runs again: the connections that fell silent, whose peers are to learn it."""
        silent, self._silent = self._silent, []
        return silent

    def leftovers(self) -> list[str]:
        """What a clean shutdown would not leave behind."""
        mine = [call for call in self._timeline.waiting() if call.life is self.life]
        left = [f"{self.host}: timer {call.kind}" for call in mine]
        left += [f"{self.host}: connection {each.outgoing.name}" for each in self._transports.values()]
        left += [f"{self.host}: listens on {port}" for _, port in self._network.doors.of(self)]
        left += [f"{self.host}: datagrams on {each.port}" for each in self._network.air.of_host(self.host)]
        left += [f"{self.host}: worker with {each.pending} jobs" for each in self._workers if each.pending]
        return left + [f"{self.host}: background {what}" for what, _ in self._background.values()]
