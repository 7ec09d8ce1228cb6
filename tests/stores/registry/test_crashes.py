"""Crashes in the midst of commits lose nothing that was answered; planted bugs of the journal are found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase

from pushnet.stores import journal as journals
from pushnet.stores.journal import Journal
from pushnet.stores.registry.embedded import EmbeddedState
from pushnet.stores.registry.embedded_rows import JOURNALED
from pushnet.world import World
from tests.stores.registry.crashes import fault

SEEDS = 60
SEEDS_MAX = 500
SMALL = 700


class SmallJournal(Journal):
    """Soon full."""

    def __init__(self, world: World, name: str) -> None:
        super().__init__(world, name, SMALL)


class HastyJournal(SmallJournal):
    """Answers before the sync."""

    def append(self, payloads: Sequence[bytes]) -> Deferred[None]:
        super().append(payloads)
        return succeed(None)


class UnsyncedJournal(SmallJournal):
    """Answers without a sync."""

    def _write(self, position: int, data: bytes) -> None:
        assert self._file is not None
        self._file.write(position, data)


class CredulousJournal(SmallJournal):
    """Takes for its own what the store has taken up long ago."""

    def _read(self, point: int) -> tuple[list[bytes], int]:
        data = self._world.storage.read(self._name) if self._name in self._world.storage.names() else b""
        found: list[bytes] = []
        position = 0
        while position + journals._HEAD.size <= len(data):
            length, _, since = journals._HEAD.unpack_from(data, position)
            records, end = journals._records(data[position:], since)
            if not length or not records:
                break
            found += records
            position += end
        return found, position


class ForgetfulJournal(SmallJournal):
    """Begins anew without waiting until its store has moved on."""

    def has_room(self, payloads: Sequence[bytes]) -> bool:
        if not super().has_room(payloads):
            self._position = 0
        return super().has_room(payloads)


class UnmarkedState(EmbeddedState):
    """Uses the journal before the file says that there is one."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._demands = JOURNALED


class CrashTests(SynchronousTestCase):
    def test_what_was_answered_is_there_after_any_crash(self) -> None:
        for seed in range(SEEDS):
            self.assertEqual(fault(seed, SmallJournal if seed % 2 else Journal), "", f"seed {seed}")

    def test_planted_bugs_are_found(self) -> None:
        for planted in (HastyJournal, UnsyncedJournal, CredulousJournal, ForgetfulJournal):
            found = next((seed for seed in range(SEEDS_MAX) if fault(seed, planted)), None)
            self.assertIsNotNone(found, f"{planted.__name__} is not found in {SEEDS_MAX} seeds")

    def test_a_file_that_does_not_say_that_there_is_a_journal_is_found(self) -> None:
        seeds = (fault(seed, Journal, UnmarkedState) for seed in range(SEEDS_MAX))
        self.assertIn("not refused", next(filter(None, seeds), ""))
