"""The device's rule: drop what it has, accept what follows, ask for the rest."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.frames import Gap, GapReason, Notify, Push, Stream
from pushnet.device.inflow import Inflow, Verdict

DROP, ACCEPT, ASK = Verdict.DROP, Verdict.ACCEPT, Verdict.ASK


def push(seq: int, prev: int | None = None) -> Push:
    return Push(Stream.OWN, seq, 60, b"", prev)


def gap(since: int, up_to: int) -> Gap:
    return Gap(Stream.OWN, since, up_to, GapReason.EXPIRED)


class InflowTests(SynchronousTestCase):
    def test_a_message_that_follows_is_accepted_and_its_repetition_dropped(self) -> None:
        flow = Inflow(5)
        self.assertEqual([flow.push(push(6, 5)), flow.push(push(6, 5))], [ACCEPT, DROP])
        self.assertEqual(flow.last, 6)

    def test_a_message_without_prev_follows_the_one_before_it_on_the_connection(self) -> None:
        flow = Inflow(5)
        self.assertEqual([flow.push(push(8)), flow.push(push(11))], [ACCEPT, ACCEPT])
        self.assertEqual(flow.last, 11)

    def test_a_message_after_a_hole_makes_the_device_ask_and_stay_where_it_is(self) -> None:
        flow = Inflow(5)
        self.assertEqual(flow.push(push(8, 7)), ASK)
        self.assertEqual(flow.last, 5)

    def test_what_was_in_flight_before_the_question_does_not_hide_the_hole(self) -> None:
        flow = Inflow(5)
        self.assertEqual(flow.push(push(8, 7)), ASK)
        self.assertEqual(flow.push(push(9)), DROP)
        self.assertEqual([flow.push(push(6, 5)), flow.push(push(7, 6))], [ACCEPT, ACCEPT])
        self.assertEqual(flow.push(push(8)), ACCEPT)

    def test_a_notice_makes_the_device_ask_once(self) -> None:
        flow = Inflow(5)
        self.assertEqual(flow.notify(Notify(Stream.OWN, 9)), ASK)
        self.assertEqual(flow.notify(Notify(Stream.OWN, 12)), DROP)

    def test_a_notice_of_what_is_known_is_dropped(self) -> None:
        self.assertEqual(Inflow(5).notify(Notify(Stream.OWN, 5)), DROP)

    def test_a_notice_after_the_answer_makes_the_device_ask_again(self) -> None:
        flow = Inflow(5)
        flow.notify(Notify(Stream.OWN, 9))
        flow.push(push(6, 5))
        self.assertEqual(flow.notify(Notify(Stream.OWN, 9)), ASK)

    def test_an_announced_gap_is_stepped_over(self) -> None:
        flow = Inflow(5)
        self.assertEqual(flow.gap(gap(5, 9)), ACCEPT)
        self.assertEqual(flow.push(push(10)), ACCEPT)

    def test_a_gap_that_begins_after_a_hole_is_not_stepped_over(self) -> None:
        flow = Inflow(5)
        self.assertEqual(flow.gap(gap(7, 9)), ASK)
        self.assertEqual(flow.last, 5)

    def test_an_empty_gap_ends_the_question(self) -> None:
        flow = Inflow(5)
        flow.notify(Notify(Stream.OWN, 9))
        self.assertEqual(flow.gap(gap(5, 5)), DROP)
        self.assertEqual(flow.push(push(10)), ACCEPT)

    def test_a_new_connection_begins_at_last(self) -> None:
        flow = Inflow(5)
        flow.push(push(8, 7))
        flow.connected()
        self.assertEqual(flow.push(push(6)), ACCEPT)
