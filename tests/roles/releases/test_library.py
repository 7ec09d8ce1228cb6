"""What a node agent does with releases: stage beside what runs, activate, go back, tidy, serve others."""

from __future__ import annotations

import random

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.refusals import NotListed, Refused
from pushnet.roles.releases.inspection import inspect
from pushnet.roles.releases.library import Library, Limits, Progress
from pushnet.roles.releases.source import SourceFailed, SourcesFailed
from pushnet.sim import Simulation
from pushnet.sim.disk import DiskFault
from tests.roles.releases.workshop import FILES, Mirror, Node, Workshop


class LibraryTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.workshop = Workshop()
        self.workshop.publish("1.0.0", folders=["spool/in"])
        self.mirror = Mirror(self.workshop.shelf)
        self.node = Node(self.simulation, self.workshop)
        self.library = self.node.library

    def test_a_staged_release_has_the_files_modes_and_empty_folders_that_were_published(self) -> None:
        self.node.stage("1.0.0", self.mirror)
        self.assertEqual(self.node.files("1.0.0"), FILES)
        entries = {
            each.path: each for each in self.node.world.storage.entries("releases/trees/broker/1.0.0@1")
        }
        self.assertEqual(entries["spool/in"].kind, "folder")
        self.assertTrue(entries["bin/run"].executable)
        self.assertFalse(entries["lib/code.py"].executable)
        self.assertIsNone(self.library.current("broker"), "staging does not touch what runs")

    def test_staging_what_is_staged_moves_nothing(self) -> None:
        self.node.stage("1.0.0", self.mirror)
        self.node.stage("1.0.0", self.mirror)
        self.assertEqual(self.library.moved_bytes, 0)

    def test_one_changed_file_of_a_hundred_moves_only_its_difference_to_twenty_nodes(self) -> None:
        files = {f"lib/{n}.py": b"".join(b"%d = %d\n" % (n, i * i) for i in range(99)) for n in range(100)}
        self.workshop.publish("2.0.0", files)
        changed = {**files, "lib/42.py": files["lib/42.py"].replace(b"16", b"17")}
        nodes = [Node(self.simulation, self.workshop, f"node{n}") for n in range(20)]
        for node in nodes:
            node.stage("2.0.0", self.mirror)
        self.workshop.publish("2.1.0", changed)
        for node in nodes:
            node.stage("2.1.0", self.mirror)
            self.assertLess(node.library.moved_bytes, 100)
            self.assertEqual(node.files("2.1.0"), changed)

    def test_without_a_version_the_newest_is_staged(self) -> None:
        self.workshop.publish("1.0.1", {"readme": b"newer"})
        self.node.stage("", self.mirror)
        self.assertEqual(self.node.files("1.0.1"), {"readme": b"newer"})

    def test_activating_tells_the_folder_and_rolling_back_goes_to_what_ran_before(self) -> None:
        for version in ("1.0.0", "1.1.0"):
            self.workshop.publish(
                version, FILES if version == "1.0.0" else {"readme": b"new"}, folders=["spool/in"]
            )
            self.node.stage(version, self.mirror)
            folder = self.node.run(self.library.activate("broker", version))
            current = self.library.current("broker")
            self.assertEqual((current and current.version, current and current.folder), (version, folder))
        previous = self.library.previous("broker")
        self.assertEqual(previous and previous.version, "1.0.0")
        self.node.run(self.library.rollback("broker"))
        current = self.library.current("broker")
        self.assertEqual(current and current.version, "1.0.0")
        self.assertIsNone(
            self.library.previous("broker"), "the one that was given up is nothing to go back to"
        )
        self.assertRaises(NotListed, self.node.run, self.library.rollback("broker"))

    def test_what_is_not_staged_is_not_activated(self) -> None:
        self.assertRaises(NotListed, self.node.run, self.library.activate("broker", "1.0.0"))
        self.assertRaises(NotListed, self.node.stage, "9.9.9", self.mirror)

    def test_tidying_keeps_the_current_the_previous_and_the_newest_two(self) -> None:
        for count in range(1, 7):
            version = f"1.{count}.0"
            self.workshop.publish(version, {**FILES, "readme": version.encode()})
            self.node.stage(version, self.mirror)
            if count in (1, 2):
                self.node.run(self.library.activate("broker", version))
        self.assertEqual(self.node.run(self.library.tidy()), 2)
        versions = [each.version for each in self.library.staged("broker")]
        self.assertEqual(versions, ["1.1.0", "1.2.0", "1.5.0", "1.6.0"])
        self.assertEqual(inspect(self.library.shelf), [])

    def test_a_source_that_lied_is_asked_again_when_nobody_else_can_help(self) -> None:
        old = Node(self.simulation, self.workshop, "old")
        old.stage("1.0.0", self.mirror)
        self.workshop.publish("1.1.0", {**FILES, "readme": b"other words"})
        self.mirror.twist = lambda asked, answer: answer[::-1] if asked[0] == "read" else answer
        useless = Mirror(old.library.shelf, "useless")
        with self.assertRaises((Refused, SourcesFailed)):
            self.node.stage("1.1.0", self.mirror, useless)
        self.mirror.twist = lambda asked, answer: answer
        self.node.stage("1.1.0", self.mirror, useless)
        self.assertEqual(self.node.files("1.1.0")["readme"], b"other words")

    def test_a_full_disk_gets_back_what_was_gathered(self) -> None:
        self.node.stage("1.0.0", self.mirror)
        self.workshop.publish("1.1.0", {**FILES, "lib/noise": random.Random(8).randbytes(900_000)})
        disk, objects = self.node.world.storage, self.library.shelf.objects
        before = objects.all()

        def fill(asked: tuple[object, ...], answer: bytes) -> bytes:
            if asked[0] == "read" and asked[2]:
                disk.fault = DiskFault.FULL
            return answer

        self.mirror.twist = fill
        with self.assertRaisesRegex(OSError, "No space left"):
            self.node.stage("1.1.0", self.mirror)
        self.assertEqual((objects.partial(), objects.all()), ([], before))
        disk.fault = DiskFault.NONE
        self.mirror.twist = lambda asked, answer: answer
        self.node.stage("1.1.0", self.mirror)
        self.assertEqual(len(self.node.files("1.1.0")["lib/noise"]), 900_000)

    def test_tidying_waits_for_what_is_being_staged(self) -> None:
        self.node.stage("1.0.0", self.mirror)
        self.workshop.publish("1.1.0", {**FILES, "readme": b"other words"})
        tidying: list[Deferred[int]] = []

        def told(progress: Progress) -> None:
            if progress.step == "build":
                tidying.append(Deferred.fromCoroutine(self.library.tidy()))

        self.node.run(self.library.stage("broker", "1.1.0", [self.mirror], told=told))
        self.assertEqual(self.node.files("1.1.0")["readme"], b"other words")
        (tidied,) = tidying
        self.node.run(tidied)
        self.assertEqual(len(self.library.staged("broker")), 2)

    def test_a_node_serves_what_it_has_staged_to_another(self) -> None:
        self.node.stage("1.0.0", self.mirror)
        other = Node(self.simulation, self.workshop, "other")
        other.stage("1.0.0", Mirror(self.library.shelf, "peer"))
        self.assertEqual(other.files("1.0.0"), FILES)

    def test_several_sources_share_the_work(self) -> None:
        noise = {f"lib/{n}": bytes([n, 255 - n]) * 200 + n.to_bytes(400, "big") for n in range(40)}
        self.workshop.publish("2.0.0", noise)
        mirrors = [Mirror(self.workshop.shelf, f"mirror{n}") for n in range(3)]
        self.node.stage("2.0.0", *mirrors)
        self.assertEqual(self.node.files("2.0.0"), noise)
        self.assertTrue(all(mirror.moved > 0 for mirror in mirrors))

    def test_a_fetch_that_was_cut_off_goes_on_where_it_stopped(self) -> None:
        big = {"lib/noise": random.Random(3).randbytes(2_000_000)}
        self.workshop.publish("2.0.0", big)
        honest = self.mirror.read
        budget = [1_200_000]

        async def dying(digest: str, offset: int, size: int) -> bytes:
            budget[0] -= size
            if budget[0] < 0:
                await self.simulation.sleep(1e6)
            return await honest(digest, offset, size)

        self.mirror.read = dying  # type: ignore[method-assign]
        staging = self.library.stage("broker", "2.0.0", [self.mirror], limits=Limits(give_up_after_s=5))
        self.assertRaises(SourcesFailed, self.node.run, staging)
        self.node.restart()
        self.library = self.node.library
        self.mirror.read = honest  # type: ignore[method-assign]
        self.node.stage("2.0.0", self.mirror)
        self.assertEqual(self.node.files("2.0.0"), big)
        self.assertLess(self.node.library.moved_bytes, 1_400_000)

    def test_a_source_that_hangs_is_waited_for_once_and_then_done_without(self) -> None:
        async def hang() -> bytes:
            await self.simulation.sleep(30)
            raise SourceFailed("no answer")

        hanging = Mirror(self.workshop.shelf, "hanging")
        hanging.timestamp = hang  # type: ignore[method-assign]
        took = []
        for version in ("1.0.0", "1.1.0"):
            if version != "1.0.0":
                self.workshop.publish(version, {"readme": b"new"})
            began = self.simulation.now_s
            self.node.stage(version, hanging, self.mirror)
            took.append(self.simulation.now_s - began)
        self.assertGreater(took[0], 29)
        self.assertLess(took[1], 5)

    def test_a_byte_budget_is_kept(self) -> None:
        self.workshop.publish("2.0.0", {"lib/noise": random.Random(3).randbytes(1_000_000)})
        began = self.simulation.now_s
        limits = Limits(bytes_per_s=100_000, chunk_bytes=16_384)
        self.node.run(self.library.stage("broker", "2.0.0", [self.mirror], limits=limits))
        self.assertGreater(self.simulation.now_s - began, 9)
        self.assertLess(self.simulation.now_s - began, 12)

    def test_progress_is_told_from_the_first_step_to_the_last(self) -> None:
        steps: list[str] = []
        self.node.run(
            self.library.stage("broker", "1.0.0", [self.mirror], told=lambda each: steps.append(each.step))
        )
        self.assertEqual(list(dict.fromkeys(steps)), ["learn", "fetch", "build", "done"])

    def test_a_second_anchor_of_somebody_else_is_refused(self) -> None:
        self.node.run(self.library.anchor(self.workshop.anchor))
        other = Workshop(release_keys=2)
        self.assertRaises(NotListed, self.node.run, self.library.anchor(other.anchor))

    def test_a_library_without_an_anchor_believes_nobody(self) -> None:
        library = Library(self.node.world, "elsewhere")
        self.assertRaises(Refused, self.node.run, library.stage("broker", "1.0.0", [self.mirror]))

    def test_no_sources_and_silent_sources_are_told(self) -> None:
        error = self.assertRaises(SourcesFailed, self.node.stage, "1.0.0")
        self.assertIn("there are no sources", str(error))

    def test_what_is_damaged_on_the_disk_is_fetched_again(self) -> None:
        self.node.stage("1.0.0", self.mirror)
        self.node.world.storage.replace("releases/trees/broker/1.0.0@1/readme", b"WORDS")
        self.assertEqual(len(self.node.run(self.library.verify())), 1)  # type: ignore[arg-type]
        self.node.stage("1.0.0", self.mirror)
        self.assertEqual(self.node.run(self.library.verify()), [])
