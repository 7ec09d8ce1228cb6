"""Lookups and their answers."""

from __future__ import annotations

import random

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.balance import Asker, Policy
from pushnet.roles.registry.books import ADAPTER, NODE, POLICY, Books
from pushnet.roles.registry.lookups import OWN_GROUPS, Lookups
from pushnet.roles.registry.records import AdapterRecord, NodeRecord, ObjectRecord
from pushnet.stores.registry.state import Entry
from pushnet.wire.identity import Identity

TAGALIAS = ObjectRecord(Identity("TagAlias", ""), "::PushNet::TagAlias", "TagAlias@TagAlias")
POLICIES = {
    "Turn": Policy("round-robin"),
    "Light": Policy("least-loaded"),
    "Near": Policy("nearest"),
    "Ring": Policy("ring"),
}


class LookupsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.now = 0.0
        self.revision = 0
        self.books = Books(lambda: self.now)
        self.lookups = Lookups(self.books, POLICIES, random.Random(1), lambda: self.now)
        self.moved: list[str] = []
        self.lookups.moved = self.moved.append

    def put(self, key: str, value: str) -> None:
        self.revision += 1
        self.books.put(Entry(key, value, self.revision))

    def join(
        self,
        name: str,
        port: int,
        group: str,
        load: float = 0.0,
        known: ObjectRecord = TAGALIAS,
        region: str = "",
    ) -> None:
        adapters = (AdapterRecord(name, group, f"tcp -p {port}"),)
        record = NodeRecord(name, "r", "", region, 1, "", adapters, (known,))
        self.put(NODE + name, record.to_json())
        self.tell(name, load=load)

    def tell(self, name: str, **gauges: float) -> None:
        self.lookups.told(name, self.books.readings.told(name, gauges, self.now))

    def adapter(self, name: str, asker: Asker | None = None) -> str:
        found = self.lookups.adapter(name, asker or Asker())
        return found.proxy if found else ""

    def test_an_adapter_is_answered_with_its_endpoints(self) -> None:
        self.join("a", 1, "")
        self.assertEqual(self.adapter("a"), "dummy:tcp -p 1")

    def test_a_group_is_answered_with_the_endpoints_of_its_replicas(self) -> None:
        self.join("a", 1, "TagAlias")
        self.join("b", 2, "TagAlias")
        answers = {self.adapter("TagAlias") for _ in range(50)}
        self.assertEqual(answers, {"dummy:tcp -p 1:tcp -p 2", "dummy:tcp -p 2:tcp -p 1"})

    def test_a_group_is_balanced_as_configured(self) -> None:
        for at, name in enumerate("abc", 1):
            self.join(name, at, "Turn")
        turns = [self.adapter("Turn") for _ in range(3)]
        self.assertEqual(
            turns, ["dummy:tcp -p 1:tcp -p 2", "dummy:tcp -p 2:tcp -p 3", "dummy:tcp -p 3:tcp -p 1"]
        )

    def test_least_loaded_follows_the_told_loads(self) -> None:
        for at, (name, load) in enumerate([("a", 0.9), ("b", 0.2), ("c", 0.4)], 1):
            self.join(name, at, "Light", load)
        self.assertEqual(self.adapter("Light"), "dummy:tcp -p 2:tcp -p 3")
        self.tell("b", load=2.0)
        self.assertEqual(self.adapter("Light"), "dummy:tcp -p 3:tcp -p 1")

    def test_who_asks_from_near_is_answered_from_near(self) -> None:
        self.join("a", 1, "Near", region="east")
        self.join("b", 2, "Near", region="west")
        self.assertEqual(self.adapter("Near", Asker("west")), "dummy:tcp -p 2")

    def test_a_key_leads_to_one_replica_of_a_ring(self) -> None:
        for at, name in enumerate("abcd", 1):
            self.join(name, at, "Ring")
        owners = {key: self.adapter(f"Ring#{key}") for key in map(str, range(50))}
        self.assertEqual(len(set(owners.values())), 4)
        self.assertEqual({key: self.adapter(f"Ring#{key}") for key in owners}, owners)

    def test_what_is_unknown_is_not_found(self) -> None:
        self.assertIsNone(self.lookups.adapter("nobody"))
        self.assertIsNone(self.lookups.adapter(""))
        self.assertIsNone(self.lookups.adapter("nobody#key"))
        self.assertEqual(self.lookups.object(Identity("nobody", "")), "")
        self.assertEqual(self.lookups.replicas("nobody"), [])
        self.assertEqual(self.lookups.any_of_type("::Nothing"), "")
        self.assertEqual(self.lookups.least_loaded_of_type("::Nothing", 1), "")

    def test_an_object_is_answered_with_its_proxy(self) -> None:
        self.join("a", 1, "TagAlias")
        self.assertEqual(self.lookups.object(TAGALIAS.identity), "TagAlias@TagAlias")
        self.assertEqual(self.lookups.objects_of_type("::PushNet::TagAlias"), ["TagAlias@TagAlias"])
        self.assertEqual(self.lookups.any_of_type("::PushNet::TagAlias"), "TagAlias@TagAlias")

    def test_the_least_loaded_object_of_a_type_is_that_of_the_least_loaded_node(self) -> None:
        for name, load in (("a", 0.9), ("b", 0.2)):
            known = ObjectRecord(Identity(name, "broker"), "::B", f"broker/{name}@{name}")
            self.join(name, 1, "", load, known)
        self.assertEqual(self.lookups.least_loaded_of_type("::B", 15), "broker/b@b")

    def test_the_groups_are_those_with_a_member_a_policy_or_a_role(self) -> None:
        before = self.lookups.groups()
        self.assertEqual(before, sorted({*POLICIES, *OWN_GROUPS}))
        self.join("a", 1, "Stock")
        self.assertEqual(self.lookups.groups(), sorted([*before, "Stock"]))

    def test_replicas_are_told_by_adapter_with_their_nodes(self) -> None:
        self.join("b", 2, "G")
        self.join("a", 1, "G")
        self.put(ADAPTER + "s", '{"id":"s","group":"G","endpoints":"tcp -p 3"}')
        self.assertEqual(
            self.lookups.replicas("G"),
            [("a", "a", "dummy:tcp -p 1"), ("b", "b", "dummy:tcp -p 2"), ("s", "", "dummy:tcp -p 3")],
        )

    def test_a_replica_that_is_slow_twice_is_not_answered_and_its_group_is_told_as_moved(self) -> None:
        for at, name in enumerate("abc", 1):
            self.join(name, at, "Turn")
        for self.now in (1.0, 2.0):
            for name in "abc":
                self.tell(name, waiting=5.0 if name == "b" else 0.5, served_per_s=50.0)
        self.assertIn("Turn", self.moved)
        self.assertNotIn("tcp -p 2", "".join(self.adapter("Turn") for _ in range(4)))
        self.join("b", 2, "Turn")
        self.assertIn("tcp -p 2", "".join(self.adapter("Turn") for _ in range(4)))

    def test_a_replica_that_fails_its_probes_is_not_answered_until_it_passes_one(self) -> None:
        for at, name in enumerate("ab", 1):
            self.join(name, at, "Turn")
        for _ in range(5):
            self.lookups.failed("a")
        self.assertEqual(self.adapter("Turn"), "dummy:tcp -p 2")
        self.now = 31.0
        self.lookups.answered("a")
        self.assertIn("tcp -p 1", self.adapter("Turn"))

    def test_a_policy_in_the_books_goes_before_the_configured_one(self) -> None:
        for at, name in enumerate("ab", 1):
            self.join(name, at, "Turn")
        self.adapter("Turn")
        self.put(POLICY + "Turn", '{"kind":"ordered","priorities":{"b":-1},"n":1}')
        self.assertEqual(self.adapter("Turn"), "dummy:tcp -p 2")
        self.assertEqual(self.lookups.policies()["Turn"].kind, "ordered")

    def test_how_long_an_answer_holds_is_told(self) -> None:
        self.join("a", 1, "Turn")
        self.join("b", 2, "Turn")
        self.join("n", 3, "Near")
        turns = {name: self.lookups.adapter(name) for name in ("a", "Turn", "Near")}
        self.assertEqual([found.turn if found else None for found in turns.values()], [1, 2, 0])
