"""What a registry has for rolling releases: its releases, who leads, the rolls, the door for operators.

The releases are in the folder `releases` of the registry's own data; `pushnet patch publish` writes there
(`--store`), and what it has written is served from the next question on.
"""

from __future__ import annotations

from collections.abc import Callable

from pushnet.grid.patch.limits import SKEW_S
from pushnet.grid.patch.refusals import Refused
from pushnet.grid.settings import NodeSettings, ProcessSettings, Settings
from pushnet.grid.wellknown import DEPLOYER, RELEASES
from pushnet.roles.registry.cluster_book import ClusterBook
from pushnet.roles.registry.cluster_reports import Reports
from pushnet.roles.registry.deployer import DeployerI
from pushnet.roles.registry.leading import Leading
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.rolling import Rolling
from pushnet.roles.registry.rolling_facts import Facts
from pushnet.roles.registry.waving import Waving
from pushnet.roles.releases.library import Library
from pushnet.roles.releases.shelf import NoAnchor
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.world import World

ROLLS = "rolls"
"""What is led in."""


class Deploying:
    """Of one registry."""

    def __init__(self, world: World, name: str, ledger: Ledger, book: ClusterBook, reports: Reports) -> None:
        self._world = world
        self._book = book
        self._known: tuple[Settings | None, dict[str, ProcessSettings]] = (None, {})
        """The settings that hold, and their processes by name."""
        self._library = Library(world)
        self.leading = Leading(world, ledger, name, ROLLS)
        facts = Facts(ledger.books, reports, self._is_node)
        self._rolling = Rolling(world, ledger, self.leading, facts)
        self._waving = Waving(world, ledger, self.leading, book, facts, self._rolling.is_under_way)
        catalogue = PublishedHere(world, self._library, self._is_alone)
        self._deployer = DeployerI(world, ledger, self._rolling, facts, self._release_of, catalogue)

    def add_to(self, adapter: ObjectAdapter) -> None:
        adapter.add(self._library.servant(), RELEASES)
        adapter.add(self._deployer, DEPLOYER)

    def tick(self) -> None:
        """Several times a lease."""
        self.leading.tick()
        self._rolling.tick()
        self._waving.tick()

    def let_go(self) -> None:
        """Answer all who wait."""
        self._deployer.close()

    async def close(self) -> None:
        """Let another registry lead, and the disk come to rest."""
        await self.leading.resign()
        await self._library.close()

    def _process(self, server: str) -> ProcessSettings | None:
        settings = self._book.settings
        if settings is not self._known[0]:
            named = {process.name: process for process in settings.processes} if settings is not None else {}
            self._known = (settings, named)
        return self._known[1].get(server)

    def _is_alone(self) -> bool:
        """Whether there is no other registry where something may be published."""
        return self._book.settings is None or len(self._book.settings.registries) < 2

    def _is_node(self, server: str) -> bool:
        return isinstance(self._process(server), NodeSettings)

    def _release_of(self, server: str) -> str:
        process = self._process(server)
        return process.release if process is not None else ""


class PublishedHere:
    """The releases of this registry. Implements `Catalogue`.

    Agents ask every registry, so where there are several nothing is said against what is not here.
    """

    def __init__(self, world: World, library: Library, alone: Callable[[], bool]) -> None:
        self._world = world
        self._library = library
        self._alone = alone

    async def objection(self, release: str, version: str) -> str:
        told = await self._world.run_blocking(self._objection, release, version)
        return told if self._alone() else ""

    def _objection(self, release: str, version: str) -> str:
        try:
            trust = self._library.shelf.trust()
            snapshot = trust.snapshot
        except NoAnchor:
            return ""  # agents fetch from elsewhere
        except (Refused, OSError) as error:
            return f"the releases of this registry cannot be read: {error}"
        known = [each.version for each in snapshot.releases if each.name == release] if snapshot else []
        late_s = self._world.wall() - trust.timestamp.expires if trust.timestamp is not None else 0.0
        if known and late_s > SKEW_S:
            return (
                f"the list of releases expired {late_s / 3600:.1f} h ago, so agents take nothing new: "
                f"`pushnet patch refresh` where it is signed; what runs goes on"
            )
        if not known or version in known:
            return ""
        return f"{release} {version} is not published here; there are: {', '.join(known)}"
