"""What every registry state keeps to, whoever keeps it: the same tests for each.

A case brings `state(name)`, another process of the registry on the same store, opened, and `result_of(work)`:
in the simulation it runs until there is a result, on a real store it waits. `lapse_s` is how long a lease of
`TTL_S` may outlive its time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from pushnet.stores.registry.state import (
    Change,
    Delete,
    Entry,
    Put,
    RegistryState,
    Stands,
    StateConflict,
    StateUnavailable,
)

TTL_S = 3.0


@attrs.define
class Told:
    """A watcher that remembers what it was told."""

    entries: dict[str, Entry] = attrs.Factory(dict)
    lapsed: list[str] = attrs.Factory(list)
    deleted: list[str] = attrs.Factory(list)
    notes: dict[str, str] = attrs.Factory(dict)
    resets: int = 0

    def reset(self, entries: Sequence[Entry]) -> None:
        self.resets += 1
        self.entries = {entry.key: entry for entry in entries}

    def put(self, entry: Entry) -> None:
        self.entries[entry.key] = entry

    def gone(self, entry: Entry, lapsed: bool) -> None:
        self.entries.pop(entry.key, None)
        (self.lapsed if lapsed else self.deleted).append(entry.key)

    def note(self, who: str, text: str) -> None:
        self.notes[who] = text

    def values(self) -> dict[str, str]:
        return {key: entry.value for key, entry in sorted(self.entries.items())}


class StateContract:
    """Mixed into a test case for each store."""

    lapse_s = 1.0

    async def state(self, name: str) -> tuple[RegistryState, Told]:
        raise NotImplementedError

    async def again(self, name: str) -> tuple[RegistryState, Told]:
        """A new process in place of the one of that name, which was killed."""
        raise NotImplementedError

    async def result_of(self, work: Any) -> Any:
        raise NotImplementedError

    async def pass_time(self, seconds: float) -> None:
        """Let time pass; every open state ticks meanwhile."""
        raise NotImplementedError

    async def commit(self, state: RegistryState, *changes: Change) -> int:
        revision: int = await self.result_of(state.commit(changes))
        return revision

    async def test_what_is_committed_is_told_with_its_revision_before_the_answer(self: Any) -> None:
        state, told = await self.state("one")
        revision = await self.commit(state, Put("node/a", "A"), Put("node/b", "B"))
        self.assertEqual(told.values(), {"node/a": "A", "node/b": "B"})
        self.assertEqual({entry.revision for entry in told.entries.values()}, {revision})

    async def test_revisions_rise_with_every_commit(self: Any) -> None:
        state, _ = await self.state("one")
        revisions = [await self.commit(state, Put("node/a", str(number))) for number in range(5)]
        self.assertEqual(revisions, sorted(set(revisions)))

    async def test_a_delete_takes_away_the_entry_it_means_and_no_later_one(self: Any) -> None:
        state, told = await self.state("one")
        first = await self.commit(state, Put("node/a", "old"))
        second = await self.commit(state, Put("node/a", "new"))
        await self.result_of(state.commit([Delete("node/a", first)]))
        self.assertEqual(told.values(), {"node/a": "new"})
        await self.result_of(state.commit([Delete("node/a", second)]))
        self.assertEqual((told.values(), told.deleted), ({}, ["node/a"]))

    async def test_what_was_committed_is_there_after_a_kill(self: Any) -> None:
        state, _ = await self.state("one")
        before = await self.commit(state, Put("node/a", "A", TTL_S), Put("object/o", "O"))
        again, told = await self.again("one")
        self.assertEqual(told.values(), {"node/a": "A", "object/o": "O"})
        self.assertEqual(told.entries["node/a"].revision, before)
        self.assertGreater(await self.commit(again, Put("node/b", "B")), before)

    async def test_an_entry_under_a_lease_lapses_when_nobody_renews_it(self: Any) -> None:
        state, told = await self.state("one")
        await self.commit(state, Put("node/a", "A", TTL_S), Put("object/o", "O"))
        await self.pass_time(TTL_S - 1.0)
        self.assertIn("node/a", told.entries)
        await self.pass_time(1.0 + self.lapse_s)
        self.assertEqual((told.values(), told.lapsed), ({"object/o": "O"}, ["node/a"]))

    async def test_a_renewed_lease_runs_on_and_a_lapsed_one_is_told_as_gone(self: Any) -> None:
        state, told = await self.state("one")
        await self.commit(state, Put("node/a", "A", TTL_S))
        lease = told.entries["node/a"].lease
        for _ in range(4):
            await self.pass_time(1.5)
            self.assertEqual(await self.result_of(state.renew([lease])), {lease: True})
        self.assertIn("node/a", told.entries)
        await self.pass_time(TTL_S + self.lapse_s)
        self.assertEqual(await self.result_of(state.renew([lease])), {lease: False})

    async def test_what_must_stand_and_does_not_lets_nothing_of_a_commit_be_written(self: Any) -> None:
        state, told = await self.state("one")
        first = await self.commit(state, Put("leading/rolls", "former"))
        later = await self.commit(state, Put("leading/rolls", "present"))
        await self.commit(state, Put("version/a", "1"), Stands("leading/rolls", later))
        for condition in (Stands("leading/rolls", first), Stands("leading/nothing", later)):
            with self.assertRaises(StateConflict):
                await self.commit(state, Put("version/a", "2"), Put("version/b", "2"), condition)
        self.assertEqual(told.values(), {"leading/rolls": "present", "version/a": "1"})
        await self.commit(state, Delete("leading/rolls", later))
        with self.assertRaises(StateConflict):
            await self.commit(state, Put("version/a", "2"), Stands("leading/rolls", later))

    async def test_after_a_lease_what_must_stand_under_it_does_not(self: Any) -> None:
        state, told = await self.state("one")
        epoch = await self.commit(state, Put("leading/rolls", "one", TTL_S))
        await self.commit(state, Put("version/a", "1"), Stands("leading/rolls", epoch))
        await self.pass_time(TTL_S + self.lapse_s)
        with self.assertRaises(StateConflict):
            await self.commit(state, Put("version/a", "2"), Stands("leading/rolls", epoch))
        self.assertEqual(told.values(), {"version/a": "1"})

    async def test_entries_may_share_a_lease(self: Any) -> None:
        state, told = await self.state("one")
        await self.commit(state, Put("adapter/a", "A", TTL_S))
        lease = told.entries["adapter/a"].lease
        await self.commit(state, Put("adapter/b", "B", TTL_S, lease))
        self.assertEqual(told.entries["adapter/b"].lease, lease)
        await self.pass_time(TTL_S + self.lapse_s)
        self.assertEqual(sorted(told.lapsed), ["adapter/a", "adapter/b"])

    async def test_an_entry_written_again_is_under_its_new_lease_only(self: Any) -> None:
        state, told = await self.state("one")
        await self.commit(state, Put("node/a", "old", TTL_S))
        await self.pass_time(2.0)
        await self.commit(state, Put("node/a", "new", TTL_S))
        await self.pass_time(2.0)
        self.assertEqual(told.values(), {"node/a": "new"})

    async def test_current_is_told_when_all_that_was_written_before_is_known(self: Any) -> None:
        state, told = await self.state("one")
        await self.commit(state, Put("node/a", "A"))
        await self.result_of(state.current())
        self.assertIn("node/a", told.entries)
        self.assertEqual(state.trouble, "")


class SharedStateContract(StateContract):
    """For stores that several registries share."""

    async def test_each_registry_is_told_what_the_other_writes(self: Any) -> None:
        one, told_one = await self.state("one")
        two, told_two = await self.state("two")
        await self.commit(one, Put("node/a", "A", TTL_S))
        await self.result_of(two.current())
        self.assertEqual(told_two.values(), {"node/a": "A"})
        self.assertEqual(told_two.entries, told_one.entries)

    async def test_a_commit_that_does_not_know_of_anothers_is_refused(self: Any) -> None:
        one, _ = await self.state("one")
        two, told_two = await self.state("two")
        both = [one.commit([Put("node/a", "1")]), two.commit([Put("node/a", "2")])]
        outcomes = []
        for work in both:
            try:
                outcomes.append(type(await self.result_of(work)))
            except StateConflict:
                outcomes.append(StateConflict)
        self.assertEqual(sorted(each.__name__ for each in outcomes), ["StateConflict", "int"])
        await self.result_of(two.current())
        await self.commit(two, Put("node/a", "3"))
        self.assertEqual(told_two.values(), {"node/a": "3"})

    async def test_what_is_told_while_a_commit_is_on_its_way_was_not_known_when_it_was_decided(
        self: Any,
    ) -> None:
        one, told_one = await self.state("one")
        two, _ = await self.state("two")
        late = two.commit([Put("node/b", "decided before", TTL_S)])
        revision = await self.commit(one, Put("node/a", "A"))
        try:
            self.assertLess(await self.result_of(late), revision)
        except StateConflict:
            self.assertIn("node/a", told_one.entries)

    async def test_any_registry_can_renew_what_another_has_granted(self: Any) -> None:
        one, _ = await self.state("one")
        two, told_two = await self.state("two")
        await self.commit(one, Put("node/a", "A", TTL_S))
        await self.result_of(two.current())
        lease = told_two.entries["node/a"].lease
        for _ in range(3):
            await self.pass_time(1.5)
            self.assertEqual(await self.result_of(two.renew([lease])), {lease: True})
        self.assertIn("node/a", told_two.entries)

    async def test_notes_reach_the_other_registries(self: Any) -> None:
        one, _ = await self.state("one")
        _, told_two = await self.state("two")
        one.tell("one", "busy")
        await self.pass_time(1.0)
        self.assertEqual(told_two.notes.get("one"), "busy")

    async def test_what_cannot_reach_the_store_says_so_and_recovers(self: Any) -> None:
        one, told = await self.state("one")
        await self.commit(one, Put("node/a", "A"))
        self.cut("one")
        with self.assertRaises(StateUnavailable):
            await self.result_of(one.commit([Put("node/b", "B")]))
        with self.assertRaises(StateUnavailable):
            await self.result_of(one.renew(["1"]))
        self.assertIn("node/a", told.entries)
        two, _ = await self.state("two")
        await self.commit(two, Put("node/c", "C"))
        self.heal("one")
        await self.pass_time(5.0)
        await self.result_of(one.current())
        self.assertIn("node/c", told.entries)
        await self.commit(one, Put("node/d", "D"))

    def cut(self, name: str) -> None:
        """Cut a registry off from the store."""
        raise NotImplementedError

    def heal(self, name: str) -> None:
        raise NotImplementedError
