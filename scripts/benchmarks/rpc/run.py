"""The RPC benchmark: pushnet beside stock Ice for Python and stock Ice for C++, in one run.

    scripts/bench rpc [--json FILE] [--rounds N] [--seconds S]

Each pairing of client and server calls `int add(int, int)` one call at a time, and with 64 and 1,024 calls
under way. The rounds are interleaved, so that what else the machine does falls on all alike; figures are
medians. CPU is that of the whole process, all threads, user and system.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
WINDOWS = (1, 64, 1024)
PAIRINGS = (
    ("ours", "ours"),
    ("ours", "icepy"),
    ("icepy", "ours"),
    ("icepy", "icepy"),
    ("ours", "icecpp"),
    ("icecpp", "ours"),
    ("icecpp", "icecpp"),
)
"""(client, server). The two stock programs are not crossed: that says nothing about us."""


def build(room: Path) -> dict[str, tuple[list[str], list[str]]]:
    """Make what can be made here: name -> (client command, server command)."""
    where = ["--output", str(room / "generated"), "--package", "generated", "-I", str(HERE)]
    compiler = [sys.executable, "-m", "pushnet.slice.command", *where, str(HERE / "bench.ice")]
    subprocess.run(compiler, check=True, cwd=TOP)
    peers = {
        "ours": (
            [sys.executable, str(HERE / "ours_client.py")],
            [sys.executable, str(HERE / "ours_server.py")],
        )
    }
    system = "/usr/bin/python3"
    if subprocess.run([system, "-c", "import Ice"], capture_output=True).returncode == 0:
        peers["icepy"] = ([system, str(HERE / "icepy_client.py")], [system, str(HERE / "icepy_server.py")])
    else:
        print("without stock Ice for Python: apt-get install python3-zeroc-ice", file=sys.stderr)
    if shutil.which("g++") and shutil.which("slice2cpp") and build_cpp(room):
        peers["icecpp"] = ([str(room / "client")], [str(room / "server")])
    else:
        print(
            "without stock Ice for C++: apt-get install g++ zeroc-ice-compilers libzeroc-ice-dev",
            file=sys.stderr,
        )
    return peers


def build_cpp(room: Path) -> bool:
    if subprocess.run(["slice2cpp", "--output-dir", str(room), str(HERE / "bench.ice")]).returncode:
        return False
    for name in ("server", "client"):
        command = ["g++", "-O2", "-std=c++17", "-DICE_CPP11_MAPPING", f"-I{room}", str(room / "bench.cpp"),
                   str(HERE / f"{name}.cpp"), "-lIce++11", "-lpthread", "-o", str(room / name)]  # fmt: skip
        if subprocess.run(command).returncode:
            return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Server:
    """One running server; ends with the `with` block."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [*command, str(self.port)], stdout=subprocess.PIPE, text=True, env=env
        )
        assert self.process.stdout is not None
        if self.process.stdout.readline().strip() != "ready":
            raise SystemExit(f"the server did not start: {' '.join(command)}")

    def measure(
        self, client: list[str], window: int, seconds: float, env: dict[str, str]
    ) -> dict[str, float]:
        before = cpu_of(self.process.pid)
        out = subprocess.run(
            [*client, str(self.port), str(window), str(seconds)],
            capture_output=True, text=True, env=env, timeout=seconds + 30,
        )  # fmt: skip
        if out.returncode:
            raise SystemExit(f"the client failed: {' '.join(client)}\n{out.stdout}{out.stderr}")
        told = json.loads(out.stdout.strip().splitlines()[-1])
        warm = 1 + 0.2 / seconds if window == 1 else 1
        server_cpu = (cpu_of(self.process.pid) - before) / warm
        done = told["requests"]
        return {
            "requests_s": done / told["seconds"],
            "p50_us": told["p50_us"],
            "p99_us": told["p99_us"],
            "client_cpu_us": told["cpu_s"] / done * 1e6,
            "server_cpu_us": server_cpu / done * 1e6,
        }

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def run(
    peers: dict[str, tuple[list[str], list[str]]], rounds: int, seconds: float, env: dict[str, str]
) -> dict:
    """(client, server, window) -> the medians of the rounds."""
    cells: dict[tuple[str, str, int], list[dict[str, float]]] = {}
    pairings = [pair for pair in PAIRINGS if pair[0] in peers and pair[1] in peers]
    servers = {name: Server(peers[name][1], env) for name in {server for _, server in pairings}}
    try:
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
            for client, server in pairings:
                for window in WINDOWS:
                    cell = servers[server].measure(peers[client][0], window, seconds, env)
                    cells.setdefault((client, server, window), []).append(cell)
    finally:
        for server in servers.values():
            server.stop()
    return {
        key: {name: statistics.median(one[name] for one in many) for name in many[0]}
        for key, many in cells.items()
    }


def ratios(cells: dict) -> dict[str, float]:
    """What the goals are about: ours divided by theirs, in this run."""
    found: dict[str, float] = {}

    def put(name: str, ours: tuple[str, str, int], theirs: tuple[str, str, int], what: str) -> None:
        if ours in cells and theirs in cells:
            found[name] = cells[ours][what] / cells[theirs][what]

    for peer in ("icecpp", "icepy"):
        put(f"pipe64_vs_{peer}", ("ours", "ours", 64), (peer, peer, 64), "requests_s")
        put(f"pipe1024_vs_{peer}", ("ours", "ours", 1024), (peer, peer, 1024), "requests_s")
        put(f"latency_vs_{peer}", ("ours", "ours", 1), (peer, peer, 1), "p50_us")
        put(f"latency_server_vs_{peer}", (peer, "ours", 1), (peer, peer, 1), "p50_us")
        put(f"server_cpu_vs_{peer}", (peer, "ours", 1024), (peer, peer, 1024), "server_cpu_us")
    return found


def table(cells: dict, found: dict[str, float]) -> str:
    lines = [
        "| client | server | window | requests/s | p50 µs | p99 µs | client CPU µs | server CPU µs |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (client, server, window), cell in cells.items():
        latency = f"{cell['p50_us']:.0f} | {cell['p99_us']:.0f}" if window == 1 else "– | –"
        lines.append(
            f"| {client} | {server} | {window} | {cell['requests_s']:,.0f} | {latency} "
            f"| {cell['client_cpu_us']:.1f} | {cell['server_cpu_us']:.1f} |"
        )
    lines += ["", "| ratio (ours ÷ theirs) | value |", "|---|---|"]
    lines += [f"| `{name}` | {value:.2f} |" for name, value in found.items()]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="scripts/bench rpc", description="pushnet beside stock Ice, in one run"
    )
    parser.add_argument("--json", metavar="FILE", help="write the figures there, too")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds (3)")
    parser.add_argument("--seconds", type=float, default=1.0, help="of each measurement (1)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        env = {**os.environ, "PYTHONPATH": f"{TOP}:{room}"}
        cells = run(build(room), options.rounds, options.seconds, env)
    found = ratios(cells)
    print(table(cells, found))
    if options.json:
        result = {
            "machine": {
                "cpus": os.cpu_count(),
                "python": platform.python_version(),
                "system": platform.system(),
            },
            "cells": [{"client": c, "server": s, "window": w, **cell} for (c, s, w), cell in cells.items()],
            "ratios": found,
        }
        Path(options.json).write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
