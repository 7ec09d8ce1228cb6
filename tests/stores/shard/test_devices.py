"""Devices are registered once, and shown as they are."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import ChangeKind, Registration
from pushnet.stores.shard.apps import make_app
from pushnet.stores.shard.changes import read
from pushnet.stores.shard.devices import (
    Credentials,
    Newcomer,
    Portrait,
    credentials,
    genuine,
    note_online,
    portraits,
    register,
)
from pushnet.stores.shard.groups import append
from tests.stores.shard.opened import (
    APP,
    NOW_MS,
    OTHER_APP,
    change,
    message,
    name,
    new_device,
    opened,
    put,
)


class DeviceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.connection = opened()

    def test_a_new_device_gets_the_next_ordinal_and_is_a_change(self) -> None:
        new = Newcomer(APP, "phone", "ios", b"s", name)
        self.assertEqual(register(self.connection, new), (Registration("rid-5", 5, b"s", 0), 1))
        self.assertEqual(new_device(self.connection, "tablet").ordinal, 6)
        first = read(self.connection, 0, 1)[0][0]
        self.assertEqual((first.kind, first.ordinal, first.value), (ChangeKind.DeviceAdded, 5, "ios"))

    def test_the_same_key_gets_the_same_registration_and_changes_nothing(self) -> None:
        first = new_device(self.connection, "phone")
        again, end = register(self.connection, Newcomer(APP, "phone", "ios", b"another", name))
        self.assertEqual((again, end), (first, 1))

    def test_apps_number_their_devices_apart(self) -> None:
        self.assertEqual(new_device(self.connection, "phone").ordinal, 5)
        self.assertEqual(new_device(self.connection, "phone", OTHER_APP).ordinal, 5)

    def test_a_new_device_is_told_the_end_of_the_group_log(self) -> None:
        append(self.connection, APP, message(1), b"", NOW_MS)
        self.assertEqual(new_device(self.connection, "phone").groupSeq, 1)

    def test_credentials_tell_where_the_stream_stands(self) -> None:
        new_device(self.connection, "phone")
        put(self.connection, message(1), 5)
        self.assertEqual(
            credentials(self.connection, APP, 5),
            Credentials("rid-5", b"secret of phone", "android", head=1, seen=0, group_seen=0),
        )
        self.assertIsNone(credentials(self.connection, APP, 6))
        self.assertIsNone(credentials(self.connection, OTHER_APP, 5))

    def test_a_portrait_shows_what_is_set(self) -> None:
        new_device(self.connection, "phone")
        new_device(self.connection, "tablet")
        change(self.connection, 5, addTags=["b", "a"], setAlias=True, alias="x", setMobile=True, mobile="138")
        note_online(self.connection, [(APP, 5, 70), (APP, 5, 60), ("nobody", 5, 80)])
        self.assertEqual(
            portraits(self.connection, APP, [6, 5, 7], True),
            [
                Portrait("rid-5", 5, "android", ["a", "b"], "x", "138", 70),
                Portrait("rid-6", 6, "android", [], "", "", 0),
            ],
        )
        self.assertEqual(portraits(self.connection, APP, [5], False)[0].tags, [])
        self.assertEqual(portraits(self.connection, OTHER_APP, [5], True), [])

    def test_a_registration_id_must_be_right_to_the_last_character(self) -> None:
        new_device(self.connection, "phone")
        app = make_app(self.connection, APP)
        found = genuine(self.connection, app, {"rid-5": 5, "rid-5x": 5, "rid-6": 6})
        self.assertEqual(list(found), ["rid-5"])
