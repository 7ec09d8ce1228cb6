"""A simulated etcd: as much of its JSON gateway as the registry uses, on a host of its own.

It keeps what etcd keeps: a revision for each transaction that changes something, leases that end by its own
clock, watches from a revision on. It survives the kill of its host (what it acknowledged was on disk), and
leases begin anew then, as etcd's do. It is as weak as etcd may be: `stale_s` gives reads of an earlier
moment, a watch may be cancelled at any time, and `compact` forgets history.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

import attrs
from twisted.internet.interfaces import IDelayedCall
from twisted.web.http import Request
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Site

from pushnet.sim.simulation import Simulation
from pushnet.sim.world import SimWorld

PORT: Final = 2379
SWEEP_S: Final = 0.5
"""How often etcd looks at its leases."""
HISTORY_MAX: Final = 10_000


@attrs.frozen
class KeyValue:
    """One key as it stands at a revision; value None: it was deleted."""

    key: bytes
    value: bytes | None
    revision: int
    lease: int

    def told(self) -> dict[str, str]:
        kv = {"key": _coded(self.key), "mod_revision": str(self.revision)}
        if self.value:
            kv["value"] = _coded(self.value)
        if self.lease:
            kv["lease"] = str(self.lease)
        return kv


@attrs.define
class EtcdData:
    """What is on etcd's disk."""

    revision: int = 1
    now: dict[bytes, KeyValue] = attrs.Factory(dict)
    history: list[KeyValue] = attrs.Factory(list)
    compacted: int = 0
    leases: dict[int, float] = attrs.Factory(dict)
    """Lease to its length in seconds."""
    last_lease: int = 7_000_000_000_000_000_000
    """Ids are of 63 bits: a client that reads them as floats goes wrong."""


class EtcdStore:
    """The key space: ranges, transactions, leases. Pure; times are monotonic seconds."""

    def __init__(self, data: EtcdData, now: float) -> None:
        self.data = data
        self.ends = {lease: now + ttl_s for lease, ttl_s in data.leases.items()}
        self.changed: Callable[[list[KeyValue]], object] = _nobody

    def range(self, start: bytes, end: bytes, at: int = 0) -> list[KeyValue]:
        """The living keys of a range; `at`: as they were at an earlier revision."""
        if not at:
            found = self.data.now
        else:
            found = {}
            for kv in self.data.history:
                if kv.revision <= at:
                    found[kv.key] = kv
        return [kv for key, kv in sorted(found.items()) if kv.value is not None and _within(key, start, end)]

    def holds(self, compare: Mapping[str, Any]) -> bool:
        """Whether a comparison of revisions holds for every key of its range."""
        limit = int(compare.get("mod_revision", 0))
        found = self.range(_bytes(compare, "key"), _bytes(compare, "range_end"))
        revisions = [kv.revision for kv in found] or [0]
        if compare["result"] == "LESS":
            return all(revision < limit for revision in revisions)
        return all(revision == limit for revision in revisions)

    def change(self, operations: list[Mapping[str, Any]]) -> bool:
        """Do what a transaction says, under one revision. False: a lease is not there, nothing is done."""
        puts = [each["requestPut"] for each in operations if "requestPut" in each]
        if any(int(put.get("lease", 0)) not in (0, *self.ends) for put in puts):
            return False
        revision = self.data.revision + 1
        made: list[KeyValue] = []
        for operation in operations:
            put = operation.get("requestPut")
            if put is not None:
                lease = int(put.get("lease", 0))
                made.append(KeyValue(_bytes(put, "key"), _bytes(put, "value"), revision, lease))
            else:
                gone = operation["requestDeleteRange"]
                for kv in self.range(_bytes(gone, "key"), _bytes(gone, "range_end")):
                    made.append(KeyValue(kv.key, None, revision, 0))
        self._apply(made)
        return True

    def grant(self, ttl_s: float, now: float) -> int:
        self.data.last_lease += 1
        lease = self.data.last_lease
        self.data.leases[lease] = ttl_s
        self.ends[lease] = now + ttl_s
        return lease

    def keep_alive(self, lease: int, now: float) -> float:
        """Its length; 0 when there is none."""
        ttl_s = self.data.leases.get(lease, 0.0)
        if ttl_s:
            self.ends[lease] = now + ttl_s
        return ttl_s

    def expire(self, now: float) -> None:
        """End the leases that have run out, and delete what is under them."""
        for lease in [lease for lease, end in self.ends.items() if end <= now]:
            del self.ends[lease], self.data.leases[lease]
            under = [kv for kv in self.data.now.values() if kv.lease == lease]
            revision = self.data.revision + 1
            self._apply([KeyValue(kv.key, None, revision, 0) for kv in sorted(under, key=lambda kv: kv.key)])

    def compact(self) -> None:
        """Forget what was before now."""
        self.data.compacted = self.data.revision
        self.data.history = list(self.data.now.values())

    def _apply(self, made: list[KeyValue]) -> None:
        if not made:
            return
        self.data.revision += 1
        for kv in made:
            if kv.value is None:
                self.data.now.pop(kv.key, None)
            else:
                self.data.now[kv.key] = kv
        self.data.history += made
        if len(self.data.history) > HISTORY_MAX:
            self.compact()
        self.changed(made)


