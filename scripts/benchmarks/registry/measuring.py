"""What is measured, with one client for all: `client.cpp`, stock Ice for C++."""

from __future__ import annotations

import hashlib
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from systems import FailedError, System

HERE = Path(__file__).parent
WINDOW = 64
IDS = 1000
"""Names that lookups go round."""
CALL_LIMIT_S = 300


def build(folder: Path) -> Path:
    """Compile the client; kept by its text for the next run."""
    if not shutil.which("g++"):
        raise FailedError("stock Ice for C++: apt-get install g++ libzeroc-ice-dev")
    source = HERE / "client.cpp"
    made = folder / f"registry-client-{hashlib.sha256(source.read_bytes()).hexdigest()[:16]}"
    if not made.exists():
        flags = ["-std=c++17", "-O2", "-DICE_CPP11_MAPPING"]
        command = ["g++", *flags, str(source), "-lIce++11", "-lpthread", "-o", str(made)]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
        if told.returncode:
            raise FailedError(f"the client does not compile:\n{told.stderr[-2000:]}")
    return made


class Measuring:
    """One registry under the client."""

    def __init__(self, client: Path, system: System) -> None:
        self._client = client
        self._system = system

    def lookups(self, kind: str, prefix: str, seconds: float) -> float:
        """Calls a second, of `adapter` or `object`, with a window of 64."""
        return float(self._run("lookups", kind, str(seconds), str(WINDOW), prefix, str(IDS)))

    @contextmanager
    def registered(
        self, window: int, prefix: str, count: int
    ) -> Iterator[tuple[float, subprocess.Popen[str]]]:
        """A server that has registered `count` adapters, and how many it registered a second."""
        command = [str(self._client), self._system.locator, "register", str(window), prefix, "0", str(count)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdin is not None and server.stdout is not None
            line = server.stdout.readline()
            if not line:
                raise FailedError(f"{self._system.name} did not take in {count} adapters")
            try:
                yield float(line), server
            finally:
                server.send_signal(signal.SIGCONT)
                with suppress(OSError):
                    server.stdin.close()

    def failover_s(self, fault: int, name: str, limit_s: float) -> float:
        """From `fault` (a signal) to a registered server until it is no longer answered; or `limit_s`."""
        with self.registered(1, name, 1) as (_, server):
            command = [str(self._client), self._system.locator, "watch", f"{name}0", str(limit_s)]
            with subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            ) as watcher:
                assert watcher.stdin is not None and watcher.stdout is not None
                if watcher.stdout.readline().strip() != "ready":
                    raise FailedError(f"{self._system.name} does not answer what was registered")
                server.send_signal(fault)
                watcher.stdin.write("now\n")
                watcher.stdin.flush()
                return float(watcher.stdout.readline())

    def _run(self, *arguments: str) -> str:
        told = subprocess.run(
            [str(self._client), self._system.locator, *arguments],
            capture_output=True,
            text=True,
            timeout=CALL_LIMIT_S,
            check=False,
        )
        if told.returncode:
            raise FailedError(f"{self._system.name}, {' '.join(arguments)}: {told.stderr[-500:]}")
        return told.stdout
