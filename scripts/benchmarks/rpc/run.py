"""The RPC benchmark: pushnet beside what it is compared to, in one run.

The blocks (`plan`) of a round and the pairings of a block come in an order that changes from round to round
but not from run to run. What is compared with each other is measured one right after the other, so that other
work on the machine falls on all alike; a ratio is the median of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from plan import SYSTEMS, Block, chosen
from profiling import profile
from report import markdown, written
from results import Cell, Round
from running import FailedError, Server, measure
from systems import System, build, environment


class Bench:
    """The servers that run, and the order in which clients come."""

    def __init__(self, systems: dict[str, System], seconds: float, env: dict[str, str]) -> None:
        self._systems = systems
        self._seconds = seconds
        self._env = env
        self._servers: dict[tuple[str, bool], Server] = {}

    def round(self, number: int, blocks: list[Block]) -> Round:
        order = random.Random(number)
        cells: Round = {}
        for block in order.sample(blocks, len(blocks)):
            for client, server in order.sample(block.pairings, len(block.pairings)):
                cells[Cell(block.name, client, server)] = self.cell(block, client, server)
        return cells

    def cell(self, block: Block, client: str, server: str) -> dict[str, float]:
        """Memory is that of a server that has done nothing before."""
        fresh = block.workload == "connections"
        running = self._start(server, block.tls) if fresh else self._server(server, block.tls)
        given = [
            str(running.port),
            block.workload,
            str(block.window),
            str(self._seconds),
            "tls" if block.tls else "tcp",
        ]
        try:
            return measure(running, [*self._systems[client].client, *given], self._seconds, self._env)
        finally:
            if fresh:
                running.stop()

    def stop(self) -> None:
        for server in self._servers.values():
            server.stop()

    def _server(self, name: str, tls: bool) -> Server:
        if (name, tls) not in self._servers:
            self._servers[name, tls] = self._start(name, tls)
        return self._servers[name, tls]

    def _start(self, name: str, tls: bool) -> Server:
        return Server(list(self._systems[name].server), tls, [], self._env)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench rpc", description="pushnet beside its peers, in one run"
    )
    parser.add_argument("--json", metavar="FILE", help="write every figure there")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (5)")
    parser.add_argument("--seconds", type=float, default=0.4, help="of each measurement (0.4)")
    parser.add_argument("--only", nargs="+", default=[], metavar="WORKLOAD", help="these workloads")
    parser.add_argument(
        "--peers",
        nargs="+",
        default=list(SYSTEMS[1:]),
        choices=SYSTEMS[1:],
        metavar="NAME",
        help="beside these: " + " ".join(SYSTEMS[1:]),
    )
    parser.add_argument(
        "--without", nargs="+", default=[], choices=SYSTEMS[1:], metavar="NAME", help="not beside these"
    )
    parser.add_argument(
        "--profile", metavar="WORKLOAD", help="show where our client and server spend their time at it"
    )
    return parser.parse_args()


def show_profile(workload: str, seconds: float) -> None:
    (block,) = chosen([workload], ["ours"])
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        systems, _ = build(["ours"], room)
        print(profile(block, systems["ours"], [], max(seconds, 3), environment(room), room))


def main() -> None:
    given, start = options(), time.monotonic()
    if given.profile:
        show_profile(given.profile, given.seconds)
        return
    names = [
        name for name in SYSTEMS if name == "ours" or (name in given.peers and name not in given.without)
    ]
    blocks = chosen(given.only, names)
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        systems, missing = build(names, room)
        for name, why in missing.items():
            print(f"bench: without {name} (--without {name} leaves it out): {why}", file=sys.stderr)
        if missing:
            sys.exit(1)
        bench = Bench(systems, given.seconds, environment(room))
        rounds: list[Round] = []
        try:
            for number in range(given.rounds):
                rounds.append(bench.round(number, blocks))
                took = time.monotonic() - start
                print(
                    f"bench: round {number + 1} of {given.rounds}, {took:.0f} s", file=sys.stderr, flush=True
                )
        except FailedError as error:
            sys.exit(f"bench: {error}")
        finally:
            bench.stop()
    print(markdown(blocks, rounds))
    if given.json:
        Path(given.json).write_text(written(given, blocks, rounds, time.monotonic() - start))
    print(f"bench: took {time.monotonic() - start:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
