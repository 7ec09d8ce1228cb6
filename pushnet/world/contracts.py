"""The contracts of a world. Types of Twisted appear where Twisted's own helpers need them."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import (
    IDelayedCall,
    IReactorFDSet,
    IReactorTime,
    IStreamClientEndpoint,
    IStreamServerEndpoint,
)

T = TypeVar("T")


class Worker(Protocol):
    """Runs blocking functions one after the other, off the reactor: one thread in the real world.

    In the simulated world the function runs inline and its result arrives at a later virtual time.
    """

    def submit(self, function: Callable[..., T], *args: Any) -> Deferred[T]:
        """Run `function(*args)` after everything submitted before; fire with its result or failure."""
        ...

    def close(self) -> Deferred[None]:
        """Finish what was submitted, then end. Fires when the thread is gone."""
        ...


@attrs.frozen
class Entry:
    """One thing in a folder of a storage, as it is: nothing is followed."""

    path: str
    """From the folder that was asked for."""
    kind: str
    """`file`, `folder`, `pointer` (a symbolic link), or `special` (a device, a pipe, a socket)."""
    size: int = 0
    """Of a file, in bytes."""
    executable: bool = False


class Reserved(Protocol):
    """A file whose room is there already: what is written over it changes its content and nothing else.

    So a sync is one write of the disk, where a file that grows needs several. Blocking, as `Storage`.
    """

    def write(self, position: int, data: bytes) -> None:
        """Put `data` over what stands at that position. Not durable before `fdatasync`; may be torn then."""
        ...

    def fdatasync(self) -> None: ...

    def close(self) -> None: ...


class Storage(Protocol):
    """Named files of one node, in one folder. Blocking: call through a `Worker`.

    Names are relative, with `/` between parts. Every method raises `OSError` as the file system does.
    Folders come into being with the files in them.
    """

    def append(self, name: str, data: bytes) -> None:
        """Add `data` at the end of the file, making it when missing. Not durable before `fdatasync`."""
        ...

    def read(self, name: str, offset: int = 0, size: int = -1) -> bytes: ...

    def fdatasync(self, name: str) -> None: ...

    def replace(self, name: str, data: bytes) -> None:
        """Put `data` in place of the file's content, atomically and durably."""
        ...

    def names(self, prefix: str = "") -> list[str]:
        """The existing names that start with `prefix`, sorted."""
        ...

    def size(self, name: str) -> int: ...

    def delete(self, name: str) -> None: ...

    def give_back(self, name: str, before: int) -> None:
        """Give back the room that a file's bytes before that position take; they cannot be read any more.

        What stands behind them stays where it is. A file system that cannot do that keeps them.
        """
        ...

    def reserve(self, name: str, size: int) -> Reserved:
        """Open a file of that size; one that is missing or smaller is made anew, of zeros, durably."""
        ...

    def make_folder(self, name: str) -> None:
        """Make a folder, and those above it, where they are missing. Durable."""
        ...

    def delete_folder(self, name: str) -> None:
        """Remove a folder and everything in it; pointers are removed, not followed. Durable."""
        ...

    def entries(self, folder: str = "") -> list[Entry]:
        """Everything below a folder, sorted by path; empty when there is no such folder."""
        ...

    def rename(self, old: str, new: str) -> None:
        """Give a file or a folder another name, atomically and durably.

        A file takes the place of a file. A folder takes no place that is taken: `OSError`.
        """
        ...

    def set_executable(self, name: str, executable: bool) -> None:
        """Let a file be run as a program, or not. Durable."""
        ...

    def point(self, name: str, folder: str) -> None:
        """Make `name` a pointer (a symbolic link) to a folder of this storage, atomically and durably.

        It takes the place of an earlier pointer. What lies behind a pointer is asked for by `pointed`.
        """
        ...

    def pointed(self, name: str) -> str:
        """The folder that `name` points to. `FileNotFoundError` when there is no such pointer."""
        ...

    def path(self, name: str) -> str:
        """Where programs of this machine find that name."""
        ...

    def connect_sqlite(self, name: str, *, read_only: bool = False) -> sqlite3.Connection:
        """Open the SQLite database `name`, in WAL mode with `synchronous=FULL`, manual transactions.

        Several connections to one name see one database. In the simulated world it lives in memory
        and survives the crash of its node, less what was not committed.
        """
        ...


class Entropy(Protocol):
    """Identifiers and key material. Seeded in the simulated world only."""

    def token(self, size_bytes: int) -> bytes: ...

    def uuid(self) -> str:
        """A random UUID in its usual 36-character form."""
        ...


class SpawnedProcess(Protocol):
    """A child process. `exited` fires once with the exit status (negative: killed by that signal)."""

    pid: int
    began: str
    """Tells it from later processes of the same number."""
    exited: Deferred[int]

    def signal(self, number: int) -> None: ...

    def hurry(self) -> None:
        """If it was started gently, it runs like any other from now on."""
        ...


