"""Which releases the grid has: asked of everybody who may have them, before a roll begins.

Agents fetch from every registry and from each other, and go by the newest list of releases that they are
shown. So it is asked for here in much the same way: what this registry's own folder lists is published, and
nobody else has to answer; else every other registry is asked, and only where none of them lists the version,
some of the agents. What nobody lists, nobody could fetch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Protocol

import attrs
from twisted.internet.defer import ensureDeferred, gatherResults

from pushnet.gen.pushnet.release import ReleasesPrx
from pushnet.grid.patch.limits import SKEW_S
from pushnet.grid.patch.refusals import NotSigned, Refused
from pushnet.grid.patch.trust import FIRST, Trust, fingerprint
from pushnet.grid.settings import Settings
from pushnet.grid.tables import AGENT
from pushnet.grid.wellknown import RELEASES
from pushnet.roles.registry.books import Member
from pushnet.roles.releases.shelf import NoAnchor, Shelf
from pushnet.roles.releases.source import RpcSource, Source, SourceFailed, SourceLacks, SourcesFailed
from pushnet.roles.releases.today import Today
from pushnet.rpc.communicator import Communicator
from pushnet.world import World

ANSWER_S: Final = 2.0
"""An operator waits for the answer, and who is slower helps no agent either."""
AGENTS_MAX: Final = 8
"""So many other agents each agent asks, too."""


class Neighbours(Protocol):
    """Who else may have releases."""

    def registries(self) -> Sequence[Source]:
        """The other ones."""
        ...

    def agents(self) -> Sequence[Source]:
        """Some of those that are in."""
        ...


@attrs.frozen
class Word:
    """What one place says: what is to be believed there, or why that cannot be told."""

    place: str
    trust: Trust | None = None
    complaint: str = ""


class Published:
    """Implements `Catalogue`.

    Args:
        shelf: this registry's own releases.
        name: this registry's.
        folder: where its releases are on its machine.
        root: the fingerprint of the first root document, where the settings tell it; else empty.
    """

    def __init__(
        self,
        world: World,
        shelf: Shelf,
        name: str,
        folder: str,
        root: Callable[[], str],
        around: Neighbours,
    ) -> None:
        self._world = world
        self._shelf = shelf
        self._name = name
        self._folder = folder
        self._root = root
        self._around = around

    async def objection(self, release: str, version: str) -> str:
        own = await self._world.run_blocking(self._own)
        if version in _versions(own.trust, release) and self._late_s(own.trust) <= SKEW_S:
            return ""
        words = [own, *await self._asked(own.trust, self._around.registries())]
        if version not in _versions(_newest(words), release):
            words += await self._asked(own.trust, self._around.agents())
        newest = _newest(words)
        known = _versions(newest, release)
        late_s = self._late_s(newest)
        if known and late_s > SKEW_S:
            return (
                f"the list of releases expired {late_s / 3600:.1f} h ago, so agents take nothing new: "
                f"`pushnet patch refresh` where it is signed; what runs goes on"
            )
        if version in known:
            return ""
        there = ", ".join(known) or "none"
        told = f"{release} {version} is published nowhere; there are: {there}; "
        how = f"pushnet patch publish DIR --name {release} --version {version} --store {self._folder}"
        told += f"`{how}`, on the machine of {self._name}, publishes it"
        silent = [f"{word.place}: {word.complaint}" for word in words if word.complaint]
        return f"{told} ({'; '.join(silent)})" if silent else told

    def _own(self) -> Word:
        """Blocking."""
        try:
            return Word(self._name, self._shelf.trust())
        except NoAnchor:
            return Word(self._name)
        except (Refused, OSError) as error:
            return Word(self._name, None, f"its releases cannot be read: {error}")

    async def _asked(self, own: Trust | None, sources: Sequence[Source]) -> list[Word]:
        """All at once: one that is paused costs its limit, not one after the other."""
        found: list[Word] = await gatherResults([ensureDeferred(self._ask(own, each)) for each in sources])
        return found

    async def _ask(self, own: Trust | None, source: Source) -> Word:
        try:
            today = Today(own or await self._anchor(source), self._world.wall)
        except SourceLacks:
            return Word(source.name)
        except (Refused, SourceFailed) as error:
            return Word(source.name, None, str(error))
        try:
            await today.learn([source])
        except Refused:
            return Word(source.name, None, today.complaints[source.name])
        except SourcesFailed:
            lacks_all = today.timestamp is None and source.name not in today.failed
            return Word(source.name, None, "" if lacks_all else today.complaints[source.name])
        return Word(source.name, today.trust)

    async def _anchor(self, source: Source) -> Trust:
        """As an agent that nobody has told whom to believe: whom it is shown."""
        data, wanted = await source.root(FIRST), self._root()
        if wanted and fingerprint(data) != wanted:
            raise NotSigned("its root document is not cluster.releases_root")
        return Trust.anchored(data)

    def _late_s(self, trust: Trust | None) -> float:
        if trust is None or trust.timestamp is None:
            return 0.0
        return self._world.wall() - trust.timestamp.expires


class Around:
    """The grid around a registry. Implements `Neighbours`.

    Args:
        settings: the files that name registries, this one's own and the one that was applied.
        members: who is in, by name.
    """

    def __init__(
        self,
        world: World,
        communicator: Communicator,
        name: str,
        settings: Callable[[], Iterable[Settings]],
        members: Mapping[str, Member],
    ) -> None:
        self._chance = world.rng("registry.published")
        self._communicator = communicator
        self._name = name
        self._settings = settings
        self._members = members

    def registries(self) -> list[Source]:
        found: dict[str, str] = {}
        for settings in self._settings():
            named = [node.name for node in settings.node if node.role == "registry"]
            found |= dict(zip(named, settings.doors, strict=False))
        found.pop(self._name, None)
        return [self._source(name, endpoints) for name, endpoints in found.items()]

    def agents(self) -> list[Source]:
        every = [
            (name, adapter.endpoints)
            for name, member in sorted(self._members.items())
            for adapter in member.record.adapters
            if member.record.role == AGENT and adapter.id == f"{name}.Agent"
        ]
        asked = self._chance.sample(every, min(AGENTS_MAX, len(every)))
        return [self._source(f"agent {name}", endpoints) for name, endpoints in sorted(asked)]

    def _source(self, name: str, endpoints: str) -> Source:
        text = f"{RELEASES.category}/{RELEASES.name}:{endpoints}"
        proxy = ReleasesPrx.uncheckedCast(self._communicator.stringToProxy(text))
        assert proxy is not None
        return RpcSource(proxy, name, ANSWER_S)


def _newest(words: Iterable[Word]) -> Trust | None:
    """The list that agents go by when they have asked everybody."""
    lists = [each.trust for each in words if each.trust is not None and each.trust.snapshot is not None]
    return max(lists, key=_number, default=None)


def _number(trust: Trust) -> tuple[int, int]:
    assert trust.timestamp is not None, "a list was named by a timestamp"
    return trust.root.number, trust.timestamp.number


def _versions(trust: Trust | None, release: str) -> list[str]:
    listed = trust.snapshot.releases if trust is not None and trust.snapshot is not None else ()
    return [each.version for each in listed if each.name == release]
