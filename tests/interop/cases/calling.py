"""Calls and connections: many at once, given up, in batches, over connections that are closed or chosen."""

from __future__ import annotations

from typing import Any

from .side import Side, Where, same, true

BATCH_KB = 2
"""`Ice.BatchAutoFlushSize` of the communicators that run these checks."""
PROPERTIES = {"Ice.BatchAutoFlushSize": str(BATCH_KB), "Ice.ImplicitContext": "Shared"}
DEAD = "tcp -h 127.0.0.1 -p 1"


def serve(side: Side, adapter: Any) -> None:
    S = side.slice("calling")
    gates: dict[str, list[tuple[Any, int]]] = {}
    notes: dict[str, int] = {}

    class WorkerI(side.servant(S, "Worker")):  # type: ignore[misc]
        def add(self, a: int, b: int, current: Any = None) -> int:
            return a + b

        def twice(self, n: int, current: Any = None) -> int:
            return 2 * n

        def wait(self, gate: str, n: int, current: Any = None) -> Any:
            promise = side.promise()
            gates.setdefault(gate, []).append((promise, n))
            return promise

        def open(self, gate: str, current: Any = None) -> int:
            waiting = gates.pop(gate, [])
            for promise, n in waiting:
                side.keep(promise, n)
            return len(waiting)

        def waiting(self, gate: str, current: Any = None) -> int:
            return len(gates.get(gate, []))

        def note(self, key: str, current: Any = None) -> None:
            notes[key] = notes.get(key, 0) + 1

        def noted(self, key: str, current: Any = None) -> int:
            return notes.get(key, 0)

        def echo(self, value: bytes, current: Any = None) -> bytes:
            return value

        def context(self, current: Any) -> dict[str, str]:
            return dict(current.ctx)

        def port(self, current: Any) -> int:
            info = current.con.getInfo()
            while getattr(info, "underlying", None) is not None:
                info = info.underlying
            return int(info.remotePort)

        def close(self, gracefully: bool, current: Any) -> None:
            current.con.close(side.Gracefully if gracefully else side.Forcefully)

    side.add(adapter, WorkerI(), "calling/worker")


def _worker(where: Where) -> tuple[Any, Any]:
    S = where.side.slice("calling")
    return S, where.proxy(S.WorkerPrx, "calling/worker")


def _with(where: Where, endpoints: str) -> Any:
    S = where.side.slice("calling")
    return S.WorkerPrx.uncheckedCast(where.side.parse(f"calling/worker -e {where.encoding}:{endpoints}"))


def _key(where: Where, name: str) -> str:
    return f"{name} {where.side.name} {where.transport} {where.encoding}"


async def _until(where: Where, callee: Any, argument: str, wanted: int) -> None:
    for _ in range(3000):
        if await where.side.call(callee, argument) == wanted:
            return
    same(await where.side.call(callee, argument), wanted)


async def check_many_calls_at_once(where: Where) -> None:
    _, worker = _worker(where)
    side, gate = where.side, _key(where, "many")
    calls = [side.begin(worker.wait, gate, n) for n in range(300)]
    await _until(where, worker.waiting, gate, 300)
    same(await side.call(worker.add, 1, 2), 3, "a call that overtakes them")
    same(await side.call(worker.open, gate), 300)
    same([await side.end(call) for call in calls], list(range(300)))


async def check_calls_that_take_too_long(where: Where) -> None:
    E, side = where.side.errors, where.side
    _, worker = _worker(where)
    gate = _key(where, "slow")
    port = await side.call(worker.port)
    hasty = worker.ice_invocationTimeout(60)
    same((hasty.ice_getInvocationTimeout(), worker.ice_getInvocationTimeout()), (60, -1))
    error = await where.failure(hasty.wait, gate, 1)
    true(isinstance(error, E.InvocationTimeoutException), f"{error!r} is raised")
    same(await side.call(hasty.add, 1, 2), 3)
    same(await side.call(worker.port), port, "the connection")
    await side.call(worker.open, gate)
    same(await side.call(worker.add, 2, 2), 4)


async def check_calls_that_are_given_up(where: Where) -> None:
    side = where.side
    _, worker = _worker(where)
    gate = _key(where, "cancelled")
    call = side.begin(worker.wait, gate, 1)
    await _until(where, worker.waiting, gate, 1)
    call.cancel()
    error = await where.failure(side.end, call)
    true(isinstance(error, side.errors.InvocationCanceledException), f"{error!r} is raised")
    await side.call(worker.open, gate)
    same(await side.call(worker.add, 1, 2), 3)


