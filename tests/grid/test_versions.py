"""Versions in their order."""

from itertools import combinations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.versions import is_older


class VersionsTest(SynchronousTestCase):
    def test_they_follow_as_their_names_say(self) -> None:
        order = ["0.9", "1.4.0-alpha", "1.4.0-rc1", "1.4.0-rc2", "1.4.0", "1.4.1", "1.10", "2"]
        for older, newer in combinations(order, 2):
            self.assertTrue(is_older(older, newer), (older, newer))
            self.assertFalse(is_older(newer, older), (older, newer))

    def test_the_same_in_other_words_is_not_older(self) -> None:
        for one, other in (("1.4", "1.4.0"), ("1.4+build7", "1.4+build8"), ("", "")):
            self.assertFalse(is_older(one, other) or is_older(other, one))
