"""A snapshot gives back the index, or is refused."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.push import Audience
from pushnet.roles.tagalias.index import Index
from pushnet.roles.tagalias.snapshot import DamagedSnapshot, decode, encode
from tests.roles.tagalias.logs import APP, AUDIENCES, STEPS, NaiveIndex, page


def index_of(steps: list[tuple[str, int, str]]) -> Index:
    index = Index()
    index.take(3, 0, page(*NaiveIndex().changes(steps)))
    return index


class SnapshotTests(SynchronousTestCase):
    @given(STEPS, AUDIENCES)
    def test_an_index_comes_back_as_it_was(self, steps: list[tuple[str, int, str]], wanted: Audience) -> None:
        index = index_of(steps)
        again = decode(encode(index))
        self.assertEqual(again.followed, index.followed)
        self.assertEqual(again.select(APP, wanted), index.select(APP, wanted))
        self.assertEqual(again.tags(APP), index.tags(APP))
        self.assertEqual(again.counts(), index.counts())

    @given(some.data())
    def test_a_damaged_file_is_refused(self, data: some.DataObject) -> None:
        whole = encode(index_of([("add", 5, "a"), ("tag", 5, "a"), ("alias", 5, "b")]))
        at = data.draw(some.integers(0, len(whole) - 1))
        bit = data.draw(some.integers(0, 7))
        flipped = whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :]
        self.assertRaises(DamagedSnapshot, decode, flipped)
        self.assertRaises(DamagedSnapshot, decode, whole[:at])

    @given(some.binary())
    def test_garbage_is_refused(self, garbage: bytes) -> None:
        self.assertRaises(DamagedSnapshot, decode, garbage)
