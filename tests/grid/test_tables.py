"""The tables of a cluster file: what they answer about themselves."""

from __future__ import annotations

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.tables import ROLES, NodeSettings, ProcessSettings, ServerSettings, Settings


class TablesTest(SynchronousTestCase):
    def test_values_do_not_change(self) -> None:
        node = NodeSettings(name="a", role="queue")
        with self.assertRaises(AttributeError):
            node.name = "b"  # type: ignore[misc]

    def test_what_agents_look_at_is_the_same_for_nodes_and_servers(self) -> None:
        common = set(ProcessSettings.__struct_fields__)
        self.assertTrue(common <= set(NodeSettings.__struct_fields__) & set(ServerSettings.__struct_fields__))

    def test_only_roles_have_tables_of_their_own_in_a_node(self) -> None:
        tables = [
            field.name
            for field in msgspec.structs.fields(NodeSettings)
            if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct)
        ]
        self.assertEqual(sorted(tables), sorted(ROLES))

    def test_a_reserve_is_who_need_not_run(self) -> None:
        sets = [{"name": "s", "members": ["a", "b", "c"], "min": 1, "target_load": 1.0}]
        settings = msgspec.convert({"cluster": {"secret": "s"}, "scaling": sets}, Settings)
        self.assertEqual(settings.reserve, {"b", "c"})

    def test_agents_are_the_nodes_that_run_others(self) -> None:
        text = {
            "cluster": {"secret": "s"},
            "node": [{"name": "m", "role": "node"}, {"name": "q", "role": "queue"}],
        }
        settings = msgspec.convert(text, Settings)
        self.assertEqual([agent.name for agent in settings.agents], ["m"])
