"""Numbers that name rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some
from twisted.trial.unittest import SynchronousTestCase

from pushnet.stores.shard.schema import app_of, device_row, ordinal_of, place_of, rows_of_app, seq_at
from tests.stores.shard.opened import opened

APPS = some.integers(1, (1 << 23) - 1)
ORDINALS = some.integers(0, (1 << 31) - 1)


class SchemaTests(SynchronousTestCase):
    @given(APPS, ORDINALS)
    def test_a_row_of_a_device_tells_its_app_and_its_ordinal(self, app: int, ordinal: int) -> None:
        row = device_row(app, ordinal)
        self.assertEqual((app_of(row), ordinal_of(row)), (app, ordinal))
        first, last = rows_of_app(app)
        self.assertTrue(first <= row <= last < 1 << 63)
        self.assertFalse(first <= device_row(app + 1, ordinal) <= last)

    @given(APPS, some.integers(0, (1 << 40) - 1))
    def test_a_place_of_a_group_log_tells_its_seq(self, app: int, seq: int) -> None:
        self.assertEqual(seq_at(place_of(app, seq)), seq)
        self.assertLess(place_of(app, seq), place_of(app + 1, 0))

    def test_a_new_shard_has_its_own_row_and_nothing_else(self) -> None:
        connection = opened()
        self.assertEqual(connection.execute("SELECT count(*) FROM meta").fetchone(), (1,))
        self.assertEqual(connection.execute("SELECT count(*) FROM apps").fetchone(), (0,))
