"""The releases of one agent: what servers are run from, fetched when a plan wants it, and handed on to others.

What is on this machine's disk, complete and sound, is used without asking anybody, so that servers start also
while no registry answers. What is not is fetched from registries and other agents, whoever has it, checked and
put beside what runs.

An agent that has been told nobody's root document believes the first one that a registry has, and from then
on only whoever that one and its successors name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final

from twisted.logger import Logger

from pushnet.gen.pushnet.release import ReleasesPrx
from pushnet.gen.pushnet.server import ServerPlan
from pushnet.grid.patch.refusals import Refused
from pushnet.grid.wellknown import RELEASES
from pushnet.roles.releases.library import Library
from pushnet.roles.releases.servant import ReleasesI
from pushnet.roles.releases.shelf import NoAnchor
from pushnet.roles.releases.source import RpcSource, Source, SourceFailed, SourceLacks, SourcesFailed
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException
from pushnet.world import World

FIRST_ROOT: Final = 1
AGENTS_MAX: Final = 8
"""Other agents that are asked in one staging: more help nobody."""


class CannotStage(Exception):
    """A release cannot be had. The text says which, and why."""


class Stock:
    """Releases in the folder `releases` of an agent's storage.

    Args:
        sources: who may have releases, when asked: registries, and other agents.
    """

    def __init__(self, world: World, sources: Callable[[], Awaitable[Sequence[Source]]]) -> None:
        self._world = world
        self._sources = sources
        self._library = Library(world)
        self._anchored = False
        self._log = Logger(namespace="pushnet.node")

    async def open(self) -> None:
        """Tidy up what a crash has left half done."""
        await self._library.open()

    async def close(self) -> None:
        await self._library.close()

    def servant(self) -> ReleasesI:
        """For other agents, which may fetch from here."""
        return self._library.servant()

    async def folder(self, plan: ServerPlan) -> str:
        """Where the plan's release is on this machine, sound; "" when it wants none. Raises `CannotStage`."""
        name, version = plan.release, plan.version
        if not name:
            return ""
        if not version:
            raise CannotStage(f"no version of {name} was deployed yet: pushnet deploy {plan.kind} VERSION")
        try:
            here = await self._library.ready(name, version)
            if here is not None:
                return here.folder
            sources = await self._sources()
            await self._anchor(sources)
            staged = await self._library.stage(name, version, sources)
        except (Refused, SourcesFailed, OSError) as error:
            raise CannotStage(f"release {name} {version}: {error}") from error
        told = {"name": name, "version": version, "bytes": self._library.moved_bytes}
        self._log.info("release {name} {version} is here, {bytes} bytes were fetched", **told)
        return staged.folder

    async def tidy(self, keep: int, used: Collection[tuple[str, str]]) -> None:
        """Delete old versions, but the newest `keep` of each release, and those that are `used`."""
        try:
            await self._library.tidy(keep, used)
        except NoAnchor:
            return
        except (Refused, OSError) as error:
            self._log.warn("old releases are not tidied away: {error}", error=str(error))

    async def _anchor(self, sources: Sequence[Source]) -> None:
        """Believe the first root that anybody has, unless one is believed already."""
        if self._anchored or await self._library.is_anchored():
            self._anchored = True
            return
        for source in sources:
            try:
                root = await source.root(FIRST_ROOT)
            except (SourceLacks, SourceFailed):
                continue
            await self._library.anchor(root)
            self._anchored = True
            self._log.info("releases are believed as {source} has them signed", source=source.name)
            return


class GridSources:
    """Registries and other agents, as sources of releases.

    Args:
        registries: their endpoints.
        others: names of the agents that are there, without this one.
    """

    def __init__(
        self,
        communicator: Communicator,
        registries: Sequence[str],
        others: Callable[[], Awaitable[Sequence[str]]],
    ) -> None:
        self._communicator = communicator
        self._registries = registries
        self._others = others

    async def __call__(self) -> list[Source]:
        """Registries first: their word on what counts today is the newest."""
        identity = f"{RELEASES.category}/{RELEASES.name}"
        found = [self._source(f"{identity}:{place}", f"registry {place}") for place in self._registries]
        try:
            others = await self._others()
        except LocalException:
            others = []
        found += [self._source(f"{identity} @ {name}.Agent", f"agent {name}") for name in others[:AGENTS_MAX]]
        return found

    def _source(self, proxy: str, name: str) -> Source:
        made = ReleasesPrx.uncheckedCast(self._communicator.stringToProxy(proxy))
        assert made is not None
        return RpcSource(made, name)
