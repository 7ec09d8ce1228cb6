"""Signatures: enough of the right keys, and not one that is wrong."""

from __future__ import annotations

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.canonical import decode, encode
from pushnet.grid.patch.documents import Release, Rule, Snapshot
from pushnet.grid.patch.refusals import Malformed, NotSigned, Refused
from pushnet.grid.patch.signing import key_id, sign, take_apart, verify
from tests.grid.patch.papers import RELEASE, key, release, root


class SigningTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.signers = [key("one"), key("two"), key("three")]
        plain = root()
        self.root = msgspec.structs.replace(
            plain,
            keys={**plain.keys, **{each.id: each.public for each in self.signers}},
            rules={**plain.rules, "release": Rule(tuple(each.id for each in self.signers), 2)},
        )

    def test_enough_keys_in_any_number_above_are_believed(self) -> None:
        for count in (2, 3):
            data = sign(release(), self.signers[:count])
            self.assertEqual(verify(data, Release, self.root, "it"), release())

    def test_too_few_keys_are_not_and_one_key_counts_once(self) -> None:
        self.assertRaises(NotSigned, verify, sign(release(), self.signers[:1]), Release, self.root, "it")
        outer = decode(sign(release(), self.signers[:1]), 1 << 20, "it")
        outer["signatures"] *= 2
        self.assertRaises(Malformed, verify, encode(outer), Release, self.root, "it")

    def test_keys_of_another_role_do_not_count(self) -> None:
        data = sign(release(), [self.signers[0], RELEASE])
        self.assertRaises(NotSigned, verify, data, Release, self.root, "it")

    def test_a_wrong_signature_beside_enough_right_ones_is_refused(self) -> None:
        data = sign(release(), self.signers)
        outer = decode(data, 1 << 20, "it")
        value = outer["signatures"][2]["value"]
        outer["signatures"][2]["value"] = ("0" if value[0] != "0" else "1") + value[1:]
        self.assertRaises(NotSigned, verify, encode(outer), Release, self.root, "it")
        outer["signatures"][2]["value"] = value.upper()
        self.assertRaises(NotSigned, verify, encode(outer), Release, self.root, "it")

    def test_a_document_of_another_kind_is_refused(self) -> None:
        data = sign(release(), self.signers)
        self.assertRaises(Refused, verify, data, Snapshot, self.root, "it")

    def test_every_flipped_bit_is_refused(self) -> None:
        data = sign(release(), self.signers[:2])
        for place in range(len(data)):
            bad = bytearray(data)
            bad[place] ^= 1 << place % 8
            self.assertRaises(Refused, verify, bytes(bad), Release, self.root, "it")

    def test_every_cut_is_refused(self) -> None:
        data = sign(release(), self.signers[:2])
        for size in range(len(data)):
            self.assertRaises(Refused, verify, data[:size], Release, self.root, "it")

    def test_signatures_are_added_one_signer_at_a_time(self) -> None:
        first = take_apart(sign(release(), self.signers[:1]), "it")
        data = sign(release(), self.signers[1:2], first.signatures)
        self.assertEqual(data, sign(release(), self.signers[:2]))

    def test_a_key_s_id_is_that_of_its_public_part(self) -> None:
        self.assertEqual(RELEASE.id, key_id(RELEASE.public))
        self.assertNotIn("private", repr(RELEASE).replace("SigningKey", ""))
