"""Releases for the servers of a machine: fetched from the registries and from other agents, checked, staged.

Versions lie beside each other, so one can be started while the other still runs. What is here, and sound, is
used without asking anybody: servers start also while no registry answers. Which version is run is decided by
whoever makes the plan; here it is only seen to it that it is the one that was signed under that name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from pushnet.gen.pushnet.server import ServerPlan
from pushnet.grid.patch.refusals import Refused
from pushnet.roles.releases.library import Library
from pushnet.roles.releases.shelf import NoAnchor
from pushnet.roles.releases.source import Source, SourceFailed, SourceLacks
from pushnet.world import World

Sources = Callable[[], Awaitable[Sequence[Source]]]
Used = Sequence[tuple[str, str]]


class Supply:
    """One machine's releases.

    Args:
        sources: whom to fetch from, in the order in which they are asked for documents.
        kept: versions of a release that stay besides what runs.
        used: names and versions of what runs.
    """

    def __init__(
        self, world: World, library: Library, sources: Sources, kept: int, used: Callable[[], Used]
    ) -> None:
        self._world = world
        self._library = library
        self._sources = sources
        self._kept = kept
        self._used = used
        self._tidied: dict[str, str] = {}
        """Release to the version that served when old ones were last thrown away."""
        self._log = Logger(namespace="pushnet.node")

    def prepare(self, plan: ServerPlan) -> Deferred[str]:
        """Have the release of a plan here; fires with its folder."""
        return Deferred.fromCoroutine(self._prepare(plan.release, plan.version))

    async def _prepare(self, name: str, version: str) -> str:
        if not version:
            raise Refused(f"no version of {name} is wanted yet: `pushnet deploy` says which")
        staged = await self._library.ready(name, version)
        if staged is None:
            sources = await self._sources()
            await self._believe(sources)
            staged = await self._library.stage(name, version, sources)
            self._log.info("release {name} {version} is staged", name=name, version=version)
        return staged.folder

    def serves(self, plan: ServerPlan) -> None:
        """A server of this plan serves: versions that nobody runs any more may go."""
        if plan.release and self._tidied.get(plan.release) != plan.version:
            self._tidied[plan.release] = plan.version
            self._world.background("throwing old releases away", Deferred.fromCoroutine(self._tidy()))

    async def _tidy(self) -> None:
        try:
            await self._library.tidy(self._kept, self._used())
        except (Refused, OSError) as error:
            self._log.warn("old releases are not thrown away: {error}", error=str(error))

    async def _believe(self, sources: Sequence[Source]) -> None:
        """Where nobody has said whom to believe, the first registry that is asked is believed, once."""
        try:
            self._library.shelf.trust()
        except NoAnchor:
            for source in sources:
                try:
                    root = await source.root(1)
                except (SourceLacks, SourceFailed):
                    continue
                await self._library.anchor(root)
                self._log.warn("believing the root document that {source} showed first", source=source.name)
                return
            raise
