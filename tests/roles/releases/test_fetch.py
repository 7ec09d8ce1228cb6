"""A download carried out: written in order, cancelled cleanly, its own disk's failure blamed on nobody."""

from __future__ import annotations

from twisted.internet.defer import CancelledError
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.download import Download
from pushnet.grid.patch.sources import Source
from pushnet.roles.releases.fetch import Fetch
from pushnet.roles.releases.source import SourcesFailed
from pushnet.sim import Simulation
from pushnet.sim.disk import DiskFault
from pushnet.stores.releases.objects import Objects
from tests.roles.releases.workshop import Mirror, Workshop


class FetchTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.host = self.simulation.host("node")
        self.world = self.host.boot()
        self.workshop = Workshop()
        self.objects = Objects(self.world.storage)
        self.data = bytes(range(256)) * 100
        self.digest = self.workshop.shelf.objects.put(self.data)
        self.mirror = Mirror(self.workshop.shelf)
        self.seen: list[int] = []

    def fetch(self, digest: str = "") -> Fetch:
        wants = {digest or self.digest: len(self.data)}
        download = Download(wants, [Source("mirror")], chunk_bytes=1024)
        return Fetch(
            self.world, self.world.worker("w"), self.objects, download, {"mirror": self.mirror},
            told=lambda state: self.seen.append(state.arrived_bytes),
        )  # fmt: skip

    def test_what_was_wanted_is_here_and_progress_only_grew(self) -> None:
        self.simulation.run_until(self.fetch().start())
        self.assertEqual(self.objects.get(self.digest), self.data)
        self.assertEqual((self.seen, self.seen[-1]), (sorted(self.seen), len(self.data)))

    def test_what_nobody_has_fails_with_the_reasons(self) -> None:
        error = self.assertRaises(SourcesFailed, self.simulation.run_until, self.fetch("0" * 64).start())
        self.assertIn("mirror: it does not have", str(error))

    def test_a_fetch_that_is_cancelled_asks_no_more_and_leaves_no_timer(self) -> None:
        async def never(digest: str, offset: int, size: int) -> bytes:
            await self.simulation.sleep(1e6)
            raise AssertionError("it was cancelled")

        self.mirror.read = never  # type: ignore[method-assign]
        done = self.fetch().start()
        done.addErrback(lambda failure: failure.trap(CancelledError))
        self.simulation.run_for(5)
        done.cancel()
        self.simulation.run_for(5)
        self.assertEqual(
            [left for left in self.simulation.leftovers() if "Fetch" in left or "_tick" in left], []
        )

    def test_a_full_disk_is_told_as_that(self) -> None:
        disk = self.world.storage
        disk.fault = DiskFault.FULL
        error = self.assertRaises(OSError, self.simulation.run_until, self.fetch().start())
        self.assertIn("No space left", str(error))