class _Watch:
    """One watch: writes events as JSON lines."""

    def __init__(self, request: Any, start: bytes, end: bytes) -> None:
        self._request = request
        self._start = start
        self._end = end

    def tell(self, revision: int, changes: list[KeyValue]) -> None:
        events = [_event(kv) for kv in changes if _within(kv.key, self._start, self._end)]
        if events:
            self.write({"header": _header(revision), "events": events})

    def cancel(self, compacted: int) -> None:
        self.write({"canceled": True, "compact_revision": str(compacted)})
        self._request.finish()

    def write(self, message: Mapping[str, Any]) -> None:
        self._request.write(json.dumps({"result": message}).encode() + b"\n")


class EtcdProcess:
    """One process of the simulated etcd."""

    def __init__(self, world: SimWorld, data: EtcdData) -> None:
        self.store = EtcdStore(data, world.monotonic())
        self.store.changed = self._changed
        self.stale_s = 0.0
        """How old the answers of plain reads are, as after a pause."""
        self._world = world
        self._past: list[tuple[float, int]] = []
        self._watches: dict[_Watch, None] = {}
        self._sweeping: IDelayedCall | None = None

    def listen(self, host: str) -> Any:
        """Serve; returns a Deferred of the port."""
        site: Any = Site(_Root(self), timeout=None, reactor=self._world.clock)  # type: ignore[no-untyped-call]
        self._sweep()
        return self._world.server_endpoint(host, PORT).listen(site)

    def answer(self, path: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """One message of a call."""
        now = self._world.monotonic()
        if path == "/v3/kv/range":
            at = self._revision_then()
            found = self.store.range(_bytes(message, "key"), _bytes(message, "range_end"), at)
            return {"header": _header(at or self.revision), "kvs": [kv.told() for kv in found]}
        if path == "/v3/kv/put":
            self.store.change([{"requestPut": message}])
            return {"header": _header(self.revision)}
        if path == "/v3/kv/txn":
            if not all(self.store.holds(compare) for compare in message.get("compare", ())):
                return {"header": _header(self.revision)}
            if not self.store.change(list(message.get("success", ()))):
                return {"error": "etcdserver: requested lease not found"}
            return {"header": _header(self.revision), "succeeded": True}
        if path == "/v3/lease/grant":
            ttl = int(message["TTL"])
            return {"ID": str(self.store.grant(float(ttl), now)), "TTL": str(ttl)}
        if path == "/v3/lease/keepalive":
            ttl_s = self.store.keep_alive(int(message["ID"]), now)
            told = {"ID": str(message["ID"]), "TTL": str(int(ttl_s))} if ttl_s else {"ID": str(message["ID"])}
            return {"result": told}
        return {"error": f"no such call: {path}"}

    def watch(self, request: Any, wanted: Mapping[str, Any]) -> None:
        """Begin a watch."""
        watch = _Watch(request, _bytes(wanted, "key"), _bytes(wanted, "range_end"))
        first = int(wanted.get("start_revision", 0))
        watch.write({"header": _header(self.revision), "created": True})
        if first and first <= self.store.data.compacted:
            watch.cancel(self.store.data.compacted)
            return
        self._watches[watch] = None
        gone: Any = request.notifyFinish()
        gone.addBoth(lambda _: self._watches.pop(watch, None))
        past = [kv for kv in self.store.data.history if kv.revision >= first] if first else []
        watch.tell(self.revision, past)

    def cancel_watches(self) -> None:
        """As etcd does when a watch has fallen behind a compaction."""
        watches, self._watches = self._watches, {}
        for watch in watches:
            watch.cancel(self.revision)

    @property
    def revision(self) -> int:
        return self.store.data.revision

    def _changed(self, changes: list[KeyValue]) -> None:
        self._past.append((self._world.monotonic(), self.revision - 1))
        for watch in list(self._watches):
            watch.tell(self.revision, changes)

    def _revision_then(self) -> int:
        """The revision of `stale_s` ago; 0 for now."""
        if not self.stale_s:
            return 0
        then = self._world.monotonic() - self.stale_s
        self._past = [(at, revision) for at, revision in self._past if at >= then]
        return max(self._past[0][1], self.store.data.compacted) if self._past else 0

    def _sweep(self) -> None:
        self.store.expire(self._world.monotonic())
        self._sweeping = self._world.call_later(SWEEP_S, self._sweep)


class _Root(Resource):
    """The gateway's paths."""

    isLeaf = True

    def __init__(self, process: EtcdProcess) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._process = process

    def render_POST(self, request: Request) -> bytes | int:
        request.responseHeaders.removeHeader(b"date")  # of the real clock, which no run may see
        path = request.path.decode()
        body = cast(Any, request.content).read().decode()
        messages = _messages(body)
        if path == "/v3/watch":
            self._process.watch(request, messages[0]["create_request"])
            return NOT_DONE_YET
        answers = [self._process.answer(path, message) for message in messages]
        return "\n".join(map(json.dumps, answers)).encode()


class SimEtcd:
    """The etcd of a simulation, on the host `etcd-1`."""

    def __init__(self, simulation: Simulation, name: str = "etcd-1") -> None:
        self.name = name
        self.data = EtcdData()
        self.process: EtcdProcess | None = None
        self._simulation = simulation

    @property
    def url(self) -> str:
        return f"http://{self.name}:{PORT}"

    def boot(self) -> Any:
        """Start its process; returns a Deferred that fires when it serves."""
        world = self._simulation.host(self.name).boot()
        self.process = EtcdProcess(world, self.data)
        return self.process.listen(self.name)

    def kill(self) -> None:
        self._simulation.host(self.name).kill()
        self.process = None


def _messages(body: str) -> list[dict[str, Any]]:
    """JSON values one after the other."""
    decoder, found, at = json.JSONDecoder(), [], 0
    while at < len(body):
        message, at = decoder.raw_decode(body, at)
        found.append(message)
        while at < len(body) and body[at].isspace():
            at += 1
    return found


def _event(kv: KeyValue) -> dict[str, Any]:
    return {"kv": kv.told()} if kv.value is not None else {"type": "DELETE", "kv": kv.told()}


def _header(revision: int) -> dict[str, str]:
    return {"revision": str(revision)}


def _coded(data: bytes) -> str:
    return b64encode(data).decode()


def _bytes(message: Mapping[str, Any], name: str) -> bytes:
    return b64decode(message.get(name, ""))


def _within(key: bytes, start: bytes, end: bytes) -> bool:
    return start <= key < end if end else key == start


def _nobody(changes: list[KeyValue]) -> None:
    """Nobody watches."""
