"""What a registry says against a version before it is rolled: who is asked, and whose word counts."""

from __future__ import annotations

from collections.abc import Sequence

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.patch.trust import fingerprint
from pushnet.grid.settings import ClusterSettings, NodeSettings, Settings
from pushnet.roles.registry.books import Member
from pushnet.roles.registry.published import AGENTS_MAX, Around, Published
from pushnet.roles.registry.records import AdapterRecord, NodeRecord
from pushnet.roles.releases.shelf import Shelf
from pushnet.roles.releases.source import Source, SourceFailed
from pushnet.rpc.communicator import Communicator
from pushnet.sim import Simulation
from pushnet.sim.disk import SimDisk
from tests.roles.releases.workshop import Mirror, Workshop

NAME, FOLDER = "registry-1", "var/registry-1/releases"


class Silent(Mirror):
    """Does not answer."""

    async def root(self, number: int) -> bytes:
        raise SourceFailed("it does not answer")


class Others:
    """Implements `Neighbours`."""

    def __init__(self) -> None:
        self.here: list[Source] = []
        self.beyond: list[Source] = []
        self.agents_asked = 0

    def registries(self) -> Sequence[Source]:
        return self.here

    def agents(self) -> Sequence[Source]:
        self.agents_asked += 1
        return self.beyond


class PublishedTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(11)
        self.addCleanup(self.simulation.close)
        self.world = self.simulation.host("registry-1").boot()
        self.others = Others()
        self.root = ""

    def workshop(self, *versions: str) -> Workshop:
        workshop = Workshop(SimDisk(self.simulation.rng(f"disk {versions}")))
        for version in versions:
            workshop.publish(version)
        return workshop

    def objection(self, version: str, shelf: Shelf | None = None) -> str:
        shelf = shelf or Shelf(SimDisk(self.simulation.rng("nothing")))
        published = Published(self.world, shelf, NAME, FOLDER, lambda: self.root, self.others)
        return self.simulation.run_until(published.objection("broker", version))

    def test_what_another_registry_lists_is_published(self) -> None:
        self.others.here = [Mirror(self.workshop("1.1", "1.2").shelf, "registry-2")]
        own = self.workshop("1.1").shelf
        self.assertEqual([self.objection(version, own) for version in ("1.1", "1.2")], ["", ""])
        self.assertEqual(self.objection("1.2"), "")
        self.assertEqual(self.others.agents_asked, 0)

    def test_what_nobody_lists_is_refused_with_what_there_is_and_the_command_that_publishes(self) -> None:
        self.others.here = [Mirror(self.workshop("1.1", "1.2").shelf, "registry-2")]
        told = self.objection("1.3", self.workshop("1.1").shelf)
        self.assertEqual(
            told,
            "broker 1.3 is published nowhere; there are: 1.1, 1.2; "
            f"`pushnet patch publish DIR --name broker --version 1.3 --store {FOLDER}`, "
            "on the machine of registry-1, publishes it",
        )

    def test_where_nothing_was_ever_published_that_is_told_too(self) -> None:
        self.others.here = [Mirror(self.workshop().shelf, "registry-2")]
        self.others.here.append(Mirror(Shelf(SimDisk(self.simulation.rng("bare"))), "registry-3"))
        told = self.objection("1.3")
        self.assertIn("there are: none", told)
        self.assertTrue(told.endswith("publishes it"), told)

    def test_who_does_not_answer_is_named_when_nobody_else_lists_it(self) -> None:
        listing = self.workshop("1.1").shelf
        self.others.here = [Silent(listing, "registry-2"), Mirror(listing, "registry-3")]
        self.assertEqual(self.objection("1.1"), "")
        self.assertRegex(self.objection("1.2"), r"publishes it \(registry-2: it does not answer\)$")

    def test_what_agents_have_counts_where_registries_have_lost_it(self) -> None:
        self.others.beyond = [Mirror(self.workshop("1.1").shelf, "agent m1")]
        self.assertEqual(self.objection("1.1"), "")
        self.assertEqual(self.others.agents_asked, 1)

    def test_what_this_registry_lists_needs_nobody_else(self) -> None:
        own = self.workshop("1.1").shelf
        asked = Mirror(own, "registry-2")
        self.others.here = [asked]
        self.assertEqual(self.objection("1.1", own), "")
        self.assertEqual(asked.asked, [])

    def test_the_newest_list_counts_and_what_was_withdrawn_is_not_rolled(self) -> None:
        older, newer = self.workshop("1.1", "1.2", "1.3"), self.workshop("1.1", "1.2", "1.3")
        newer.publisher().withdraw(2, newer.keys)
        self.others.here = [Mirror(older.shelf, "registry-2"), Mirror(newer.shelf, "registry-3")]
        self.assertIn("there are: 1.2, 1.3;", self.objection("1.1"))

    def test_a_list_that_has_expired_everywhere_is_told_with_the_cure(self) -> None:
        own = self.workshop("1.1").shelf
        self.world.wall_offset_s += 40 * 86_400.0
        self.assertRegex(self.objection("1.1", own), r"expired [\d.]+ h ago.*pushnet patch refresh")
        self.others.here = [Mirror(own, "registry-2")]
        told = self.objection("1.1")
        self.assertIn("registry-2: the timestamp expired", told)

    def test_only_the_root_of_the_settings_is_believed(self) -> None:
        workshop = self.workshop("1.1")
        self.others.here = [Mirror(workshop.shelf, "registry-2")]
        self.root = fingerprint(workshop.anchor)
        self.assertEqual(self.objection("1.1"), "")
        self.root = fingerprint(b"theirs")
        self.assertIn("registry-2: its root document is not cluster.releases_root", self.objection("1.1"))

    def test_a_folder_that_cannot_be_read_is_told_of(self) -> None:
        own = self.workshop("1.1").shelf
        own.papers.save_timestamp(b"{}")
        self.assertIn("registry-1: its releases cannot be read", self.objection("1.1", own))


