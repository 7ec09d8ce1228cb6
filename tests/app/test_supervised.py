"""One program that is kept running, whatever it does."""

from __future__ import annotations

import signal
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.node.backoff import FIRST_S, LONGEST_S, SETTLED_S
from pushnet.app.supervised import StartFailed, State, Supervised, described
from tests.app.dummies import SERVING, Dummy, Stage, program


class SupervisedTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.stage = Stage()
        self.heard: list[bytes] = []
        self.states: list[State] = []
        world: Any = self.stage
        self.member = Supervised(
            world,
            program("b"),
            lambda program, line: self.heard.append(line),
            lambda member: self.states.append(member.state),
        )

    def serve(self) -> Dummy:
        started = self.member.start()
        self.stage.spawned[-1].output(SERVING)
        self.successResultOf(started)
        return self.stage.spawned[-1]

    def test_it_serves_when_it_says_so(self) -> None:
        started = self.member.start()
        self.stage.spawned[0].output(b'{"message":"listening"}\n')
        self.assertNoResult(started)
        self.stage.spawned[0].output(SERVING)
        self.successResultOf(started)
        self.assertEqual(self.states, [State.STARTING, State.SERVING])
        self.assertEqual((self.member.pid, self.member.http), (1000, "http://127.0.0.1:9"))
        self.assertEqual(self.heard, [b'{"message":"listening"}', SERVING.rstrip()])

    def test_one_that_cannot_start_is_not_tried_again_and_its_last_words_are_told(self) -> None:
        started = self.member.start()
        line = b'{"level":"critical","message":"cannot start: port 4061 is in use"}\n'
        self.stage.spawned[0].output(line + b'{"level":"info","message":"stopped"}\n')
        self.stage.spawned[0].end(1)
        error = self.failureResultOf(started, StartFailed).value
        self.assertEqual(str(error), "b ended with status 1: cannot start: port 4061 is in use")
        self.stage.clock.advance(100)
        self.assertEqual(len(self.stage.spawned), 1)

    def test_words_that_are_no_json_are_told_as_they_are(self) -> None:
        started = self.member.start()
        self.stage.spawned[0].output(b"Segmentation fault\n")
        self.stage.spawned[0].end(-11)
        error = self.failureResultOf(started, StartFailed).value
        self.assertEqual(str(error), "b ended with SIGSEGV: Segmentation fault")

    def test_one_that_is_killed_runs_again_after_a_pause(self) -> None:
        self.serve().end(-9)
        self.assertEqual(self.member.state, State.PAUSING)
        self.stage.clock.advance(FIRST_S * 0.9)
        self.assertEqual(len(self.stage.spawned), 1)
        self.stage.clock.advance(FIRST_S * 0.2)
        self.assertEqual(len(self.stage.spawned), 2)
        self.stage.spawned[1].output(SERVING)
        self.assertEqual(self.member.state, State.SERVING)
        self.assertEqual((self.member.restarts, self.member.pid), (1, 1001))

    def test_one_that_dies_again_and_again_is_given_longer_and_longer_pauses(self) -> None:
        self.serve().end(-9)
        for _ in range(12):
            runs = len(self.stage.spawned)
            self.stage.clock.advance(LONGEST_S)
            self.assertEqual(len(self.stage.spawned), runs + 1)
            self.stage.spawned[-1].end(1)
        self.stage.clock.advance(LONGEST_S * 0.9)
        self.assertEqual(self.member.state, State.PAUSING)

    def test_having_run_for_long_the_pause_is_short_again(self) -> None:
        self.serve().end(-9)
        for _ in range(5):
            self.stage.clock.advance(LONGEST_S)
            self.stage.spawned[-1].end(1)
        self.stage.clock.advance(LONGEST_S)
        self.stage.clock.advance(SETTLED_S)
        self.stage.spawned[-1].end(1)
        runs = len(self.stage.spawned)
        self.stage.clock.advance(FIRST_S)
        self.assertEqual(len(self.stage.spawned), runs + 1)

    def test_it_is_stopped_by_a_term_signal(self) -> None:
        dummy = self.serve()
        self.successResultOf(self.member.stop(5))
        self.assertEqual(dummy.signals, [signal.SIGTERM])
        self.stage.clock.advance(100)
        self.assertEqual((self.member.state, len(self.stage.spawned)), (State.RESTING, 1))

    def test_one_that_hangs_is_killed_at_the_limit(self) -> None:
        dummy = self.serve()
        dummy.hangs = True
        stopped = self.member.stop(5)
        self.stage.clock.advance(4.9)
        self.assertNoResult(stopped)
        self.stage.clock.advance(0.2)
        self.successResultOf(stopped)
        self.assertEqual(dummy.signals, [signal.SIGTERM, signal.SIGKILL])

    def test_retired_it_is_not_started_again(self) -> None:
        dummy = self.serve()
        self.member.retire()
        self.assertEqual(self.member.state, State.SERVING)
        dummy.end(0)
        self.stage.clock.advance(100)
        self.assertEqual((self.member.state, len(self.stage.spawned)), (State.RESTING, 1))

    def test_retired_while_it_pauses_it_stays_away(self) -> None:
        self.serve().end(-9)
        self.member.retire()
        self.stage.clock.advance(100)
        self.assertEqual((self.member.state, len(self.stage.spawned)), (State.RESTING, 1))

    def test_stopped_while_it_pauses_it_does_not_come_back(self) -> None:
        self.serve().end(-9)
        self.successResultOf(self.member.stop(5))
        self.stage.clock.advance(100)
        self.assertEqual(len(self.stage.spawned), 1)

    def test_stopped_while_it_starts_the_start_fails(self) -> None:
        started = self.member.start()
        self.successResultOf(self.member.stop(5))
        self.assertIn("was stopped", str(self.failureResultOf(started, StartFailed).value))

    def test_a_status_is_told_in_words(self) -> None:
        self.assertEqual([described(1), described(-9), described(-99)], ["status 1", "SIGKILL", "signal 99"])
