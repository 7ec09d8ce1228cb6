"""Applies settings: all of it or nothing, and only over the generation that was compared with."""

from __future__ import annotations

from typing import Final

import msgspec

from pushnet.grid.plans import kind_of
from pushnet.grid.settings import ProcessSettings, Settings, SettingsError, load_settings
from pushnet.roles.registry.books import POLICY
from pushnet.roles.registry.cluster_book import HEAD, PAST, SOURCE, Applied, ClusterBook
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.papers import PLACE, ROLL, SETTINGS, VERSION, WAVE
from pushnet.roles.registry.rolling_record import read_record
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
"""Entries of servers and groups that come or are gone, written with one generation; what is left of those
that are gone goes with the next."""


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
                *[*self._newcomers(settings), *self._left_behind(settings)][:CHANGES_MAX],
            ]

        coming = [VERSION + process.name for process in settings.processes]
        waves = [WAVE + kind for kind in [*self._book.waves, *map(kind_of, settings.processes)]]
        await self._ledger.submit(decide, [HEAD, *waves, *coming, *self._touched()])
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
        return gone

    def _newcomers(self, settings: Settings) -> list[Change]:
        """Servers that come to a kind which was deployed have its version, unless theirs is named apart."""
        known = self._book.settings
        if known is None:
            return []
        names = {process.name for process in known.processes}
        made: list[Change] = []
        for process in settings.processes:
            if process.name in names or not process.release:
                continue
            others = [each for each in known.processes if _are_alike(each, process)]
            version = self._version_of(kind_of(process), [each.name for each in others])
            made += [Put(VERSION + process.name, version)] if version else []
        return made

    def _version_of(self, kind: str, names: list[str]) -> str:
        """What these were given; while they are rolled, what they had before. Empty: nothing, or several."""
        value = self._book.papers.value(ROLL + kind)
        record = read_record(value) if value else None
        versions = self._book.versions
        if record is not None and not record.over:
            versions = {**versions, **record.before}
        found = {versions[name] for name in names if name in versions}
        return found.pop() if len(found) == 1 else ""


def _are_alike(one: ProcessSettings, other: ProcessSettings) -> bool:
    """They are deployed together, and the file says nothing else of their versions."""
    same_file = (one.release, one.version) == (other.release, other.version)
    return same_file and kind_of(one) == kind_of(other)


def _short(words: str) -> str:
    return words[:WORDS_CHARACTERS_MAX]
