"""Processes of the real world that may outlive who started them, and the sockets they are handed.

A pidfd tells of the end of any process, child or not; where the system has none it is looked for.
"""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from twisted.internet.abstract import isIPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IReadDescriptor
from twisted.python.failure import Failure
from zope.interface import implementer

from pushnet.app.realworld_priority import Calm
from pushnet.world import LISTENING_SOCKETS, UNKNOWN_STATUS, HeldSocket, Usage

LOOK_S = 0.5
"""How often it is looked whether a process is still there, where there are no pidfds."""
AGAIN_S = 0.15
"""When the system has refused to hurry a process so soon after another."""
_STATE, _UTIME, _STIME, _THREADS, _BEGAN, _PAGES = 0, 11, 12, 17, 19, 21
"""Fields of /proc/PID/stat behind the name."""


class RealHeldSocket:
    """Implements `HeldSocket`."""

    def __init__(self, host: str, port: int, backlog: int, shared: bool) -> None:
        family = socket.AF_INET6 if isIPv6Address(host) else socket.AF_INET
        self._host = host
        self._backlog = backlog
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            if not shared and port:
                _see_that_it_is_free(family, host, port)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # for who comes after us
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.setblocking(False)
            self._socket.bind((host, port))
            if not shared:
                self.listen()
        except OSError as error:
            self._socket.close()
            raise CannotListenError(host, port, error) from error  # type: ignore[no-untyped-call]

    def listen(self) -> None:
        """Let the system take connections in. Again: nothing."""
        self._socket.listen(self._backlog)

    def address(self) -> tuple[str, int]:
        return self._host, self._socket.getsockname()[1]

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._socket.close()


def _see_that_it_is_free(family: socket.AddressFamily, host: str, port: int) -> None:
    """Raises `OSError`: a socket that may be shared would be bound beside any other that may."""
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


@implementer(IReadDescriptor)
class _Watched:
    """A pidfd in the reactor: readable when the process has ended."""

    def __init__(self, descriptor: int, process: ApartProcess) -> None:
        self._descriptor = descriptor
        self._process = process

    def fileno(self) -> int:
        return self._descriptor

    def logPrefix(self) -> str:
        return "process"

    def doRead(self) -> None:
        self._process.ended()

    def connectionLost(self, reason: Failure) -> None:
        """Of the reactor's end: nothing is told any more."""


class ApartProcess:
    """One process. Implements `SpawnedProcess`."""

    def __init__(self, reactor: Any, pid: int, began: str, popen: subprocess.Popen[bytes] | None) -> None:
        self.pid = pid
        self.began = began
        self.exited: Deferred[int] = Deferred(lambda exited: None)
        self._reactor = reactor
        self._popen = popen
        self._watched: _Watched | None = None
        self._over = False
        self.calm: Calm | None = None
        """If it was started gently, or may have been."""
        try:
            self._watched = _Watched(os.pidfd_open(pid), self)
        except (AttributeError, OSError):
            reactor.callLater(LOOK_S, self._look)
        else:
            reactor.addReader(self._watched)

    def signal(self, number: int) -> None:
        """Send a signal; to one that has ended it is no error."""
        if not self._over:
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                return

    def hurry(self) -> None:
        if self.calm is not None and not self._over:
            if self.calm.end():
                self.calm = None
            else:
                self._reactor.callLater(AGAIN_S, self.hurry)

    def ended(self) -> None:
        self._over = True
        if self._watched is not None:
            self._reactor.removeReader(self._watched)
            os.close(self._watched.fileno())
        status = UNKNOWN_STATUS if self._popen is None else self._popen.wait()
        self.exited.callback(status)

    def _look(self) -> None:
        if began_of(self.pid) != self.began or (self._popen is not None and self._popen.poll() is not None):
            self.ended()
        else:
            self._reactor.callLater(LOOK_S, self._look)


def spawn_apart(
    reactor: Any,
    argv: Sequence[str],
    env: Mapping[str, str],
    log: str,
    folder: str,
    sockets: Sequence[HeldSocket],
    gently: bool,
) -> ApartProcess:
    """See `Processes.spawn_apart`; `log` is a path."""
    held = [each for each in sockets if isinstance(each, RealHeldSocket)]
    handed = ",".join(f"{at[0]}:{at[1]}={each.fileno()}" for each in held for at in [each.address()])
    for each in held:
        each.listen()
    Path(log).parent.mkdir(parents=True, exist_ok=True)
    with open(log, "ab") as file:
        popen = subprocess.Popen(
            list(argv),
            env={**env, LISTENING_SOCKETS: handed} if handed else dict(env),
            cwd=folder or None,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            pass_fds=[each.fileno() for each in held],
            start_new_session=True,
        )
    process = ApartProcess(reactor, popen.pid, began_of(popen.pid), popen)
    if gently:
        process.calm = Calm(popen.pid)
        process.calm.begin()
    return process


def adopt(reactor: Any, pid: int, began: str) -> ApartProcess | None:
    """See `Processes.adopt`."""
    if not began or began_of(pid) != began:
        return None
    process = ApartProcess(reactor, pid, began, None)
    process.calm = Calm(pid)
    return process


def began_of(pid: int) -> str:
    """When a process began, as the system counts; empty when it is not there any more."""
    fields = _stat(pid)
    return fields[_BEGAN] if fields and fields[_STATE] not in "ZX" else ""


def usage_of(pid: int) -> Usage | None:
    """See `Processes.usage`."""
    fields = _stat(pid)
    if not fields:
        return None
    try:
        descriptors = len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        descriptors = 0
    ticks = int(fields[_UTIME]) + int(fields[_STIME])
    memory = int(fields[_PAGES]) * os.sysconf("SC_PAGE_SIZE")
    return Usage(ticks / os.sysconf("SC_CLK_TCK"), memory, descriptors, int(fields[_THREADS]))


def _stat(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    return text.rpartition(")")[2].split()