class AroundTests(SynchronousTestCase):
    def setUp(self) -> None:
        simulation = Simulation(12)
        self.addCleanup(simulation.close)
        self.world = simulation.host("registry-1").boot()
        nodes = [NodeSettings(name=f"registry-{n}", role="registry", host=f"registry-{n}") for n in (1, 2)]
        more = NodeSettings(name="registry-3", role="registry", host="registry-3", port=4071)
        cluster = ClusterSettings(secret="x" * 16)
        own = Settings(cluster=cluster, node=nodes)
        applied = Settings(cluster=cluster, node=[*nodes, more])
        self.members: dict[str, Member] = {}
        communicator = Communicator(self.world, inner_properties(own))
        both = [own, applied]
        self.around = Around(self.world, communicator, "registry-1", lambda: both, self.members)

    def joins(self, name: str, role: str) -> None:
        adapter = AdapterRecord(f"{name}.Agent", "", f"tcp -h {name} -p 1")
        other = AdapterRecord("TagAlias", "", f"tcp -h {name} -p 2")
        record = NodeRecord(name, role, "1", "", 1, "", (other, adapter))
        self.members[name] = Member(record, 1, "lease", 0.0)

    def test_the_other_registries_of_both_files_are_asked(self) -> None:
        self.assertEqual([each.name for each in self.around.registries()], ["registry-2", "registry-3"])

    def test_agents_that_are_in_are_asked_but_not_all_of_many(self) -> None:
        self.joins("m1", "node")
        self.joins("tagalias-1", "tagalias")
        self.assertEqual([each.name for each in self.around.agents()], ["agent m1"])
        for number in range(2, 30):
            self.joins(f"m{number}", "node")
        self.assertEqual(len(self.around.agents()), AGENTS_MAX)
