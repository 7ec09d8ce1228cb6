"""Pushnet's server of the benchmark: ours_server.py PORT tcp|tls [--IceSSL.X=...]."""

from __future__ import annotations

import gc
import sys
import tempfile
from collections.abc import Sequence
from typing import Any

from deferreds import serve
from generated.bench import EchoServant, Item, Node
from measuring import properties
from twisted.internet import reactor

from pushnet.app.realworld import RealWorld
from pushnet.rpc.communicator import Communicator
from pushnet.wire.identity import Identity


class EchoI(EchoServant):
    def __init__(self) -> None:
        self.count = 0

    def add(self, a: int, b: int, current: Any = None) -> int:
        return a + b

    def echoBytes(self, value: bytes, current: Any = None) -> bytes:
        return value

    def echoItems(self, value: Sequence[Item], current: Any = None) -> Sequence[Item]:
        return value

    def echoGraph(self, value: Node | None, current: Any = None) -> Node | None:
        return value

    def echoCounts(self, value: dict[str, int], current: Any = None) -> dict[str, int]:
        return value

    def note(self, number: int, current: Any = None) -> None:
        self.count += 1

    def noted(self, current: Any = None) -> int:
        return self.count


async def start() -> None:
    port, transport = sys.argv[1:3]
    communicator = Communicator(RealWorld(reactor, tempfile.gettempdir()), properties(sys.argv[3:]))
    protocol = "ssl" if transport == "tls" else "tcp"
    adapter = communicator.createObjectAdapterWithEndpoints("Bench", f"{protocol} -h 127.0.0.1 -p {port}")
    adapter.add(EchoI(), Identity("echo", ""))
    await adapter.activate()
    gc.freeze()
    print("ready", flush=True)


serve(start)
