"""A registry's state in etcd, for several registries that must agree.

What was told is what the watch has told, in order of revision: own commits, too, are acknowledged when the
watch has brought them. A commit is one transaction that compares: nothing under our prefix was put after the
revision this process has been told of. So a stale read, which etcd 3.4.23 is known to give after a pause, can
make a commit fail but never succeed wrongly. What lapses puts nothing: an entry that must stand is compared
by its own revision. Leases are etcd's own: who renews one waits for its answer.

    loading --all entries and their revision--> watching --event--> told
       ^                                          |
       `--- the watch ended, fell behind a compaction, or was silent for too long

Keys: `/pushnet/<cluster>/r/...` are entries; `/pushnet/<cluster>/t/...` notes and marks, which no commit
compares. A mark is written and waited for when one must know that everything before it has been told.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import deferLater
from twisted.logger import Logger

from pushnet.stores.registry.etcd_gateway import Gateway, GatewayError, Watch, coded, text_of
from pushnet.stores.registry.state import (
    Change,
    Delete,
    Entry,
    Put,
    Stands,
    StateConflict,
    StateUnavailable,
    Watcher,
)
from pushnet.world import World

RETRY_S: Final = 0.25
SILENCE: Final = 1.0
"""In leases: when the watch has been silent for so long, a mark shows whether it still lives."""
LEASES_KEPT: Final = 1000
"""Leases that may be remembered for nothing before they are looked through."""
RENEWED_AT_ONCE_MAX: Final = 500
"""Leases renewed by one call."""


class EtcdState:
    """One registry's way to etcd."""

    def __init__(self, world: World, urls: Sequence[str], cluster: str, name: str, lease_s: float) -> None:
        """`name`: this registry's, for its marks."""
        self._world = world
        self._gateway = Gateway(world, urls, lease_s / 3)
        self._limit_s = lease_s / 3
        self._silence_s = lease_s * SILENCE
        self._root = f"/pushnet/{cluster}/"
        self._prefix = f"{self._root}r/"
        self._notes = f"{self._root}t/note/"
        self._mark = f"{self._root}t/mark/{name}"
        self._name = name
        self._entries: dict[str, Entry] = {}
        self._ends: dict[str, float] = {}
        self._deleting: dict[str, None] = {}
        self._watcher: Watcher | None = None
        self._watch: Watch | None = None
        self._told = 0
        self._heard_at = 0.0
        self._waiting: list[tuple[int, Deferred[None]]] = []
        self._renewing: dict[str, list[Deferred[bool]]] = {}
        self._trouble = "it is not open"
        self._retry: IDelayedCall | None = None
        self._marking = False
        self._closed = False
        self._log = Logger(namespace="pushnet.stores")

    async def open(self, watcher: Watcher) -> None:
        """Waits for etcd as long as it takes."""
        self._watcher = watcher
        while not self._closed:
            try:
                await self._load()
                return
            except GatewayError as error:
                self._in_trouble(str(error))
                await deferLater(self._world.clock, RETRY_S * 4)

    async def close(self) -> None:
        self._closed = True
        self._trouble = "it is closed"
        if self._retry is not None and self._retry.active():
            self._retry.cancel()
        if self._watch is not None:
            self._watch.stop()
        await self._gateway.close()

    def commit(self, changes: Sequence[Change]) -> Deferred[int]:
        # The changes were decided on what was told until now, not on what comes while leases are granted.
        return Deferred.fromCoroutine(self._commit(changes, self._told))

    def renew(self, leases: Sequence[str]) -> Deferred[Mapping[str, bool]]:
        return Deferred.fromCoroutine(self._renew(leases))

    def tell(self, who: str, text: str) -> None:
        telling = Deferred.fromCoroutine(self._put(self._notes + who, text))
        self._world.background("registry.tell", telling.addErrback(_expect_trouble))

    def current(self) -> Deferred[None]:
        return Deferred.fromCoroutine(self._current())

    def tick(self) -> None:
        """See whether a watch that says nothing still lives; forget leases that have run out."""
        if len(self._ends) > 2 * len(self._entries) + LEASES_KEPT:
            now = self._world.monotonic()
            self._ends = {lease: end for lease, end in self._ends.items() if end > now}
        silent_s = self._world.monotonic() - self._heard_at
        if self._watch is not None and silent_s > self._silence_s and not self._marking:
            self._marking = True
            marking = self.current().addErrback(_expect_trouble).addBoth(self._marked)
            self._world.background("registry.mark", marking)

    def left_s(self, lease: str) -> float:
        return max(0.0, self._ends.get(lease, 0.0) - self._world.monotonic())

    @property
    def trouble(self) -> str:
        return self._trouble

    def on_failure(self, tell: Callable[[str], object]) -> None:
        """Nothing that happens to etcd ends this process."""

    # Commits.

    async def _commit(self, changes: Sequence[Change], seen: int) -> int:
        self._check()
        effective = [change for change in changes if not self._is_void(change)]
        if all(isinstance(change, Stands) for change in effective):
            return self._told
        try:
            leases = await self._grants(effective)
            answer = await self._transact(effective, leases, seen)
            if not answer.get("succeeded"):
                raise StateConflict("another registry has written meanwhile, or a lease ran out")
            revision = int(answer["header"]["revision"])
        except GatewayError as error:
            raise self._unavailable(error) from error
        await self._until_told(revision)
        return revision

    async def _grants(self, changes: Sequence[Change]) -> dict[str, str]:
        """A new lease for each put that wants one, by key."""
        granted: dict[str, str] = {}
        for change in changes:
            if isinstance(change, Put) and change.ttl_s and not self.left_s(change.lease):
                ttl = math.ceil(change.ttl_s)
                asked_at = self._world.monotonic()
                (answer,) = await self._gateway.call("/v3/lease/grant", {"TTL": str(ttl)})
                lease = granted[change.key] = str(answer["ID"])
                self._ends[lease] = asked_at + float(answer["TTL"])
        return granted

    async def _transact(
        self, changes: Sequence[Change], leases: Mapping[str, str], seen: int
    ) -> Mapping[str, Any]:
        unseen = {
            "target": "MOD",
            "result": "LESS",
            "mod_revision": str(seen + 1),
            "key": coded(self._prefix),
            "range_end": coded(_end_of(self._prefix)),
        }
        compared: list[Mapping[str, Any]] = [unseen]
        operations: list[Mapping[str, Any]] = []
        for change in changes:
            key = coded(self._prefix + change.key)
            if isinstance(change, Stands):
                revision = str(change.revision)
                compared.append({"target": "MOD", "result": "EQUAL", "mod_revision": revision, "key": key})
            elif isinstance(change, Delete):
                self._deleting[change.key] = None
                operations.append({"requestDeleteRange": {"key": key}})
            else:
                lease = leases.get(change.key) or change.lease or "0"
                put = {"key": key, "value": coded(change.value), "lease": lease}
                operations.append({"requestPut": put})
        (answer,) = await self._gateway.call("/v3/kv/txn", {"compare": compared, "success": operations})
        return answer

    def _is_void(self, change: Change) -> bool:
        """A delete of what is no longer there."""
        if not isinstance(change, Delete):
            return False
        entry = self._entries.get(change.key)
        return entry is None or entry.revision != change.revision

    # Leases.

    async def _renew(self, leases: Sequence[str]) -> Mapping[str, bool]:
        """All that is asked for in one turn goes in one call; also while the watch is down."""
        answers: dict[str, Deferred[bool]] = {}
        for lease in leases:
            answers[lease] = Deferred()
            if not self._renewing:
                self._world.call_later(0, self._renew_all)
            self._renewing.setdefault(lease, []).append(answers[lease])
        return {lease: await answer for lease, answer in answers.items()}

    def _renew_all(self) -> None:
        renewing, self._renewing = self._renewing, {}
        names = list(renewing)
        for at in range(0, len(names), RENEWED_AT_ONCE_MAX):
            part = {name: renewing[name] for name in names[at : at + RENEWED_AT_ONCE_MAX]}
            self._world.background("registry.renew", Deferred.fromCoroutine(self._renew_part(part)))

    async def _renew_part(self, renewing: Mapping[str, list[Deferred[bool]]]) -> None:
        asked_at = self._world.monotonic()
        try:
            messages = [{"ID": lease} for lease in renewing]
            answers = await self._gateway.call("/v3/lease/keepalive", *messages)
            ttls = {str(each["result"]["ID"]): float(each["result"].get("TTL", 0)) for each in answers}
        except (GatewayError, KeyError) as error:
            unable = self._unavailable(error)
            for waiting in renewing.values():
                for answer in waiting:
                    answer.errback(unable)
            return
        for lease, waiting in renewing.items():
            ttl_s = ttls.get(lease, 0.0)
            if ttl_s:
                self._ends[lease] = asked_at + ttl_s
            for answer in waiting:
                answer.callback(ttl_s > 0)

    # What is told.

    async def _load(self) -> None:
        """Take up everything, and watch from there on."""
        request = {"key": coded(self._prefix), "range_end": coded(_end_of(self._prefix))}
        (answer,) = await self._gateway.call("/v3/kv/range", request)
        revision = int(answer["header"]["revision"])
        entries = [self._entry(kv) for kv in answer.get("kvs", ())]
        watching = {
            "key": coded(self._root),
            "range_end": coded(_end_of(self._root)),
            "start_revision": str(revision + 1),
        }
        self._watch = await self._gateway.watch(watching, self._received, self._ended)
        assert self._watcher is not None
        self._entries = {entry.key: entry for entry in entries}
        self._watcher.reset(entries)
        self._trouble = ""
        self._advance(revision)

    def _received(self, message: Mapping[str, Any]) -> None:
        if message.get("canceled"):
            self._again(f"the watch is cancelled: {message.get('cancel_reason', 'compacted')}")
            return
        self._heard_at = self._world.monotonic()
        events = message.get("events", ())
        revisions = [self._event(event) for event in events]
        if revisions:  # only now: several events of one revision come in one message
            self._advance(max(revisions))

    def _event(self, event: Mapping[str, Any]) -> int:
        """Tell one event; returns its revision. PUT events carry no type."""
        assert self._watcher is not None
        kv = event["kv"]
        key, revision = text_of(kv["key"]), int(kv["mod_revision"])
        if key.startswith(self._notes) and "value" in kv:
            who = key.removeprefix(self._notes)
            if who != self._name:
                self._watcher.note(who, text_of(kv["value"]))
        elif key.startswith(self._prefix) and event.get("type") == "DELETE":
            known = self._entries.pop(key.removeprefix(self._prefix), None)
            if known is not None:
                explicit = known.key in self._deleting or not known.lease
                self._deleting.pop(known.key, None)
                self._watcher.gone(known, lapsed=not explicit)
        elif key.startswith(self._prefix):
            entry = self._entry(kv)
            self._entries[entry.key] = entry
            self._watcher.put(entry)
        return revision

    def _entry(self, kv: Mapping[str, Any]) -> Entry:
        key = text_of(kv["key"]).removeprefix(self._prefix)
        lease = str(kv.get("lease", ""))
        value = text_of(kv["value"]) if "value" in kv else ""
        return Entry(key, value, int(kv["mod_revision"]), "" if lease == "0" else lease)

    def _advance(self, revision: int) -> None:
        self._told = max(self._told, revision)
        self._heard_at = self._world.monotonic()
        ready = [done for wanted, done in self._waiting if wanted <= self._told]
        self._waiting = [(wanted, done) for wanted, done in self._waiting if wanted > self._told]
        for done in ready:
            done.callback(None)

    def _until_told(self, revision: int) -> Deferred[None]:
        """Fires when the watch has told everything up to `revision`."""
        if revision <= self._told:
            return succeed(None)
        done: Deferred[None] = Deferred()
        waiting = (revision, done)
        self._waiting.append(waiting)

        def give_up(result: Any, limit_s: float) -> None:
            self._waiting = [each for each in self._waiting if each is not waiting]
            self._again("the watch does not keep up")
            raise StateUnavailable("etcd has it, but its watch does not say so; it may have been written")

        done.addTimeout(self._limit_s, self._world.clock, give_up)
        return done

    async def _current(self) -> None:
        revision = await self._put(self._mark, "")
        await self._until_told(revision)

    async def _put(self, key: str, value: str) -> int:
        try:
            (answer,) = await self._gateway.call("/v3/kv/put", {"key": coded(key), "value": coded(value)})
        except GatewayError as error:
            raise self._unavailable(error) from error
        return int(answer["header"]["revision"])

    def _marked(self, result: None) -> None:
        self._marking = False

    # When etcd is not there.

    def _check(self) -> None:
        if self._trouble:
            raise StateUnavailable(self._trouble)

    def _unavailable(self, error: Exception) -> StateUnavailable:
        return StateUnavailable(str(error))

    def _ended(self, why: str) -> None:
        self._again(why)

    def _again(self, why: str) -> None:
        """Load anew, and watch from there."""
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        if self._closed or (self._retry is not None and self._retry.active()):
            return
        self._in_trouble(why)
        self._retry = self._world.call_later(RETRY_S, self._reload)

    def _reload(self) -> None:
        if not self._closed:
            reloading = Deferred.fromCoroutine(self._try_load())
            self._world.background("registry.reload", reloading)

    async def _try_load(self) -> None:
        try:
            await self._load()
            self._log.info("etcd is there again")
        except GatewayError as error:
            self._again(str(error))

    def _in_trouble(self, why: str) -> None:
        if not self._trouble or self._trouble == "it is not open":
            self._log.warn("etcd cannot be used: {why}", why=why)
        self._trouble = why


def _end_of(prefix: str) -> str:
    """The end of the range of all keys that begin with `prefix`."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _expect_trouble(failure: Any) -> None:
    failure.trap(StateUnavailable)
