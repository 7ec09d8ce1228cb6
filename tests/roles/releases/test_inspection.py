"""What an inspection tells: the place, what is wrong, the cure. Flipped bytes are in `test_tampering`."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.releases.inspection import inspect, inspect_tree
from pushnet.sim import Simulation
from pushnet.stores.releases.trees import Tree
from tests.roles.releases.workshop import Mirror, Node, Workshop

TREE = "releases/trees/broker/1.0.0@1"


class InspectionTests(SynchronousTestCase):
    def setUp(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        self.workshop = Workshop()
        self.workshop.publish("1.0.0", folders=["spool"])
        self.node = Node(simulation, self.workshop)
        self.node.stage("1.0.0", Mirror(self.workshop.shelf))
        self.shelf = self.node.library.shelf
        self.storage = self.node.world.storage

    def faults(self) -> list[tuple[str, str]]:
        found = inspect_tree(self.shelf, Tree("broker", 1, "1.0.0"))
        return [(fault.place.removeprefix("trees/broker/1.0.0@1/"), fault.what) for fault in found]

    def test_a_sound_tree_has_no_faults(self) -> None:
        self.assertEqual(self.faults(), [])

    def test_missing_changed_and_additional_files_are_told(self) -> None:
        self.storage.delete(f"{TREE}/readme")
        self.storage.replace(f"{TREE}/lib/code.py", b"other")
        self.storage.set_executable(f"{TREE}/bin/run", False)
        self.storage.append(f"{TREE}/lib/more", b"")
        self.storage.delete_folder(f"{TREE}/spool")
        self.assertEqual(
            self.faults(),
            [
                ("bin/run", "its size or mode is another"),
                ("lib/code.py", "its size or mode is another"),
                ("lib/more", "a file that is not of the release"),
                ("readme", "it is missing"),
                ("spool", "it is missing"),
            ],
        )

    def test_a_content_that_a_publisher_lost_is_told_with_its_path(self) -> None:
        (release,) = self.workshop.publisher().documents()
        for digest in list(self.workshop.shelf.objects.all()):
            self.workshop.shelf.objects.delete(digest)
        told = [fault.what for fault in inspect(self.workshop.shelf)]
        self.assertEqual(told, [f"the content of {file.path} is not here" for file in release.files])

    def test_a_root_that_does_not_follow_is_told(self) -> None:
        other = Workshop(release_keys=2)
        other.publisher().change_root(
            other.shelf.trust().root.keys, other.shelf.trust().root.rules, [other.root], other.keys
        )
        self.workshop.shelf.papers.save_root(2, (other.shelf.papers.root(2) or b"").replace(b"1", b"2", 1))
        self.assertTrue(inspect(self.workshop.shelf))

    def test_an_empty_store_tells_that_it_has_no_root(self) -> None:
        for number in self.workshop.shelf.papers.roots():
            self.workshop.disk.delete(f"roots/{number}.json")
        (fault,) = inspect(self.workshop.shelf)
        self.assertIn("no root document", fault.what)
