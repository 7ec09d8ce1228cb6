"""A snapshot gives back the index, or is refused."""

from __future__ import annotations

from itertools import islice

from hypothesis import given
from hypothesis import strategies as some
from pyroaring import BitMap
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import ChangePage
from pushnet.gen.pushnet.push import Audience
from pushnet.roles.tagalias.app_index import AppIndex
from pushnet.roles.tagalias.index import Index
from pushnet.roles.tagalias.snapshot import (
    ALIASES_PER_PIECE,
    BITMAPS_PER_PIECE,
    DamagedSnapshot,
    OutdatedSnapshot,
    decode,
    encode,
    pieces,
)
from tests.roles.tagalias.logs import APP, AUDIENCES, LOG, STEPS, NaiveIndex, page

Steps = list[tuple[str, int, str]]


def index_of(steps: list[tuple[str, int, str]]) -> Index:
    index = Index()
    index.take(3, 0, page(*NaiveIndex().changes(steps)))
    return index


class SnapshotTests(SynchronousTestCase):
    @given(STEPS, AUDIENCES)
    def test_an_index_comes_back_as_it_was(self, steps: list[tuple[str, int, str]], wanted: Audience) -> None:
        index = index_of(steps)
        again = decode(encode(list(pieces(index))))
        self.assertEqual(again.followed, index.followed)
        self.assertEqual(again.select(APP, wanted), index.select(APP, wanted))
        self.assertEqual(again.tags(APP), index.tags(APP))
        self.assertEqual(again.counts(), index.counts())

    @given(some.data())
    def test_a_damaged_file_is_refused(self, data: some.DataObject) -> None:
        whole = encode(list(pieces(index_of([("add", 5, "a"), ("tag", 5, "a"), ("alias", 5, "b")]))))
        at = data.draw(some.integers(0, len(whole) - 1))
        bit = data.draw(some.integers(0, 7))
        flipped = whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :]
        self.assertRaises(DamagedSnapshot, decode, flipped)
        self.assertRaises(DamagedSnapshot, decode, whole[:at])

    @given(some.binary(), some.booleans())
    def test_garbage_is_refused_even_under_a_checksum(self, garbage: bytes, signed: bool) -> None:
        self.assertRaises(DamagedSnapshot, decode, encode([garbage]) if signed else garbage)

    @given(STEPS, STEPS, AUDIENCES)
    def test_what_changes_between_pieces_is_set_right_by_reading_on(
        self, before: Steps, meanwhile: Steps, wanted: Audience
    ) -> None:
        naive, index = NaiveIndex(), Index()
        first = naive.changes(before)
        index.take(3, 0, page(*first))
        content, at, later = [], len(first), naive.changes(meanwhile)
        told = iter(later)
        for piece in pieces(index):
            content.append(piece)
            for change in islice(told, 3):
                index.take(3, at, page(change, since=at))
                at += 1
        again = decode(encode(content))
        self.assertEqual(again.positions, {3: len(first)})
        again.take(3, len(first), page(*later, since=len(first)))
        self.assertEqual(list(again.select(APP, wanted)), naive.select(wanted))
        self.assertEqual(set(again.tags(APP)), {tag for one in naive.devices.values() for tag in one.tags})

    def test_a_large_index_has_many_pieces(self) -> None:
        index = Index()
        app = index.apps[APP] = AppIndex()
        app.devices = BitMap(range(100))
        app.tags = {f"t{n}": BitMap([n]) for n in range(2 * BITMAPS_PER_PIECE)}
        app.aliases = {f"a{n}": n for n in range(2 * ALIASES_PER_PIECE)}
        content = list(pieces(index))
        self.assertEqual(len(content), 1 + 2 + 2 + 2)
        self.assertEqual(decode(encode(content)).counts(), index.counts())

    def test_pieces_from_before_and_after_a_rebuild_are_not_mixed(self) -> None:
        index = index_of([("add", 5, "a"), ("tag", 5, "a")])
        content = pieces(index)
        next(content)
        next(content)
        index.take(3, 2, ChangePage([], 0, LOG + 1))
        self.assertRaises(OutdatedSnapshot, list, content)
