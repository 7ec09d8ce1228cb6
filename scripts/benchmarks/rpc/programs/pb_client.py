"""The Perspective Broker client of the benchmark (see `measuring`)."""

from __future__ import annotations

from functools import partial
from typing import Any

from deferreds import Flood, Paced, main
from endpoints import client_endpoint
from measuring import CONNECTIONS, Arguments, Job, job
from pb_values import Item, Node
from twisted.spread.pb import PBClientFactory


async def prepare(given: Arguments) -> Job | Flood:
    endpoint = client_endpoint(given)
    roots: list[Any] = []
    for _ in range(CONNECTIONS if given.workload == "connections" else 1):
        factory = PBClientFactory()
        await endpoint.connect(factory)
        roots.append(await factory.getRootObject())
    (root, *_) = roots

    def call(name: str, *args: Any) -> list[Any]:
        return [partial(each.callRemote, name, *args) for each in roots]

    if given.workload == "oneway":

        async def noted() -> int:
            count: int = await root.callRemote("noted")
            return count

        return Flood(lambda number: root.callRemote("note", number, pbanswer=False), Paced(noted), noted)
    return job(given.workload, call, Item, Node)


main(prepare)
