"""Load from several processes, from one moment to another: our clients, stock Ice's in Python and in C++."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import attrs
from accounting import Caller, read_caller
from kinds import KINDS, Programs
from processes import START_LIMIT_S, Process

END_LIMIT_S = 60.0
DIRECT, RELAY = "direct", "relay"
RELAY_PART = 1 / 3
"""Of the load: what goes through the relay."""
LANES_OF_A_WAY = 4
"""Connections a direct caller has to the servers of a kind, over TCP and over TLS each."""


@attrs.frozen
class Ways:
    """How servers are reached: proxies by the name of their lane, `WAY.NUMBER`."""

    direct: Mapping[str, str]
    relay: Mapping[str, str]
    locator: str
    router: str


def grid_ways(kinds: Sequence[str], locator: str, router: str) -> Ways:
    """Each kind is a replica group; every lane has an object of its own, so that a router has, too."""
    numbers = range(LANES_OF_A_WAY)
    direct = {
        f"{kind}-{name}.{number}": f"roll/{kind}{name}{number} {option} @ Roll-{kind}"
        for kind in kinds
        for name, option in (("tcp", "-t"), ("tls", "-s -t"))
        for number in numbers
    }
    relay = {
        f"{kind}-relay.{number}": f"roll/{kind}r{number} @ Roll-{kind}"
        for kind in kinds
        for number in numbers
    }
    return Ways(direct, relay, locator, router)


class Load:
    """The processes that make load. Started and ended here."""

    def __init__(
        self, programs: Programs, kinds: Sequence[str], ways: Ways, rate: float, folder: Path
    ) -> None:
        self._folder = folder
        self._names: dict[int, str] = {}
        self._processes: dict[int, Process] = {}
        routes = [(DIRECT, 1 - RELAY_PART), (RELAY, RELAY_PART)] if ways.relay else [(DIRECT, 1.0)]
        for kind in kinds:
            for route, part in routes:
                number = len(self._names) + 1
                self._names[number] = f"{kind} {route}"
                options = self._options(programs, ways, route, number, rate * part / len(kinds))
                self._processes[number] = Process(
                    [*programs.client(kind), *options],
                    folder / f"caller-{number}.log",
                    programs.environment(kind),
                    read=True,
                )

    def _options(self, programs: Programs, ways: Ways, route: str, number: int, rate: float) -> list[str]:
        lanes = ways.direct if route == DIRECT else ways.relay
        options = [
            f"--Roll.Client={number}",
            f"--Roll.Rate={rate}",
            f"--Roll.Out={self._folder / f'caller-{number}.told'}",
            "--Roll.Lanes=" + ";".join(f"{name} {proxy}" for name, proxy in lanes.items()),
            *(f"--{option}" for option in programs.tls_client),
        ]
        if route == RELAY:
            options.append(f"--Ice.Default.Router={ways.router}")
        elif ways.locator:
            options.append(f"--Ice.Default.Locator={ways.locator}")
        return options

    def begin(self) -> None:
        for process in self._processes.values():
            if process.line(START_LIMIT_S) != "ready":
                raise process.failed("is not ready")
        for process in self._processes.values():
            process.say()

    def go_on(self, seconds: float) -> None:
        """Let it run for a while."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))
            self.look()

    def look(self) -> None:
        """Raises `FailedError` when a process has ended."""
        for process in self._processes.values():
            if not process.runs:
                raise process.failed("ended")

    def end(self) -> Callable[[], list[Caller]]:
        """Ends it; returns what reads the outcome."""
        for process in self._processes.values():
            process.say()
        for process in self._processes.values():
            if process.wait(END_LIMIT_S):
                raise process.failed("ended with an error")
        return self._outcome

    def _outcome(self) -> list[Caller]:
        names = self._names.items()
        return [read_caller(number, name, self._folder / f"caller-{number}.told") for number, name in names]

    def stop(self) -> None:
        for process in self._processes.values():
            process.stop()


def all_kinds(only: Sequence[str]) -> list[str]:
    """In their usual order."""
    return [kind for kind in KINDS if kind in only]
