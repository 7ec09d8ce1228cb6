"""Times are kept until they are taken."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.latencies import KEPT_MAX, TIMED_MASK, Latencies


class LatenciesTest(SynchronousTestCase):
    def test_they_are_taken_once_and_not_too_many_are_kept(self) -> None:
        latencies = Latencies()
        for number in range(KEPT_MAX + 5):
            latencies.took(float(number))
        taken = latencies.take()
        self.assertEqual((len(taken), taken[:2], latencies.take()), (KEPT_MAX, [0.0, 1.0], []))

    def test_one_request_in_eight_is_timed(self) -> None:
        self.assertEqual([number for number in range(1, 25) if not number & TIMED_MASK], [8, 16, 24])
