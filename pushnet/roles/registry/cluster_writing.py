"""Applies settings: all of it or nothing, and only over the generation that was compared with."""

from __future__ import annotations

from typing import Final

import msgspec

from pushnet.grid.plans import kind_of
from pushnet.grid.settings import Settings, SettingsError, load_settings
from pushnet.roles.registry.books import POLICY
from pushnet.roles.registry.cluster_book import HEAD, PAST, SOURCE, Applied, ClusterBook
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.papers import PLACE, SETTINGS, VERSION, WAVE
from pushnet.stores.registry.state import Change, Delete, Put
from pushnet.world import World

GENERATIONS_KEPT: Final = 100
TEXT_BYTES_MAX: Final = 512 * 1024
"""Of one generation: etcd takes 1.5 MiB in a commit."""
FIXED: Final = ("name", "shards")
"""Of the cluster: under the name everything stands in etcd, and data is divided into so many shards."""
WORDS_CHARACTERS_MAX: Final = 500
"""Of `who` and `why`, each."""
CHANGES_MAX: Final = 60
"""Entries of servers and groups that are gone, taken away with one generation; the rest go with the next."""


REVISIONS_PER_S: Final = 2**20
"""More than any state ever has: so numbers that begin at a later time are higher than all of before."""


class OtherGeneration(Exception):
    """Somebody else has applied settings meanwhile."""

    def __init__(self, current: int) -> None:
        super().__init__(f"generation {current} holds")
        self.current = current


def read(text: str, now: Settings | None = None) -> Settings:
    """The settings that are to take the place of those that hold `now`. Raises `SettingsError`."""
    size = len(text.encode())
    if size > TEXT_BYTES_MAX:
        raise SettingsError(f"{SOURCE}: {size} bytes are more than {TEXT_BYTES_MAX}")
    settings = load_settings(text, SOURCE)
    if now is not None:
        for key in FIXED:
            old, new = getattr(now.cluster, key), getattr(settings.cluster, key)
            if old != new:
                raise SettingsError(
                    f"{SOURCE}: cluster.{key} is {old!r} for the life of the data, not {new!r}"
                )
    return settings


class ClusterWriting:
    """Writes what `ClusterBook` reads."""

    def __init__(self, world: World, ledger: Ledger, book: ClusterBook) -> None:
        self._world = world
        self._ledger = ledger
        self._book = book

    async def apply(self, text: str, expected: int, who: str, why: str) -> int:
        """The generation that holds now; the one before when it has the same text.

        Raises `SettingsError`, `OtherGeneration`, `NotSaved`.
        """
        settings = read(text, self._book.settings)
        made: list[int] = [0]

        def decide() -> list[Change]:
            book = self._book
            made[0] = book.generation
            if book.generation and book.text == text:
                return []
            if book.generation != expected:
                raise OtherGeneration(book.generation)
            made[0] = max([book.generation, *book.generations()]) + 1
            told = Applied(text, _short(who), _short(why), int(self._world.wall()))
            return [
                Put(f"{SETTINGS}{made[0]}", msgspec.json.encode(told).decode()),
                Put(HEAD, str(made[0])),
                *[Put(WAVE + kind, wave.to_json()) for kind, wave in book.waves_towards(settings).items()],
                *self._left_behind(settings),
            ]

        waves = [WAVE + kind for kind in [*self._book.waves, *map(kind_of, settings.processes)]]
        await self._ledger.submit(decide, [HEAD, *waves, *self._touched()])
        return made[0]

    async def restored(self) -> int:
        """Number plans past all that were told before, by the wall clock: what is added from now on.

        Raises `NotSaved`.
        """
        made: list[int] = []

        def decide() -> list[Change]:
            made[:] = [max(int(self._world.wall()) * REVISIONS_PER_S, self._book.past + REVISIONS_PER_S)]
            return [Put(PAST, str(made[0]))]

        await self._ledger.submit(decide, [PAST])
        return made[0]

    def _touched(self) -> list[str]:
        """What may be taken away with it, as other tasks name it."""
        papers = self._book.papers
        keys = [kind + name for kind in (VERSION, PLACE) for name in papers.under(kind)]
        return [*keys, *[f"policy {name}" for name in self._ledger.books.policies]]

    def _left_behind(self, settings: Settings) -> list[Change]:
        """Take away old generations, what is of servers that are gone, live policies of changed groups."""
        book = self._book
        gone: list[Change] = []
        for generation in book.generations()[GENERATIONS_KEPT - 1 :]:
            entry = book.entry(generation)
            gone += [Delete(entry.key, entry.revision)] if entry else []
        names = {process.name for process in settings.processes}
        for kind in (VERSION, PLACE):
            under = book.papers.under(kind)
            gone += [Delete(entry.key, entry.revision) for name, entry in under.items() if name not in names]
        old = {group.id: group for group in book.settings.group} if book.settings else {}
        new = {group.id: group for group in settings.group}
        for name, (_, revision) in sorted(self._ledger.books.policies.items()):
            if old.get(name) != new.get(name):
                gone.append(Delete(POLICY + name, revision))
        return gone[:CHANGES_MAX]


def _short(words: str) -> str:
    return words[:WORDS_CHARACTERS_MAX]
