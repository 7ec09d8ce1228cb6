"""The rounds of one run: servers, started when first needed, and the order in which clients come."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from plan import Block
from results import Cell, Round
from running import Server, measure
from systems import System, certificates


class Rounds:
    """Ends its servers with the `with` block."""

    def __init__(self, systems: dict[str, System], seconds: float, room: Path) -> None:
        self._systems = systems
        self._client_tls, self._server_tls = certificates(room)
        self._seconds = seconds
        self._servers: dict[tuple[str, bool], Server] = {}
        self._start_s = time.monotonic()
        self._done = self._total = 0

    def __enter__(self) -> Rounds:
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers.values():
            server.stop()

    def run(self, count: int, blocks: list[Block]) -> list[Round]:
        """Measure every cell `count` times, or until interrupted: then the whole rounds count.

        The order is another in each round, and the same in each run.
        """
        rounds: list[Round] = []
        self._total = count * sum(len(block.pairings) for block in blocks)
        try:
            for number in range(count):
                rounds.append(self._round(random.Random(number), blocks))
        except KeyboardInterrupt:
            if not rounds:
                raise
            print(f"\nbench: interrupted, {len(rounds)} whole rounds count", file=sys.stderr)
        return rounds

    def _round(self, order: random.Random, blocks: list[Block]) -> Round:
        cells: Round = {}
        for block in order.sample(blocks, len(blocks)):
            for client, server in order.sample(block.pairings, len(block.pairings)):
                cell = Cell(block.name, client, server)
                cells[cell] = self._measure(block, client, server)
                self._done += 1
                self._tell(cell, cells[cell]["requests_s"])
        return cells

    def _tell(self, cell: Cell, requests_s: float) -> None:
        done, total = self._done, self._total
        took = time.monotonic() - self._start_s
        told = f"{done} of {total}, {took:.0f} s of about {took / done * total:.0f}: "
        told += f"{cell.block} {cell.client} → {cell.server} {requests_s:,.0f}/s"
        if sys.stderr.isatty():
            print(f"\r\033[Kbench: {told}", end="\n" if done == total else "", file=sys.stderr, flush=True)
        elif done == total or done * 20 // total != (done - 1) * 20 // total:
            print(f"bench: {told}", file=sys.stderr, flush=True)

    def _measure(self, block: Block, client: str, server: str) -> dict[str, float]:
        """Memory is that of a server that has done nothing before."""
        fresh = block.workload == "connections"
        running = self._start(server, block.tls) if fresh else self._server(server, block.tls)
        transport, properties = ("tls", self._client_tls) if block.tls else ("tcp", [])
        given = [str(running.port), block.workload, str(block.window), str(self._seconds), transport]
        command = [*self._systems[client].client, *given, *properties]
        try:
            return measure(running, command, self._seconds, self._systems[client].env)
        finally:
            if fresh:
                running.stop()

    def _server(self, name: str, tls: bool) -> Server:
        if (name, tls) not in self._servers:
            self._servers[name, tls] = self._start(name, tls)
        return self._servers[name, tls]

    def _start(self, name: str, tls: bool) -> Server:
        properties = self._server_tls if tls else []
        system = self._systems[name]
        return Server(list(system.server), tls, properties, system.env)
