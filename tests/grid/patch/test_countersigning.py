"""Papers go from hand to hand for signatures, and nobody changes what they say."""

from __future__ import annotations

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.canonical import decode, encode
from pushnet.grid.patch.countersigning import (
    content_of,
    countersigned,
    laid_together,
    missing,
    read_paper,
    write_paper,
)
from pushnet.grid.patch.documents import FileEntry, Release, Root, Rule
from pushnet.grid.patch.refusals import Malformed, NotSigned
from pushnet.grid.patch.signing import SigningKey, sign, take_apart
from tests.grid.patch.papers import key

ADA, BOB, CAROL, EVE, HOST = (key(name) for name in ("ada", "bob", "carol", "eve", "host"))
RELEASE = Release(
    spec=1,
    created=1,
    expires=2,
    name="broker",
    version="1.0",
    counter=1,
    files=(FileEntry("run", 3, "a" * 64, False, ()),),
)


def root(number: int, *release_keys: SigningKey) -> Root:
    host = Rule((HOST.id,), 1)
    rules = {"root": host, "snapshot": host, "timestamp": host}
    rules["release"] = Rule(tuple(each.id for each in release_keys), 2)
    keys = {each.id: each.public for each in (HOST, *release_keys)}
    return Root(spec=1, created=1, expires=2, number=number, keys=keys, rules=rules)


NOW, NEXT = root(1, ADA, BOB), root(2, ADA, CAROL)


class CountersigningTest(SynchronousTestCase):
    def test_two_people_sign_copies_and_both_count(self) -> None:
        paper = [sign(RELEASE, ())]
        self.assertEqual(missing(paper, NOW), ["broker 1.0 has 0 of 2 signatures"])
        one, other = countersigned(paper, NOW, [ADA]), countersigned(paper, NOW, [BOB, EVE])
        joined = laid_together(laid_together(paper, one, NOW), other, NOW)
        self.assertEqual(missing(joined, NOW), [])
        self.assertEqual(
            [each.key for each in take_apart(joined[0], "it").signatures], sorted((ADA.id, BOB.id))
        )

    def test_who_may_not_sign_is_told_so(self) -> None:
        with self.assertRaisesRegex(NotSigned, "none of these keys may sign this"):
            countersigned([sign(RELEASE, ())], NOW, [EVE, HOST])

    def test_a_paper_that_says_something_else_is_not_the_one_that_waits(self) -> None:
        other = msgspec.structs.replace(RELEASE, version="1.1")
        with self.assertRaisesRegex(Malformed, "says something else"):
            laid_together([sign(RELEASE, ())], [sign(other, [ADA])], NOW)
        with self.assertRaisesRegex(Malformed, "another one"):
            laid_together([sign(RELEASE, ())], [sign(RELEASE, [ADA])] * 2, NOW)

    def test_wrong_and_strange_signatures_are_refused(self) -> None:
        tree = decode(sign(RELEASE, [ADA]), 10_000, "it")
        tree["signatures"][0]["value"] = "00" * 64
        for signed in (encode(tree), sign(RELEASE, [EVE])):
            with self.assertRaisesRegex(NotSigned, "wrong signature"):
                laid_together([sign(RELEASE, ())], [signed], NOW)

    def test_the_next_root_travels_with_what_it_wants_signed_anew(self) -> None:
        paper = read_paper(write_paper([sign(NEXT, ()), sign(RELEASE, ())]))
        self.assertEqual(
            missing(paper, NOW), ["root 2 has 0 of 1 signatures", "broker 1.0 has 0 of 2 signatures"]
        )
        with self.assertRaises(NotSigned):
            countersigned(paper, NOW, [BOB])
        for person in (HOST, ADA, CAROL):
            paper = laid_together(paper, countersigned(paper, NOW, [person]), NOW)
        self.assertEqual(missing(paper, NOW), [])
        self.assertEqual([content_of(each) for each in paper], [NEXT, RELEASE])

    def test_a_single_document_is_a_paper(self) -> None:
        alone = sign(RELEASE, [ADA])
        self.assertEqual(write_paper([alone]), alone)
        self.assertEqual(read_paper(alone), [alone])

    def test_what_is_no_paper_is_refused(self) -> None:
        for data in (b"", b"{}", b'{"documents":[]}', b'{"documents":[1]}', b'{"documents":[{}],"more":1}'):
            self.assertRaises(Malformed, read_paper, data)
