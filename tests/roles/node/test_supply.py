"""An agent's releases: fetched when a plan wants them, checked before each use, kept while needed."""

from __future__ import annotations

from collections.abc import Sequence

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.server import ServerPlan
from pushnet.grid.patch.refusals import Refused
from pushnet.grid.patch.trust import fingerprint
from pushnet.roles.node.supply import Supply
from pushnet.roles.releases.library import Library
from pushnet.roles.releases.publisher import DAY_S
from pushnet.roles.releases.source import Source, SourcesFailed
from pushnet.sim import Simulation
from tests.roles.releases.workshop import FILES, Mirror, Workshop

CACHE = "lib/__pycache__/code.pyc"


class SupplyTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(3)
        self.addCleanup(self.simulation.close)
        self.workshop = Workshop()
        self.workshop.publish("1.0")
        self.sources: list[Source] = [Mirror(self.workshop.shelf)]
        self.used: list[tuple[str, str]] = []
        self.world = self.simulation.host("m1").boot()
        self.library = Library(self.world)
        self.supply = self.make()

    def make(self, root: str = "") -> Supply:
        async def sources() -> Sequence[Source]:
            return self.sources

        used, worker = lambda: self.used, self.world.worker("agent")
        supply = Supply(self.world, worker, self.library, sources, 2, used, root)
        self.simulation.run_until(supply.open())
        return supply

    def folder(self, version: str) -> str:
        plan = ServerPlan(id="b", kind="broker", release="broker", version=version)
        return self.simulation.run_until(self.supply.prepare(plan))

    def staged(self) -> list[str]:
        return [staged.version for staged in self.library.staged("broker")]

    def test_a_release_is_fetched_once(self) -> None:
        folder = self.folder("1.0")
        self.sources.clear()
        self.assertEqual(self.folder("1.0"), folder)

    def test_where_nothing_is_published_that_is_said_and_not_whose_keys_are_missing(self) -> None:
        self.sources.clear()
        with self.assertRaises(Refused) as refused:
            self.folder("1.0")
        self.assertIn("nothing is published at any registry or agent that answers", str(refused.exception))
        self.assertIn("pushnet patch publish", str(refused.exception))

    def test_what_programs_leave_in_it_is_taken_away_and_does_not_harm(self) -> None:
        self.folder("1.0")
        (staged,) = self.library.staged("broker")
        tree = f"releases/trees/broker/{staged.version}@{staged.counter}"
        for left in (CACHE, "readme.bak"):
            self.world.storage.append(f"{tree}/{left}", b"left")
        self.sources.clear()
        self.folder("1.0")
        found = {entry.path for entry in self.world.storage.entries(tree) if entry.kind == "file"}
        self.assertEqual(found, set(FILES))

    def test_a_tampered_byte_is_noticed_before_it_is_run_and_mended(self) -> None:
        self.folder("1.0")
        tree = f"releases/trees/broker/1.0@{self.library.staged('broker')[0].counter}"
        self.world.storage.replace(f"{tree}/readme", b"sword")
        self.folder("1.0")
        self.assertEqual(self.world.storage.read(f"{tree}/readme"), FILES["readme"])
        self.world.storage.replace(f"{tree}/readme", b"sword")
        self.sources.clear()
        with self.assertRaises((Refused, SourcesFailed)):
            self.folder("1.0")

    def test_nobody_but_whose_root_was_seen_first_is_believed(self) -> None:
        self.folder("1.0")
        stranger = Workshop(release_keys=2)
        stranger.publish("2.0")
        self.sources[:] = [Mirror(stranger.shelf)]
        with self.assertRaises((Refused, SourcesFailed)):
            self.folder("2.0")

    def test_with_a_fingerprint_in_the_settings_no_other_root_is_believed_first(self) -> None:
        root = self.workshop.shelf.papers.root(1)
        assert root is not None
        stranger = Workshop(release_keys=2)
        stranger.publish("1.0")
        theirs = stranger.shelf.papers.root(1)
        assert theirs is not None and theirs != root
        mine, self.sources[:] = self.sources[0], [Mirror(stranger.shelf)]
        self.supply = self.make(fingerprint(root))
        with self.assertRaises(Refused):
            self.folder("1.0")
        self.sources[:] = [mine]
        self.folder("1.0")
        self.supply = self.make(fingerprint(theirs))
        self.used.clear()
        with self.assertRaises(Refused) as refused:
            self.folder("1.1")
        self.assertIn("releases_root", str(refused.exception))

    def test_an_older_version_is_had_when_the_plan_says_so(self) -> None:
        for version in ("1.1", "1.2"):
            self.workshop.publish(version)
            self.folder(version)
        self.assertIn("/1.0@", self.folder("1.0"))

    def test_what_nobody_runs_is_thrown_away_but_for_the_newest(self) -> None:
        for version in ("1.1", "1.2", "1.3"):
            self.workshop.publish(version)
        for version in ("1.0", "1.1", "1.2", "1.3"):
            self.folder(version)
        self.used.append(("broker", "1.0"))
        self.supply.serves(ServerPlan(id="b", kind="broker", release="broker", version="1.0"))
        self.simulation.run_for(5)
        self.assertEqual(self.staged(), ["1.0", "1.2", "1.3"])

    def serves(self, version: str) -> None:
        self.folder(version)
        self.supply.serves(ServerPlan(id="b", kind="broker", release="broker", version=version))
        self.simulation.run_for(5)

    def test_what_ran_before_stays_however_many_came_and_were_bad_also_for_the_next_agent(self) -> None:
        for version in ("1.1", "1.2", "1.3", "1.4"):
            self.workshop.publish(version)
        self.serves("1.0")
        for bad in ("1.1", "1.2", "1.3"):
            self.folder(bad)
        self.simulation.host("m1").power_off()
        self.world = self.simulation.host("m1").boot()
        self.library = Library(self.world)
        self.supply = self.make()
        self.serves("1.4")
        self.sources.clear()
        self.assertEqual(self.staged(), ["1.0", "1.3", "1.4"])
        self.assertIn("/1.0@", self.folder("1.0"))

    def test_with_a_clock_that_is_days_off_what_is_here_runs_and_what_is_not_is_refused_by_name(self) -> None:
        folder = self.folder("1.0")
        self.workshop.publish("1.1")
        for days, cure in ((30, "must sign it anew"), (-30, "set this machine's clock right")):
            self.world.wall_offset_s = days * DAY_S
            self.assertEqual(self.folder("1.0"), folder)
            with self.assertRaisesRegex(Refused, cure):
                self.folder("1.1")
        self.world.wall_offset_s = 0.0
        self.assertIn("/1.1@", self.folder("1.1"))

    def test_a_server_without_a_version_says_what_to_do(self) -> None:
        with self.assertRaisesRegex(Refused, "pushnet deploy"):
            self.folder("")
