"""What every queue store does, whatever stands behind it. Mixed into a case of `tests.stores.worlds`.

A provider's case adds `async def open_queue(limits)`.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import CancelledError, gatherResults

from pushnet.stores.queue import Limits, QueueFull, QueueRefused, QueueStore
from tests.stores.worlds import scenario

LEASE_S = 30.0
SHORT_S = 0.1
"""A lease that is meant to run out."""


class QueueContract:
    """Tests of the seam."""

    open_queue: Any

    async def _with(self, *bodies: bytes, limits: Limits = Limits()) -> QueueStore:
        queue: QueueStore = await self.open_queue(limits)
        await gatherResults([queue.publish("t", body) for body in bodies])
        return queue

    async def _bodies(
        self, queue: QueueStore, group: str = "g", most: int = 10, wait_s: float = 0
    ) -> list[bytes]:
        return [taken.body for taken in await queue.take("t", group, most, wait_s, LEASE_S)]

    @scenario
    async def test_messages_come_in_the_order_they_were_published(self) -> None:
        queue = await self._with(b"1", b"2", b"3")
        self.assertEqual(await self._bodies(queue, most=2), [b"1", b"2"])
        self.assertEqual(await self._bodies(queue), [b"3"])
        self.assertEqual(await self._bodies(queue), [])
        await queue.close()

    @scenario
    async def test_each_group_gets_every_message_once(self) -> None:
        queue = await self._with(b"1", b"2")
        self.assertEqual(await self._bodies(queue, "a"), [b"1", b"2"])
        self.assertEqual(await self._bodies(queue, "b"), [b"1", b"2"])
        await queue.close()

    @scenario
    async def test_topics_do_not_mix(self) -> None:
        queue = await self._with(b"1")
        await queue.publish("other", b"2")
        self.assertEqual(await self._bodies(queue), [b"1"])
        await queue.close()

    @scenario
    async def test_a_key_used_again_adds_nothing_and_gives_the_first_answer(self) -> None:
        queue = await self._with()
        first = await queue.publish("t", b"1", "key", b"answer")
        again = await queue.publish("t", b"2", "key", b"other")
        elsewhere = await queue.publish("other", b"2", "key", b"other")
        self.assertEqual((first.duplicate, first.answer), (False, b"answer"))
        self.assertEqual((again.id, again.duplicate, again.answer), (first.id, True, b"answer"))
        self.assertFalse(elsewhere.duplicate)
        self.assertEqual(await self._bodies(queue), [b"1"])
        await queue.close()

    @scenario
    async def test_two_publishes_of_one_key_at_once_add_one_message(self) -> None:
        queue = await self._with()
        both = await gatherResults([queue.publish("t", b"x", "key", b"%d" % n) for n in range(2)])
        self.assertEqual([each.duplicate for each in both], [False, True])
        self.assertEqual(both[0].id, both[1].id)
        await queue.close()

    @scenario
    async def test_a_key_is_remembered_after_its_message_is_done_with(self) -> None:
        queue = await self._with()
        first = await queue.publish("t", b"1", "key", b"answer")
        await self._bodies(queue)
        await queue.acknowledge("t", "g", [first.id])
        self.assertTrue((await queue.publish("t", b"1", "key")).duplicate)
        self.assertEqual(await self._bodies(queue), [])
        await queue.close()

    @scenario
    async def test_a_consumer_waits_for_the_first_message(self) -> None:
        queue = await self._with()
        waiting = queue.take("t", "g", 10, 30.0, LEASE_S)
        await self.pause(0.01)
        self.assertNoResult(waiting)
        await queue.publish("t", b"1")
        self.assertEqual([taken.body for taken in await waiting], [b"1"])
        await queue.close()

    @scenario
    async def test_waiting_has_an_end(self) -> None:
        queue = await self._with()
        self.assertEqual(await queue.take("t", "g", 10, 0.02, LEASE_S), [])
        await queue.close()

    @scenario
    async def test_waiting_consumers_share_what_comes(self) -> None:
        queue = await self._with()
        waiting = [queue.take("t", "g", 1, 30.0, LEASE_S) for _ in range(3)]
        await gatherResults([queue.publish("t", body) for body in (b"1", b"2", b"3")])
        taken = await gatherResults(waiting)
        self.assertEqual([[each.body for each in mine] for mine in taken], [[b"1"], [b"2"], [b"3"]])
        await queue.close()

    @scenario
    async def test_a_consumer_that_gives_up_leaves_its_message_to_the_next(self) -> None:
        queue = await self._with()
        gone = queue.take("t", "g", 1, 30.0, LEASE_S)
        queue.publish("t", b"1")
        gone.cancel()
        self.failureResultOf(gone, CancelledError)
        (taken,) = await queue.take("t", "g", 1, 30.0, LEASE_S)
        self.assertEqual((taken.body, taken.attempt), (b"1", 1))
        await queue.close()

    @scenario
    async def test_what_was_on_its_way_to_a_consumer_that_gave_up_comes_back_at_once(self) -> None:
        queue = await self._with(b"1", b"2")
        for pause_s in (0.0, 0.000_1, 0.001, 0.002, 0.004):
            gone = queue.take("t", "g", 2, 30.0, LEASE_S)
            await self.pause(pause_s)
            if not gone.called:
                gone.cancel()
                self.failureResultOf(gone, CancelledError)
                taken = await queue.take("t", "g", 2, 30.0, LEASE_S)
            else:
                taken = self.successResultOf(gone)
            first = [(each.body, each.attempt) for each in taken]
            self.assertIn(first, ([(b"1", 1), (b"2", 1)], [(b"1", 1)]))
            if len(first) == 1:
                taken += await queue.take("t", "g", 2, 30.0, LEASE_S)
            await queue.acknowledge("t", "g", [each.id for each in taken])
            await gatherResults([queue.publish("t", b"1"), queue.publish("t", b"2")])
        await queue.close()

    @scenario
    async def test_acknowledged_messages_do_not_come_back(self) -> None:
        queue = await self._with(b"1", b"2")
        one, two = await queue.take("t", "g", 2, 0, SHORT_S)
        await queue.acknowledge("t", "g", [one.id, 999_999])
        (again,) = await queue.take("t", "g", 2, 30.0, LEASE_S)
        self.assertEqual((again.id, again.attempt, again.body), (two.id, 2, b"2"))
        await queue.close()

    @scenario
    async def test_a_leased_message_is_nobody_elses(self) -> None:
        queue = await self._with(b"1")
        await queue.take("t", "g", 1, 0, LEASE_S)
        self.assertEqual(await queue.take("t", "g", 1, 0.03, LEASE_S), [])
        await queue.close()

    @scenario
    async def test_a_retry_comes_back_after_its_delay_as_the_next_attempt(self) -> None:
        queue = await self._with(b"1")
        (taken,) = await queue.take("t", "g", 1, 0, LEASE_S)
        await queue.retry("t", "g", taken.id, 0.05, "not now")
        self.assertEqual(await queue.take("t", "g", 1, 0, LEASE_S), [])
        (again,) = await queue.take("t", "g", 1, 30.0, LEASE_S)
        self.assertEqual((again.id, again.attempt), (taken.id, 2))
        await queue.close()

    @scenario
    async def test_a_message_is_parked_when_its_attempts_are_used_up(self) -> None:
        queue = await self._with(b"1", b"2", limits=Limits(attempts_max=3))
        for attempt in range(1, 4):
            (taken,) = await queue.take("t", "g", 1, 30.0, LEASE_S)
            self.assertEqual((taken.body, taken.attempt), (b"1", attempt))
            await queue.retry("t", "g", taken.id, 0, f"reason {attempt}")
        self.assertEqual(await self._bodies(queue), [b"2"])
        (parked,) = await queue.parked("t", "g", 10)
        self.assertEqual((parked.attempts, parked.reason, parked.body), (3, "reason 3", b"1"))
        await queue.close()

    @scenario
    async def test_what_a_lost_consumer_held_is_due_again_at_once_and_the_attempt_counts(self) -> None:
        queue = await self._with(b"1", b"2")
        first, second = await queue.take("t", "g", 2, 0, LEASE_S)
        await queue.acknowledge("t", "g", [second.id])
        await queue.release("t", "g", {first.id: first.attempt, second.id: second.attempt})
        (again,) = await queue.take("t", "g", 2, 0, LEASE_S)
        self.assertEqual((again.id, again.attempt), (first.id, 2))
        await queue.close()

    @scenario
    async def test_a_release_of_an_earlier_attempt_leaves_the_present_holder_alone(self) -> None:
        queue = await self._with(b"1")
        (first,) = await queue.take("t", "g", 1, 0, LEASE_S)
        await queue.release("t", "g", {first.id: 1})
        await queue.take("t", "g", 1, 0, LEASE_S)
        await queue.release("t", "g", {first.id: 1})
        self.assertEqual(await self._bodies(queue), [])
        await queue.close()

    @scenario
    async def test_a_release_wakes_who_waits(self) -> None:
        queue = await self._with(b"1")
        (first,) = await queue.take("t", "g", 1, 0, LEASE_S)
        waiting = queue.take("t", "g", 1, 20, LEASE_S)
        await queue.release("t", "g", {first.id: 1})
        (again,) = await waiting
        self.assertEqual(again.attempt, 2)
        await queue.close()

    @scenario
    async def test_leases_that_run_out_use_up_attempts_too(self) -> None:
        queue = await self._with(b"1", limits=Limits(attempts_max=2))
        await queue.take("t", "g", 1, 0, SHORT_S)
        (again,) = await queue.take("t", "g", 1, 30.0, SHORT_S)
        self.assertEqual(again.attempt, 2)
        self.assertEqual(await queue.take("t", "g", 1, 0.3, SHORT_S), [])
        (parked,) = await queue.parked("t", "g", 10)
        self.assertIn("the lease of the last attempt ran out", parked.reason)
        await queue.close()

    @scenario
    async def test_a_late_acknowledgement_counts(self) -> None:
        queue = await self._with(b"1", limits=Limits(attempts_max=1))
        (taken,) = await queue.take("t", "g", 1, 0, SHORT_S)
        self.assertEqual(await queue.take("t", "g", 1, 0.3, LEASE_S), [])
        await queue.acknowledge("t", "g", [taken.id])
        self.assertEqual(await queue.parked("t", "g", 10), [])
        await queue.close()

    @scenario
    async def test_a_parked_message_waits_for_its_replay(self) -> None:
        queue = await self._with(b"1", b"2")
        one, two = await queue.take("t", "g", 2, 0, LEASE_S)
        await queue.park("t", "g", one.id, "poison")
        await queue.retry("t", "g", one.id, 0, "too late to retry")
        self.assertEqual(await self._bodies(queue), [])
        waiting = queue.take("t", "g", 1, 30.0, LEASE_S)
        self.assertEqual(await queue.replay("t", "g", [one.id, two.id, 999_999]), 1)
        (again,) = await waiting
        self.assertEqual((again.id, again.attempt), (one.id, 1))
        self.assertEqual(await queue.parked("t", "g", 10), [])
        await queue.close()

    @scenario
    async def test_stats_tell_where_messages_are(self) -> None:
        queue = await self._with(*[b"%d" % number for number in range(6)])
        self.assertEqual((await queue.stats("t", "g")).waiting, 6)
        one, two, three, _ = await queue.take("t", "g", 4, 0, LEASE_S)
        await queue.acknowledge("t", "g", [one.id])
        await queue.park("t", "g", two.id, "poison")
        await queue.retry("t", "g", three.id, 60.0, "later")
        stats = await queue.stats("t", "g")
        self.assertEqual((stats.published, stats.waiting, stats.in_flight, stats.parked), (6, 3, 1, 1))
        self.assertEqual((await queue.stats("nothing", "g")).published, 0)
        await queue.close()

    @scenario
    async def test_everything_is_back_after_a_crash(self) -> None:
        queue = await self._with(b"1", b"2", b"3", b"4")
        await queue.publish("t", b"5", "key", b"answer")
        done, aside, held = await queue.take("t", "g", 3, 0, SHORT_S)
        await queue.acknowledge("t", "g", [done.id])
        await queue.park("t", "g", aside.id, "poison")
        self.crash()
        again: QueueStore = await self.open_queue(Limits())
        await self.pause(SHORT_S)
        (back,) = await _take_exactly(again, [b"3"])
        self.assertEqual((back.id, back.attempt), (held.id, 2))
        await _take_exactly(again, [b"4", b"5"])
        self.assertEqual([each.reason for each in await again.parked("t", "g", 10)], ["poison"])
        receipt = await again.publish("t", b"5", "key")
        self.assertEqual((receipt.duplicate, receipt.answer), (True, b"answer"))
        await again.close()
        await self.bury(queue)

    @scenario
    async def test_a_lease_lasts_over_a_crash(self) -> None:
        queue = await self._with(b"1")
        await queue.take("t", "g", 1, 0, LEASE_S)
        self.crash()
        again: QueueStore = await self.open_queue(Limits())
        self.assertEqual(await again.take("t", "g", 1, 0, LEASE_S), [])
        await again.close()
        await self.bury(queue)

    @scenario
    async def test_a_topic_takes_no_more_than_its_limit(self) -> None:
        queue = await self._with(b"1", b"2", limits=Limits(waiting_max=2))
        await self.assertFailure(queue.publish("t", b"3"), QueueFull)
        (taken, _) = await queue.take("t", "g", 2, 0, LEASE_S)
        await queue.acknowledge("t", "g", [taken.id])
        await queue.publish("t", b"3")
        await self.assertFailure(queue.publish("t", b"4"), QueueFull)
        await queue.close()

    @scenario
    async def test_a_message_is_kept_until_every_group_is_done_with_it(self) -> None:
        queue = await self._with(limits=Limits(waiting_max=1))
        await queue.take("t", "a", 1, 0, LEASE_S)
        await queue.take("t", "b", 1, 0, LEASE_S)
        message = await queue.publish("t", b"1")
        for group in ("a", "b"):
            await self.assertFailure(queue.publish("t", b"2"), QueueFull)
            await queue.take("t", group, 1, 0, LEASE_S)
            await queue.acknowledge("t", group, [message.id])
        await queue.publish("t", b"2")
        await queue.close()

    @scenario
    async def test_bad_names_and_sizes_are_refused(self) -> None:
        queue = await self._with(limits=Limits(body_bytes_max=10))
        for topic in ("", "a b", "-a", "a/b", "x" * 64, "ä"):
            await self.assertFailure(queue.publish(topic, b""), QueueRefused)
            await self.assertFailure(queue.take(topic, "g", 1, 0, LEASE_S), QueueRefused)
            await self.assertFailure(queue.take("t", topic, 1, 0, LEASE_S), QueueRefused)
            await self.assertFailure(queue.acknowledge("t", topic, [1]), QueueRefused)
            await self.assertFailure(queue.stats("t", topic), QueueRefused)
        await self.assertFailure(queue.publish("t", b"x" * 11), QueueRefused)
        await self.assertFailure(queue.publish("t", b"", "k" * 257), QueueRefused)
        await self.assertFailure(queue.publish("t", b"", "k", b"x" * 16_385), QueueRefused)
        await queue.close()

    @scenario
    async def test_an_answer_is_not_larger_than_a_peer_takes(self) -> None:
        large = 300 * 1024
        queue = await self._with(b"1" * large, b"2" * large, b"3", b"4" * 512 * 1024)
        sizes = []
        for _ in range(3):
            taken = await queue.take("t", "g", 10, 0, LEASE_S)
            sizes.append([len(each.body) for each in taken])
        self.assertEqual(sizes, [[large], [large, 1], [512 * 1024]])
        await queue.close()

    @scenario
    async def test_closing_lets_those_who_wait_go_with_nothing(self) -> None:
        queue = await self._with()
        waiting = queue.take("t", "g", 1, 30.0, LEASE_S)
        await self.pause(0.05)
        await queue.close()
        self.assertEqual(self.successResultOf(waiting), [])


async def _take_exactly(queue: QueueStore, bodies: list[bytes]):
    taken = await queue.take("t", "g", len(bodies), 30.0, LEASE_S)
    while len(taken) < len(bodies):
        taken += await queue.take("t", "g", len(bodies) - len(taken), 30.0, LEASE_S)
    assert [each.body for each in taken] == bodies, taken
    return taken
