"""The ten attacks that TUF names, each against a node that fetches: it refuses, and what it runs stays."""

from __future__ import annotations

from typing import Any

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.canonical import decode, encode
from pushnet.grid.patch.documents import Listed, Release, Rule, Snapshot, Timestamp
from pushnet.grid.patch.refusals import Expired, Malformed, NotListed, NotSigned, Refused, RolledBack
from pushnet.grid.patch.signing import SigningKey, digest_of, sign
from pushnet.roles.releases.publisher import DAY_S
from pushnet.roles.releases.source import SourcesFailed
from pushnet.sim import Simulation
from tests.roles.releases.workshop import FILES, NOW_S, Mirror, Node, Workshop, key

EVIL = {**FILES, "bin/run": b"#!/bin/sh\nrm -rf /\n"}


class TufAttackTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.workshop = Workshop(release_keys=3, release_threshold=2)
        self.workshop.publish("1.0.0")
        self.mirror = Mirror(self.workshop.shelf)
        self.node = Node(self.simulation, self.workshop)

    def refused(self, kind: type[BaseException], version: str, *mirrors: Mirror) -> str:
        """Staging fails so, and no such version is there afterwards."""
        before = self.node.library.staged("broker")
        error = self.assertRaises(kind, self.node.stage, version, *(mirrors or (self.mirror,)))
        self.assertEqual(self.node.library.staged("broker"), before)
        return str(error)

    def forged(self, signers: list[SigningKey], online: list[SigningKey]) -> Mirror:
        """A mirror with a store of its own that lists an evil 2.0.0, signed with these keys."""
        evil = Workshop(release_keys=1)
        done = evil.publish("2.0.0", EVIL)
        release = msgspec.structs.replace(done.release, counter=9)
        data = sign(release, signers)
        listed = Listed("broker", "2.0.0", 9, digest_of(data), len(data))
        honest = self.workshop.shelf.trust().snapshot
        assert honest is not None
        snapshot = msgspec.structs.replace(honest, number=99, releases=(*honest.releases, listed))
        told = sign(snapshot, [each for each in online if each.id == online[0].id])
        timestamp = Timestamp(1, NOW_S, NOW_S + DAY_S, 99, 99, digest_of(told), len(told))
        evil.shelf.papers.save_release("broker", "2.0.0", 9, data)
        evil.shelf.papers.save_snapshot(99, told)
        evil.shelf.papers.save_timestamp(sign(timestamp, online[-1:]))
        for number in self.workshop.shelf.papers.roots():
            evil.shelf.papers.save_root(number, self.workshop.shelf.papers.root(number) or b"")
        return Mirror(evil.shelf, "evil")

    def test_arbitrary_software_is_refused_whoever_lists_it(self) -> None:
        stranger = key("stranger")
        self.refused(NotSigned, "2.0.0", self.forged([stranger], [stranger, stranger]))

        def swap(asked: tuple[object, ...], answer: bytes) -> bytes:
            return bytes(len(answer)) if asked[0] == "read" and asked[1] in contents else answer

        contents = {file.sha256 for file in self.workshop.publisher().documents()[0].files}
        contents |= {p.sha256 for f in self.workshop.publisher().documents()[0].files for p in f.packs}
        self.mirror.twist = swap
        self.assertIn("bytes that are not the object", self.refused(SourcesFailed, "1.0.0"))

    def test_rollback_to_an_older_word_is_refused(self) -> None:
        papers = self.workshop.shelf.papers
        old = (papers.timestamp(), papers.snapshots())
        self.workshop.publish("1.1.0", {**FILES, "readme": b"more words"})
        self.node.stage("1.1.0", self.mirror)
        self.mirror.twist = lambda asked, answer: old[0] or b"" if asked[0] == "timestamp" else answer
        self.assertIn("was seen before", self.refused(RolledBack, "1.0.0"))

    def test_rollback_to_an_older_release_than_has_run_is_refused_until_it_is_signed_anew(self) -> None:
        self.workshop.publish("1.1.0", {**FILES, "readme": b"more words"})
        self.node.stage("1.1.0", self.mirror)
        self.node.run(self.node.library.activate("broker", "1.1.0"))
        self.assertIn("is older than what has run here", self.refused(RolledBack, "1.0.0"))
        self.workshop.publisher().renew("broker", "1.0.0", self.workshop.keys)
        self.node.stage("1.0.0", self.mirror)
        self.assertEqual(self.node.files("1.0.0"), FILES)

    def test_a_release_does_not_come_back_after_it_was_withdrawn(self) -> None:
        for version in ("1.1.0", "1.2.0"):
            self.workshop.publish(version, {**FILES, "readme": version.encode()})
        before = self.workshop.shelf.trust().snapshot
        self.workshop.publisher().withdraw(2, self.workshop.keys)
        self.node.stage("1.2.0", self.mirror)
        assert before is not None
        thief = self.forged_snapshot(msgspec.structs.replace(before, number=50))
        self.assertIn("withdrawn", self.refused(RolledBack, "1.0.0", thief))

    def forged_snapshot(self, snapshot: Snapshot) -> Mirror:
        """A mirror whose owner has the online keys, and says this."""
        told = sign(snapshot, self.workshop.online[:1])
        stamp = Timestamp(1, NOW_S, NOW_S + DAY_S, 50, snapshot.number, digest_of(told), len(told))
        said = sign(stamp, self.workshop.online[1:])
        thief = Mirror(self.workshop.shelf, "thief")
        thief.twist = lambda asked, answer: said if asked[0] == "timestamp" else answer
        honest = thief.read

        async def read(digest: str, offset: int, size: int) -> bytes:
            return (
                told[offset : offset + size]
                if digest == digest_of(told)
                else await honest(digest, offset, size)
            )

        thief.read = read  # type: ignore[method-assign]
        return thief

    def test_an_indefinite_freeze_ends_when_the_timestamp_expires(self) -> None:
        self.node.stage("1.0.0", self.mirror)
        frozen = self.workshop.shelf.papers.timestamp() or b""
        self.workshop.publish("1.1.0", {**FILES, "readme": b"the cure"})
        self.mirror.twist = lambda asked, answer: frozen if asked[0] == "timestamp" else answer
        self.refused(NotListed, "1.1.0")
        self.node.host.world.wall_offset_s = 8 * DAY_S
        self.assertIn("expired", self.refused(Expired, "1.0.0"))

    def test_one_frozen_mirror_of_two_holds_nobody_back(self) -> None:
        frozen = self.workshop.shelf.papers.timestamp() or b""
        self.workshop.publish("1.1.0", {**FILES, "readme": b"the cure"})
        self.mirror.twist = lambda asked, answer: frozen if asked[0] == "timestamp" else answer
        self.node.stage("1.1.0", self.mirror, Mirror(self.workshop.shelf, "honest"))
        self.assertEqual(self.node.files("1.1.0")["readme"], b"the cure")

    def test_a_clock_that_is_behind_is_told_apart_from_a_freeze(self) -> None:
        self.node.host.world.wall_offset_s = -DAY_S
        self.assertIn("set this machine's clock", self.refused(Expired, "1.0.0"))

    def test_endless_data_is_not_read_beyond_what_was_signed(self) -> None:
        for what in ("root", "timestamp", "read"):
            mirror = Mirror(self.workshop.shelf, f"endless {what}")
            mirror.twist = lambda asked, answer, what=what: (  # type: ignore[misc]
                answer + bytes(10_000_000) if asked[0] == what else answer
            )
            if what == "root":
                self.workshop.publisher().change_root(
                    self.root.keys, self.root.rules, [self.workshop.root], self.workshop.keys
                )
            self.refused(Refused, "1.0.0", mirror)
            self.assertLess(len(mirror.asked), 10)

    @property
    def root(self) -> Any:
        return self.workshop.shelf.trust().root

    def test_endless_data_in_an_object_bans_the_source(self) -> None:
        objects = self.workshop.shelf.objects.all()
        self.mirror.twist = lambda asked, answer: (
            answer + b"!" if asked[0] == "read" and asked[1] in objects else answer
        )
        self.assertIn("were asked for", self.refused(SourcesFailed, "1.0.0"))

    def test_extraneous_dependencies_have_no_place_in_a_release(self) -> None:
        fields = decode(self.document(), 1 << 20, "it")["signed"]
        fields["requires"] = [{"name": "malware", "version": "1.0.0"}]
        mirror = self.resigned(fields)
        self.assertIn("unknown field `requires`", self.refused(Malformed, "1.0.0", mirror))
        self.assertNotIn(("read", "malware"), mirror.asked)

    def document(self) -> bytes:
        return self.workshop.shelf.papers.release("broker", "1.0.0", 1) or b""

    def resigned(self, fields: dict[str, Any]) -> Mirror:
        """A mirror that says, under all right keys, that release 1.0.0 has these fields."""
        keys = self.workshop.release_keys
        made = [msgspec.to_builtins(each.sign(fields)) for each in sorted(keys, key=lambda each: each.id)]
        data = encode({"signatures": made, "signed": fields})
        self.workshop.shelf.papers.save_release("broker", "1.0.0", 7, data)
        honest = self.workshop.shelf.trust().snapshot
        assert honest is not None
        listed = Listed("broker", "1.0.0", 7, digest_of(data), len(data))
        return self.forged_snapshot(msgspec.structs.replace(honest, number=50, releases=(listed,)))

    def test_mix_and_match_of_documents_of_different_days_is_refused(self) -> None:
        papers = self.workshop.shelf.papers
        old = papers.snapshot(papers.snapshots()[-1]) or b""
        self.workshop.publish("1.1.0", {**FILES, "readme": b"more words"})
        new = papers.snapshot(papers.snapshots()[-1]) or b""

        def mixed(asked: tuple[object, ...], answer: bytes) -> bytes:
            return old.ljust(len(answer)) if asked[:2] == ("read", digest_of(new)) else answer

        self.mirror.twist = mixed
        self.assertIn("which the timestamp names", self.refused(NotListed, "1.0.0"))

    def test_wrong_software_under_the_right_name_is_refused(self) -> None:
        self.workshop.publish("1.0.0", EVIL, name="queue")
        queue = self.workshop.shelf.papers.release("queue", "1.0.0", 1) or b""
        fields: dict[str, Any] = decode(queue, 1 << 20, "it")["signed"]
        mirror = self.resigned(fields)
        self.assertIn("calls itself queue 1.0.0", self.refused(NotListed, "1.0.0", mirror))

    def test_a_malicious_mirror_among_honest_ones_does_no_harm_and_is_remembered(self) -> None:
        objects = self.workshop.shelf.objects.all()
        self.mirror.twist = lambda asked, answer: (
            bytes(reversed(answer)) if asked[0] == "read" and asked[1] in objects else answer
        )
        honest = Mirror(self.workshop.shelf, "honest")
        self.node.stage("1.0.0", self.mirror, honest)
        self.assertEqual(self.node.files("1.0.0"), FILES)
        self.workshop.publish("1.1.0", {**FILES, "readme": b"more words"})
        del self.mirror.asked[:]
        self.node.stage("1.1.0", self.mirror, honest)
        self.assertEqual(self.mirror.asked, [], "it was caught, and is not asked for some time")

    def test_slow_retrieval_is_given_up_for_a_source_that_answers(self) -> None:
        objects = self.workshop.shelf.objects.all()
        self.hang(self.mirror, objects)
        honest = Mirror(self.workshop.shelf, "honest")
        began = self.simulation.now_s
        self.node.stage("1.0.0", self.mirror, honest)
        self.assertLess(self.simulation.now_s - began, 15)
        self.assertEqual(self.node.files("1.0.0"), FILES)

    def test_a_source_that_was_slow_is_asked_last_the_next_time(self) -> None:
        objects = self.workshop.shelf.objects.all()
        hanging = self.mirror.read
        self.hang(self.mirror, objects)
        honest = Mirror(self.workshop.shelf, "honest")
        self.node.stage("1.0.0", self.mirror, honest)
        self.mirror.read = hanging  # type: ignore[method-assign]
        self.workshop.publish("1.1.0", {**FILES, "readme": b"more words"})
        order = [each.name for each in self.node.library._trusted([self.mirror, honest])]
        self.assertEqual(order, ["honest", "mirror"])
        self.node.stage("1.1.0", self.mirror, honest)

    def test_slow_retrieval_from_the_only_source_ends_with_its_name(self) -> None:
        self.hang(self.mirror, self.workshop.shelf.objects.all())
        began = self.simulation.now_s
        self.assertIn("mirror: it did not answer within 30 s", self.refused(SourcesFailed, "1.0.0"))
        self.assertLess(self.simulation.now_s - began, 400)

    def hang(self, mirror: Mirror, objects: dict[str, int]) -> None:
        """It never answers when asked for objects."""
        honest = mirror.read

        async def read(digest: str, offset: int, size: int) -> bytes:
            if digest in objects:
                await self.simulation.sleep(10_000)
            return await honest(digest, offset, size)

        mirror.read = read  # type: ignore[method-assign]

    def test_a_trickle_of_single_bytes_bans_the_source(self) -> None:
        objects = self.workshop.shelf.objects.all()
        self.mirror.twist = lambda asked, answer: (
            answer[:1] if asked[0] == "read" and asked[1] in objects else answer
        )
        self.assertIn("it sent 1 bytes where", self.refused(SourcesFailed, "1.0.0"))

    def test_key_compromise_of_the_online_keys_can_plant_nothing(self) -> None:
        online = self.workshop.online
        self.refused(NotSigned, "2.0.0", self.forged([key("stranger")], online))

    def test_key_compromise_of_fewer_release_keys_than_the_threshold_can_plant_nothing(self) -> None:
        mirror = self.forged(self.workshop.release_keys[:1], self.workshop.online)
        self.assertIn("1 of the 2 signatures", self.refused(NotSigned, "2.0.0", mirror))

    def test_key_compromise_ends_when_the_key_is_revoked(self) -> None:
        rule = self.root.rules["release"]
        stolen = self.workshop.release_keys[:2]
        left = tuple(each for each in rule.keys if each != stolen[0].id)
        self.workshop.publisher().change_root(
            self.root.keys,
            {**self.root.rules, "release": Rule(left, 2)},
            [self.workshop.root],
            self.workshop.keys,
        )
        mirror = self.forged(stolen, self.workshop.online)
        self.assertIn("a key that may not sign it", self.refused(NotSigned, "2.0.0", mirror))
        other = Node(self.simulation, self.workshop, "other")
        other.stage("1.0.0", self.mirror)
        self.assertEqual(other.files("1.0.0"), FILES)

    def test_a_fast_forward_by_a_thief_is_forgotten_with_the_stolen_keys(self) -> None:
        self.node.stage("1.0.0", self.mirror)
        honest = self.workshop.shelf.trust().snapshot
        assert honest is not None
        thief = self.forged_snapshot(msgspec.structs.replace(honest, number=2**52))
        self.node.run(self.node.library.today([thief]))
        self.refused(RolledBack, "1.0.0")
        fresh = [key("snapshot 2"), key("timestamp 2")]
        rules = {
            **self.root.rules,
            "snapshot": Rule((fresh[0].id,), 1),
            "timestamp": Rule((fresh[1].id,), 1),
        }
        keys = {**self.root.keys, **{each.id: each.public for each in fresh}}
        self.workshop.online = fresh
        self.workshop.publisher().change_root(keys, rules, [self.workshop.root], self.workshop.keys)
        self.node.stage("1.0.0", self.mirror)

    def test_a_root_that_the_old_keys_did_not_sign_is_refused(self) -> None:
        stranger = key("stranger")
        usurped = msgspec.structs.replace(
            self.root,
            number=2,
            keys={**self.root.keys, stranger.id: stranger.public},
            rules={**self.root.rules, "root": Rule((stranger.id,), 1)},
        )
        told = sign(usurped, [stranger])
        honest = self.mirror.root

        async def root(number: int) -> bytes:
            return told if number == 2 else await honest(number)

        self.mirror.root = root  # type: ignore[method-assign]
        self.assertIn("0 of the 1 signatures", self.refused(NotSigned, "1.0.0"))
        self.assertIsInstance(self.workshop.publisher().documents()[0], Release)
