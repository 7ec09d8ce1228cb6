"""The AMP client of the benchmark (see `measuring`)."""

from __future__ import annotations

from functools import partial
from typing import Any

from amp_commands import Add, EchoBytes, EchoCounts, EchoGraph, EchoItems, Note, Noted
from deferreds import Flood, Paced, main
from endpoints import client_endpoint
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
from twisted.internet.endpoints import connectProtocol
from twisted.protocols.amp import AMP


def job(amps: list[AMP], workload: str) -> Job:
    def of(command: Any, **arguments: Any) -> list[Any]:
        return [partial(amp.callRemote, command, **arguments) for amp in amps]

    def echo(command: Any, value: Any) -> Job:
        size = len(value)
        return Job(
            of(command, value=value),
            lambda back: len(back["value"]) == size,
            lambda back: back["value"] == value,
        )

    if workload == "bytes1k":
        return echo(EchoBytes, payload(1000))
    if workload == "structs":
        names = ("id", "name", "place", "count", "ready")
        return echo(EchoItems, [dict(zip(names, item_fields(n), strict=True)) for n in range(ITEMS)])
    if workload == "classes":
        nodes = []
        for number in range(NODES):
            links = zip(("left", "right", "other"), node_links(number), strict=True)
            node = dict(zip(("id", "name"), node_fields(number), strict=True))
            nodes.append({**node, **dict(links)})
        return echo(EchoGraph, nodes)
    if workload == "dict":
        return echo(EchoCounts, [{"key": key, "value": value} for key, value in counts().items()])
    return Job(of(Add, a=20, b=22), lambda back: back["sum"] == 42, lambda back: back["sum"] == 42)


async def prepare(given: Arguments) -> Job | Flood:
    endpoint = client_endpoint(given)
    number = CONNECTIONS if given.workload == "connections" else 1
    amps = [await connectProtocol(endpoint, AMP()) for _ in range(number)]
    (amp, *_) = amps

    async def noted() -> int:
        count: int = (await amp.callRemote(Noted))["count"]
        return count

    if given.workload == "oneway":
        return Flood(lambda number: amp.callRemote(Note, number=number), Paced(noted), noted)
    return job(amps, given.workload)


main(prepare)
