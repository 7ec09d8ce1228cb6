"""An administrator reads and changes properties; whoever lives by them is told."""

from __future__ import annotations

from typing import Any

from pushnet.gen.ice.process import PropertiesAdminPrx
from tests.rpc.admin.test_object import AdminCase


class PropertiesTest(AdminCase):
    def setUp(self) -> None:
        super().setUp()
        self.communicator = self.server(My_a="1", My_b="2")
        self.admin = PropertiesAdminPrx(self.facet("Properties").ice_reference)
        self.native: Any = self.communicator.findAdminFacet("Properties")
        self.changes: list[dict[str, str]] = []

    def test_properties_are_read_one_by_one_and_by_their_beginning(self) -> None:
        self.assertEqual(self.grid.wait(self.admin.getProperty("My.a")), "1")
        self.assertEqual(self.grid.wait(self.admin.getProperty("My.c")), "")
        mine = self.grid.wait(self.admin.getPropertiesForPrefix("My."))
        self.assertEqual(mine, {"My.a": "1", "My.b": "2"})

    def test_only_what_changes_is_told(self) -> None:
        self.native.addUpdateCallback(self.changes.append)
        self.grid.wait(self.admin.setProperties({"My.a": "1", "My.b": "", "My.c": "3"}))
        self.grid.wait(self.admin.setProperties({"My.c": "3"}))
        self.assertEqual(self.changes, [{"My.b": "", "My.c": "3"}])
        mine = self.grid.wait(self.admin.getPropertiesForPrefix("My."))
        self.assertEqual(mine, {"My.a": "1", "My.c": "3"})
        self.assertEqual(self.communicator.getProperties().getProperty("My.c"), "3")

    def test_a_callback_that_fails_harms_nobody_else(self) -> None:
        self.native.addUpdateCallback(lambda changes: {}[1])
        self.native.addUpdateCallback(self.changes.append)
        self.grid.wait(self.admin.setProperties({"My.a": "5"}))
        self.assertEqual(self.changes, [{"My.a": "5"}])
        self.assertEqual(len(self.flushLoggedErrors(KeyError)), 1)

    def test_a_callback_may_be_an_object_as_in_ice_and_is_told_until_it_is_removed(self) -> None:
        changes = self.changes

        class Callback:
            def updated(self, told: dict[str, str]) -> None:
                changes.append(told)

        callback: Any = Callback()
        self.native.addUpdateCallback(callback)
        self.grid.wait(self.admin.setProperties({"My.a": "5"}))
        self.native.removeUpdateCallback(callback)
        self.native.removeUpdateCallback(callback)
        self.grid.wait(self.admin.setProperties({"My.a": "6"}))
        self.assertEqual(changes, [{"My.a": "5"}])
