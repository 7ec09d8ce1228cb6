"""Releases for the servers of a machine: fetched from the registries and from other agents, checked, staged.

Versions lie beside each other, so one can be started while the other still runs. What is here, and sound, is
used without asking anybody: servers start also while no registry answers. Which version is run is decided by
whoever makes the plan; here it is only seen to it that it is the one that was signed under that name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import msgspec
from twisted.internet.defer import Deferred
from twisted.logger import Logger

from pushnet.gen.pushnet.server import ServerPlan
from pushnet.grid.patch.refusals import Refused
from pushnet.grid.patch.trust import FIRST, fingerprint
from pushnet.roles.releases.library import Library
from pushnet.roles.releases.shelf import NoAnchor
from pushnet.roles.releases.source import Source, SourceFailed, SourceLacks
from pushnet.world import Worker, World

Sources = Callable[[], Awaitable[Sequence[Source]]]
RAN: Final = "ran.json"
RAN_KEPT: Final = 2
"""What runs, and what ran before: going back needs nobody."""
Used = Sequence[tuple[str, str]]


class Supply:
    """One machine's releases.

    Args:
        sources: whom to fetch from, in the order in which they are asked for documents.
        kept: versions of a release that stay besides what runs.
        used: names and versions of what runs and of what is to run.
        root: the fingerprint of the first root document, where the cluster file tells it; see `fingerprint`.
    """

    def __init__(
        self,
        world: World,
        worker: Worker,
        library: Library,
        sources: Sources,
        kept: int,
        used: Callable[[], Used],
        root: str = "",
    ) -> None:
        self._world = world
        self._worker = worker
        self._library = library
        self._sources = sources
        self._kept = kept
        self._used = used
        self._root = root
        self._tidied: dict[str, str] = {}
        """Release to the version that served when old ones were last thrown away."""
        self._ran: dict[str, list[str]] = {}
        """Release to the versions that served last, the newest first: one to go back to among them."""
        self._log = Logger(namespace="pushnet.node")

    async def open(self) -> None:
        """Remember what ran with earlier agents."""
        self._ran = await self._worker.submit(self._load)

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
        ran = self._ran.get(plan.release, [])
        if plan.release and ran[:1] != [plan.version]:
            ran = [plan.version, *(version for version in ran if version != plan.version)]
            self._ran = {**self._ran, plan.release: ran[:RAN_KEPT]}
            self._world.background("keeping what ran", self._worker.submit(self._save, self._ran))
        if plan.release and self._tidied.get(plan.release) != plan.version:
            self._tidied[plan.release] = plan.version
            self._world.background("throwing old releases away", Deferred.fromCoroutine(self._tidy()))

    async def _tidy(self) -> None:
        try:
            ran = [(release, version) for release, versions in self._ran.items() for version in versions]
            await self._library.tidy(self._kept, [*self._used(), *ran])
        except (Refused, OSError) as error:
            self._log.warn("old releases are not thrown away: {error}", error=str(error))

    def _load(self) -> dict[str, list[str]]:
        try:
            return msgspec.json.decode(self._world.storage.read(RAN), type=dict[str, list[str]])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError) as error:
            self._log.warn("what ran before is forgotten: {error}", error=str(error))
            return {}

    def _save(self, ran: Mapping[str, list[str]]) -> None:
        try:
            self._world.storage.replace(RAN, msgspec.json.encode(ran))
        except OSError as error:
            self._log.warn("what ran cannot be kept: {error}", error=str(error))

    async def _believe(self, sources: Sequence[Source]) -> None:
        """Where nobody has said whom to believe, the first registry that is asked is believed, once.

        With a fingerprint in the settings only that root is: also what was believed before must be it.
        """
        try:
            self._library.shelf.trust()
            first = self._library.shelf.papers.root(FIRST)
            if self._root and first is not None and fingerprint(first) != self._root:
                raise Refused(
                    f"root {FIRST} that this machine believes is not cluster.releases_root ({self._root}): "
                    f"put the right one into the file, or move the agent's folder `releases` away"
                )
        except NoAnchor:
            for source in sources:
                try:
                    root = await source.root(FIRST)
                except (SourceLacks, SourceFailed):
                    continue
                told = fingerprint(root)
                if self._root and told != self._root:
                    why = "{source} shows a root document with the fingerprint {told}, which is not believed"
                    self._log.error(why, source=source.name, told=told)
                    continue
                await self._library.anchor(root)
                if not self._root:
                    why = "believing the root document that {source} showed first: {told}; see releases_root"
                    self._log.warn(why, source=source.name, told=told)
                return
            asked = ", ".join(source.name for source in sources) or "nobody"
            raise NoAnchor(
                f"nothing is published at any registry or agent that answers (asked: {asked}): "
                f"`pushnet patch publish` it into the folder of a registry"
            ) from None
