"""One measurement: a server, a client, and what the system counts about them meanwhile.

Servers of other systems stand still (SIGSTOP) while one is measured. The server's CPU time and peak memory
are those of its process between two lines the client writes: `warm`, and its figures.
"""

from __future__ import annotations

import json
import selectors
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

START_S = 60.0
"""What a program may take to start, and a client beyond its seconds, on a busy machine."""


class FailedError(Exception):
    """A program did not do what it should; says what it wrote."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_s(pid: int) -> float:
    """User and system time of all threads of a process, in nanosecond steps."""
    return time.clock_gettime((~pid << 3) | 2)


def memory_kb(pid: int) -> tuple[int, int, int]:
    """(proportional set size, resident, the most resident since `forget_peak`)."""
    roll = _fields(Path(f"/proc/{pid}/smaps_rollup"))
    return roll["Pss"], roll["Rss"], _fields(Path(f"/proc/{pid}/status"))["VmHWM"]


def forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _fields(path: Path) -> dict[str, int]:
    found = {}
    for line in path.read_text().splitlines():
        name, colon, value = line.partition(":")
        if colon and value.endswith(" kB"):
            found[name] = int(value.split()[0])
    return found


class Program:
    """A running program whose lines are read with a deadline; what it writes to stderr is kept."""

    def __init__(self, command: list[str], env: Mapping[str, str]) -> None:
        self.command = command
        self._errors: IO[str] = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env=env,
            bufsize=1,
        )
        self.pid = self.process.pid

    def line(self, seconds: float) -> str:
        """The next line it writes."""
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if not selector.select(seconds):
                raise self.failed(f"it wrote nothing for {seconds:.0f} s")
        line = self.process.stdout.readline().strip()
        if not line:
            raise self.failed("it ended")
        return line

    def say(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def failed(self, told: str) -> FailedError:
        self.stop()
        self._errors.seek(0)
        return FailedError(f"{' '.join(self.command)}: {told}\n{self._errors.read()[-4000:]}")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


class Server(Program):
    """A server that is ready; it stands still unless it is `awake`."""

    def __init__(self, command: list[str], tls: bool, properties: list[str], env: Mapping[str, str]) -> None:
        self.port = free_port()
        super().__init__([*command, str(self.port), "tls" if tls else "tcp", *properties], env)
        if self.line(START_S) != "ready":
            raise self.failed("it is not ready")
        self.rest()

    def wake(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def rest(self) -> None:
        self.process.send_signal(signal.SIGSTOP)


def measure(server: Server, command: list[str], seconds: float, env: Mapping[str, str]) -> dict[str, float]:
    """Run a client against a server: the client's figures, and those of both processes."""
    server.wake()
    _, rss_before, _ = memory_kb(server.pid)
    client = Program(command, env)
    try:
        if client.line(START_S) != "warm":
            raise client.failed("it is not warm")
        server_pss, server_rss, _ = memory_kb(server.pid)
        forget_peak(server.pid)
        forget_peak(client.pid)
        before = cpu_s(server.pid)
        client.say()
        told = json.loads(client.line(seconds + START_S))
        used = cpu_s(server.pid) - before
        _, _, server_peak = memory_kb(server.pid)
        _, _, client_peak = memory_kb(client.pid)
        client.say()
        client.process.wait(START_S)
    finally:
        client.stop()
        server.rest()
    done = told["requests"]
    return {
        "requests": done,
        "seconds": told["seconds"],
        "requests_s": done / told["seconds"],
        **{name: told[name] for name in ("p50_us", "p99_us") if name in told},
        "client_cpu_us": told["cpu_s"] / done * 1e6,
        "server_cpu_us": used / done * 1e6,
        "cpu_us": (told["cpu_s"] + used) / done * 1e6,
        "server_pss_kb": server_pss,
        "server_rss_kb": server_rss,
        "server_added_kb": server_rss - rss_before,
        "server_peak_kb": server_peak,
        "client_peak_kb": client_peak,
    }