class HeldSocket(Protocol):
    """A listening TCP socket that nobody accepts at here: it is there to be handed to processes.

    Whoever connects waits until one of them accepts. It listens as long as anybody has it.
    """

    def address(self) -> tuple[str, int]:
        """The host as it was given, and the port it is bound to."""
        ...

    def close(self) -> None: ...


@attrs.frozen
class Usage:
    """What a process has taken."""

    cpu_s: float
    """Since it began, by user and system."""
    memory_bytes: int
    """Resident."""
    descriptors: int
    threads: int


LISTENING_SOCKETS = "PUSHNET_SOCKETS"
"""In a process's environment: the listening sockets it was started with, as `host:port=descriptor,…`."""
UNKNOWN_STATUS = 255
"""The exit status of an adopted process: only its parent is told."""


class Processes(Protocol):
    """Starting other programs."""

    def spawn(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        output: Callable[[bytes], None],
    ) -> SpawnedProcess:
        """Start `argv`; `output` receives what it writes to stdout and stderr, as it comes."""
        ...

    def spawn_apart(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        log: str,
        folder: str = "",
        sockets: Sequence[HeldSocket] = (),
        gently: bool = False,
    ) -> SpawnedProcess:
        """Start `argv` so that it can outlive this process, in a group of its own.

        Args:
            env: all of its environment; `PUSHNET_SOCKETS` is added.
            log: the name in this process's storage of the file to which its stdout and stderr are appended.
            folder: where it runs, a path of this machine; empty: where we run.
            sockets: handed on to it: endpoints at their addresses take them instead of listening anew.
            gently: others come before it where a processor is wanted, until `hurry`; if the system lets us.
        """
        ...

    def adopt(self, pid: int, began: str) -> SpawnedProcess | None:
        """A process that an earlier run of this program has started apart; None when it has ended.

        Its `exited` fires within a second, with `UNKNOWN_STATUS`.
        """
        ...

    def usage(self, pid: int) -> Usage | None:
        """What a process has taken so far; None when that is not known. Blocking, but quick."""
        ...

    def machine(self) -> dict[str, float]:
        """What the machine has, as far as it is known: see `AgentFacts.resources`. Blocking, but quick."""
        ...

    def hold(self, host: str, port: int, backlog: int = 0, *, shared: bool = False) -> HeldSocket:
        """Listen, to hand the socket on. Host "" means all interfaces, port 0 lets the system choose.

        Args:
            shared: processes that an earlier run of this program has started listen there already, with
                sockets that were handed to them. This one begins to listen when it is handed on.

        Raises `CannotListenError`.
        """
        ...


@attrs.frozen
class Families:
    """Which addresses of a name are used, and which first."""

    ipv4: bool = True
    ipv6: bool = True
    prefer_ipv6: bool = False


@attrs.frozen
class DatagramOptions:
    """What a UDP socket may be given."""

    receive_bytes: int = 0
    """The system's buffer of what has arrived; 0: as the system likes, as for the next one."""
    send_bytes: int = 0
    group: str = ""
    """The address of a group to join: what is sent to it arrives."""
    interface: str = ""
    """A name or an address of this host: where the group is joined, and what goes to a group leaves."""
    ttl: int = -1
    """How far what goes to a group may travel; -1: to the next router."""


class ListeningSocket(Protocol):
    """A TCP socket that listens and never blocks. Closed by its owner."""

    def fileno(self) -> int: ...

    def address(self) -> tuple[str, int]:
        """The host and port it is bound to."""
        ...

    def accept(self) -> tuple[int, str, int]:
        """Take one waiting connection: its descriptor, which the caller owns, and the peer's host and port.

        The descriptor does not block, is not inherited, and does not delay small writes (TCP_NODELAY).
        Raises `BlockingIOError` when nobody waits, and `OSError` as accept(2) does; out of descriptors,
        whoever waits first is turned away by means of one kept in reserve.
        """
        ...

    def close(self) -> None: ...


class EpollStreams(Protocol):
    """What `pushnet.net.hub` is built on, where the system has epoll and the reactor takes descriptors."""

    reactor: IReactorFDSet

    def listen(self, host: str, port: int, backlog: int) -> ListeningSocket:
        """Bind and listen. Host "" means all interfaces; port 0 lets the system choose."""
        ...


class DatagramSocket(Protocol):
    """A UDP socket. Sending never blocks and never fails: a datagram may be lost anywhere."""

    def address(self) -> tuple[str, int]:
        """The host and port it is bound to."""
        ...

    def address_towards(self, host: str) -> str:
        """By which address of ours it sends to that one, also when it is bound to all of ours."""
        ...

    def send(self, data: bytes, host: str, port: int) -> None:
        """Send one datagram to an address (no name)."""
        ...

    def close(self) -> Deferred[None]: ...

    def buffers(self) -> tuple[int, int]:
        """Bytes the system keeps for it, received and to be sent; 0 when that is not known."""
        ...

    def set_buffers(self, receive_bytes: int, send_bytes: int) -> None:
        """Change them, where they are more than 0; the system may take something else."""
        ...


