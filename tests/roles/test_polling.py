"""Who follows asks again at once when it was told something, and with pauses when nobody answers."""

from __future__ import annotations

import attrs
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.polling import PAUSE_FIRST_S, PAUSE_MAX_S, PAUSE_OLD_S, WAIT_MS, Polling
from pushnet.rpc.exceptions import InvocationCanceledException, OperationNotExistException
from pushnet.sim.simulation import Simulation


@attrs.frozen
class Told:
    number: int


class PollingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.world = self.simulation.host("m").boot()
        self.asked: list[tuple[int, int]] = []
        self.at: list[float] = []
        self.error: Exception | None = None
        self.answers: list[Deferred[Told]] = []
        self.taken: list[Told] = []
        self.silences: list[str] = []
        self.polling: Polling[Told] = Polling(
            self.world, "polling", self.ask, self.taken.append, self.silences.append
        )
        self.polling.start()
        self.addCleanup(self.polling.stop)

    async def ask(self, known: int, wait_ms: int) -> Told:
        self.asked.append((known, wait_ms))
        self.at.append(self.world.monotonic())
        if self.error is not None:
            raise self.error
        self.answers.append(Deferred(lambda each: each.errback(InvocationCanceledException("given up"))))
        return await self.answers[-1]

    def test_the_first_question_is_not_kept_waiting_and_each_later_one_is_for_what_is_new(self) -> None:
        self.answers[-1].callback(Told(0))
        self.answers[-1].callback(Told(7))
        self.assertEqual(self.asked, [(-1, 0), (0, WAIT_MS), (7, WAIT_MS)])
        self.assertEqual(self.taken, [Told(0), Told(7)])

    def test_what_is_known_is_not_taken_again(self) -> None:
        self.answers[-1].callback(Told(7))
        self.answers[-1].callback(Told(7))
        self.assertEqual((self.taken, len(self.asked)), ([Told(7)], 3))

    def test_while_nobody_answers_it_asks_less_and_less_and_says_so_once(self) -> None:
        self.error = UnavailableException("no leader")
        self.answers[-1].errback(self.error)
        self.simulation.run_for(10 * PAUSE_MAX_S)
        pauses = [later - earlier for earlier, later in zip(self.at[1:], self.at[2:], strict=False)]
        self.assertEqual(sorted(pauses), pauses)
        self.assertLess(abs(pauses[0] - 2 * PAUSE_FIRST_S), 0.01)
        self.assertLess(abs(pauses[-1] - PAUSE_MAX_S), 0.01)
        self.assertEqual(len(self.silences), 1)
        self.assertIn("no leader", self.silences[0])
        self.error = None
        self.simulation.run_for(PAUSE_MAX_S)
        self.answers[-1].callback(Told(1))
        self.assertEqual(self.taken, [Told(1)])
        self.answers[-1].errback(UnavailableException("again"))
        self.assertEqual(len(self.silences), 2, "somebody had answered")

    def test_who_does_not_know_the_question_is_asked_seldom(self) -> None:
        self.answers[-1].errback(OperationNotExistException("no such operation"))
        self.simulation.run_for(PAUSE_OLD_S - 1)
        self.assertEqual(len(self.asked), 1)
        self.simulation.run_for(2)
        self.assertEqual(len(self.asked), 2)

    def test_stopped_it_gives_its_question_up_and_asks_no_more(self) -> None:
        self.polling.stop()
        self.simulation.run_for(2 * PAUSE_MAX_S)
        self.assertEqual((self.polling.running, len(self.asked), self.silences), (False, 1, []))

    def test_stopped_in_a_pause_it_asks_no_more(self) -> None:
        self.answers[-1].errback(UnavailableException("no leader"))
        self.polling.stop()
        self.simulation.run_for(2 * PAUSE_MAX_S)
        self.assertEqual(len(self.asked), 1)
