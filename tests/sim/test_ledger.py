"""The checker itself must find what is wrong."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.ledger import Ledger


class LedgerTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.ledger = Ledger()
        self.push = self.ledger.submitted("tags", [2, 1])
        self.push.accepted_at_s = 1.0

    def _show(self, device: int, seq: int = 1, stream: str = "GROUP") -> None:
        self.ledger.shown(device, stream, seq, self.push.number)

    def test_each_target_once_is_right(self) -> None:
        self._show(1)
        self._show(2)
        self.assertEqual((self.ledger.verdict(), self.ledger.missing()), ([], []))

    def test_a_push_that_did_not_arrive_is_found(self) -> None:
        self._show(1)
        self.assertEqual(self.ledger.missing(), [(0, 2)])
        self.assertEqual(
            self.ledger.verdict(), ["push 0 (tags), accepted at 1.000 s, never reached 1 devices: [2]"]
        )

    def test_a_second_showing_is_found(self) -> None:
        self._show(1)
        self._show(1, seq=2)
        self._show(2)
        self.assertEqual(self.ledger.verdict(), ["device 1 showed push 0 (tags) twice"])

    def test_a_stranger_is_found(self) -> None:
        for device in (1, 2, 3):
            self._show(device)
        self.assertEqual(self.ledger.verdict(), ["device 3 showed push 0 (tags), not meant for it"])

    def test_a_stream_that_goes_back_is_found(self) -> None:
        other = self.ledger.submitted("all", [1])
        other.accepted_at_s = 1.0
        self._show(1, seq=5)
        self._show(2, seq=5)
        self.ledger.shown(1, "GROUP", 4, other.number)
        self.assertEqual(self.ledger.verdict(), ["device 1 showed GROUP 4 after 5"])

    def test_streams_are_counted_apart(self) -> None:
        self._show(1, seq=5)
        self._show(2, seq=1)
        other = self.ledger.submitted("alias", [1])
        other.accepted_at_s = 1.0
        self.ledger.shown(1, "OWN", 1, other.number)
        self.assertEqual(self.ledger.verdict(), [])

    def test_a_push_without_answer_is_awaited_and_found(self) -> None:
        self._show(1)
        self._show(2)
        self.ledger.submitted("all", [1])
        self.assertEqual(self.ledger.missing(), [(1, -1)])
        self.assertEqual(self.ledger.verdict(), ["push 1 (all) was never accepted"])

    def test_a_message_nobody_sent_and_a_gap_are_found(self) -> None:
        self._show(1)
        self._show(2)
        self.ledger.shown(1, "OWN", 1, 99)
        self.ledger.missed(2, "OWN 1..3")
        self.assertEqual(
            self.ledger.verdict(),
            ["device 1 showed push 99, which nobody sent", "device 2 was told of a gap: OWN 1..3"],
        )
