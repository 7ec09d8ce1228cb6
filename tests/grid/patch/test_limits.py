"""The limits fit each other."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch import limits


class LimitTests(SynchronousTestCase):
    def test_small_things_fit_into_large_ones(self) -> None:
        self.assertLess(limits.PART_BYTES_MAX, limits.PATH_BYTES_MAX)
        self.assertLess(limits.ROOT_BYTES_MAX, limits.DOCUMENT_BYTES_MAX)
        self.assertLess(limits.FILE_BYTES_MAX, limits.RELEASE_BYTES_MAX)
        self.assertLessEqual(limits.ROOT_BYTES_MAX, limits.CHUNK_BYTES_MAX)

    def test_an_answer_fits_into_a_message_of_ice_s_usual_limit(self) -> None:
        self.assertLess(limits.CHUNK_BYTES_MAX, 1 << 20)
        self.assertLess(limits.HAVE_MAX * 66, 1 << 20)
