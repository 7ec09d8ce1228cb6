"""Lists as one parameter."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.stores.shard.lists import listed
from tests.stores.shard.opened import opened


class ListTests(SynchronousTestCase):
    def test_integers_and_texts_come_out_as_they_went_in(self) -> None:
        values = [1, (1 << 62) + 3, "it's", '"', "深圳"]
        rows = opened().execute("SELECT value FROM json_each(?)", (listed(values),)).fetchall()
        self.assertEqual([value for (value,) in rows], values)
