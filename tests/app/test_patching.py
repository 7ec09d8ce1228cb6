"""What the commands do in a store, apart from reading their arguments."""

from __future__ import annotations

from pathlib import Path

from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from pushnet.app import patching
from pushnet.app.patch_keys import KeyFile, make_key
from pushnet.app.patching import Keyring, Making
from pushnet.app.realworld import RealWorld
from pushnet.grid.patch.refusals import Refused
from pushnet.grid.patch.signing import key_id
from pushnet.roles.releases.publisher import Lifetimes


class PatchingTests(TestCase):
    def setUp(self) -> None:
        top = Path(self.mktemp())
        self.world = RealWorld(reactor, top / "store")
        self.keys = top / "keys"
        self.files = top / "files"
        (self.files / "bin").mkdir(parents=True)
        (self.files / "bin/run").write_bytes(b"#!/bin/sh\n")
        (self.files / "text").write_bytes(b"words " * 300)
        self.ring = Keyring((self.keys,), self.passphrase)
        self.life = Lifetimes()
        self.making = Making(release=3, release_threshold=2)
        patching.make_store(self.world, self.keys, self.making, self.life, b"open sesame")

    def passphrase(self, file: KeyFile) -> bytes:
        return b"open sesame"

    def publish(self, version: str, ring: Keyring | None = None) -> int:
        done = patching.publish(self.world, self.files, "broker", version, ring or self.ring, self.life)
        return done.signatures_missing

    def test_a_store_is_begun_once_and_online_keys_have_no_passphrase(self) -> None:
        self.assertRaises(Refused, patching.make_store, self.world, self.keys, self.making, self.life, b"")
        self.assertEqual(len(list(self.keys.glob("*.key"))), 6)
        for name, guarded in (("root-1", True), ("release-3", True), ("snapshot-1", False)):
            self.assertEqual(b"ENCRYPTED" in (self.keys / f"{name}.key").read_bytes(), guarded)

    def test_thresholds_that_cannot_be_met_are_refused_before_a_key_is_made(self) -> None:
        world = RealWorld(reactor, self.mktemp())
        keys = Path(self.mktemp())
        self.assertRaises(
            Refused, patching.make_store, world, keys, Making(release_threshold=2), self.life, b""
        )
        self.assertFalse(keys.exists())

    def test_two_who_publish_at_once_are_kept_apart(self) -> None:
        store = Path(self.world.storage.path("lock")).parent
        with patching.at_work(store), self.assertRaises(Refused), patching.at_work(store):
            self.fail("only one is let in")
        with patching.at_work(store):
            self.publish("1.0")

    def test_two_people_sign_one_after_the_other(self) -> None:
        online = (self.keys / "snapshot-1.key", self.keys / "timestamp-1.key")
        first, second = (Keyring((self.keys / f"release-{n}.key", *online), self.passphrase) for n in (1, 2))
        self.assertEqual(self.publish("1.0", first), 1)
        self.assertEqual(patching.releases(self.world), [])
        patching.countersign(self.world, "broker", "1.0", second, self.life)
        self.assertEqual([each.version for each in patching.releases(self.world)], ["1.0"])

    def test_what_changed_is_told_with_what_travels(self) -> None:
        self.publish("1.0")
        (self.files / "text").write_bytes(b"words " * 300 + b"more")
        (self.files / "new").write_bytes(b"words " * 300)
        (self.files / "bin/run").unlink()
        self.publish("1.1")
        rows = patching.changes(*patching.releases(self.world))
        self.assertEqual([(row["path"], row["change"]) for row in rows],
                         [("bin/run", "gone"), ("new", "new"), ("text", "changed")])  # fmt: skip
        self.assertEqual(rows[1]["moves"], 0, "a node has that content")
        self.assertLess(rows[2]["moves"], 40)

    def test_a_key_is_rotated_and_another_revoked(self) -> None:
        self.publish("1.0")
        before = patching.releases(self.world)[0]
        changed, key = patching.rotate(
            self.world,
            "release",
            self.key_id("release-1")[:8],
            self.keys,
            self.ring,
            self.life,
            b"open sesame",
        )
        self.assertEqual((changed.root.number, (self.keys / "release-4.key").exists()), (2, True))
        self.assertIn(key.id, changed.root.rules["release"].keys)
        self.assertGreater(patching.releases(self.world)[0].counter, before.counter)
        changed = patching.revoke(self.world, self.key_id("release-2")[:8], self.ring, self.life)
        self.assertEqual((len(changed.root.rules["release"].keys), changed.missing), (2, ()))
        error = self.assertRaises(Refused, patching.revoke, self.world, key.id, self.ring, self.life)
        self.assertIn("too few", str(error))
        self.assertRaises(Refused, patching.revoke, self.world, "zz", self.ring, self.life)
        self.assertEqual(patching.faults(self.world), [])

    def test_a_key_is_added_and_how_many_it_takes_is_changed(self) -> None:
        self.publish("1.0")
        arguments = (self.keys, self.ring, self.life, b"open sesame")
        changed, key = patching.add(self.world, "release", 3, *arguments)
        rule = changed.root.rules["release"]
        self.assertEqual((len(rule.keys), rule.threshold, changed.missing), (4, 3, ()))
        self.assertIn(key.id, rule.keys)
        self.assertEqual([each.version for each in patching.releases(self.world)], ["1.0"])
        with self.assertRaisesRegex(Refused, "6 signatures of 5 release keys cannot be"):
            patching.add(self.world, "release", 6, *arguments)
        self.assertEqual(patching.faults(self.world), [])

    def test_online_keys_are_rotated_too_and_which_one_is_asked_for(self) -> None:
        self.publish("1.0")
        for role in ("timestamp", "snapshot", "root"):
            patching.rotate(self.world, role, "", self.keys, self.ring, self.life, b"open sesame")
        self.assertEqual(patching.faults(self.world), [])
        arguments = (self.world, "release", "", self.keys, self.ring, self.life, b"")
        self.assertIn("say which", str(self.assertRaises(Refused, patching.rotate, *arguments)))

    def test_old_releases_are_collected_and_today_is_refreshed(self) -> None:
        for count in range(4):
            (self.files / "text").write_bytes(b"%d" % count * 999)
            self.publish(f"1.{count}")
        gone, objects, size = patching.collect(self.world, 2, self.ring, self.life)
        self.assertEqual((gone, objects > 0, size > 0), (2, True, True))
        self.assertGreater(patching.refresh(self.world, self.ring, self.life), self.world.wall())
        patching.renew(self.world, "broker", "1.2", self.ring, self.life)
        self.assertEqual([each.version for each in patching.releases(self.world)], ["1.3", "1.2"])

    def test_people_sign_on_machines_of_their_own_and_keys_are_changed_by_them(self) -> None:
        homes = {name: Path(self.mktemp()) for name in ("ada", "bob", "carol")}
        for name, home in homes.items():
            make_key(home, name, b"")
        publics = {name: home / f"{name}.pub" for name, home in homes.items()}
        store, keys = Path(self.mktemp()), Path(self.mktemp())
        world = RealWorld(reactor, store)
        making = Making(release=0, release_threshold=2, release_publics=(publics["ada"], publics["bob"]))
        patching.make_store(world, keys, making, self.life, b"")
        ring = Keyring((keys,), self.passphrase)

        def signed_by(name: str, what: str, folder: Path | None = None) -> bytes:
            """Somebody gets a copy of the paper, and of the root that counts, and sends it back."""
            paper = homes[name] / "paper"
            paper.write_bytes((store / what).read_bytes())
            own = Keyring((homes[name],), self.passphrase)
            patching.sign_paper(paper, store / "roots/1.json", own, folder, ())
            return paper.read_bytes()

        done = patching.publish(world, self.files, "broker", "1.0", ring, self.life)
        self.assertEqual(done.signatures_missing, 2)
        (self.files / "text").write_bytes(b"others")
        with self.assertRaisesRegex(Refused, "other files than this folder: text"):
            signed_by("ada", "drafts/broker/1.0.json", self.files)
        (self.files / "text").write_bytes(b"words " * 300)
        ada = signed_by("ada", "drafts/broker/1.0.json", self.files)
        self.assertEqual(
            patching.countersign(world, "broker", "1.0", ring, self.life, [ada]).signatures_missing, 1
        )
        bob = signed_by("bob", "drafts/broker/1.0.json")
        patching.countersign(world, "broker", "1.0", ring, self.life, [bob])
        self.assertEqual([each.counter for each in patching.releases(world)], [1])

        gone = key_id(publics["bob"].read_text().strip())[:8]
        changed, _ = patching.rotate(world, "release", gone, keys, ring, self.life, b"", publics["carol"])
        self.assertEqual(changed.missing, ("broker 1.0 has 0 of 2 signatures",))
        self.assertEqual(patching.releases(world)[0].counter, 1, "nothing has changed yet")
        papers = [signed_by(name, "change.json") for name in ("ada", "carol")]
        self.assertEqual(len(patching.finish(world, ring, self.life, papers[:1]).missing), 1)
        self.assertEqual(patching.finish(world, ring, self.life, papers[1:]).missing, ())
        self.assertEqual([each.counter for each in patching.releases(world)], [2])
        self.assertEqual(patching.faults(world), [])
        with self.assertRaisesRegex(Refused, "no change of keys waits"):
            patching.finish(world, ring, self.life)

    def key_id(self, name: str) -> str:
        return key_id((self.keys / f"{name}.pub").read_text().strip())
