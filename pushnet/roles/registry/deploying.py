"""What a registry has for rolling releases: its releases, who leads, the rolls, the door for operators.

The releases are in the folder `releases` of the registry's own data; `pushnet patch publish` writes there
(`--store`), and what it has written is served from the next question on.
"""

from __future__ import annotations

from pushnet.grid.settings import NodeSettings, ProcessSettings, Settings
from pushnet.grid.wellknown import DEPLOYER, RELEASES
from pushnet.roles.base import Parts
from pushnet.roles.registry.cluster_book import ClusterBook
from pushnet.roles.registry.cluster_reports import Reports
from pushnet.roles.registry.deployer import DeployerI
from pushnet.roles.registry.leading import Leading
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.published import Around, Published
from pushnet.roles.registry.rolling import Rolling
from pushnet.roles.registry.rolling_facts import Facts
from pushnet.roles.registry.waving import Waving
from pushnet.roles.releases.library import FOLDER, Library
from pushnet.rpc.adapter import ObjectAdapter

ROLLS = "rolls"
"""What is led in."""


class Deploying:
    """Of one registry."""

    def __init__(self, parts: Parts, ledger: Ledger, book: ClusterBook, reports: Reports) -> None:
        world, name = parts.world, parts.node.name
        self._parts = parts
        self._book = book
        self._known: tuple[Settings | None, dict[str, ProcessSettings]] = (None, {})
        """The settings that hold, and their processes by name."""
        self._library = Library(world)
        self.leading = Leading(world, ledger, name, ROLLS)
        facts = Facts(ledger.books, reports, self._is_node)
        self._rolling = Rolling(world, ledger, self.leading, facts)
        self._waving = Waving(world, ledger, self.leading, book, facts, self._rolling.is_under_way)
        folder = f"{parts.settings.cluster.data}/{name}/{FOLDER}"
        around = Around(world, parts.communicator, name, self._settings, ledger.books.nodes)
        catalogue = Published(world, self._library.shelf, name, folder, self._root, around)
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

    def _settings(self) -> list[Settings]:
        """This registry's own, and those that were applied."""
        applied = self._book.settings
        return [self._parts.settings] if applied is None else [self._parts.settings, applied]

    def _root(self) -> str:
        return self._settings()[-1].cluster.releases_root

    def _is_node(self, server: str) -> bool:
        return isinstance(self._process(server), NodeSettings)

    def _release_of(self, server: str) -> str:
        process = self._process(server)
        return process.release if process is not None else ""
