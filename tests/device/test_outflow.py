"""The server's rule: inline when the device is one behind, a notice otherwise, pages when it asks."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.errors import PeerBrokeProtocol
from pushnet.device.outflow import WINDOW, Offer, Outflow

INLINE, NOTIFY, NOTHING = Offer.INLINE, Offer.NOTIFY, Offer.NOTHING


def live(sent: int = 5) -> Outflow:
    flow = Outflow(sent)
    flow.settle()
    return flow


class OutflowTests(SynchronousTestCase):
    def test_a_small_message_that_follows_goes_inline(self) -> None:
        flow = live(5)
        self.assertEqual(flow.offer(5, 6, True), INLINE)
        self.assertEqual(flow.sent, 6)

    def test_a_message_that_was_sent_is_not_sent_again(self) -> None:
        flow = live(5)
        self.assertEqual(flow.offer(4, 5, True), NOTHING)

    def test_a_large_message_is_told_of_once(self) -> None:
        flow = live(5)
        self.assertEqual([flow.offer(5, 6, False), flow.offer(6, 7, True)], [NOTIFY, NOTHING])
        self.assertEqual((flow.sent, flow.head), (5, 7))

    def test_a_message_after_a_hole_is_told_of(self) -> None:
        self.assertEqual(live(5).offer(6, 7, True), NOTIFY)

    def test_a_device_that_does_not_acknowledge_gets_a_window_and_then_a_notice(self) -> None:
        flow = live(0)
        offers = [flow.offer(seq - 1, seq, True) for seq in range(1, WINDOW + 3)]
        self.assertEqual(offers, [INLINE] * WINDOW + [NOTIFY, NOTHING])

    def test_an_acknowledgement_opens_the_window(self) -> None:
        flow = live(0)
        for seq in range(1, WINDOW + 1):
            flow.offer(seq - 1, seq, True)
        self.assertTrue(flow.acknowledged(WINDOW))
        self.assertEqual(flow.offer(WINDOW, WINDOW + 1, True), INLINE)

    def test_a_page_that_reaches_the_head_makes_the_device_live(self) -> None:
        flow = live(5)
        flow.offer(5, 6, False)
        flow.asked(5)
        flow.passed(6)
        self.assertEqual(flow.settle(), NOTHING)
        self.assertEqual(flow.offer(6, 7, True), INLINE)

    def test_a_page_that_does_not_reach_the_head_is_followed_by_a_notice(self) -> None:
        flow = live(5)
        flow.offer(5, 8, False)
        flow.asked(5)
        flow.passed(6)
        self.assertEqual(flow.settle(), NOTIFY)

    def test_what_arrives_while_a_page_is_on_its_way_is_told_of_after_it(self) -> None:
        flow = live(5)
        flow.asked(5)
        self.assertEqual(flow.offer(5, 6, True), NOTHING)
        self.assertEqual(flow.settle(), NOTIFY)

    def test_an_acknowledgement_of_what_was_not_sent_is_the_peers_fault(self) -> None:
        with self.assertRaises(PeerBrokeProtocol):
            live(5).acknowledged(6)

    def test_a_second_question_before_the_answer_is_the_peers_fault(self) -> None:
        flow = live(5)
        flow.asked(5)
        with self.assertRaises(PeerBrokeProtocol):
            flow.asked(5)

    def test_what_was_searched_in_vain_is_not_searched_again(self) -> None:
        flow = live(5)
        flow.scanned = 90
        flow.asked(5)
        self.assertEqual((flow.sent, flow.scanned), (5, 90))

    def test_a_device_that_goes_back_is_searched_for_anew(self) -> None:
        flow = live(5)
        flow.offer(5, 6, True)
        flow.asked(5)
        self.assertEqual((flow.sent, flow.scanned), (5, 5))

    def test_an_old_acknowledgement_is_no_news(self) -> None:
        self.assertFalse(live(5).acknowledged(4))

    def test_a_question_from_beyond_what_was_sent_is_the_peers_fault(self) -> None:
        with self.assertRaises(PeerBrokeProtocol):
            live(5).asked(6)

    def test_a_question_from_before_what_was_acknowledged_is_the_peers_fault(self) -> None:
        with self.assertRaises(PeerBrokeProtocol):
            live(5).asked(4)
