"""The real world: the system's clocks, network, disk, entropy, threads and processes behind the contracts.

One of a node's two worlds (`pushnet.world`); the other is `pushnet.sim`. Everything here is a thin binding.
What it decides:

* Time for leases and timers is `time.monotonic`. Twisted's reactor keeps its timers by wall time, so a jump
  of the wall clock would stall them; `steady_timers`, called by a process before anything else, mends that.
* TCP never delays small writes (TCP_NODELAY), on either side.
* A random stream is seeded from the system's entropy and its name, and lives as long as the world.
"""

from __future__ import annotations

import hashlib
import os
import random
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import (
    IDelayedCall,
    IReactorTime,
    IStreamClientEndpoint,
    IStreamServerEndpoint,
)
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from zope.interface import implementer

from pushnet.app.memory import keep_freed_memory
from pushnet.app.realworld_addresses import first_address, local_addresses
from pushnet.app.realworld_datagrams import UdpSocket
from pushnet.app.realworld_inherited import Inherited
from pushnet.app.realworld_machine import machine_name
from pushnet.app.realworld_network import (
    BACKLOG,
    EpollSockets,
    NoDelayClientEndpoint,
    NoDelayServerEndpoint,
    buffers_of,
    set_buffers_of,
)
from pushnet.app.realworld_output import redirect
from pushnet.app.realworld_processes import ChildProcesses
from pushnet.app.realworld_storage import FileStorage, replace_file
from pushnet.app.realworld_workers import ThreadWorker
from pushnet.world import ANY_FAMILY, PLAIN, DatagramOptions, Entropy, Families, Processes, Storage

T = TypeVar("T")


def steady_timers(reactor: Any) -> None:
    """Let the reactor keep its timers by the monotonic clock. Call before anything is scheduled."""
    reactor.seconds = time.monotonic


@implementer(IReactorTime)
class MonotonicClock:
    """The reactor's timers under monotonic time, for Twisted's helpers that want a clock."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self.callLater = reactor.callLater
        self.seconds = time.monotonic

    def getDelayedCalls(self) -> Any:
        return self._reactor.getDelayedCalls()


class SystemEntropy:
    """Identifiers and keys from the operating system."""

    def token(self, size_bytes: int) -> bytes:
        return os.urandom(size_bytes)

    def uuid(self) -> str:
        return str(uuid.uuid4())


class RealWorld:
    """The world of a node that runs as a process. Implements `pushnet.world.World`.

    Args:
        reactor: the running reactor.
        data_dir: the node's own folder; made when missing.
    """

    def __init__(self, reactor: Any, data_dir: Path | str) -> None:
        keep_freed_memory()
        self._reactor = reactor
        self._log = Logger(namespace="pushnet.world")
        self._seed = os.urandom(32)
        self._inherited = Inherited.of(os.environ)
        self._streams: dict[str, random.Random] = {}
        self.clock: IReactorTime = MonotonicClock(reactor)
        self.entropy: Entropy = SystemEntropy()
        self.storage: Storage = FileStorage(Path(data_dir))
        self.processes: Processes = ChildProcesses(reactor, self.storage.path)

    def monotonic(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()

    def call_later(self, delay_s: float, function: Callable[..., object], *args: Any) -> IDelayedCall:
        call: IDelayedCall = self._reactor.callLater(delay_s, function, *args)
        return call

    def rng(self, name: str) -> random.Random:
        stream = self._streams.get(name)
        if stream is None:
            seed = hashlib.sha256(self._seed + name.encode()).digest()
            stream = self._streams[name] = random.Random(seed)
        return stream

    def server_endpoint(self, host: str, port: int, *, backlog: int = 0) -> IStreamServerEndpoint:
        return NoDelayServerEndpoint(self._reactor, host, port, backlog or BACKLOG, self._inherited)

    def client_endpoint(
        self,
        host: str,
        port: int,
        *,
        timeout_s: float = 10.0,
        source: str = "",
        families: Families = ANY_FAMILY,
    ) -> IStreamClientEndpoint:
        return NoDelayClientEndpoint(self._reactor, host, port, timeout_s, source, families)

    def stream_buffers(self, transport: Any) -> tuple[int, int]:
        return buffers_of(transport)

    def set_stream_buffers(self, transport: Any, receive_bytes: int, send_bytes: int) -> None:
        set_buffers_of(transport, receive_bytes, send_bytes)

    def datagrams(
        self,
        host: str,
        port: int,
        receive: Callable[[bytes, str, int], object],
        options: DatagramOptions = PLAIN,
    ) -> UdpSocket:
        return UdpSocket(self._reactor, host, port, receive, options)

    def resolve(self, host: str, families: Families = ANY_FAMILY) -> Deferred[str]:
        return first_address(self._reactor, host, families)

    def local_addresses(self, families: Families = ANY_FAMILY) -> list[str]:
        return local_addresses(families)

    def machine(self) -> str:
        return machine_name()

    def epoll_streams(self) -> EpollSockets | None:
        return EpollSockets.offered_by(self._reactor, self._inherited)

    def read_file(self, path: str) -> bytes:
        return Path(path).read_bytes()

    def replace_file(self, path: str, data: bytes) -> None:
        replace_file(Path(path), data)

    def append_file(self, path: str, data: bytes) -> int:
        with open(path, "ab") as file:
            file.write(data)
            return file.tell()

    def rename_file(self, old: str, new: str) -> None:
        os.rename(old, new)

    def redirect_output(self, stream: int, path: str) -> None:
        redirect(stream, path)

    def worker(self, name: str) -> ThreadWorker:
        return ThreadWorker(self._reactor, name)

    def run_blocking(self, function: Callable[..., T], *args: Any) -> Deferred[T]:
        done: Deferred[T] = deferToThreadPool(self._reactor, self._reactor.getThreadPool(), function, *args)
        return done

    def background(self, what: str, work: Deferred[Any]) -> None:
        work.addErrback(lambda failure: self._log.failure("{what} failed", failure, what=what))
