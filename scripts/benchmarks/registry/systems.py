"""The registries that are measured: ours and ZeroC's, each started fresh with an empty disk of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
USER, PASSWORD = "bench", "bench"
START_LIMIT_S = 20.0
STOP_LIMIT_S = 10.0


class FailedError(Exception):
    """It cannot be measured: the text says why."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class System:
    """One registry process. Its default settings, but for ports, folders and who may administer it."""

    name = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / self.name
        self.folder.mkdir()
        self.port = free_port()
        self.locator = f"IceGrid/Locator:tcp -h 127.0.0.1 -p {self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> None:
        """Serving when it returns."""
        command = self.command()
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(command, cwd=TOP, stdout=log, stderr=log)
        until = time.monotonic() + START_LIMIT_S
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > until:
                raise FailedError(f"{self.name} did not start:\n{(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.05)

    def memory_mb(self) -> float:
        """Resident, of the process."""
        assert self._process is not None
        for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise FailedError(f"{self.name} has no memory to read")

    def add_objects(self, prefix: str, count: int) -> None:
        """Well-known objects, as an administrator adds them to either."""
        program = ["icegridadmin", f"--Ice.Default.Locator={self.locator}", "-u", USER, "-p", PASSWORD]
        for number in range(count):
            program += ["-e", f'object add "{prefix}{number}:tcp -h 127.0.0.1 -p 9" ::Bench']
        told = subprocess.run(program, capture_output=True, text=True, timeout=120, check=False)
        if told.returncode or "error" in told.stdout + told.stderr:
            raise FailedError(f"{self.name}: icegridadmin said {told.stdout}{told.stderr}")

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Pushnet(System):
    """One registry on its own disk: `twistd pushnet-registry`."""

    name = "pushnet"

    def command(self) -> list[str]:
        sys.path.insert(0, str(TOP))
        from pushnet.roles.password import hash_password

        settings = self.folder / "cluster.toml"
        settings.write_text(
            f'[cluster]\nsecret = "{os.urandom(16).hex()}"\nregistry_port = {self.port}\ndata = "var"\n'
            '[[node]]\nname = "registry-1"\nrole = "registry"\n'
            f'registry.admins = {{ {USER} = "{hash_password(PASSWORD, os.urandom(16))}" }}\n'
        )
        twistd = str(TOP / ".venv" / "bin" / "twistd")
        return [twistd, "-n", "--pidfile=", "pushnet-registry", "--config", str(settings)]


class IceGrid(System):
    """ZeroC's icegridregistry, to which servers may register themselves."""

    name = "icegrid"

    def command(self) -> list[str]:
        settings = self.folder / "registry.cfg"
        data = self.folder / "data"
        data.mkdir()
        settings.write_text(
            f"IceGrid.Registry.Client.Endpoints=tcp -h 127.0.0.1 -p {self.port}\n"
            "IceGrid.Registry.Server.Endpoints=tcp -h 127.0.0.1\n"
            "IceGrid.Registry.Internal.Endpoints=tcp -h 127.0.0.1\n"
            "IceGrid.Registry.AdminPermissionsVerifier=IceGrid/NullPermissionsVerifier\n"
            "IceGrid.Registry.DynamicRegistration=1\n"
            f"IceGrid.Registry.LMDB.Path={data}\n"
        )
        return ["icegridregistry", f"--Ice.Config={settings}"]
