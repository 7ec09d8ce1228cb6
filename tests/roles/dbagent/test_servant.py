"""The contract `Shard` beyond logins and the device API."""

from __future__ import annotations

from typing import Any

from pushnet.gen.pushnet.dbagent import (
    Acknowledgement,
    ChangeKind,
    LoginRefusedException,
)
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.placement import home_shard, ordinal_in, shard_of_ordinal
from tests.roles.dbagent.scene import APP, NUMBER, OTHER_APP, SHARDS, ShardCase, key_for


class ServantTests(ShardCase):
    def _raises(self, error: type[Exception], flow: Any) -> Exception:
        with self.assertRaises(error) as caught:
            self.run_until(flow)
        return caught.exception

    def test_a_registration_fits_together_and_is_the_same_again(self) -> None:
        made = self.register()
        self.assertEqual(ordinal_in(made.registrationId), made.ordinal)
        self.assertEqual(shard_of_ordinal(made.ordinal), NUMBER)
        self.assertEqual(len(made.secret), 16)
        self.assertEqual(self.register(), made)
        self.assertNotEqual(self.register(1).secret, made.secret)
        self.crash()
        self.assertEqual(self.register(), made)

    def test_a_registration_that_breaks_a_rule_is_refused(self) -> None:
        key = key_for(NUMBER, 0)
        for app, device_key, platform in (
            ("c" * 24, key, "ios"),
            (APP, "", "ios"),
            (APP, key, "symbian"),
            (APP, key_for((NUMBER + 1) % SHARDS, 0), "ios"),
        ):
            refused = self._raises(LoginRefusedException, self.shard.register(app, device_key, platform))
            assert isinstance(refused, LoginRefusedException)
            self.assertTrue(refused.reason)
        self.assertEqual(self.counted("logins_refused_total"), 4)

    def test_a_message_is_stored_fetched_and_acknowledged(self) -> None:
        made = self.register()
        epoch = self.login(made).epoch
        for _ in range(2):
            reply = self.run_until(self.shard.store(APP, self.message(1), [made.ordinal, 77]))
            (place,) = reply.placements
            self.assertEqual((place.prev, place.seq, place.broker, place.epoch), (0, 1, "broker-1", epoch))
            self.assertEqual(reply.unknown, [77])
        self.assertEqual(len(self.run_until(self.shard.fetch(APP, made.ordinal, 0, -1))), 1)
        self.run_until(self.shard.acknowledge([Acknowledgement(APP, made.ordinal, False, 1)]))
        self.assertEqual(self.run_until(self.shard.fetch(APP, made.ordinal, 0, 10)), [])
        self.run_until(self.shard.acknowledge([Acknowledgement(APP, made.ordinal, True, 9)]))
        self.assertEqual(self.login(made).groupSeen, 9)

    def test_the_group_log_of_an_app_at_home_here(self) -> None:
        self.assertEqual(self.run_until(self.shard.append(APP, self.message(1), b"audience")), 1)
        self.assertEqual(self.run_until(self.shard.append(APP, self.message(1), b"audience")), 1)
        self.assertEqual(self.run_until(self.shard.append(APP, self.message(2), b"audience")), 2)
        entries = self.run_until(self.shard.group(APP, 1, 10))
        self.assertEqual([(entry.seq, entry.message.id) for entry in entries], [(2, 2)])
        beat = self.run_until(self.shard.beat("broker-1", 1, [APP, OTHER_APP, "x" * 24]))
        self.assertEqual(beat.heads[APP], 2)
        self.assertEqual(self.register().groupSeq, 2)

    def test_heads_are_told_for_apps_at_home_here_only(self) -> None:
        elsewhere = next(app for app in (str(n) * 24 for n in range(10)) if home_shard(app, SHARDS) != NUMBER)
        heads = self.run_until(self.shard.beat("broker-1", 1, [APP, elsewhere])).heads
        self.assertEqual(heads, {APP: 0})
        self._raises(UnavailableException, self.shard.append(elsewhere, self.message(1), b""))

    def test_changes_are_followed_from_the_beginning(self) -> None:
        made = self.register()
        page = self.run_until(self.shard.changes(0, 100, 0))
        (change,) = page.changes
        self.assertEqual((change.kind, change.ordinal), (ChangeKind.DeviceAdded, made.ordinal))
        self.assertEqual((page.head, page.log), (1, self.opening.log))

    def test_the_census_counts_what_the_app_has_here(self) -> None:
        made = self.register()
        self.run_until(self.shard.store(APP, self.message(1), [made.ordinal]))
        census = self.run_until(self.shard.census(APP))
        self.assertEqual((census["devices"], census["devices.android"], census["pending"]), (1, 1, 1))

    def test_a_closed_store_is_unavailable_for_all(self) -> None:
        made = self.register()
        self.close()
        calls = [
            self.shard.store(APP, self.message(1), [made.ordinal]),
            self.shard.append(APP, self.message(1), b""),
            self.shard.fetch(APP, made.ordinal, 0, 1),
            self.shard.group(APP, 0, 1),
            self.shard.acknowledge([]),
            self.shard.census(APP),
            self.shard.register(APP, key_for(NUMBER, 1), "ios"),
        ]
        for call in calls:
            self._raises(UnavailableException, call)