ANY_FAMILY = Families()
PLAIN = DatagramOptions()


class World(Protocol):
    """Everything a node may touch outside itself."""

    clock: IReactorTime
    """For Twisted helpers that want a clock (`LoopingCall.clock`, `addTimeout`...): seconds are monotonic."""
    entropy: Entropy
    storage: Storage
    processes: Processes

    def monotonic(self) -> float:
        """Seconds that never go back. Leases, timeouts and back-off use nothing else."""
        ...

    def wall(self) -> float:
        """Seconds since 1970, UTC. May jump; only for what people read and for time-to-live."""
        ...

    def call_later(self, delay_s: float, function: Callable[..., object], *args: Any) -> IDelayedCall:
        """Call `function(*args)` after `delay_s` seconds (0: after this turn of the loop)."""
        ...

    def rng(self, name: str) -> random.Random:
        """The random stream of that name: a draw in one never shifts another. Not for secrets."""
        ...

    def server_endpoint(self, host: str, port: int, *, backlog: int = 0) -> IStreamServerEndpoint:
        """Where to listen: TCP, `port` 0 lets the system choose.

        Host "" means all interfaces of IPv4, "::" those of both families. `backlog`: how many may wait to be
        accepted; 0: as many as suit a node.
        """
        ...

    def client_endpoint(
        self,
        host: str,
        port: int,
        *,
        timeout_s: float = 10.0,
        source: str = "",
        families: Families = ANY_FAMILY,
    ) -> IStreamClientEndpoint:
        """Where to connect to, with a deadline for the connection to be established.

        Of a name with several addresses one after the other is tried.
        """
        ...

    def stream_buffers(self, transport: Any) -> tuple[int, int]:
        """Bytes the system keeps for a stream, received and to be sent; 0 when that is not known."""
        ...

    def set_stream_buffers(self, transport: Any, receive_bytes: int, send_bytes: int) -> None:
        """Change them, where they are more than 0; the system may take something else."""
        ...

    def datagrams(
        self,
        host: str,
        port: int,
        receive: Callable[[bytes, str, int], object],
        options: DatagramOptions = PLAIN,
    ) -> DatagramSocket:
        """A UDP socket; `receive(data, host, port)` is called for each datagram that arrives.

        Host "" means all interfaces of IPv4, "::" those of IPv6; port 0 lets the system choose. Raises
        `CannotListenError` when the address cannot be had. Several may join one group at one port.
        """
        ...

    def resolve(self, host: str, families: Families = ANY_FAMILY) -> Deferred[str]:
        """An address of that host; an address is its own. Fails with `DNSLookupError`."""
        ...

    def local_addresses(self, families: Families = ANY_FAMILY) -> list[str]:
        """Addresses by which others may reach this host; those of its loopback when it has no others."""
        ...

    def machine(self) -> str:
        """Which machine this is, since which of its starts: no other, and no later start, is told alike."""
        ...

    def epoll_streams(self) -> EpollStreams | None:
        """For many cheap connections; None where only `server_endpoint` is to be had (the simulation)."""
        ...

    def read_file(self, path: str) -> bytes:
        """A file that the configuration names: certificates, keys. Blocking, for the start; raises `OSError`.

        In the simulated world it is a file of the host's disk, of that name without leading `/`.
        """
        ...

    def replace_file(self, path: str, data: bytes) -> None:
        """Put `data` in place of such a file, atomically and durably. Blocking; raises `OSError`."""
        ...

    def append_file(self, path: str, data: bytes) -> int:
        """Write at the end of a file that the configuration names, which is made if need be; its size then.

        For logs: blocking, but quick, and not durable. Raises `OSError`. Simulated as in `read_file`.
        """
        ...

    def rename_file(self, old: str, new: str) -> None:
        """Give such a file another name. Raises `OSError`."""
        ...

    def redirect_output(self, stream: int, path: str) -> None:
        """What this process writes to its standard output (1) or error (2) goes to the end of that file.

        Raises `OSError`. Simulated hosts have no such streams: the file is made, and stays empty.
        """
        ...

    def worker(self, name: str) -> Worker:
        """A new serial worker. The caller closes it."""
        ...

    def run_blocking(self, function: Callable[..., T], *args: Any) -> Deferred[T]:
        """Run one blocking function off the reactor, in no particular order with others."""
        ...

    def background(self, what: str, work: Deferred[Any]) -> None:
        """Own a Deferred that nobody waits for: a failure is logged under `what`, never dropped."""
        ...
