"""The Perspective Broker server of the benchmark: pb_server.py PORT tcp|tls [--IceSSL.DefaultDir=FOLDER]."""

from __future__ import annotations

import gc
import sys

from deferreds import serve
from endpoints import server_endpoint
from pb_values import Item, Node
from twisted.spread.pb import PBServerFactory, Root


class Echo(Root):
    def __init__(self) -> None:
        self.count = 0

    def remote_add(self, a: int, b: int) -> int:
        return a + b

    def remote_echoBytes(self, value: bytes) -> bytes:
        return value

    def remote_echoItems(self, value: list[Item]) -> list[Item]:
        return value

    def remote_echoGraph(self, value: Node) -> Node:
        return value

    def remote_echoCounts(self, value: dict[str, int]) -> dict[str, int]:
        return value

    def remote_note(self, number: int) -> None:
        self.count += 1

    def remote_noted(self) -> int:
        return self.count


async def start() -> None:
    await server_endpoint(sys.argv[1:]).listen(PBServerFactory(Echo()))
    gc.freeze()
    print("ready", flush=True)


serve(start)
