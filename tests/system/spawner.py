"""Starts processes of a grid by forking itself, after everything was imported: a hundred of them are soon up.

It reads one JSON object a line: `name`, `file` (the cluster file) and, for a server that counts, `log`. Each
process says `{"name": …, "pid": …}` on stdout when it serves. Run as `python -m tests.system.spawner`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from pushnet.app.config import data_folder, read_settings
from pushnet.app.node import make_node
from pushnet.app.realworld import RealWorld
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.settings import NodeSettings, Settings
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.membership import Membership
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from tests.golden.calls import EverythingServant

for room in ("node", "registry"):
    import_module(f"pushnet.roles.{room}.service")  # so that no process has to

COUNTER = WellKnown(Identity("Counter", ""), "::Calls::Everything")


class CountingI(EverythingServant):
    """Writes down each token that it is given, before it answers."""

    def __init__(self, log: int) -> None:
        self._log = log

    def add(self, a: int, b: int, current: Current | None = None) -> int:
        os.write(self._log, b"%d\n" % a)
        return a + b

    def one(self, current: Current | None = None) -> int:
        return 1


def main() -> None:
    """Fork for each line, until stdin ends; then end with all that was started."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    assert "twisted.internet.reactor" not in sys.modules, "each process has one of its own"
    started: list[int] = []
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            run(asked)
        started.append(pid)
    for pid in started:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def run(asked: dict[str, str]) -> None:
    """Be one process of the grid."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.close(0)
    from twisted.internet import reactor as installed

    reactor: Any = installed
    settings = read_settings(asked["file"])

    def serving(_: object) -> None:
        os.write(1, json.dumps({"name": asked["name"], "pid": os.getpid()}).encode() + b"\n")

    def failed(failure: Any) -> None:
        os.write(1, json.dumps({"name": asked["name"], "failed": failure.getTraceback()}).encode() + b"\n")
        os._exit(1)

    if "log" in asked:
        from twisted.internet.defer import ensureDeferred

        log = os.open(asked["log"], os.O_APPEND | os.O_CREAT | os.O_WRONLY)
        started = ensureDeferred(count(reactor, settings, asked["name"], log))
    else:
        folder = Path(data_folder(settings, settings.named(asked["name"])))
        node = make_node(RealWorld(reactor, folder), settings, asked["name"])
        node.startService()
        started = node.started
    started.addCallbacks(serving, failed)
    reactor.run()
    os._exit(0)


async def count(reactor: Any, settings: Settings, name: str, log: int) -> None:
    """Be a server that counts, and a member of group `Counters`."""
    world: Any = RealWorld(reactor, Path(settings.cluster.data) / name)
    communicator = Communicator(world, inner_properties(settings))
    node = NodeSettings(name=name, role="counter")
    membership = Membership(world, communicator, settings, node, "1.0", pid=os.getpid())
    adapter = communicator.createObjectAdapterWithEndpoints(name, "tcp -h 127.0.0.1 -p 0")
    adapter.add(CountingI(log), COUNTER.identity)
    await adapter.activate()
    membership.offer(adapter, "Counters", [COUNTER])
    await membership.start()


if __name__ == "__main__":
    main()
