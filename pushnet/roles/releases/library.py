"""The releases of one machine, as a node agent uses them (the package's docstring shows how).

Staging: learn what counts today, fetch what is missing, put the tree together from checked contents, sync,
rename. The release that runs is not touched. Activating: hash every file of the tree once more, then turn
`current` by one rename. Work on the disk is done by one worker, one thing after the other (what is served to
others, by another); of stagings one runs at a time, the others wait.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from errno import ENOSPC

import attrs
from twisted.internet.defer import DeferredLock

from pushnet.grid.patch.documents import Listed, Release
from pushnet.grid.patch.download import Download
from pushnet.grid.patch.limits import CHUNK_BYTES_MAX, HAVE_MAX
from pushnet.grid.patch.plan import Way, bytes_to_move, every_way
from pushnet.grid.patch.refusals import Malformed, NotListed, Refused, RolledBack
from pushnet.grid.patch.sources import Source as Standing
from pushnet.grid.patch.trust import Trust
from pushnet.roles.releases.fetch import BUDGET_TICK_S, TICK_S, Fetch
from pushnet.roles.releases.inspection import Fault, inspect, inspect_tree
from pushnet.roles.releases.servant import ReleasesI
from pushnet.roles.releases.shelf import Shelf
from pushnet.roles.releases.source import Source, SourceFailed, SourceLacks, SourcesFailed
from pushnet.roles.releases.today import Today
from pushnet.stores.releases.trees import Tree
from pushnet.stores.releases.within import Within
from pushnet.world import Worker, World

FOLDER = "releases"
KEEP_MIN = 2
"""Trees of a name that are kept: the current one and the one to go back to."""
DISTRUST_S = 600.0
"""A source that lied is not asked by later stagings for so long, unless nobody else can help; one that was
slow is asked last."""


@attrs.frozen
class Staged:
    """A release that is complete on this machine's disk."""

    name: str
    version: str
    counter: int
    folder: str
    """Its files, as programs of this machine find them."""


@attrs.frozen
class Progress:
    """How far a staging is."""

    step: str
    """`learn`, `fetch`, `build`, `done`."""
    done: int = 0
    total: int = 0
    """Bytes that travel, or files that are written."""


@attrs.frozen
class Limits:
    """How a staging may use the network."""

    bytes_per_s: int = 0
    """0: as fast as it goes."""
    chunk_bytes: int = CHUNK_BYTES_MAX
    give_up_after_s: float = 3600.0


Told = Callable[[Progress], object]


