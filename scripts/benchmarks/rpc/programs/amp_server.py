"""The AMP server of the benchmark: amp_server.py PORT tcp|tls [--IceSSL.DefaultDir=FOLDER]."""

from __future__ import annotations

import gc
import sys
from typing import Any

from amp_commands import Add, EchoBytes, EchoCounts, EchoGraph, EchoItems, Note, Noted
from deferreds import serve
from endpoints import server_endpoint
from twisted.internet.protocol import Factory
from twisted.protocols.amp import AMP


class Echo(AMP):
    count = 0
    """Of all connections."""

    @Add.responder
    def add(self, a: int, b: int) -> dict[str, Any]:
        return {"sum": a + b}

    @EchoBytes.responder
    def echo_bytes(self, value: bytes) -> dict[str, Any]:
        return {"value": value}

    @EchoItems.responder
    def echo_items(self, value: list[Any]) -> dict[str, Any]:
        return {"value": value}

    @EchoGraph.responder
    def echo_graph(self, value: list[Any]) -> dict[str, Any]:
        return {"value": value}

    @EchoCounts.responder
    def echo_counts(self, value: list[Any]) -> dict[str, Any]:
        return {"value": value}

    @Note.responder
    def note(self, number: int) -> dict[str, Any]:
        Echo.count += 1
        return {}

    @Noted.responder
    def noted(self) -> dict[str, Any]:
        return {"count": Echo.count}


async def start() -> None:
    await server_endpoint(sys.argv[1:]).listen(Factory.forProtocol(Echo))
    gc.freeze()
    print("ready", flush=True)


serve(start)
