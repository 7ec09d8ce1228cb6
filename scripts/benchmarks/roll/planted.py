"""Whether the benchmark sees what it is there to see: servers that forget a request, or do one twice.

One server of each kind that can be told to, without a grid, under load of each kind of client. Each plants
one lost one-way request, one lost request of a batch, one lost two-way request and one that is done twice.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from accounting import Span, account, read_executed
from kinds import Programs
from load_run import Load, Ways
from processes import FailedError, Process, free_port

SECONDS = 2.0
RATE = 400.0
PLANTED = ("--Roll.Forget=note:20,gather:30,write:40", "--Roll.Twice=write:10")
EXPECTED = {"failed": 0, "duplicated": 1, "lost_oneway": 1, "lost_batch": 1, "lost_twoway": 1}
"""For each server that plants."""


def check(programs: Programs, servers: list[str], clients: list[str], room: Path) -> dict[str, Any]:
    """What was counted. Raises `FailedError` when it is not what was planted."""
    folder, executed = room / "planted", room / "planted" / "executed"
    executed.mkdir(parents=True)
    processes: list[Process] = []
    lanes = {}
    try:
        for kind in servers:
            tcp, tls = free_port(), free_port()
            endpoints = f"tcp -h 127.0.0.1 -p {tcp}:ssl -h 127.0.0.1 -p {tls}"
            options = [f"--Roll.Record={executed / kind}", f"--Roll.Endpoints={endpoints}"]
            options += [f"--{option}" for option in programs.tls_server]
            if kind != "icecpp":
                options += PLANTED
            log = folder / f"{kind}.log"
            processes.append(
                Process([*programs.server(kind), *options], log, programs.environment(kind), read=True)
            )
            lanes[f"{kind}-tcp.0"] = f"roll/{kind} -t:tcp -h 127.0.0.1 -p {tcp}"
            lanes[f"{kind}-tls.0"] = f"roll/{kind} -t:ssl -h 127.0.0.1 -p {tls}"
        for process in processes:
            process.line()
        load = Load(programs, clients, Ways(lanes, {}, "", ""), RATE, folder)
        try:
            load.begin()
            load.go_on(SECONDS)
            outcome = load.end()
        finally:
            load.stop()
    finally:
        for process in processes:
            process.stop()
    told = account(outcome(), read_executed(executed), Span(0, 0), [])
    planting = sum(kind != "icecpp" for kind in servers)
    for name, times in EXPECTED.items():
        if told[name] != times * planting:
            raise FailedError(
                f"planted {times * planting} times {name}, and {told[name]} were counted: {told}"
            )
    return told
