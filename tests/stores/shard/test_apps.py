"""What a shard and its apps count."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.stores.shard.apps import begin_incarnation, census, count, find_app, heads, make_app
from pushnet.stores.shard.groups import append
from pushnet.stores.shard.streams import acknowledge
from tests.stores.shard.opened import APP, NOW_MS, OTHER_APP, message, new_device, opened, put


class AppTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.connection = opened()

    def test_each_incarnation_is_higher_even_when_the_clock_has_gone_back(self) -> None:
        first = begin_incarnation(self.connection, 1000, 77)
        second = begin_incarnation(self.connection, 2000, 88)
        third = begin_incarnation(self.connection, 1500, 99)
        self.assertEqual([first.incarnation, second.incarnation, third.incarnation], [1000, 2000, 2001])

    def test_a_change_log_keeps_its_number(self) -> None:
        self.assertEqual(begin_incarnation(self.connection, 1, 77).log, 77)
        new_device(self.connection, "phone")
        opening = begin_incarnation(self.connection, 2, 88)
        self.assertEqual((opening.log, opening.position), (77, 1))

    def test_an_app_gets_one_row(self) -> None:
        self.assertIsNone(find_app(self.connection, APP))
        row = make_app(self.connection, APP)
        self.assertEqual(make_app(self.connection, APP), row)
        self.assertEqual(find_app(self.connection, APP), row)
        self.assertNotEqual(make_app(self.connection, OTHER_APP), row)

    def test_only_what_is_in_the_account_is_counted(self) -> None:
        row = make_app(self.connection, APP)
        with self.assertRaises(AssertionError):
            count(self.connection, row, "numbered", 1)

    def test_a_census_tells_devices_by_platform_and_the_account(self) -> None:
        for key in ("one", "two"):
            new_device(self.connection, key)
        new_device(self.connection, "three", platform="ios")
        new_device(self.connection, "stranger", OTHER_APP)
        put(self.connection, message(1), 5, 6, 99)
        put(self.connection, message(2), 6)
        acknowledge(self.connection, [(APP, 6, False, 1)])
        told = census(self.connection, APP)
        self.assertEqual(
            told,
            {
                "devices": 3,
                "devices.android": 2,
                "devices.ios": 1,
                "stored": 3,
                "delivered": 1,
                "pending": 2,
                "expired": 0,
                "overflowed": 0,
                "unregistered": 1,
            },
        )

    def test_an_unknown_app_has_nothing(self) -> None:
        self.assertEqual(set(census(self.connection, APP).values()), {0})

    def test_heads_are_the_ends_of_group_logs(self) -> None:
        make_app(self.connection, OTHER_APP)
        append(self.connection, APP, message(1), b"", NOW_MS)
        self.assertEqual(heads(self.connection), {APP: 1, OTHER_APP: 0})