class Library:
    """Releases in a folder of a node's storage.

    Args:
        world: of the node.
        folder: where in its storage; empty: the storage holds nothing else.
    """

    def __init__(self, world: World, folder: str = FOLDER) -> None:
        self._world = world
        self.shelf = Shelf(Within(world.storage, folder) if folder else world.storage)
        self._worker = world.worker("releases")
        self._serving: list[Worker] = []
        self._one_at_a_time: DeferredLock = DeferredLock()
        self._distrusted: dict[str, float] = {}
        self._slow: dict[str, float] = {}
        self.moved_bytes = 0
        """What the last staging fetched."""

    async def open(self) -> None:
        """Tidy up what a crash has left half done."""
        await self._worker.submit(self.shelf.trees.tidy)

    async def close(self) -> None:
        """Finish what the disk is doing. Cancel stagings before."""
        for worker in [*self._serving, self._worker]:
            await worker.close()

    async def anchor(self, root: bytes) -> None:
        """Say whom to believe. Nothing changes when a root is here that this one is a forerunner of."""
        await self._worker.submit(self._anchor, root)

    async def today(self, sources: Sequence[Source]) -> Trust:
        """Learn what counts today."""
        return (await self._learn(sources)).trust

    async def stage(
        self,
        name: str,
        version: str,
        sources: Sequence[Source],
        *,
        limits: Limits | None = None,
        told: Told = lambda progress: None,
    ) -> Staged:
        """Fetch, check, and put a release beside what runs. Version "" is the newest.

        Raises `Refused` for what may not be used, `SourcesFailed` when nobody could help, and `OSError`. When
        the disk is full, what was gathered is thrown away again: whatever else is there has to go on.
        """
        lock = self._one_at_a_time
        await lock.acquire()
        try:
            return await self._stage_from(name, version, sources, limits or Limits(), told)
        except OSError as error:
            if error.errno == ENOSPC:
                with suppress(Refused, OSError):
                    await self._worker.submit(self._make_room)
            raise
        finally:
            lock.release()

    async def activate(self, name: str, version: str) -> str:
        """Let `current` be that staged version; returns its folder. Checks every file before."""
        return await self._worker.submit(self._activate, name, version)

    async def rollback(self, name: str) -> Staged:
        """Let `current` be what ran before."""
        return self._described(await self._worker.submit(self._roll_back, name))

    def current(self, name: str) -> Staged | None:
        """The version that runs, or is to run with the next start."""
        tree = self.shelf.trees.current(name)
        return None if tree is None else self._described(tree)

    def previous(self, name: str) -> Staged | None:
        """The version that ran before, when it is still here."""
        tree = self.shelf.trees.previous(name)
        return None if tree is None else self._described(tree)

    def staged(self, name: str) -> list[Staged]:
        """Every complete version, oldest first."""
        return [self._described(tree) for tree in self.shelf.trees.staged(name)]

    async def is_anchored(self) -> bool:
        """Whether somebody has said whom to believe."""
        return bool(await self._worker.submit(self.shelf.papers.roots))

    async def ready(self, name: str, version: str) -> Staged | None:
        """A staged version to be run, every file of it hashed; None when it is not here, or damaged.

        What programs have left in its folder since, such as caches of Python and Twisted, is taken away: it
        was signed by nobody.
        """
        return await self._worker.submit(self._ready, name, version)

    async def tidy(self, keep: int = KEEP_MIN, used: Collection[tuple[str, str]] = ()) -> int:
        """Delete old trees; how many. Of each name stay the current, the previous and the newest `keep`.

        What a staging has gathered is not to be thrown away, so it waits for its end.

        Args:
            used: names and versions of others that stay.
        """
        lock = self._one_at_a_time
        await lock.acquire()
        try:
            return await self._worker.submit(self._tidy, max(keep, KEEP_MIN), used)
        finally:
            lock.release()

    async def verify(self) -> list[Fault]:
        """Hash everything."""
        return await self._worker.submit(inspect, self.shelf)

    def servant(self) -> ReleasesI:
        """To be added to an adapter: others may fetch from here, also while a release is staged."""
        worker = self._world.worker("releases served")
        self._serving.append(worker)
        return ReleasesI(self.shelf, worker)

    async def _stage_from(
        self, name: str, version: str, sources: Sequence[Source], limits: Limits, told: Told
    ) -> Staged:
        """From those that are trusted, or else from all: perhaps who lied lately is mended."""
        shunned = [each.name for each in sources if each not in self._trusted(sources)]
        try:
            return await self._stage(name, version, sources, limits, told)
        except (Refused, SourcesFailed):
            if not shunned:
                raise
        for each in shunned:
            self._distrusted.pop(each, None)
        return await self._stage(name, version, sources, limits, told)

    async def _stage(
        self, name: str, version: str, sources: Sequence[Source], limits: Limits, told: Told
    ) -> Staged:
        self.moved_bytes = 0
        told(Progress("learn"))
        today = await self._learn(sources)
        listed = today.trust.find(name, version)
        self._not_older(listed)
        tree = Tree(listed.name, listed.counter, listed.version)
        if await self._worker.submit(self._sound, tree):
            told(Progress("done"))
            return self._described(tree)
        release, document = await today.release(listed, self._trusted(sources))
        await self._worker.submit(
            self.shelf.papers.save_release, listed.name, listed.version, listed.counter, document
        )
        ways = await self._fetch(release, sources, limits, told)
        told(Progress("build", 0, len(release.files)))
        await self._worker.submit(self._build, tree, release, ways)
        told(Progress("done"))
        return self._described(tree)

    async def _learn(self, sources: Sequence[Source]) -> Today:
        before = await self._worker.submit(self.shelf.trust)
        today = Today(before, self._world.wall)
        try:
            now = self._world.monotonic()
            slow = [name for name, until in self._slow.items() if until > now]
            await today.learn(self._trusted(sources), slow)
        finally:
            until = self._world.monotonic() + DISTRUST_S
            self._slow |= dict.fromkeys(today.failed, until)
            await self._worker.submit(self._save, before, today)
        return today

    async def _fetch(
        self, release: Release, sources: Sequence[Source], limits: Limits, told: Told
    ) -> dict[str, Way]:
        """Gather the objects that are missing; of each missing content, what it is to be made of."""
        able = self._trusted(sources)
        held = await self._worker.submit(self._held, release)
        options = {
            file.sha256: every_way(release, file.sha256, held)
            for file in release.files
            if file.sha256 not in held
        }
        standings = {source.name: Standing(source.name) for source in able}
        sizes = {way.object: way.object_size for ways in options.values() for way in ways}
        for source in able:
            await self._ask_what_it_has(source, standings[source.name], sizes)
        here = await self._worker.submit(self.shelf.objects.all)
        ways = {content: _best(each, here, standings.values()) for content, each in options.items()}
        wants = {way.object: way.object_size for way in ways.values() if way.object not in here}
        gathered = {
            digest: await self._worker.submit(self.shelf.objects.gathered, digest) for digest in wants
        }
        download = Download(
            wants,
            list(standings.values()),
            gathered=gathered,
            bytes_per_s=limits.bytes_per_s,
            chunk_bytes=limits.chunk_bytes,
            give_up_at=self._world.monotonic() + limits.give_up_after_s,
        )
        fetch = Fetch(
            self._world,
            self._worker,
            self.shelf.objects,
            download,
            {source.name: source for source in able},
            told=lambda state: told(Progress("fetch", state.arrived_bytes, state.total)),
            tick_s=BUDGET_TICK_S if limits.bytes_per_s else TICK_S,
        )
        try:
            await fetch.start()
        finally:
            self.moved_bytes = sum(standing.received for standing in standings.values())
            self._remember(standings)
        assert bytes_to_move(ways.values()) >= download.total, "no more travels than was planned"
        return ways

    async def _ask_what_it_has(self, source: Source, standing: Standing, sizes: Mapping[str, int]) -> None:
        """Learn which objects a source lacks; one that does not tell is asked for nothing."""
        digests = sorted(sizes)
        for start in range(0, len(digests), HAVE_MAX):
            part = digests[start : start + HAVE_MAX]
            try:
                told = await source.have(part)
            except (SourceFailed, SourceLacks) as error:
                standing.ban(str(error))
                return
            if len(told) != len(part):
                standing.ban(f"it told {len(told)} sizes where {len(part)} were asked for")
                return
            for digest, size in zip(part, told, strict=True):
                if size != sizes[digest]:
                    standing.lacks[digest] = None

    def _trusted(self, sources: Sequence[Source]) -> list[Source]:
        """Those that have not lied lately, slow ones last. All, when all have lied: things may change."""
        now = self._world.monotonic()
        able = [each for each in sources if self._distrusted.get(each.name, now) <= now]
        return sorted(able or sources, key=lambda each: self._slow.get(each.name, now) > now)

    def _remember(self, standings: Mapping[str, Standing]) -> None:
        until = self._world.monotonic() + DISTRUST_S
        for standing in standings.values():
            if standing.banned:
                self._distrusted[standing.name] = until
            elif standing.complaint:
                self._slow[standing.name] = until

    def _not_older(self, listed: Listed) -> None:
        """Raises `RolledBack` for a release that is older than what has been activated here."""
        newest = max([tree.counter for tree in self.shelf.trees.history(listed.name)], default=0)
        if listed.counter < newest:
            raise RolledBack(
                f"{listed.name} {listed.version} is older than what has run here: use `rollback`, "
                "or have its publisher sign it anew (pushnet patch renew)"
            )

    # In the worker.

    def _anchor(self, root: bytes) -> None:
        trust = Trust.anchored(root)
        numbers = self.shelf.papers.roots()
        if not numbers:
            self.shelf.papers.save_root(trust.root.number, root)
        elif trust.root.number in numbers and self.shelf.papers.root(trust.root.number) != root:
            raise NotListed(f"another root {trust.root.number} is believed here: this one is somebody else's")
        elif trust.root.number > numbers[-1] + 1:
            raise NotListed(f"root {numbers[-1]} is believed here, and those up to this one are missing")

    def _save(self, before: Trust, today: Today) -> None:
        papers = self.shelf.papers
        if before.timestamp is not None and today.trust.timestamp is None:
            papers.forget_today()
        for count, data in enumerate(today.roots):
            papers.save_root(before.root.number + 1 + count, data)
        if today.snapshot is None or today.timestamp is None or today.trust.snapshot is None:
            return
        papers.save_snapshot(today.trust.snapshot.number, today.snapshot)
        papers.save_timestamp(today.timestamp)
        for number in papers.snapshots():
            if number != today.trust.snapshot.number:
                papers.delete_snapshot(number)

    def _held(self, release: Release) -> dict[str, int]:
        """Contents that lie here, sound, and could be of use for this release."""
        held = self.shelf.held()
        wanted = {file.sha256: file.size for file in release.files}
        wanted |= {pack.base: -1 for file in release.files for pack in file.packs if pack.base}
        found: dict[str, int] = {}
        for digest, size in wanted.items():
            if size < 0 and digest in held:
                size = self.shelf.trees.size(*held[digest])
            elif size < 0:
                size = self.shelf.objects.size(digest)
            if size >= 0 and self.shelf.content(digest, size, held) is not None:
                found[digest] = size
        return found

    def _build(self, tree: Tree, release: Release, ways: Mapping[str, Way]) -> None:
        """Put the tree together from what is here, each content checked as it is written."""
        trees, held = self.shelf.trees, self.shelf.held()
        damaged = tree in trees.staged()
        if damaged and trees.current(tree.name) == tree:
            raise Malformed(f"{tree.folder} is damaged and runs: activate another version, then stage it")
        trees.begin(tree)
        for folder in release.folders:
            trees.add_folder(tree, folder)
        for file in release.files:
            way = ways.get(file.sha256)
            if way is not None and way.packed:
                content: bytes | None = self.shelf.unpacked(way, held)
            else:
                content = self.shelf.content(file.sha256, file.size, held)
            if content is None:
                raise Malformed(f"the content of {file.path} is gone or damaged: stage the release again")
            trees.add_file(tree, file.path, content, file.executable)
        if damaged:
            trees.delete(tree)
        trees.finish(tree)
        for file in release.files:
            if self.shelf.objects.size(file.sha256) >= 0:
                self.shelf.objects.delete(file.sha256)  # it lies in the tree, and is served from there

    def _sound(self, tree: Tree) -> bool:
        return tree in self.shelf.trees.staged() and not inspect_tree(self.shelf, tree)

    def _activate(self, name: str, version: str) -> str:
        found = [tree for tree in self.shelf.trees.staged(name) if tree.version == version]
        if not found:
            raise NotListed(f"{name} {version} is not staged here: stage it first")
        return self.shelf.trees.path(self._switch(found[-1]))

    def _roll_back(self, name: str) -> Tree:
        tree = self.shelf.trees.previous(name)
        if tree is None:
            raise NotListed(f"no version of {name} that ran before is here")
        return self._switch(tree)

    def _switch(self, tree: Tree) -> Tree:
        faults = inspect_tree(self.shelf, tree)
        if faults:
            raise Malformed(f"{faults[0].place}: {faults[0].what}; {faults[0].cure}")
        self.shelf.trees.switch(tree)
        return tree

    def _ready(self, name: str, version: str) -> Staged | None:
        found = [tree for tree in self.shelf.trees.staged(name) if tree.version == version]
        if not found:
            return None
        try:
            release = self.shelf.release(found[-1])
        except Refused:
            return None
        self.shelf.trees.keep_only(found[-1], [file.path for file in release.files], release.folders)
        return None if inspect_tree(self.shelf, found[-1]) else self._described(found[-1])

    def _tidy(self, keep: int, used: Collection[tuple[str, str]]) -> int:
        trees, gone = self.shelf.trees, 0
        trees.tidy()
        names = {tree.name: None for tree in trees.staged()}
        for name in names:
            staged = trees.staged(name)
            kept = [*staged[-keep:], trees.current(name), trees.previous(name)]
            for tree in staged:
                if tree not in kept and (tree.name, tree.version) not in used:
                    trees.delete(tree)
                    gone += 1
        left = trees.staged()
        for known in self.shelf.papers.releases():
            if Tree(known[0], known[2], known[1]) not in left:
                self.shelf.papers.delete_release(*known)
        self._make_room()
        return gone

    def _make_room(self) -> None:
        """Throw away what no staged release needs: what was gathered for one that does not fit, too."""
        self.shelf.trees.tidy()
        self.shelf.clear_objects([self.shelf.release(tree) for tree in self.shelf.trees.staged()])

    def _described(self, tree: Tree) -> Staged:
        return Staged(tree.name, tree.version, tree.counter, self.shelf.trees.path(tree))


def _best(ways: Sequence[Way], here: Mapping[str, int], standings: Iterable[Standing]) -> Way:
    """The cheapest way whose object is here or at a source that may be asked."""
    able = [each for each in standings if not each.banned]
    for way in ways:
        if way.object in here or any(way.object not in each.lacks for each in able):
            return way
    complaints = "; ".join(f"{each.name}: {each.complaint or 'lacks it'}" for each in able)
    raise SourcesFailed(f"no source has the content {ways[0].content[:12]} ({complaints or 'none is left'})")
