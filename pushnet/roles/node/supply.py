"""Releases for the servers of a machine: fetched from the registries and from other agents, checked, staged.

Versions lie beside each other, so one can be started while the other still runs. What was started and served
is `activated`: with that the library knows what to keep, and refuses to go back further than it did.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from pushnet.gen.pushnet.server import ServerPlan
from pushnet.grid.patch.refusals import Refused
from pushnet.roles.releases.library import Library, Staged
from pushnet.roles.releases.shelf import NoAnchor
from pushnet.roles.releases.source import Source, SourceFailed, SourceLacks
from pushnet.world import World

Sources = Callable[[], Awaitable[Sequence[Source]]]


class Supply:
    """One machine's releases.

    Args:
        sources: whom to fetch from, in the order in which they are asked for documents.
        kept: versions of a release that stay besides what runs.
    """

    def __init__(self, world: World, library: Library, sources: Sources, kept: int) -> None:
        self._world = world
        self._library = library
        self._sources = sources
        self._kept = kept
        self._active: dict[str, str] = {}
        self._log = Logger(namespace="pushnet.node")

    def prepare(self, plan: ServerPlan) -> Deferred[str]:
        """Have the release of a plan here; fires with its folder."""
        return Deferred.fromCoroutine(self._prepare(plan.release, plan.version))

    async def _prepare(self, name: str, version: str) -> str:
        if not version:
            raise Refused(f"no version of {name} is wanted yet: `pushnet deploy` says which")
        staged = self._here(name, version)
        if staged is None:
            sources = await self._sources()
            await self._believe(sources)
            staged = await self._library.stage(name, version, sources)
            self._log.info("release {name} {version} is staged", name=name, version=version)
        return staged.folder

    def _here(self, name: str, version: str) -> Staged | None:
        found = (self._library.current(name), self._library.previous(name))
        return next((staged for staged in found if staged is not None and staged.version == version), None)

    def serves(self, plan: ServerPlan) -> None:
        """A server of this plan serves: its release has proved itself here."""
        if plan.release and self._active.get(plan.release) != plan.version:
            self._active[plan.release] = plan.version
            work = Deferred.fromCoroutine(self._activate(plan.release, plan.version))
            self._world.background(f"activating {plan.release}", work)

    async def _activate(self, name: str, version: str) -> None:
        try:
            await self._library.activate(name, version)
            await self._library.tidy(self._kept)
        except (Refused, OSError) as error:
            self._log.warn("release {name} {version}: {error}", name=name, version=version, error=str(error))

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
