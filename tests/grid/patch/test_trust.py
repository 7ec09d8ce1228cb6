"""What one comes to believe, word by word. The attacks as a whole are in `tests.roles.releases`."""

from __future__ import annotations

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.limits import SKEW_S
from pushnet.grid.patch.refusals import Expired, Malformed, NotListed, NotSigned, Refused, RolledBack
from pushnet.grid.patch.signing import sign
from pushnet.grid.patch.trust import Trust, check_document_size
from tests.grid.patch.papers import (
    DAY_S,
    NOW_S,
    ROOT,
    TIMESTAMP,
    key,
    listed,
    release,
    root,
    snapshot,
    timestamp,
)  # fmt: skip


class TrustTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.anchor = Trust.anchored(sign(root(), [ROOT]))
        self.one, self.document = listed(release(1, "1.0.0"))
        self.two, _ = listed(release(2, "1.1.0"))
        self.first = snapshot(1, [self.one])
        self.trust = self.believing(self.anchor, 1, self.first)

    def believing(self, trust: Trust, number: int, told: bytes) -> Trust:
        return trust.with_timestamp(timestamp(number, told), NOW_S).with_snapshot(told, NOW_S)

    def test_the_way_from_an_anchor_to_a_release(self) -> None:
        found = self.trust.find("broker")
        self.assertEqual(self.trust.release(found, self.document, NOW_S), release(1, "1.0.0"))

    def test_the_newest_or_the_named_version_is_found(self) -> None:
        trust = self.believing(self.trust, 2, snapshot(2, [self.one, self.two]))
        self.assertEqual(trust.find("broker").version, "1.1.0")
        self.assertEqual(trust.find("broker", "1.0.0"), self.one)
        error = self.assertRaises(NotListed, trust.find, "broker", "3")
        self.assertIn("there is: 1.0.0, 1.1.0", str(error))

    def test_an_anchor_must_be_signed_by_itself(self) -> None:
        self.assertRaises(NotSigned, Trust.anchored, sign(root(), [key("stranger")]))

    def test_roots_follow_one_another(self) -> None:
        fresh = key("fresh")
        after = self.trust.with_root(sign(root(2, root=fresh), [ROOT, fresh]))
        self.assertEqual((after.root.number, after.snapshot), (2, self.trust.snapshot))
        for bad in (
            sign(root(3), [ROOT]),
            sign(root(1), [ROOT]),
            sign(root(2, root=fresh), [ROOT]),
            sign(root(2, root=fresh), [fresh]),
            sign(root(2), [key("stranger")]),
        ):
            self.assertRaises(Refused, self.trust.with_root, bad)

    def test_new_online_keys_make_the_old_counts_void(self) -> None:
        after = self.trust.with_root(sign(root(2, timestamp=key("fresh")), [ROOT]))
        self.assertIsNone(after.timestamp)

    def test_documents_live_as_long_as_they_say_give_or_take_the_skew(self) -> None:
        data = timestamp(2, self.first, 1)
        self.trust.with_timestamp(data, NOW_S + DAY_S + SKEW_S)
        self.trust.with_timestamp(data, NOW_S - SKEW_S)
        for now_s in (NOW_S + DAY_S + SKEW_S + 1, NOW_S - SKEW_S - 1):
            self.assertRaises(Expired, self.trust.with_timestamp, data, now_s)
            self.assertRaises(Expired, self.trust.with_snapshot, self.first, now_s)
            self.assertRaises(Expired, self.trust.release, self.one, self.document, now_s)

    def test_what_expired_is_still_known_to_be_genuine(self) -> None:
        self.assertEqual(self.trust.checked(self.one, self.document).version, "1.0.0")

    def test_numbers_only_go_up_and_mean_one_thing(self) -> None:
        trust = self.believing(self.trust, 2, snapshot(2, [self.one, self.two]))
        self.assertRaises(RolledBack, trust.with_timestamp, timestamp(1, self.first), NOW_S)
        self.assertRaises(RolledBack, trust.with_timestamp, timestamp(3, self.first, 1), NOW_S)
        other = snapshot(2, [self.one])
        self.assertRaises(RolledBack, trust.with_timestamp, timestamp(2, other), NOW_S)
        self.assertRaises(RolledBack, trust.with_timestamp, timestamp(3, other, 2), NOW_S)

    def test_a_release_does_not_vanish_unless_it_was_withdrawn(self) -> None:
        trust = self.believing(self.trust, 2, snapshot(2, [self.one, self.two]))
        self.assertRaises(RolledBack, self.believing, trust, 3, snapshot(3, [self.two]))
        after = self.believing(trust, 3, snapshot(3, [self.two], {"broker": 2}))
        self.assertRaises(RolledBack, self.believing, after, 4, snapshot(4, [self.one, self.two]))
        self.assertRaises(RolledBack, self.believing, after, 4, snapshot(4, [self.two], {"broker": 1}))
        self.assertRaises(Malformed, self.believing, trust, 3, snapshot(3, [self.one], {"broker": 2}))

    def test_a_version_is_not_said_otherwise_under_the_same_count(self) -> None:
        other, _ = listed(msgspec.structs.replace(release(1, "1.0.0"), expires=NOW_S + 2 * DAY_S))
        self.assertRaises(RolledBack, self.believing, self.trust, 2, snapshot(2, [other]))
        again, _ = listed(release(3, "1.0.0"))
        self.assertEqual(self.believing(self.trust, 2, snapshot(2, [again])).find("broker"), again)

    def test_a_snapshot_is_that_of_its_timestamp(self) -> None:
        trust = self.anchor.with_timestamp(timestamp(1, self.first), NOW_S)
        self.assertRaises(NotListed, trust.with_snapshot, snapshot(1, []), NOW_S)
        self.assertRaises(NotListed, self.anchor.with_snapshot, self.first, NOW_S)
        lying = self.anchor.with_timestamp(timestamp(1, self.first, 2), NOW_S)
        self.assertRaises(NotListed, lying.with_snapshot, self.first, NOW_S)

    def test_an_expired_root_believes_nothing(self) -> None:
        old = msgspec.structs.replace(root(), created=NOW_S - 9 * DAY_S, expires=NOW_S - DAY_S)
        trust = Trust.anchored(sign(old, [ROOT]))
        self.assertRaises(Expired, trust.with_timestamp, timestamp(1, self.first), NOW_S)
        self.assertTrue(TIMESTAMP.id)

    def test_a_document_too_large_is_refused_before_it_is_asked_for(self) -> None:
        self.assertRaises(Malformed, check_document_size, 1 << 30, "it")
