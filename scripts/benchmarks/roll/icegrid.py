"""Stock IceGrid, rolled as its operators roll: `icepatch2calc`, then one server at a time.

Each is stopped, patched, and started again. A replica group of each kind answers with one replica at a
time, round-robin, so that clients spread, and turn to another replica when theirs is stopped.
Beside it `glacier2router`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from xml.sax.saxutils import quoteattr

from grid import MACHINES, PASSWORD, USER, VERSION_FILE, Grid
from load_run import Ways, grid_ways
from processes import FailedError, Process, free_port, listens, run, until

NEEDED = {
    "icegridregistry": "zeroc-icegrid",
    "icegridnode": "zeroc-icegrid",
    "icegridadmin": "zeroc-ice-utils",
    "icepatch2calc": "zeroc-ice-utils",
    "icepatch2server": "zeroc-icepatch2",
    "glacier2router": "zeroc-glacier2",
}
"""Programs and the Debian packages they are in."""
ENDPOINTS = "tcp -h 127.0.0.1:ssl -h 127.0.0.1"


class IceGrid(Grid):
    """A registry, four nodes, a patch server, a router: each a process of its own."""

    name = "icegrid"

    def start(self) -> None:
        for program, package in NEEDED.items():
            if not shutil.which(program):
                raise FailedError(f"{program} is missing: apt-get install {package}")
        self._locator_port, self._router_port, self._patch_port = free_port(), free_port(), free_port()
        self._locator = f"IceGrid/Locator:tcp -h 127.0.0.1 -p {self._locator_port}"
        self._files = self.folder / "files"
        for kind in self.kinds:
            shutil.copytree(self.programs.folders[kind], self._files / kind)
        self._registry()
        for machine in MACHINES:
            self._node(machine)
        self._publish("1.0")
        self._admin(*(f"node ping {machine}" for machine in MACHINES))
        (self.folder / "roll.xml").write_text(self._descriptors())
        self._admin(f"application add {self.folder / 'roll.xml'}")
        for server, _, _ in self.servers():
            self._admin(f"server patch {server}", f"server start {server}")
        self._router()

    def ways(self) -> Ways:
        return grid_ways(
            self.kinds, self._locator, f"Glacier2/router:tcp -h 127.0.0.1 -p {self._router_port}"
        )

    def roll(self, version: str, look: Callable[[], None]) -> None:
        self._publish(version)
        for server, _, _ in self.servers():
            self._admin(f"server stop {server}", f"server patch {server}", f"server start {server}")
            look()

    def _registry(self) -> None:
        data = self.folder / "registry"
        data.mkdir()
        self._start(
            "icegridregistry",
            f"IceGrid.Registry.Client.Endpoints=tcp -h 127.0.0.1 -p {self._locator_port}",
            "IceGrid.Registry.Server.Endpoints=tcp -h 127.0.0.1",
            "IceGrid.Registry.Internal.Endpoints=tcp -h 127.0.0.1",
            "IceGrid.Registry.AdminPermissionsVerifier=IceGrid/NullPermissionsVerifier",
            f"IceGrid.Registry.LMDB.Path={data}",
        )
        until("icegridregistry listens", lambda: listens(self._locator_port))

    def _node(self, machine: str) -> None:
        data = self.folder / machine
        data.mkdir()
        self._start(
            "icegridnode",
            f"IceGrid.Node.Name={machine}",
            f"IceGrid.Node.Data={data}",
            f"IceGrid.Node.Output={data}",
            "IceGrid.Node.Endpoints=tcp -h 127.0.0.1",
            "IceGrid.Node.AllowRunningServersAsRoot=1",
            f"Ice.Default.Locator={self._locator}",
        )

    def _router(self) -> None:
        self._start(
            "glacier2router",
            f"Glacier2.Client.Endpoints=tcp -h 127.0.0.1 -p {self._router_port}",
            "Glacier2.PermissionsVerifier=Glacier2/NullPermissionsVerifier",
            "Ice.Default.LocatorCacheTimeout=0",
            f"Ice.Default.Locator={self._locator}",
        )
        until("glacier2router listens", lambda: listens(self._router_port))

    def _publish(self, version: str) -> None:
        """New files, their index, and a patch server that has read it: it reads it only when it starts."""
        for kind in self.kinds:
            (self._files / kind / VERSION_FILE).write_text(f"{version}\n")
        run(["icepatch2calc", str(self._files)])
        old = [process for process in self.processes if "icepatch2server" in process.command[0]]
        for process in old:
            process.stop()
            self.processes.remove(process)
        endpoints = f"tcp -h 127.0.0.1 -p {self._patch_port}"
        self._start(
            "icepatch2server", f"IcePatch2.Endpoints={endpoints}", f"IcePatch2.Directory={self._files}"
        )
        until("icepatch2server listens", lambda: listens(self._patch_port))

    def _start(self, program: str, *options: str) -> None:
        log = self.folder / f"{program}.log"
        self.processes.append(Process([program, *(f"--{option}" for option in options)], log))

    def _admin(self, *commands: str) -> None:
        program = ["icegridadmin", f"--Ice.Default.Locator={self._locator}", "-u", USER, "-p", PASSWORD]
        for command in commands:
            told = run([*program, "-e", command], 120.0)
            if "error" in told or "failed" in told:
                raise FailedError(f"icegridadmin -e {command!r}: {told}")

    def _descriptors(self) -> str:
        groups = [
            f'<replica-group id="Roll-{kind}">'
            '<load-balancing type="round-robin" n-replicas="1"/></replica-group>'
            for kind in self.kinds
        ]
        nodes = []
        for machine in MACHINES:
            there = [self._server(*each) for each in self.servers() if each[2] == machine]
            nodes.append(f'<node name="{machine}">{"".join(there)}</node>')
        return f'<icegrid><application name="Roll">{"".join(groups)}{"".join(nodes)}</application></icegrid>'

    def _server(self, server: str, kind: str, machine: str) -> str:
        where = f"${{server.distrib}}/{kind}"
        program, *arguments = self.programs.server(kind, where)
        patch = f"IcePatch2/server:tcp -h 127.0.0.1 -p {self._patch_port}"
        environment = {"PATH": os.environ["PATH"], **self.programs.environment(kind, where)}
        properties = dict(option.split("=", 1) for option in self.programs.tls_server)
        properties["Roll.Record"] = self.record(server)
        user = 'user="root"' if os.geteuid() == 0 else ""  # else a node of root's runs them as nobody
        options = f'activation="manual" application-distrib="false" {user}'
        return "".join(
            [
                f'<server id="{server}" exe={quoteattr(program)} {options}>',
                f"<distrib icepatch={quoteattr(patch)}><directory>{kind}</directory></distrib>",
                *(f"<option>{argument}</option>" for argument in arguments),
                *(f"<env>{name}={value}</env>" for name, value in environment.items()),
                *(
                    f"<property name={quoteattr(name)} value={quoteattr(value)}/>"
                    for name, value in properties.items()
                ),
                f'<adapter name="Roll" endpoints="{ENDPOINTS}" replica-group="Roll-{kind}"/>',
                "</server>",
            ]
        )
