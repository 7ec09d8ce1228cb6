"""What operators ask of `PushNet/Deployer`, and what it refuses."""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.deploy import DeployOptions, DeployRefusedException, RollStatus
from pushnet.gen.pushnet.types import UnavailableException
from tests.roles.registry.fleet import NEW, OLD, Patch
from tests.roles.registry.test_rolling import Play

QUICK = DeployOptions(soakMs=1000)


class DeployerTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.play = Play(self, Patch(), count=6)
        self.deployer = self.play.deployer()

    def ask(self, asked: object) -> None:
        self.play.simulation.run_until(asked)  # type: ignore[arg-type]

    def refused(self, asked: object) -> str:
        with self.assertRaises(DeployRefusedException) as refused:
            self.ask(asked)
        return str(refused.exception.reason)

    def new(self) -> int:
        return self.play.fleet.versions.count(NEW)

    def test_paused_nothing_more_moves_and_resumed_it_goes_on(self) -> None:
        self.play.begin(QUICK)
        self.play.until(lambda: self.new() == 3)
        self.ask(self.deployer.pause("broker", "ann"))
        self.play.simulation.run_for(60.0)
        self.assertEqual((self.new(), self.play.status().state), (3, "paused"))
        self.ask(self.deployer.pause("broker", "ann"))
        self.ask(self.deployer.resume("broker", "ben"))
        self.assertEqual((self.play.end().state, self.new()), ("done", 6))
        journal = "\n".join(self.play.status().journal)
        self.assertIn("paused by ann", journal)
        self.assertIn("resumed by ben", journal)

    def test_aborted_every_server_goes_back(self) -> None:
        self.play.begin(QUICK)
        self.play.until(lambda: self.new() == 3)
        self.ask(self.deployer.abort("broker", "ann"))
        status = self.play.end()
        self.assertEqual((status.state, status.reason), ("undone", "aborted by ann"))
        self.assertEqual(self.play.fleet.versions, [OLD] * 6)
        self.assertEqual([member.how for member in status.members].count("back"), 3)

    def test_done_it_is_rolled_back(self) -> None:
        self.play.begin(QUICK)
        self.play.end()
        told = self.refused(self.deployer.abort("broker", "ann"))
        self.assertIn("is done; `pushnet rollback broker` takes it back", told)
        self.ask(self.deployer.rollback("broker", DeployOptions(outMax=3), "ann"))
        status = self.play.end()
        self.assertEqual((status.state, self.play.fleet.versions), ("undone", [OLD] * 6))
        self.assertIn("is undone", self.refused(self.deployer.rollback("broker", DeployOptions(), "ann")))

    def test_a_canary_stays_and_the_rest_follows_when_it_is_deployed_again(self) -> None:
        self.play.begin(DeployOptions(canary=True, soakMs=1000))
        self.assertEqual((self.play.end().state, self.new()), ("done", 1))
        self.play.begin(QUICK)
        self.play.end()
        self.assertEqual(self.new(), 6)
        self.ask(self.deployer.rollback("broker", DeployOptions(), "ann"))
        self.play.end()
        self.assertEqual(self.play.fleet.versions, [OLD] * 6)

    def test_what_cannot_be_is_refused_with_what_can(self) -> None:
        options = DeployOptions()
        self.assertIn("there are: broker", self.refused(self.deployer.deploy("brokr", NEW, options, "ann")))
        self.assertIn("1.9.9", self.refused(self.deployer.deploy("broker", "1.9.9", options, "ann")))
        told = self.refused(self.deployer.deploy("broker", OLD, options, "ann"))
        self.assertIn("has 1.3.0 already", told)
        for asked in (self.deployer.pause, self.deployer.resume, self.deployer.abort):
            self.assertIn("never rolled", self.refused(asked("broker", "ann")))
        self.assertIn("never rolled", self.refused(self.deployer.watch("broker", 0, 0)))

    def test_two_at_a_time_are_refused(self) -> None:
        self.play.begin()
        told = self.refused(self.deployer.deploy("broker", "1.5.0", DeployOptions(), "ben"))
        self.assertIn("is being rolled to 1.4.0 by ann", told)

    def test_one_that_is_being_undone_gives_way_to_another_version_for_all(self) -> None:
        self.play.begin()
        self.play.simulation.run_for(3.0)
        self.ask(self.deployer.abort("broker", "ann"))
        self.assertEqual(self.play.status().state, "undoing")
        for version, options in ((NEW, DeployOptions()), ("1.5.0", DeployOptions(canary=True))):
            told = self.refused(self.deployer.deploy("broker", version, options, "ben"))
            self.assertIn("without --canary, gives all of them another version", told)
        self.ask(self.deployer.deploy("broker", "1.5.0", QUICK, "ben"))
        self.assertEqual(self.play.end().state, "done")
        self.assertEqual(set(self.play.fleet.versions), {"1.5.0"})

    def test_an_older_one_may_be_wanted(self) -> None:
        self.play.begin(DeployOptions(soakMs=1000, older=True), version="1.2.0")
        self.assertEqual(self.play.end().state, "done")
        self.assertEqual(self.play.fleet.versions, ["1.2.0"] * 6)

    def test_who_watches_is_answered_with_the_next_change_or_when_the_time_is_over(self) -> None:
        self.play.begin()
        status = self.play.status()
        while True:
            asked: Deferred[RollStatus] = Deferred.fromCoroutine(
                self.deployer.watch("broker", status.change, 5000)
            )
            at = self.play.simulation.now_s
            after = self.play.simulation.run_until(asked)
            waited_s = self.play.simulation.now_s - at
            if after.change == status.change:
                break
            self.assertLess(waited_s, 5.0)
            status = after
        self.assertAlmostEqual(waited_s, 5.0, places=2)
        self.assertGreater(status.soakLeftMs, 20_000)
        asked = Deferred.fromCoroutine(self.deployer.watch("broker", status.change, 5000))
        self.deployer.close()
        self.assertEqual(self.play.simulation.run_until(asked, 0.1).change, status.change)

    def test_all_rolls_are_listed(self) -> None:
        self.play.begin()
        (status,) = self.play.simulation.run_until(self.deployer.rolls())
        self.assertEqual((status.kind, status.version, status.who), ("broker", NEW, "ann"))

    def test_nothing_is_begun_that_cannot_be_written(self) -> None:
        play = Play(self, Patch(), registries=1)
        play.etcd.kill()
        play.simulation.run_for(5.0)
        with self.assertRaises(UnavailableException):
            play.begin()
