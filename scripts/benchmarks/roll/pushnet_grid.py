"""pushnet: a registry, an agent on each of four machines, a relay; rolled by `pushnet deploy`.

Our servers get their listening sockets from their agent, so one version follows the other at the same
addresses. Stock Ice servers stand behind their agent's front.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grid import MACHINES, PASSWORD, USER, VERSION_FILE, Grid
from kinds import TOP
from load_run import Ways, grid_ways
from processes import FailedError, Process, free_port, listens, run, until

SOAK_S = 2.0
DEPLOY_LIMIT_S = 180.0
BIN = Path(sys.executable).parent


class PushnetGrid(Grid):
    """A registry, four agents, a relay: each a process of its own."""

    name = "pushnet"

    def start(self) -> None:
        self._registry_port, self._relay_port = free_port(), free_port()
        self._ports = {server: (free_port(), free_port()) for server, _, _ in self.servers()}
        self._file = self.folder / "cluster.toml"
        self._file.write_text(self._settings())
        self._locator = f"IceGrid/Locator:tcp -h 127.0.0.1 -p {self._registry_port}"
        self._store = self.folder / "data" / "registry-1" / "releases"
        self._pushnet(
            "patch", "keys", "make", "--store", str(self._store), "--keys", str(self.folder / "keys")
        )
        self._publish("1.0.0")
        self._node("registry", "registry-1")
        until("the registry listens", lambda: listens(self._registry_port))
        self._pushnet("apply", str(self._file), "--yes", "--config", str(self._file))
        for machine in MACHINES:
            self._node("node", machine)
        self._node("relay", "relay-1")
        until("the relay listens", lambda: listens(self._relay_port))
        try:
            until("all servers serve", self._all_serve)
        except FailedError as error:
            raise FailedError(f"{error}\n{json.dumps(self.states(), indent=1)}") from None

    def ways(self) -> Ways:
        return grid_ways(self.kinds, self._locator, f"Glacier2/router:tcp -h 127.0.0.1 -p {self._relay_port}")

    def roll(self, version: str, look: Callable[[], None]) -> None:
        self._publish(version)
        for kind in self.kinds:
            log = self.folder / f"deploy-{kind}-{version}.log"
            command = [str(BIN / "pushnet"), "deploy", kind, version, "--soak", str(SOAK_S)]
            deploying = Process([*command, "--config", str(self._file)], log, self._environment())
            self.processes.append(deploying)

            def ended(deploying: Process = deploying) -> bool:
                look()
                return not deploying.runs

            until(f"{kind} {version} is deployed", ended, DEPLOY_LIMIT_S)
            if deploying.wait(1.0):
                raise deploying.failed("did not deploy")
            self.processes.remove(deploying)

    def states(self) -> list[dict[str, Any]]:
        """Every server, as `pushnet servers` tells it."""
        command = [str(BIN / "pushnet"), "servers", "--json", "--config", str(self._file)]
        told = run(command, env=self._environment(), well=(0, 1))  # 1: somebody is not well
        found: list[dict[str, Any]] = json.loads(told)["servers"]
        return found

    def _all_serve(self) -> bool:
        states = self.states()
        return len(states) == len(self.servers()) and all(state["phase"] == "serving" for state in states)

    def _publish(self, version: str) -> None:
        for kind in self.kinds:
            folder = self.programs.folders[kind]
            (folder / VERSION_FILE).write_text(f"{version}\n")
            where = ["--store", str(self._store), "--keys", str(self.folder / "keys")]
            self._pushnet("patch", "publish", str(folder), "--name", kind, "--version", version, *where)

    def _pushnet(self, *arguments: str) -> str:
        return run([str(BIN / "pushnet"), *arguments], env=self._environment())

    def _node(self, role: str, name: str) -> None:
        command = [str(BIN / "twistd"), "--reactor", "pushnet", "--nodaemon", "--no_save", "--pidfile="]
        command += [f"pushnet-{role}", "--config", str(self._file), "--node", name]
        log = self.folder / f"{name}.log"
        self.processes.append(Process(command, log, self._environment(), cwd=self.folder))

    def _environment(self) -> dict[str, str]:
        return {"PYTHONPATH": str(self.programs.package)}

    def _settings(self) -> str:
        sys.path.insert(0, str(TOP))
        from pushnet.roles.password import hash_password

        hashed = hash_password(PASSWORD, os.urandom(16))
        agent = {
            "role": "node",
            "node.stop_servers": True,
            "node.fronts": dict(option.split("=", 1) for option in self.programs.tls_server),
        }
        parts = [
            {
                "cluster": {
                    "name": "roll",
                    "secret": os.urandom(16).hex(),
                    "registry_port": self._registry_port,
                    "data": "data",
                }
            },
            *({"[group]": {"id": f"Roll-{kind}", "choice": "round-robin", "n": 1}} for kind in self.kinds),
            {"[node]": {"name": "registry-1", "role": "registry"}},
            *({"[node]": {**agent, "name": machine}} for machine in MACHINES),
            {
                "[node]": {
                    "name": "relay-1",
                    "role": "relay",
                    "relay.port": self._relay_port,
                    "relay.users": {USER: hashed},
                    "relay.allow": ["roll"],
                }
            },
            *({"[server]": self._server(*each)} for each in self.servers()),
        ]
        return "\n".join(_toml(name, table) for part in parts for name, table in part.items())

    def _server(self, server: str, kind: str, machine: str) -> dict[str, Any]:
        tcp, tls = self._ports[server]
        public = f"tcp -h 127.0.0.1 -p {tcp}:ssl -h 127.0.0.1 -p {tls}"
        table: dict[str, Any] = {
            "name": server,
            "kind": kind,
            "agent": machine,
            "release": kind,
            "version": "1.0.0",
            "environment": self.programs.environment(kind, "${release}"),
        }
        options = [
            f"Roll.Record={self.record(server)}",
            f"Roll.AdapterId={server}",
            f"Roll.ReplicaGroupId=Roll-{kind}",
            "Ice.Default.Locator=${locator}",
        ]
        if kind == "ours":
            options += [f"Roll.Endpoints={public}", *self.programs.tls_server]
            table |= {
                "sockets": [f"127.0.0.1:{tcp}", f"127.0.0.1:{tls}"],
                "readiness": "serving",
                "adapters": [server],
            }
        else:
            options += ["Roll.Endpoints=tcp -h 127.0.0.1 -p ${port}", f"Roll.PublishedEndpoints={public}"]
            options.append("Ice.Plugin.IceSSL=IceSSL:createIceSSL")  # to publish an endpoint with TLS
            table |= {"front": public, "adapters": [server]}
        command = self.programs.server(kind, "${release}")
        return {**table, "command": [*command, *(f"--{option}" for option in options)]}


def _toml(name: str, table: dict[str, Any]) -> str:
    lines = [f"{key} = {_value(value)}" for key, value in table.items()]
    return "\n".join([f"[{name}]", *lines, ""])


def _value(value: Any) -> str:
    """JSON's texts, numbers, truth and lists are TOML's, too."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_value(each)}" for key, each in value.items()) + " }"
    return json.dumps(value)
