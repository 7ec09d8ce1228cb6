"""Processes of the benchmark: started here, ended here, by their id, whatever happens."""

from __future__ import annotations

import os
import random
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

START_LIMIT_S = 60.0
STOP_LIMIT_S = 30.0
STEP_S = 0.05


class FailedError(Exception):
    """It cannot be measured: the text says why."""


class Process:
    """One program; what it writes to stderr, and to stdout when nobody reads that, goes to its log."""

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        read: bool = False,
    ) -> None:
        self.command = list(command)
        self.log = log
        with log.open("ab") as sink:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if read else sink,
                stderr=sink,
                env={**os.environ, **(env or {})},
                cwd=cwd,
            )
        self.pid = self._process.pid

    def line(self, limit_s: float = START_LIMIT_S) -> str:
        """The next line it writes to stdout."""
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            if not selector.select(limit_s):
                raise self.failed(f"wrote nothing for {limit_s:.0f} s")
        line = self._process.stdout.readline().decode().strip()
        if not line:
            raise self.failed("ended")
        return line

    def say(self) -> None:
        """An empty line to its stdin."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def wait(self, limit_s: float) -> int:
        """Its exit status."""
        try:
            return self._process.wait(limit_s)
        except subprocess.TimeoutExpired:
            raise self.failed(f"did not end within {limit_s:.0f} s") from None

    def stop(self) -> None:
        """In an orderly way, or else by force."""
        if self.runs:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait()

    def failed(self, what: str) -> FailedError:
        told = self.log.read_text(errors="replace")[-3000:]
        return FailedError(f"{Path(self.command[0]).name} … {self.command[-1]}: it {what}\n{told}")


def run(
    command: Sequence[str],
    limit_s: float = 60.0,
    env: Mapping[str, str] | None = None,
    well: Sequence[int] = (0,),
) -> str:
    """Run a program to its end; what it wrote. Raises `FailedError` unless its status is one of `well`."""
    try:
        done = subprocess.run(
            list(command),
            capture_output=True,
            text=True,
            timeout=limit_s,
            env={**os.environ, **(env or {})},
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise FailedError(f"{' '.join(command)}: not done within {limit_s:.0f} s\n{late.stdout}") from None
    if done.returncode not in well:
        raise FailedError(
            f"{' '.join(command)}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return done.stdout + done.stderr


def until(what: str, there: Callable[[], bool], limit_s: float = START_LIMIT_S) -> None:
    """Wait for something to be so."""
    end = time.monotonic() + limit_s
    while not there():
        if time.monotonic() > end:
            raise FailedError(f"not within {limit_s:.0f} s: {what}")
        time.sleep(STEP_S)


PORTS = range(10_000, 32_000)
"""Below those that the system gives to connections, which might have one by the time it is listened at."""


def free_port() -> int:
    """One that nobody listens at now; probably never the same twice."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
