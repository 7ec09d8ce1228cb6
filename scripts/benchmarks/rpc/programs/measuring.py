"""What the Python programs of the benchmark have in common: arguments, values, and how figures are told.

A client is started as `CLIENT PORT WORKLOAD WINDOW SECONDS tcp|tls [--Ice.Property=VALUE...]`. It connects,
makes every call once and compares the whole answer, calls for `WARM_S` seconds as it will when measured, and
says `warm`. When it reads a line it measures, writes one JSON object, and ends when it reads the next line:
meanwhile the driver looks at both processes. Only what every Python here has is imported.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

WARM_S = 0.15
CHUNK = 500
"""Calls of a flood between two looks at the clock; what one batch holds."""
CONNECTIONS = 1000
ITEMS = 100
NODES = 50
ENTRIES = 1000


class Arguments(NamedTuple):
    port: int
    workload: str
    window: int
    seconds: float
    tls: bool
    properties: dict[str, str]
    """Ice's, for the programs that speak Ice."""


def arguments() -> Arguments:
    port, workload, window, seconds, transport = sys.argv[1:6]
    return Arguments(
        int(port), workload, int(window), float(seconds), transport == "tls", properties(sys.argv[6:])
    )


def properties(given: Iterable[str]) -> dict[str, str]:
    pairs = (each.removeprefix("--").partition("=") for each in given)
    return {name: value for name, _, value in pairs}


def item_fields(number: int) -> tuple[int, str, str, int, bool]:
    return (
        10_000_000_000 + number,
        f"item number {number}",
        f"shelf {number % 7}, Zürich",
        number * 3,
        number % 2 == 0,
    )


def node_fields(number: int) -> tuple[int, str]:
    return number, f"node number {number}"


def node_links(number: int) -> tuple[int | None, int | None, int | None]:
    """Left, right and other: always a node with a higher number, so that there are no circles."""
    left, right, other = 2 * number + 1, 2 * number + 2, number + 7
    return tuple(each if each < NODES else None for each in (left, right, other))  # type: ignore[return-value]


def payload(size: int) -> bytes:
    return bytes(number * 7 % 251 for number in range(1000)) * (size // 1000)


def counts() -> dict[str, int]:
    return {f"entry number {number}": number * 5 for number in range(ENTRIES)}


class Job(NamedTuple):
    """A workload of answered calls."""

    calls: list[Any]
    """What makes the call: one; or one for each connection."""
    right: Callable[[Any], bool]
    """A quick look at an answer; each gets one."""
    same: Callable[[Any], bool]
    """Whether an answer is the whole of what was sent."""


def job(
    workload: str,
    call: Callable[..., list[Any]],
    item: Callable[[int, str, str, int, bool], Any],
    node: Callable[[int, str], Any],
) -> Job:
    """The workload, where structs and class instances are objects that `item` and `node` make.

    `call(name, argument...)` gives what makes the call, for each connection.
    """
    if workload in ("bytes1k", "bytes1m"):
        data = payload(1000 if workload == "bytes1k" else 1_000_000)
        return Job(call("echoBytes", data), lambda back: len(back) == len(data), data.__eq__)
    if workload == "structs":
        items = [item(*item_fields(number)) for number in range(ITEMS)]
        last = items[-1].name
        return Job(call("echoItems", items), lambda back: back[ITEMS - 1].name == last, items.__eq__)
    if workload == "classes":
        nodes = graph(node)
        wanted = told(nodes[0])
        return Job(
            call("echoGraph", nodes[0]),
            lambda back: back.left.right.id == 4,
            lambda back: told(back) == wanted,
        )
    if workload == "dict":
        given = counts()
        return Job(call("echoCounts", given), lambda back: len(back) == len(given), given.__eq__)
    return Job(call("add", 20, 22), (42).__eq__, (42).__eq__)


def graph(make: Callable[[int, str], Any]) -> list[Any]:
    nodes = [make(*node_fields(number)) for number in range(NODES)]
    for number, node in enumerate(nodes):
        links = (None if link is None else nodes[link] for link in node_links(number))
        node.left, node.right, node.other = links
    return nodes


def told(root: Any) -> list[Any]:
    """The whole graph below `root` as plain values, and how many instances it has."""
    found: dict[int, Any] = {}
    waiting, instances = [root], set()
    while waiting:
        node = waiting.pop()
        if node is not None and id(node) not in instances:
            instances.add(id(node))
            links = (node.left, node.right, node.other)
            found[node.id] = node.name, [None if each is None else each.id for each in links]
            waiting += links
    return [len(instances), sorted(found.items())]


def started() -> None:
    """Tell the driver that all is warm, and wait until it has looked."""
    gc.collect()
    gc.freeze()
    print("warm", flush=True)
    sys.stdin.readline()


def tell(requests: int, seconds: float, cpu_s: float, times: list[float]) -> None:
    """Tell the figures, and wait until the driver has looked at this process."""
    times.sort()
    figures = {"requests": requests, "seconds": seconds, "cpu_s": cpu_s}
    if times:
        figures["p50_us"] = times[len(times) // 2] * 1e6
        figures["p99_us"] = times[len(times) * 99 // 100] * 1e6
    print(json.dumps(figures), flush=True)
    sys.stdin.readline()


class Watch:
    """Wall and CPU time since it was made."""

    def __init__(self) -> None:
        self.start = time.perf_counter()
        self._cpu = time.process_time()

    def read(self) -> tuple[float, float]:
        return time.perf_counter() - self.start, time.process_time() - self._cpu
