"""A shard's store: on disk when answered, in both worlds; and equal to a model of dicts."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some
from twisted.internet.defer import ensureDeferred, gatherResults
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import ChangeKind, DeviceUpdate
from pushnet.gen.pushnet.push import Message
from pushnet.sim import Simulation
from pushnet.stores.shard.devices import Newcomer
from pushnet.stores.shard.store import ShardStore
from pushnet.stores.sqlite import StoreFailedException
from tests.stores.shard.opened import APP, name
from tests.stores.worlds import OnFiles, Simulated, scenario

KEPT_MAX = 5
HOUR_MS = 3_600_000


def newcomer(key: str) -> Newcomer:
    return Newcomer(APP, key, "android", key.encode(), name)


class ShardStoreContract:
    """What holds in every world."""

    world: Any

    async def _open(self) -> ShardStore:
        store = ShardStore(self.world, "shard.db", KEPT_MAX)
        self.opening = await store.open()
        return store

    def _message(self, id: int) -> Message:
        return Message(id, int(self.world.wall() * 1000) + HOUR_MS, b"body")

    @scenario
    async def test_what_was_answered_is_there_after_a_crash(self) -> None:
        store = await self._open()
        made = await store.register(newcomer("phone"))
        await store.update(APP, made.registrationId, 5, DeviceUpdate(addTags=["a"], setAlias=True, alias="x"))
        await store.store(APP, self._message(1), [5])
        await store.append(APP, self._message(2), b"all")
        first = self.opening
        self.crash()
        again = await self._open()
        self.assertGreater(self.opening.incarnation, first.incarnation)
        self.assertEqual((self.opening.log, self.opening.position), (first.log, 3))
        self.assertEqual(again.changed.value, 3)
        self.assertEqual(again.group_head(APP), 1)
        self.assertEqual((await again.portraits(APP, [5], True))[0].tags, ["a"])
        self.assertEqual([entry.seq for entry in await again.stream(APP, 5, 0, 10)], [1])
        self.assertEqual([entry.seq for entry in await again.group(APP, 0, 10)], [1])
        await again.close()
        await self.bury(store)

    @scenario
    async def test_the_change_log_s_end_has_moved_before_a_change_is_answered(self) -> None:
        store = await self._open()
        waiting = store.changed.passed(0)
        made = await store.register(newcomer("phone"))
        self.assertTrue(waiting.called)
        self.assertEqual(store.changed.value, 1)
        self.assertEqual(
            await store.update_tag(APP, "a", {made.registrationId: 5, "bad": 6}, {}), (2, ["bad"])
        )
        self.assertEqual(store.changed.value, 2)
        self.assertEqual(await store.delete_tag(APP, "a", []), 3)
        self.assertEqual(await store.update(APP, "bad", 6, DeviceUpdate()), None)
        self.assertEqual(await store.delete_alias(APP, "x", []), 3)
        self.assertEqual(await store.remove_alias(APP, "x", {"bad": 6}), (3, ["bad"]))
        changes, head = await store.changes(1, 10)
        self.assertEqual([change.kind for change in changes], [ChangeKind.TagAdded, ChangeKind.TagRemoved])
        self.assertEqual(head, 3)
        await store.close()

    @scenario
    async def test_many_at_once_are_all_served(self) -> None:
        store = await self._open()
        made = await gatherResults([store.register(newcomer(f"d{n}")) for n in range(100)])
        self.assertEqual(sorted(one.ordinal for one in made), list(range(5, 105)))
        ordinals = [one.ordinal for one in made]
        await gatherResults([store.store(APP, self._message(n), ordinals) for n in range(1, 4)])
        await store.acknowledge([(APP, ordinal, False, 2) for ordinal in ordinals])
        await store.note_online([(APP, ordinal, 7) for ordinal in ordinals])
        told = await store.census(APP)
        self.assertEqual((told["devices"], told["delivered"], told["pending"]), (100, 200, 100))
        self.assertEqual(len((await store.newest(APP, ordinals))[0][1]), 100)
        known = await store.credentials(APP, 5)
        self.assertEqual((known.seen, known.head), (2, 3))
        self.assertEqual(store.waiting, 0)
        await store.close()

    @scenario
    async def test_time_takes_messages_away(self) -> None:
        store = await self._open()
        await store.register(newcomer("phone"))
        await store.store(APP, Message(1, 1, b"old"), [5])
        self.assertFalse(await store.expire())
        self.assertEqual(await store.stream(APP, 5, 0, 10), [])
        await store.close()

    @scenario
    async def test_who_waits_for_changes_is_let_go_when_the_store_closes(self) -> None:
        store = await self._open()
        waiting = store.changed.passed(0)
        await store.close()
        self.assertTrue(waiting.called)
        await self.assertFailure(store.register(newcomer("late")), StoreFailedException)


class ShardStoreOnFilesTests(ShardStoreContract, OnFiles):
    """On real files."""


class ShardStoreSimulatedTests(ShardStoreContract, Simulated):
    """In a simulation."""


KEYS = some.sampled_from(["k0", "k1", "k2", "k3"])
TAGS = some.lists(some.sampled_from(["a", "b", "c"]), max_size=3)
ORDINALS = some.integers(5, 9)
STEPS = some.lists(
    some.one_of(
        some.tuples(some.just("register"), KEYS),
        some.tuples(some.just("tag"), ORDINALS, TAGS, TAGS),
        some.tuples(some.just("alias"), ORDINALS, some.sampled_from(["", "x", "y"])),
        some.tuples(some.just("store"), some.integers(1, 12), some.lists(ORDINALS, min_size=1)),
        some.tuples(some.just("acknowledge"), ORDINALS, some.integers(0, 10)),
        some.tuples(some.just("restart")),
    ),
    max_size=30,
)


class Model:
    """What a shard should know, told in dicts."""

    def __init__(self) -> None:
        self.ordinals: dict[str, int] = {}
        self.tags: dict[int, set[str]] = {}
        self.aliases: dict[int, str] = {}
        self.heads: dict[int, int] = {}
        self.streams: dict[int, dict[int, int]] = {}
        self.places: dict[tuple[int, int], int] = {}

    def register(self, key: str) -> int:
        if key not in self.ordinals:
            ordinal = self.ordinals[key] = 5 + len(self.ordinals)
            self.tags[ordinal], self.aliases[ordinal] = set(), ""
            self.heads[ordinal], self.streams[ordinal] = 0, {}
        return self.ordinals[key]

    def store(self, id: int, ordinals: list[int]) -> tuple[dict[int, int], list[int]]:
        known = [ordinal for ordinal in dict.fromkeys(ordinals) if ordinal in self.tags]
        for ordinal in known:
            if (id, ordinal) not in self.places:
                seq = self.heads[ordinal] = self.heads[ordinal] + 1
                self.places[id, ordinal] = seq
                self.streams[ordinal][seq] = id
                while len(self.streams[ordinal]) > KEPT_MAX:
                    del self.streams[ordinal][min(self.streams[ordinal])]
        unknown = [ordinal for ordinal in dict.fromkeys(ordinals) if ordinal not in self.tags]
        return {ordinal: self.places[id, ordinal] for ordinal in known}, unknown

    def acknowledge(self, ordinal: int, seq: int) -> None:
        stream = self.streams.get(ordinal, {})
        for gone in [at for at in stream if at <= seq]:
            del stream[gone]


class ModelTests(SynchronousTestCase):
    """Any sequence of steps leaves what the model has."""

    @settings(max_examples=60)
    @given(STEPS)
    def test_a_shard_is_what_its_model_says(self, steps: list[tuple[Any, ...]]) -> None:
        simulation = Simulation(1)
        try:
            simulation.run_until(ensureDeferred(self._play(simulation, steps)))
        finally:
            simulation.close()

    async def _play(self, simulation: Simulation, steps: list[tuple[Any, ...]]) -> None:
        self.host = simulation.host("shard")
        model = Model()
        store = await self._open()
        for step in steps:
            if step[0] == "restart":
                self.host.kill()
                store = await self._open()
            else:
                await self._step(store, model, *step)
        await self._compare(store, model)

    async def _open(self) -> ShardStore:
        store = ShardStore(self.host.boot(), "shard.db", KEPT_MAX)
        await store.open()
        return store

    async def _step(self, store: ShardStore, model: Model, what: str, *how: Any) -> None:
        match what, how:
            case "register", (key,):
                self.assertEqual((await store.register(newcomer(key))).ordinal, model.register(key))
            case "tag", (ordinal, add, remove):
                wanted = DeviceUpdate(addTags=add, removeTags=remove)
                done = await store.update(APP, f"rid-{ordinal}", ordinal, wanted)
                self.assertEqual(done is not None, ordinal in model.tags)
                if done is not None:
                    model.tags[ordinal] = (model.tags[ordinal] - set(remove)) | set(add)
            case "alias", (ordinal, alias):
                wanted = DeviceUpdate(setAlias=True, alias=alias)
                if await store.update(APP, f"rid-{ordinal}", ordinal, wanted) is not None:
                    model.aliases[ordinal] = alias
            case "store", (id, ordinals):
                stored = await store.store(APP, Message(id, 1 << 45, b"body"), ordinals)
                self.assertEqual(stored, model.store(id, ordinals))
            case "acknowledge", (ordinal, seq):
                await store.acknowledge([(APP, ordinal, False, seq)])
                model.acknowledge(ordinal, seq)

    async def _compare(self, store: ShardStore, model: Model) -> None:
        ordinals = sorted(model.tags)
        shown = await store.portraits(APP, ordinals, True)
        self.assertEqual([one.tags for one in shown], [sorted(model.tags[ordinal]) for ordinal in ordinals])
        self.assertEqual([one.alias for one in shown], [model.aliases[ordinal] for ordinal in ordinals])
        for ordinal in ordinals:
            entries = await store.stream(APP, ordinal, 0, 100)
            self.assertEqual({entry.seq: entry.message.id for entry in entries}, model.streams[ordinal])
        await self._compare_followed(store, model)
        told = await store.census(APP)
        settled = told["delivered"] + told["pending"] + told["expired"] + told["overflowed"]
        self.assertEqual(told["stored"], settled)

    async def _compare_followed(self, store: ShardStore, model: Model) -> None:
        """Who has read the change log from the beginning knows the same."""
        tags: set[tuple[int, str]] = set()
        aliases: dict[int, str] = {}
        changes, head = await store.changes(0, 10_000)
        self.assertEqual([change.position for change in changes], list(range(1, head + 1)))
        for change in changes:
            match change.kind:
                case ChangeKind.TagAdded:
                    tags.add((change.ordinal, change.value))
                case ChangeKind.TagRemoved:
                    tags.remove((change.ordinal, change.value))
                case ChangeKind.AliasSet:
                    aliases[change.ordinal] = change.value
                case ChangeKind.AliasCleared:
                    self.assertEqual(aliases.pop(change.ordinal), change.value)
        self.assertEqual(tags, {(ordinal, tag) for ordinal, own in model.tags.items() for tag in own})
        self.assertEqual(aliases, {ordinal: alias for ordinal, alias in model.aliases.items() if alias})
