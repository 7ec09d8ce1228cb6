"""A publisher, keys, and nodes that fetch, for the tests of releases: all in one simulated process.

`Mirror` is a source that serves a publisher's store and may be told to lie.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence

from pushnet.gen.pushnet.release import NotHereException
from pushnet.grid.patch.signing import SigningKey
from pushnet.roles.releases.library import Library
from pushnet.roles.releases.packer import Found
from pushnet.roles.releases.publisher import Lifetimes, Published, Publisher
from pushnet.roles.releases.servant import ReleasesI
from pushnet.roles.releases.shelf import Shelf
from pushnet.roles.releases.source import SourceLacks
from pushnet.sim import Simulation
from pushnet.sim.disk import SimDisk
from pushnet.sim.releases import key
from pushnet.world import Storage

NOW_S = 1_800_000_000
"""When the simulation begins."""
FILES = {
    "bin/run": b"#!/bin/sh\nexec true\n",
    "lib/code.py": b"".join(b"def f%d(): return %d\n" % (n, n * n) for n in range(400)),
    "lib/noise": random.Random(7).randbytes(3000),
    "readme": b"words",
    "nothing": b"",
}


def found(files: Mapping[str, bytes]) -> list[Found]:
    """Files of a folder; those in `bin/` are programs."""
    return [
        Found(path, len(content), path.startswith("bin/"), lambda content=content: content)  # type: ignore[misc]
        for path, content in files.items()
    ]


class Workshop:
    """A publisher's store with its keys."""

    def __init__(
        self,
        storage: Storage | None = None,
        *,
        release_keys: int = 1,
        release_threshold: int = 1,
        lifetimes: Lifetimes | None = None,
    ) -> None:
        self.disk = SimDisk(random.Random(1))
        self.shelf = Shelf(storage or self.disk)
        self.lifetimes = lifetimes or Lifetimes()
        self.root = key("root")
        self.release_keys = [key(f"release {n}") for n in range(release_keys)]
        self.online = [key("snapshot"), key("timestamp")]
        self.publisher(NOW_S).begin(
            {
                "root": ([self.root], 1),
                "release": (self.release_keys, release_threshold),
                "snapshot": ([self.online[0]], 1),
                "timestamp": ([self.online[1]], 1),
            }
        )

    @property
    def keys(self) -> list[SigningKey]:
        return [*self.release_keys, *self.online]

    @property
    def anchor(self) -> bytes:
        return self.shelf.papers.root(1) or b""

    def publisher(self, now_s: int = NOW_S) -> Publisher:
        return Publisher(self.shelf, now_s, self.lifetimes)

    def publish(
        self,
        version: str,
        files: Mapping[str, bytes] = FILES,
        *,
        name: str = "broker",
        now_s: int = NOW_S,
        folders: Sequence[str] = (),
    ) -> Published:
        return self.publisher(now_s).publish(name, version, found(files), folders, self.keys)


class InlineWorker:
    """Runs work at once; for a servant that only serves a test."""

    def submit(self, function: Callable[..., object], *args: object) -> Awaitable[object]:
        async def done() -> object:
            return function(*args)

        return done()


class Mirror:
    """A source that serves a store. Overwrite a method, or set `twist`, to make it lie.

    `twist` is given what was asked and the honest answer, and returns what is said.
    """

    def __init__(self, shelf: Shelf, name: str = "mirror") -> None:
        self.name = name
        self.asked: list[tuple[object, ...]] = []
        self.moved = 0
        self.twist: Callable[[tuple[object, ...], bytes], bytes] = lambda asked, answer: answer
        self._servant = ReleasesI(shelf, InlineWorker())  # type: ignore[arg-type]

    async def root(self, number: int) -> bytes:
        return await self._answer(("root", number), self._servant.root(number))

    async def timestamp(self) -> bytes:
        return await self._answer(("timestamp",), self._servant.timestamp())

    async def have(self, digests: Sequence[str]) -> list[int]:
        self.asked.append(("have", len(digests)))
        return await self._servant.have(digests)

    async def read(self, digest: str, offset: int, size: int) -> bytes:
        answer = await self._answer(("read", digest, offset, size), self._servant.read(digest, offset, size))
        self.moved += len(answer)
        return answer

    async def _answer(self, asked: tuple[object, ...], answer: Awaitable[bytes]) -> bytes:
        self.asked.append(asked)
        try:
            honest = await answer
        except NotHereException as error:
            raise SourceLacks(error.reason) from error
        return self.twist(asked, honest)


class Node:
    """A host of a simulation with a library that believes a workshop's first root."""

    def __init__(
        self, simulation: Simulation, workshop: Workshop, name: str = "node", storage: Storage | None = None
    ) -> None:
        self.simulation = simulation
        self.host = simulation.host(name)
        self._storage = storage
        self._boot()
        self.library = Library(self.world)
        self.run(self.library.anchor(workshop.anchor))

    def run(self, flow: Awaitable[object]) -> object:
        async def play() -> None:
            results.append(await flow)

        results: list[object] = []
        self.simulation.run_until(play())
        return results[0]

    def stage(self, version: str, *mirrors: Mirror, name: str = "broker") -> object:
        return self.run(self.library.stage(name, version, list(mirrors)))

    def reboot(self) -> None:
        """The machine loses its power and starts again."""
        self.host.power_off()
        self.restart()

    def restart(self) -> None:
        """The process is killed and starts again."""
        if self.host.is_up:
            self.host.kill()
        self._boot()
        self.library = Library(self.world)
        self.run(self.library.open())

    def _boot(self) -> None:
        self.world = self.host.boot()
        if self._storage is not None:
            self.world.storage = self._storage

    def files(self, version: str, name: str = "broker") -> dict[str, bytes]:
        """What a staged version holds."""
        shelf = self.library.shelf
        tree = next(tree for tree in shelf.trees.staged(name) if tree.version == version)
        return {
            entry.path: shelf.trees.read(tree, entry.path)
            for entry in shelf.trees.entries(tree)
            if entry.kind == "file"
        }
