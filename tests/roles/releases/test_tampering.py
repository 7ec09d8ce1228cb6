"""Any byte, anywhere: flipped in a file of a store or in an answer on the wire, it is refused or harmless."""

from __future__ import annotations

import random

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.refusals import Refused
from pushnet.roles.releases.inspection import inspect
from pushnet.roles.releases.source import SourcesFailed
from pushnet.sim import Simulation
from pushnet.sim.disk import SimDisk
from tests.roles.releases.workshop import Mirror, Node, Workshop

SMALL = {"bin/run": b"#!/bin/sh\n" * 9, "readme": b"words"}
STRIDE = 3
"""Every third byte of each file, from a place that differs from file to file; the whole takes too long."""


class TamperingTests(SynchronousTestCase):
    def test_a_byte_flipped_in_any_file_of_a_publisher_s_store_is_found(self) -> None:
        workshop = Workshop()
        workshop.publish("1.0.0", SMALL)
        workshop.publish("1.1.0", {**SMALL, "readme": b"words and more words"})
        self.assertEqual(inspect(workshop.shelf), [])
        self.assertGreater(self.flip_everywhere(workshop.disk, "", workshop), 500)

    def test_a_byte_flipped_in_any_file_of_a_node_s_store_is_found(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        workshop = Workshop()
        workshop.publish("1.0.0", SMALL)
        node = Node(simulation, workshop)
        node.stage("1.0.0", Mirror(workshop.shelf))
        self.assertEqual(inspect(node.library.shelf), [])
        flipped = self.flip_everywhere(node.world.storage, "releases/", node.library)
        self.assertGreater(flipped, 500)

    def flip_everywhere(self, disk: object, above: str, owner: object) -> int:
        """Flip bytes one by one; each must be found. Returns how many were."""
        assert isinstance(disk, SimDisk)
        shelf = owner.shelf
        count = 0
        for name in disk.names(above):
            if name.startswith(f"{above}history/"):
                continue  # what ran before is no secret and decides nothing alone
            honest = disk.read(name)
            for place in range(len(name) % STRIDE, len(honest), STRIDE):
                bad = bytearray(honest)
                bad[place] ^= 1 << place % 8
                disk.replace(name, bytes(bad))
                self.assertTrue(inspect(shelf), f"byte {place} of {name}")
                count += 1
            disk.replace(name, honest)
            disk.set_executable(name, name.endswith("bin/run"))
        self.assertEqual(inspect(shelf), [])
        return count

    def test_a_byte_flipped_in_any_answer_stages_nothing_else_than_was_signed(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        workshop = Workshop()
        workshop.publish("1.0.0", SMALL)
        learner = Node(simulation, workshop, "learner")
        honest = Mirror(workshop.shelf)
        learner.stage("1.0.0", honest)
        answers = sum(asked[0] != "have" for asked in honest.asked) - 1  # the next root is not there
        rng = random.Random(1)
        for number in range(60):
            node = Node(simulation, workshop, f"node{number}")
            mirror = Mirror(workshop.shelf)
            self.spoil(mirror, number % answers, rng)
            self.assertRaises((Refused, SourcesFailed), node.stage, "1.0.0", mirror)
            self.assertEqual(node.library.staged("broker"), [])
            node.stage("1.0.0", Mirror(workshop.shelf, "honest"))
            self.assertEqual(node.files("1.0.0"), SMALL)

    def spoil(self, mirror: Mirror, victim: int, rng: random.Random) -> None:
        """Flip one bit of the answer of that number."""
        answered = [0]

        def twist(asked: tuple[object, ...], answer: bytes) -> bytes:
            answered[0] += 1
            if answered[0] - 1 != victim or not answer:
                return answer
            bad = bytearray(answer)
            bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
            return bytes(bad)

        mirror.twist = twist

    def test_a_staged_file_that_was_changed_is_not_activated_and_not_served_as_good(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        workshop = Workshop()
        workshop.publish("1.0.0", SMALL)
        node = Node(simulation, workshop)
        node.stage("1.0.0", Mirror(workshop.shelf))
        storage = node.world.storage
        storage.replace("releases/trees/broker/1.0.0@1/readme", b"wards")
        self.assertRaises(Refused, node.run, node.library.activate("broker", "1.0.0"))
        self.assertIsNone(node.library.current("broker"))
        other = Node(simulation, workshop, "other")
        self.assertRaises((Refused, SourcesFailed), other.stage, "1.0.0", Mirror(node.library.shelf))
        node.stage("1.0.0", Mirror(workshop.shelf))
        node.run(node.library.activate("broker", "1.0.0"))
        self.assertEqual(node.files("1.0.0"), SMALL)

    def test_links_pipes_and_additional_files_in_a_staged_tree_are_not_activated(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        workshop = Workshop()
        workshop.publish("1.0.0", SMALL)
        node = Node(simulation, workshop)
        node.stage("1.0.0", Mirror(workshop.shelf))
        storage = node.world.storage
        storage.append("releases/trees/broker/1.0.0@1/bin/more", b"#!/bin/sh\n")
        self.assertRaises(Refused, node.run, node.library.activate("broker", "1.0.0"))
        storage.delete("releases/trees/broker/1.0.0@1/bin/more")
        storage.point("releases/trees/broker/1.0.0@1/lib", "releases")
        self.assertRaises(Refused, node.run, node.library.activate("broker", "1.0.0"))
        storage.delete_folder("releases/trees/broker/1.0.0@1")
        self.assertRaises(Refused, node.run, node.library.activate("broker", "1.0.0"))
