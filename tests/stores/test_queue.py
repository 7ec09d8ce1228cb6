"""The rules of the queue's seam that need no store."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.stores.queue import Limits, QueueRefused, check_line, check_name, check_publish


class QueueRulesTests(SynchronousTestCase):
    def test_names_are_short_and_plain(self) -> None:
        for name in ("push", "a", "A.b-c_9", "x" * 63):
            check_name("topic", name)
        for name in ("", ".hidden", "a b", "x" * 64, "a\n"):
            self.assertRaises(QueueRefused, check_name, "topic", name)

    def test_a_refusal_says_what_is_wrong_without_repeating_all_of_it(self) -> None:
        error = self.assertRaises(QueueRefused, check_line, "t", "?" * 5000)
        self.assertIn("is no name of a group", str(error))
        self.assertLess(len(str(error)), 250)

    def test_each_part_of_a_publish_has_its_limit(self) -> None:
        limits = Limits(body_bytes_max=3)
        check_publish(limits, "t", b"123", "k" * 256, b"x" * 16_384)
        for body, key, answer in ((b"1234", "", b""), (b"", "ä" * 129, b""), (b"", "", b"x" * 16_385)):
            self.assertRaises(QueueRefused, check_publish, limits, "t", body, key, answer)
