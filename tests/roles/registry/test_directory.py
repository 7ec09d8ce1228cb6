"""The index of adapters, groups and objects."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.registry.directory import Directory
from pushnet.roles.registry.records import AdapterRecord, ObjectRecord
from pushnet.wire.identity import Identity

TAGALIAS = ObjectRecord(Identity("TagAlias", ""), "::PushNet::TagAlias", "TagAlias@TagAlias")
A, B = ("node", "a"), ("node", "b")


def adapter(name: str, group: str = "", port: int = 1) -> AdapterRecord:
    return AdapterRecord(name, group, f"tcp -h 127.0.0.1 -p {port}")


class DirectoryTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.directory = Directory()

    def test_replicas_share_an_object_which_lasts_as_long_as_one_of_them(self) -> None:
        self.directory.put(A, [adapter("a", "TagAlias", 1)], [TAGALIAS])
        self.directory.put(B, [adapter("b", "TagAlias", 2)], [TAGALIAS])
        self.assertEqual(self.directory.members("TagAlias"), ["a", "b"])
        self.directory.drop(A)
        self.assertEqual(self.directory.members("TagAlias"), ["b"])
        self.assertEqual(self.directory.proxy(TAGALIAS.identity), "TagAlias@TagAlias")
        self.directory.drop(B)
        self.assertEqual(self.directory.proxy(TAGALIAS.identity), "")
        self.assertEqual(self.directory.of_type("::PushNet::TagAlias"), [])
        self.assertEqual(self.directory.counts(), (0, 0, 0))

    def test_an_adapter_may_be_in_several_groups(self) -> None:
        self.directory.put(A, [adapter("a", "DBAgent.0"), adapter("a", "DBAgent.1")], ())
        self.assertEqual(self.directory.members("DBAgent.0"), ["a"])
        self.assertEqual(self.directory.members("DBAgent.1"), ["a"])
        self.directory.drop(A)
        self.assertEqual(self.directory.groups(), [])
        self.assertEqual(self.directory.endpoints("a"), "")

    def test_what_an_owner_puts_replaces_what_it_had(self) -> None:
        self.directory.put(A, [adapter("a", "G"), adapter("a2")], [TAGALIAS])
        self.directory.put(A, [adapter("a", "H", 7)], ())
        self.assertEqual(self.directory.endpoints("a"), adapter("a", port=7).endpoints)
        self.assertEqual(self.directory.endpoints("a2"), "")
        self.assertEqual(self.directory.groups(), ["H"])
        self.assertEqual(self.directory.proxy(TAGALIAS.identity), "")

    def test_an_adapter_id_of_another_clashes(self) -> None:
        self.directory.put(A, [adapter("x")], ())
        self.assertIn("belongs to a", self.directory.clash(B, [adapter("x")], ()))
        self.assertEqual(self.directory.clash(A, [adapter("x", port=2)], ()), "")

    def test_an_object_of_which_another_says_something_else_clashes(self) -> None:
        self.directory.put(A, [adapter("a")], [TAGALIAS])
        other = ObjectRecord(TAGALIAS.identity, TAGALIAS.type_id, "TagAlias@Elsewhere")
        self.assertIn("TagAlias@TagAlias", self.directory.clash(B, (), [other]))
        self.assertEqual(self.directory.clash(B, (), [TAGALIAS]), "")
        self.assertEqual(self.directory.clash(A, (), [other]), "")

    def test_a_group_and_an_adapter_cannot_share_a_name(self) -> None:
        self.directory.put(A, [adapter("a", "G")], ())
        self.assertIn("share a name", self.directory.clash(B, [adapter("G")], ()))
        self.assertIn("share a name", self.directory.clash(B, [adapter("b", "a")], ()))
        self.assertIn("share a name", self.directory.clash(B, [adapter("b", "c"), adapter("c")], ()))

    def test_one_adapter_cannot_have_two_sets_of_endpoints(self) -> None:
        clash = self.directory.clash(A, [adapter("a", "G", 1), adapter("a", "H", 2)], ())
        self.assertIn("different endpoints", clash)

    def test_objects_are_found_by_type_in_order(self) -> None:
        shards = [ObjectRecord(Identity(str(n), "shard"), "::S", f"shard/{n}@DBAgent.{n}") for n in (1, 0)]
        self.directory.put(A, [adapter("a")], shards)
        self.assertEqual(self.directory.of_type("::S"), [Identity("0", "shard"), Identity("1", "shard")])
        self.assertEqual(self.directory.owners(Identity("0", "shard")), [A])
