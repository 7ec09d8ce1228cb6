"""A cluster of real processes for a test: written to a folder, started with `pushnet up`, stopped in order.

```
cluster = Cluster(folder)
await cluster.start()                  # every node serves
cluster.demo.rest, .key, .secret       # where to push, and as whom
cluster.demo.brokers, .relay_port, .registry_port
cluster.nodes["broker-1"].pid          # of the process that runs now
await cluster.until_serving("broker-1", restarts=1)
await cluster.stop()
```
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
from twisted.internet import reactor as installed_reactor
from twisted.internet.defer import Deferred

from pushnet.app.demo_config import write_cluster
from tests.app.children import Child

START_LIMIT_S = 90.0
STOP_LIMIT_S = 60.0
PUSHNET = str(Path(sys.executable).with_name("pushnet"))
"""The command, as it is installed beside this Python."""
reactor: Any = installed_reactor


@attrs.define
class Node:
    """What `pushnet up` last told of a node."""

    name: str
    role: str
    state: str
    pid: int
    http: str
    restarts: int
    ended: int | None
    """How its last run ended: exit status, or the signal as a negative number."""


class Up(Child):
    """`pushnet up --json`, and what it tells."""

    def __init__(self, file: Path, changed: Callable[[], None]) -> None:
        self.nodes: dict[str, Node] = {}
        self.ready = False
        self.states: list[dict[str, Any]] = []
        """Every change of a node's state, in order."""
        self.lines: list[dict[str, Any]] = []
        """What the nodes logged."""
        self._changed = changed
        self._partial = b""
        super().__init__([PUSHNET, "up", "--json", str(file)], limit_s=None)

    def outReceived(self, data: bytes) -> None:
        super().outReceived(data)
        *lines, self._partial = (self._partial + data).split(b"\n")
        for line in lines:
            self._heard(line)
        self._changed()

    def _heard(self, line: bytes) -> None:
        try:
            told = json.loads(line)
        except ValueError:
            told = {"message": line.decode("utf-8", "replace"), "level": "raw"}
        match told.get("event"):
            case "state":
                self.states.append(told)
                fields = {
                    field.name: told[field.name] for field in attrs.fields(Node) if field.name != "name"
                }
                self.nodes[told["node"]] = Node(name=told["node"], **fields)
            case "ready":
                self.ready = True
            case _:
                self.lines.append(told)


class Cluster:
    """One cluster, with its own ports and data in `folder`."""

    def __init__(self, folder: Path | str, *, more: str = "", lease_s: float = 3.0) -> None:
        self.folder = Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.demo = write_cluster(self.folder, more=more, lease_s=lease_s)
        self._up: Up | None = None
        self._waiters: list[tuple[Callable[[], bool], Deferred[None]]] = []

    @property
    def up(self) -> Up:
        assert self._up is not None, "the cluster was not started"
        return self._up

    @property
    def nodes(self) -> dict[str, Node]:
        """Every node, by name."""
        return self.up.nodes

    async def start(self) -> None:
        """Start everything; raises `AssertionError` with what was said when it does not come up."""
        self._up = Up(self.demo.file, self._look)
        self._up.ended.addCallback(self._over)
        await self.until(lambda: self.up.ready, START_LIMIT_S, "the cluster is up")

    async def stop(self) -> int:
        """Stop in order; returns the exit status of `pushnet up`."""
        up = self.up
        up.signal(signal.SIGTERM)
        alarm = reactor.callLater(STOP_LIMIT_S, up.signal, signal.SIGKILL)
        ended = await up.ended
        if alarm.active():
            alarm.cancel()
        return int(ended.status)

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to the process that runs `name` now."""
        pid = self.nodes[name].pid
        assert pid, f"{name} does not run"
        os.kill(pid, number)

    async def until_serving(self, name: str, restarts: int, limit_s: float = 30.0) -> None:
        """Wait until `name` serves after so many restarts."""

        def there() -> bool:
            node = self.nodes[name]
            return node.state == "serving" and node.restarts >= restarts

        await self.until(there, limit_s, f"{name} serves again")

    async def until(self, true: Callable[[], bool], limit_s: float, what: str) -> None:
        """Wait until news of the cluster make `true()` hold; fail after `limit_s`."""
        if true():
            return
        waiter: Deferred[None] = Deferred()
        self._waiters.append((true, waiter))
        alarm = reactor.callLater(limit_s, self._late, waiter, what, limit_s)
        await waiter
        if alarm.active():
            alarm.cancel()

    def warnings(self) -> list[str]:
        """What the nodes logged as a warning or worse."""
        loud = ("warn", "error", "critical", "raw")
        return [
            f"{line.get('node')}: {line['message']}" for line in self.up.lines if line.get("level") in loud
        ]

    def _late(self, waiter: Deferred[None], what: str, limit_s: float) -> None:
        if not waiter.called:
            told = "\n".join(self.warnings()[-20:])
            waiter.errback(AssertionError(f"not within {limit_s} s: {what}\n{self.nodes}\n{told}"))

    def _over(self, ended: Any) -> Any:
        """`pushnet up` has ended: whoever waits for news of it need not wait on."""
        waiting, self._waiters = self._waiters, []
        told = "\n".join(self.warnings()[-20:])
        for _, waiter in waiting:
            if not waiter.called:
                waiter.errback(AssertionError(f"pushnet up ended with {ended.status}:\n{ended.err}\n{told}"))
        return ended

    def _look(self) -> None:
        waiting, self._waiters = self._waiters, []
        for true, waiter in waiting:
            if waiter.called:
                continue
            if self._up is not None and true():
                waiter.callback(None)
            else:
                self._waiters.append((true, waiter))
