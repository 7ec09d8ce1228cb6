"""Pushnet's client of the benchmark (see `measuring`). The driver generates the stubs."""

from __future__ import annotations

import tempfile
from functools import partial
from typing import Any

from deferreds import Flood, main
from generated.bench import EchoPrx, Item, Node
from measuring import (
    CONNECTIONS,
    ITEMS,
    NODES,
    Arguments,
    Job,
    counts,
    item_fields,
    node_fields,
    node_links,
    payload,
)
from twisted.internet import reactor

from pushnet.app.realworld import RealWorld
from pushnet.rpc.communicator import Communicator


def graph() -> list[Node]:
    nodes = [Node(*node_fields(number)) for number in range(NODES)]
    for number, node in enumerate(nodes):
        links = (None if link is None else nodes[link] for link in node_links(number))
        node.left, node.right, node.other = links
    return nodes


def walk(root: Any) -> list[Any]:
    """Each node once, by number."""
    found: dict[int, Any] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node is not None and node.id not in found:
            found[node.id] = node
            waiting += (node.left, node.right, node.other)
    return [found[number] for number in sorted(found)]


def told(nodes: list[Any]) -> list[Any]:
    def number(node: Any) -> int | None:
        return None if node is None else node.id

    return [(n.id, n.name, number(n.left), number(n.right), number(n.other)) for n in nodes]


def job(echo: Any, workload: str) -> Job:
    if workload in ("bytes1k", "bytes1m"):
        data = payload(1000 if workload == "bytes1k" else 1_000_000)
        return Job([partial(echo.echoBytes, data)], lambda back: len(back) == len(data), data.__eq__)
    if workload == "structs":
        items = [Item(*item_fields(number)) for number in range(ITEMS)]
        last = items[-1].name
        return Job([partial(echo.echoItems, items)], lambda back: back[ITEMS - 1].name == last, items.__eq__)
    if workload == "classes":
        nodes = graph()
        wanted = told(nodes)
        return Job(
            [partial(echo.echoGraph, nodes[0])],
            lambda back: back.left.right.id == 4,
            lambda back: told(walk(back)) == wanted,
        )
    if workload == "dict":
        given = counts()
        return Job([partial(echo.echoCounts, given)], lambda back: len(back) == len(given), given.__eq__)
    return Job([partial(echo.add, 20, 22)], (42).__eq__, (42).__eq__)


async def prepare(given: Arguments) -> Job | Flood:
    communicator = Communicator(RealWorld(reactor, tempfile.gettempdir()), given.properties)
    protocol = "ssl" if given.tls else "tcp"
    base = communicator.stringToProxy(f"echo:{protocol} -h 127.0.0.1 -p {given.port}")
    echo = await EchoPrx.checkedCast(base)
    assert echo is not None
    if given.workload == "oneway":

        async def left(last: Any) -> None:
            await last

        return Flood(echo.ice_oneway().note, left, echo.noted)
    if given.workload == "batch":
        batch = echo.ice_batchOneway()

        async def flushed(last: Any) -> None:
            await batch.ice_flushBatchRequests()

        return Flood(batch.note, flushed, echo.noted)
    if given.workload == "connections":
        proxies = [echo.ice_connectionId(str(number)) for number in range(CONNECTIONS)]
        return Job([partial(each.add, 20, 22) for each in proxies], (42).__eq__, (42).__eq__)
    return job(echo, given.workload)


main(prepare)
