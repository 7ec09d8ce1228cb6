"""From the queue to one of three ends, a bounded number at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.push import Push
from pushnet.gen.pushnet.queue import Queue
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.pusher.delivery import ImpossiblePush
from pushnet.roles.pusher.intake import TRIES_LIMIT_S, TRY_LIMIT_S, Intake, decode
from pushnet.rpc.exceptions import ConnectionLostException
from tests.roles.pusher.given import LOG, PusherGiven, packed

PARALLEL = 3


class IntakeTests(PusherGiven):
    def setUp(self) -> None:
        super().setUp()
        self.queue = self.grid.queue
        self.carried: list[tuple[int, int]] = []
        self.answers: dict[int, Callable[[], str]] = {}
        self.held: list[Deferred[None]] = []
        self.holding = False
        self.intake = Intake(self.world, cast(Queue, self.queue), self.carry_one, PARALLEL, self.counts, LOG)

    async def carry_one(self, push: Push, attempt: int) -> str:
        self.carried.append((push.message.id, attempt))
        if self.holding:
            waiting: Deferred[None] = Deferred()
            self.held.append(waiting)
            await waiting
        return self.answers.get(push.message.id, lambda: "delivered")()

    def put(self, *numbers: int) -> None:
        for number in numbers:
            self.queue.put(packed(self.push(number, all=True)))

    def raises(self, error: Exception) -> Callable[[], str]:
        def answer() -> str:
            raise error

        return answer

    def stop(self) -> None:
        self.simulation.run_until(ensureDeferred(self.intake.stop()))

    def test_what_is_carried_is_acknowledged_and_counted_by_its_outcome(self) -> None:
        self.put(1, 2, 3)
        self.answers = {2: lambda: "no_target", 3: lambda: "expired"}
        self.intake.start()
        self.simulation.run_for(0.5)
        self.assertEqual(sorted(self.queue.done), [1, 2, 3])
        counted = [self.counted("pushes", outcome=name) for name in ("delivered", "no_target", "expired")]
        self.assertEqual(counted, [1, 1, 1])

    def test_a_push_that_comes_later_is_taken_at_once(self) -> None:
        self.intake.start()
        self.simulation.run_for(10.2)
        self.put(1)
        self.simulation.run_for(0.01)
        self.assertEqual(self.queue.done, [1])

    def test_no_more_than_so_many_are_in_work(self) -> None:
        self.holding = True
        self.put(*range(1, 8))
        self.intake.start()
        self.simulation.run_for(1.0)
        self.assertEqual((len(self.carried), self.intake.running), (PARALLEL, PARALLEL))
        self.held[0].callback(None)
        self.simulation.run_for(0.1)
        self.assertEqual((len(self.carried), self.intake.running), (PARALLEL + 1, PARALLEL))
        self.assertEqual(self.queue.done, [1])

    def fails_until(self, second: float) -> Callable[[], str]:
        def answer() -> str:
            if self.simulation.now_s < second:
                raise UnavailableException("restarting")
            return "delivered"

        return answer

    def test_a_backend_away_for_a_moment_is_waited_for(self) -> None:
        self.put(1)
        self.answers = {1: self.fails_until(3.0)}
        self.intake.start()
        self.simulation.run_for(4.1)
        self.assertEqual((self.queue.done, self.queue.retried), ([1], []))
        self.assertEqual([attempt for _, attempt in self.carried], list(range(1, len(self.carried) + 1)))
        self.assertLess(len(self.carried), 12)

    def test_who_waits_for_a_backend_does_not_keep_the_others_from_theirs(self) -> None:
        self.put(*range(1, 21))
        self.answers = {number: self.fails_until(3.0) for number in range(1, 11)}
        self.intake.start()
        self.simulation.run_for(0.5)
        self.assertEqual(self.queue.done, list(range(11, 21)))
        self.simulation.run_for(4.0)
        self.assertEqual(sorted(self.queue.done), list(range(1, 21)))

    def test_what_still_fails_is_given_back_and_comes_again_later(self) -> None:
        self.put(1)
        self.answers = {1: self.fails_until(TRIES_LIMIT_S)}
        self.intake.start()
        self.simulation.run_for(TRIES_LIMIT_S + 0.1)
        ((number, delay_ms, reason),) = self.queue.retried
        self.assertEqual(number, 1)
        self.assertTrue(500 <= delay_ms <= 1000)
        self.assertIn("restarting", reason)
        self.simulation.run_for(1.5)
        self.assertEqual(self.queue.done, [1])

    def test_stopping_gives_back_what_waits_for_a_backend(self) -> None:
        self.put(1)
        self.answers = {1: self.fails_until(100.0)}
        self.intake.start()
        self.simulation.run_for(2.0)
        before = self.simulation.now_s
        self.stop()
        self.assertLess(self.simulation.now_s - before, 1.01)
        self.assertEqual([number for number, _, _ in self.queue.retried], [1])

    def test_what_never_succeeds_is_parked_by_the_queue_after_its_attempts(self) -> None:
        self.put(1)
        self.answers = {1: self.raises(ConnectionLostException())}
        self.intake.start()
        self.simulation.run_for(120.0)
        self.assertEqual([number for number, _, _ in self.queue.retried], [1] * 5)
        self.assertIn("ConnectionLostException", self.queue.parked_for[1])
        self.assertGreater(self.simulation.now_s, 19.0)

    def test_an_error_of_ours_is_logged_and_tried_again(self) -> None:
        self.put(1)
        self.answers = {1: self.raises(ZeroDivisionError("bug"))}
        self.intake.start()
        self.simulation.run_for(0.4)
        self.assertEqual(len(self.queue.retried), 1)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_what_cannot_be_decoded_or_done_is_parked_at_once(self) -> None:
        whole = packed(self.push(2, all=True))
        for body in (b"", b"\x00", whole[:-1], whole + b"x", b"\xff" * 40):
            self.queue.put(body)
        self.put(6)
        self.answers = {6: self.raises(ImpossiblePush("the audience names nobody"))}
        self.intake.start()
        self.simulation.run_for(0.5)
        self.assertEqual(sorted(self.queue.parked_for), [1, 2, 3, 4, 5, 6])
        self.assertEqual(self.queue.parked_for[6], "the audience names nobody")
        self.assertEqual((self.queue.retried, self.queue.done), ([], []))
        self.assertEqual(self.counted("pushes", outcome="parked"), 6)

    def test_a_push_that_hangs_is_given_back_before_its_lease_ends(self) -> None:
        self.holding = True
        self.put(1)
        self.intake.start()
        self.simulation.run_for(TRY_LIMIT_S + 0.1)
        self.assertEqual([number for number, _, _ in self.queue.retried], [1])

    def test_a_queue_in_trouble_is_asked_again_after_a_pause(self) -> None:
        self.queue.trouble["take"] = [ConnectionLostException()] * 3
        self.put(1)
        self.intake.start()
        self.simulation.run_for(0.1)
        self.assertEqual(self.queue.calls, ["take"])
        self.simulation.run_for(2.0)
        self.assertEqual(self.queue.done, [1])

    def test_a_queue_that_cannot_be_told_leaves_the_push_to_its_lease(self) -> None:
        self.queue.trouble["retry"] = [ConnectionLostException()]
        self.put(1)
        self.answers = {1: self.raises(UnavailableException("x"))}
        self.intake.start()
        self.simulation.run_for(TRIES_LIMIT_S + 0.1)
        self.assertEqual((self.queue.retried, self.intake.running), ([], 0))
        self.assertEqual(self.simulation.failures, [])

    def test_stopping_takes_no_more_and_finishes_what_is_taken(self) -> None:
        self.holding = True
        self.put(*range(1, 6))
        self.intake.start()
        self.simulation.run_for(0.5)
        stopping = ensureDeferred(self.intake.stop())
        self.simulation.run_for(0.5)
        self.assertNoResult(stopping)
        for waiting in self.held:
            waiting.callback(None)
        self.simulation.run_until(stopping, limit_s=2)
        self.assertEqual((sorted(self.queue.done), self.queue.waiting), ([1, 2, 3], [4, 5]))
        self.assertEqual(self.world.leftovers(), [])

    def test_stopping_ends_an_idle_intake_within_one_wait(self) -> None:
        self.intake.start()
        self.simulation.run_for(5.3)
        before = self.simulation.now_s
        self.stop()
        self.assertLess(self.simulation.now_s - before, 1.01)
        self.assertEqual(self.world.leftovers(), [])

    def test_stopping_ends_a_pause_at_once(self) -> None:
        self.queue.trouble["take"] = [ConnectionLostException()] * 100
        self.intake.start()
        self.simulation.run_for(0.1)
        before = self.simulation.now_s
        self.stop()
        self.assertEqual(self.simulation.now_s, before)

    def test_an_intake_that_never_started_stops(self) -> None:
        self.stop()
        self.assertEqual(self.queue.calls, [])


class DecodeTests(SynchronousTestCase):
    @given(st.binary(max_size=200))
    def test_garbage_is_impossible_and_nothing_else(self, body: bytes) -> None:
        try:
            push = decode(body)
        except ImpossiblePush:
            return
        self.assertEqual(packed(push), body)
