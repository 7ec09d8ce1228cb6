"""The gRPC client of the benchmark, grpc.aio (see `measuring`)."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from pathlib import Path
from typing import Any

import bench_pb2 as pb
import bench_pb2_grpc
import grpc
from measuring import (
    CHUNK,
    CONNECTIONS,
    ITEMS,
    NODES,
    WARM_S,
    Arguments,
    Job,
    Watch,
    arguments,
    counts,
    item_fields,
    node_fields,
    node_links,
    payload,
    started,
    tell,
)

now = time.perf_counter
ALONE = [("grpc.use_local_subchannel_pool", 1)]
"""Without it all channels to one address share one connection."""


def channel(given: Arguments) -> Any:
    address = f"127.0.0.1:{given.port}"
    if not given.tls:
        return grpc.aio.insecure_channel(address, ALONE)
    root = Path(given.properties["IceSSL.DefaultDir"], "root.pem").read_bytes()
    return grpc.aio.secure_channel(address, grpc.ssl_channel_credentials(root), ALONE)


def job(stubs: list[Any], workload: str) -> Job:
    def of(name: str, message: Any) -> list[Any]:
        return [partial(getattr(stub, name), message) for stub in stubs]

    if workload in ("bytes1k", "bytes1m"):
        data = payload(1000 if workload == "bytes1k" else 1_000_000)
        given = pb.Bytes(value=data)
        return Job(of("EchoBytes", given), lambda back: len(back.value) == len(data), given.__eq__)
    if workload == "structs":
        names = ("id", "name", "place", "count", "ready")
        given = pb.Items(
            value=[pb.Item(**dict(zip(names, item_fields(n), strict=True))) for n in range(ITEMS)]
        )
        last = given.value[-1].name
        return Job(of("EchoItems", given), lambda b: bool(b.value[ITEMS - 1].name == last), given.__eq__)
    if workload == "classes":
        names = ("id", "name", "left", "right", "other")
        nodes = [dict(zip(names, node_fields(n) + node_links(n), strict=True)) for n in range(NODES)]
        given = pb.Graph(nodes=[pb.Node(**node) for node in nodes])
        return Job(of("EchoGraph", given), lambda back: bool(back.nodes[4].id == 4), given.__eq__)
    if workload == "dict":
        given = pb.Counts(value=counts())
        return Job(of("EchoCounts", given), lambda back: len(back.value) == len(given.value), given.__eq__)
    calls = [lambda add=stub.Add: add(pb.Pair(a=20, b=22)) for stub in stubs]
    return Job(calls, lambda back: bool(back.sum == 42), lambda back: bool(back.sum == 42))


async def slot(job: Job, call: Any, end: float, times: list[float]) -> None:
    """One call after the other; a window is so many of these."""
    right, sent = job.right, now()
    while sent < end:
        if not right(await call()):
            raise AssertionError("a wrong answer")
        answered = now()
        times.append(answered - sent)
        sent = answered


async def flood(stub: Any, seconds: float) -> int:
    sent, before = 0, (await stub.Noted(pb.Nothing())).count
    stream = stub.Note()
    end = now() + seconds
    while now() < end:
        for number in range(CHUNK):
            await stream.write(pb.Number(number=number))
        sent += CHUNK
    await stream.done_writing()
    if (await stream).count != before + sent:
        raise AssertionError("not all has arrived")
    return sent


async def main() -> None:
    given = arguments()
    channels = [channel(given) for _ in range(CONNECTIONS if given.workload == "connections" else 1)]
    stubs = [bench_pb2_grpc.EchoStub(each) for each in channels]
    work = job(stubs, given.workload)

    async def go(seconds: float, times: list[float]) -> int:
        if given.workload == "oneway":
            return await flood(stubs[0], seconds)
        end, calls = now() + seconds, work.calls
        await asyncio.gather(*(slot(work, calls[n % len(calls)], end, times) for n in range(given.window)))
        return len(times)

    for call in work.calls:
        if not work.same(await call()):
            raise AssertionError("a wrong answer")
    await go(min(WARM_S, given.seconds), [])
    started()
    times: list[float] = []
    watch = Watch()
    done = await go(given.seconds, times)
    tell(done, *watch.read(), times)
    for each in channels:
        await each.close()


asyncio.run(main())