async def check_batches_flush_themselves(where: Where) -> None:
    side = where.side
    _, worker = _worker(where)
    key = _key(where, "batch") + "x" * 100
    batch = worker.ice_batchOneway()
    for _ in range(100):
        await side.call(batch.note, key)
    per_flush = await side.call(worker.noted, key)
    true(BATCH_KB * 1024 * 3 // 250 < per_flush < 100, f"{per_flush} have been sent without a flush")
    await side.call(batch.ice_flushBatchRequests)
    await _until(where, worker.noted, key, 100)
    await side.call(batch.note, key)
    await side.call(side.communicator.flushBatchRequests, side.BasedOnProxy)
    await side.call(worker.ice_ping)


async def check_batches_of_a_connection(where: Where) -> None:
    side = where.side
    _, worker = _worker(where)
    key = _key(where, "fixed")
    connection = await side.call(worker.ice_getConnection)
    fixed = worker.ice_fixed(connection)
    true(fixed.ice_isFixed() and not worker.ice_isFixed(), "which is fixed is wrong")
    same(await side.call(fixed.add, 1, 2), 3)
    batch = fixed.ice_batchOneway()
    for _ in range(3):
        await side.call(batch.note, key)
    await side.call(connection.flushBatchRequests, side.BasedOnProxy)
    await _until(where, worker.noted, key, 3)


async def check_connections_are_shared_by_id(where: Where) -> None:
    side = where.side
    _, worker = _worker(where)
    port = await side.call(worker.port)
    same(await side.call(_worker(where)[1].port), port, "another proxy's connection")
    other = worker.ice_connectionId("other")
    same(other.ice_getConnectionId(), "other")
    true(await side.call(other.port) != port, "it is the same connection")
    same(await side.call(worker.ice_connectionId("other").port), await side.call(other.port))
    same(await side.call(worker.port), port)


async def check_connections_that_are_closed(where: Where) -> None:
    side = where.side
    _, worker = _worker(where)
    worker = worker.ice_connectionId("to be closed")
    port = await side.call(worker.port)
    connection = worker.ice_getCachedConnection()
    await side.call(connection.close, side.GracefullyWithWait)
    true(await side.call(worker.port) != port, "it is the same connection")
    gate = _key(where, "closing")
    call = side.begin(worker.wait, gate, 5)
    await _until(where, _worker(where)[1].waiting, gate, 1)
    closing = side.begin_close(worker.ice_getCachedConnection())
    await side.call(_worker(where)[1].open, gate)
    same(await side.end(call), 5, "a call under way")
    await side.end_close(closing)


async def check_servers_that_close_gracefully_lose_nothing(where: Where) -> None:
    side = where.side
    _, worker = _worker(where)
    worker = worker.ice_connectionId("closed by the server")
    key = _key(where, "closed")
    before = await side.call(worker.noted, key)
    for count in range(1, 4):
        calls = [side.begin(worker.note, key) for _ in range(10)]
        calls.append(side.begin(worker.close, True))
        calls += [side.begin(worker.note, key) for _ in range(10)]
        for call in calls:
            await side.end(call)
        same(await side.call(worker.noted, key), before + 20 * count)


async def check_idempotent_calls_are_repeated(where: Where) -> None:
    side, E = where.side, where.side.errors
    _, worker = _worker(where)
    worker = worker.ice_connectionId("cut")
    error = await where.failure(worker.close, False)
    true(isinstance(error, E.ConnectionLostException), f"{error!r} is raised")
    same(await side.call(worker.twice, 4), 8)


async def check_endpoints_are_chosen(where: Where) -> None:
    side, E = where.side, where.side.errors
    for endpoints in (
        f"{DEAD}:{where.endpoint}",
        f"{where.endpoint}:{DEAD}",
        f"{DEAD}:{DEAD}:{where.endpoint}",
    ):
        worker = _with(where, endpoints)
        for selection in (side.Ordered, side.Random):
            chosen = worker.ice_endpointSelection(selection).ice_connectionCached(False)
            same(chosen.ice_getEndpointSelection(), selection)
            for n in range(3):
                same(await side.call(chosen.twice, n), 2 * n)
    error = await where.failure(_with(where, DEAD).twice, 1)
    true(isinstance(error, E.ConnectionRefusedException), f"{error!r} is raised")
    error = await where.failure(where.side.parse("calling/worker").ice_ping)
    true(isinstance(error, E.NoEndpointException), f"{error!r} is raised")
    secure = where.proxy(side.slice("calling").WorkerPrx, "calling/worker").ice_secure(True)
    if where.transport in ("tcp", "ws"):
        error = await where.failure(secure.ice_ping)
        true(isinstance(error, E.NoEndpointException), f"{error!r} is raised")
    else:
        same(await side.call(secure.twice, 2), 4)


async def check_compressed_calls(where: Where) -> None:
    side = where.side
    _, worker = _worker(where)
    packed = worker.ice_compress(True)
    for size in (0, 50, 99, 100, 1000, 500_000):
        value = bytes(n * n % 251 for n in range(min(size, 1000))) * (1 if size <= 1000 else size // 1000)
        same(await side.call(packed.echo, value) == value, True, f"{size} bytes")
    key = _key(where, "packed")
    await side.call(packed.ice_oneway().note, key * 50)
    await _until(where, worker.noted, key * 50, 1)


async def check_implicit_contexts(where: Where) -> None:
    side = where.side
    _, worker = _worker(where)
    implicit = side.communicator.getImplicitContext()
    implicit.setContext({"a": "b"})
    try:
        same(await side.call(worker.context), {"a": "b"})
        same(implicit.put("c", "d"), "")
        same(dict(sorted((await side.call(worker.context)).items())), {"a": "b", "c": "d"})
        both = await side.call(worker.ice_context({"a": "own", "e": "f"}).context)
        same(dict(sorted(both.items())), {"a": "own", "c": "d", "e": "f"})
        same(await side.call(worker.context, {"g": "h"}), {"g": "h"})
        same((implicit.remove("a"), implicit.containsKey("a"), implicit.get("c")), ("b", False, "d"))
        same(await side.call(worker.context), {"c": "d"})
    finally:
        implicit.setContext({})
    same(await side.call(worker.context), {})


async def check_what_proxies_tell(where: Where) -> None:
    side = where.side
    S, worker = _worker(where)
    again = S.WorkerPrx.uncheckedCast(side.parse(str(worker)))
    true(worker == again and hash(worker) == hash(again), "it is not equal to itself")
    true(worker.ice_twoway() == worker and worker.ice_oneway() != worker, "one-way is two-way")
    told = [
        [proxy.ice_isTwoway(), proxy.ice_isOneway(), proxy.ice_isBatchOneway(), proxy.ice_isDatagram()]
        for proxy in (worker, worker.ice_oneway(), worker.ice_batchOneway(), worker.ice_datagram())
    ]
    same(told, [[a == b for b in range(4)] for a in range(4)])
    same((worker.ice_getFacet(), worker.ice_getAdapterId(), worker.ice_getConnectionId()), ("", "", ""))
    same(worker.ice_facet("f").ice_getFacet(), "f")
    same(worker.ice_adapterId("a").ice_getAdapterId(), "a")
    same(list(worker.ice_adapterId("a").ice_getEndpoints()), [])
    same(worker.ice_identity(side.identity("x/y")).ice_getIdentity(), side.identity("x/y"))
    same(worker.ice_context({"a": "b"}).ice_getContext(), {"a": "b"})
    same(
        (worker.ice_isConnectionCached(), worker.ice_isSecure(), worker.ice_isPreferSecure()),
        (True, False, False),
    )
    same(worker.ice_timeout(500).ice_getEndpoints()[0].getInfo().datagram(), False)
    true(" -t 500" in str(worker.ice_timeout(500)), "the timeout is not in the text")
    true(" -z" in str(worker.ice_compress(True)), "the compression is not in the text")
    same(worker.ice_getCommunicator(), side.communicator)
    same([str(endpoint).split()[0] for endpoint in worker.ice_getEndpoints()], [where.transport])


async def check_datagrams_need_an_endpoint(where: Where) -> None:
    _, worker = _worker(where)
    error = await where.failure(worker.ice_datagram().ice_ping)
    true(isinstance(error, where.side.errors.NoEndpointException), f"{error!r} is raised")
