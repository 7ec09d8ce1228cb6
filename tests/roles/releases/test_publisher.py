"""Publishing: free when it was done, small when little changed, signed by enough, changed by new keys."""

from __future__ import annotations

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.documents import Rule
from pushnet.grid.patch.refusals import NotAPath, NotSigned, Refused
from pushnet.roles.releases.inspection import inspect
from pushnet.roles.releases.packer import PublishRefused
from pushnet.roles.releases.publisher import DAY_S
from tests.roles.releases.workshop import FILES, NOW_S, Workshop, found, key


class PublishTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.workshop = Workshop()
        self.addCleanup(self.workshop.disk.discard)

    def versions(self) -> list[tuple[str, int]]:
        return [(each.version, each.counter) for each in self.workshop.publisher().documents()]

    def test_publishing_twice_is_free(self) -> None:
        first = self.workshop.publish("1.0.0")
        self.assertEqual((first.files_new, first.already), (len(FILES), False))
        before = {name: self.workshop.disk.read(name) for name in self.workshop.disk.names()}
        again = self.workshop.publish("1.0.0")
        self.assertTrue(again.already)
        self.assertEqual({name: self.workshop.disk.read(name) for name in self.workshop.disk.names()}, before)

    def test_one_changed_file_of_a_hundred_adds_little(self) -> None:
        files = {f"lib/{n}": b"".join(b"%d %d\n" % (n, i) for i in range(200)) for n in range(100)}
        self.workshop.publish("1.0.0", files)
        done = self.workshop.publish("1.1.0", {**files, "lib/7": files["lib/7"] + b"more\n"})
        self.assertEqual(done.files_new, 1)
        self.assertLess(done.stored_bytes, 1500)
        (changed,) = [file for file in done.release.files if file.path == "lib/7"]
        self.assertLess(min(pack.size for pack in changed.packs), 60)

    def test_other_files_under_a_published_version_are_refused(self) -> None:
        self.workshop.publish("1.0.0")
        for files in ({**FILES, "readme": b"other"}, {**FILES, "more": b""}):
            error = self.assertRaises(PublishRefused, self.workshop.publish, "1.0.0", files)
            self.assertIn("take another version", str(error))
        self.assertRaises(PublishRefused, self.workshop.publish, "1.0.0", folders=["empty"])

    def test_names_that_cannot_be_are_refused_before_anything_is_stored(self) -> None:
        before = self.workshop.disk.names()
        self.assertRaises(NotAPath, self.workshop.publish, "1.0.0", {"../a": b""})
        self.assertRaises(NotAPath, self.workshop.publish, "1.0.0", {"a": b"", "A": b""})
        self.assertRaises(Refused, self.workshop.publish, "1/0")
        self.assertRaises(Refused, self.workshop.publish, "1.0", name="a b")
        self.assertEqual(self.workshop.disk.names(), before)

    def test_counters_go_up_by_name(self) -> None:
        for version in ("1.0.0", "1.1.0"):
            self.workshop.publish(version, {"a": version.encode()})
        self.workshop.publish("9", name="queue")
        self.assertEqual(self.versions(), [("1.0.0", 1), ("1.1.0", 2), ("9", 1)])

    def test_a_release_waits_for_the_signatures_it_lacks(self) -> None:
        workshop = Workshop(release_keys=3, release_threshold=2)
        publisher = workshop.publisher()
        alone = [workshop.release_keys[0], *workshop.online]
        done = publisher.publish("broker", "1.0.0", found(FILES), [], alone)
        self.assertEqual((done.signatures_missing, publisher.documents()), (1, []))
        self.assertEqual(publisher.countersign("broker", "1.0.0", alone).signatures_missing, 1)
        second = [workshop.release_keys[2], *workshop.online]
        self.assertEqual(publisher.countersign("broker", "1.0.0", second).signatures_missing, 0)
        self.assertEqual([each.version for each in publisher.documents()], ["1.0.0"])
        self.assertEqual((workshop.shelf.papers.drafts(), inspect(workshop.shelf)), ([], []))
        self.assertRaises(PublishRefused, publisher.countersign, "broker", "1.0.0", second)

    def test_without_the_online_keys_nothing_is_shown(self) -> None:
        publisher = self.workshop.publisher()
        arguments = ("broker", "1.0.0", found(FILES), [], self.workshop.release_keys)
        error = self.assertRaises(PublishRefused, publisher.publish, *arguments)
        self.assertIn("the snapshot takes 1 signatures", str(error))
        self.assertEqual(publisher.documents(), [])

    def test_a_refresh_keeps_today_s_word_good_and_renews_the_snapshot_in_time(self) -> None:
        self.workshop.publish("1.0.0")
        first = self.workshop.shelf.trust()
        later = self.workshop.publisher(NOW_S + DAY_S).refresh(self.workshop.online)
        assert first.timestamp is not None and first.snapshot is not None
        self.assertEqual((later.number, later.snapshot), (first.timestamp.number + 1, first.snapshot.number))
        much_later = self.workshop.publisher(NOW_S + 20 * DAY_S).refresh(self.workshop.online)
        self.assertEqual(much_later.snapshot, first.snapshot.number + 1)
        self.assertEqual(self.versions(), [("1.0.0", 1)])

    def test_withdrawing_keeps_the_newest_and_frees_what_only_the_others_needed(self) -> None:
        for count in range(5):
            self.workshop.publish(f"1.{count}", {"a": b"%d" % count * 999, "same": b"s" * 99})
        self.assertRaises(PublishRefused, self.workshop.publisher().withdraw, 1, self.workshop.keys)
        gone = self.workshop.publisher().withdraw(2, self.workshop.online)
        self.assertEqual([each.version for each in gone], ["1.0", "1.1", "1.2"])
        objects, freed = self.workshop.publisher().clear()
        self.assertGreater(objects, 0)
        self.assertGreater(freed, 0)
        self.assertEqual(self.versions(), [("1.3", 4), ("1.4", 5)])
        self.assertEqual(inspect(self.workshop.shelf), [])
        self.assertEqual(self.workshop.publisher().withdraw(2, self.workshop.online), [])
        self.workshop.publish("1.5", {"a": b"5"})
        self.assertEqual(self.versions()[-1], ("1.5", 6))

    def test_renewing_makes_an_older_version_the_newest_word(self) -> None:
        for version in ("1.0", "1.1"):
            self.workshop.publish(version, {"a": version.encode()})
        self.workshop.publisher().renew("broker", "1.0", self.workshop.keys)
        self.assertEqual(self.versions(), [("1.1", 2), ("1.0", 3)])
        self.assertRaises(PublishRefused, self.workshop.publisher().renew, "broker", "7", self.workshop.keys)
        self.assertRaises(
            PublishRefused, self.workshop.publisher().renew, "broker", "1.1", self.workshop.online
        )

    def test_a_new_release_key_signs_everything_anew(self) -> None:
        for version in ("1.0", "1.1"):
            self.workshop.publish(version, {"a": version.encode()})
        root, fresh = self.workshop.shelf.trust().root, key("fresh")
        rules = {**root.rules, "release": Rule((fresh.id,), 1)}
        keys = {**root.keys, fresh.id: fresh.public}
        publisher = self.workshop.publisher()
        online = [*self.workshop.online, fresh]
        changed = publisher.change_root(keys, rules, [self.workshop.root], online)
        self.assertEqual(changed.number, 2)
        self.assertNotIn(self.workshop.release_keys[0].id, changed.keys)
        self.assertEqual(self.versions(), [("1.0", 3), ("1.1", 4)])
        self.assertEqual(inspect(self.workshop.shelf), [])
        self.assertGreater(
            publisher.publish("broker", "1.2", found(FILES), [], self.workshop.keys).signatures_missing, 0
        )

    def test_the_newest_stays_the_newest_when_only_an_older_one_must_be_signed_anew(self) -> None:
        workshop = Workshop(release_keys=3, release_threshold=2)
        publisher = workshop.publisher()
        first, second, third = workshop.release_keys
        publisher.publish("broker", "1.0", found({"a": b"0"}), [], [first, third, *workshop.online])
        publisher.publish("broker", "1.1", found({"a": b"1"}), [], [first, second, *workshop.online])
        root = workshop.shelf.trust().root
        rules = {**root.rules, "release": Rule((first.id, second.id), 2)}
        publisher.change_root(root.keys, rules, [workshop.root], workshop.keys)
        self.assertEqual([each.version for each in publisher.documents()], ["1.0", "1.1"])
        self.assertEqual(inspect(workshop.shelf), [])

    def test_a_root_is_not_changed_without_the_keys_to_sign_it_and_all_else(self) -> None:
        self.workshop.publish("1.0")
        root, fresh = self.workshop.shelf.trust().root, key("fresh")
        rules = {**root.rules, "release": Rule((fresh.id,), 1)}
        keys = {**root.keys, fresh.id: fresh.public}
        publisher = self.workshop.publisher()
        self.assertRaises(NotSigned, publisher.change_root, keys, rules, [], [*self.workshop.online, fresh])
        self.assertRaises(
            NotSigned, publisher.change_root, keys, rules, [self.workshop.root], self.workshop.online
        )
        self.assertRaises(PublishRefused, publisher.change_root, keys, rules, [self.workshop.root], [fresh])
        self.assertEqual(self.workshop.shelf.papers.roots(), [1])
        self.assertRaises(PublishRefused, publisher.begin, {})

    def test_a_store_whose_document_was_changed_publishes_nothing_more(self) -> None:
        done = self.workshop.publish("1.0")
        data = self.workshop.shelf.papers.release("broker", "1.0", 1) or b""
        self.workshop.shelf.papers.save_release("broker", "1.0", 1, data.replace(b"readme", b"reader"))
        self.assertRaises(Refused, self.workshop.publish, "1.1", {"a": b""})
        self.assertEqual(msgspec.structs.replace(done.release), done.release)
