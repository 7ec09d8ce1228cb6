"""Lookups and their answers."""

from __future__ import annotations

import random

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.registry.directory import Directory
from pushnet.roles.registry.lookups import Lookups
from pushnet.roles.registry.records import AdapterRecord, NodeRecord, ObjectRecord
from pushnet.roles.registry.roster import Roster
from pushnet.wire.identity import Identity

TAGALIAS = ObjectRecord(Identity("TagAlias", ""), "::PushNet::TagAlias", "TagAlias@TagAlias")


class LookupsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.directory = Directory()
        self.roster = Roster(self.directory, 3.0)
        balance = {"Turn": "round-robin", "Light": "least-loaded"}
        self.lookups = Lookups(self.directory, self.roster, balance, random.Random(1))

    def join(
        self, name: str, port: int, group: str, load: float = 0.0, known: ObjectRecord = TAGALIAS
    ) -> None:
        adapters = (AdapterRecord(name, group, f"tcp -p {port}"),)
        epoch = self.roster.join(NodeRecord(name, "r", "", "", 1, "", adapters, (known,)), 0.0)
        self.roster.renew(name, epoch, {"load": load}, 0.0)

    def test_an_adapter_is_answered_with_its_endpoints(self) -> None:
        self.join("a", 1, "")
        self.assertEqual(self.lookups.adapter("a"), "dummy:tcp -p 1")

    def test_a_group_is_answered_with_the_endpoints_of_its_replicas(self) -> None:
        self.join("a", 1, "TagAlias")
        self.join("b", 2, "TagAlias")
        answers = {self.lookups.adapter("TagAlias") for _ in range(50)}
        self.assertEqual(answers, {"dummy:tcp -p 1:tcp -p 2", "dummy:tcp -p 2:tcp -p 1"})

    def test_a_group_is_balanced_as_configured(self) -> None:
        for at, name in enumerate("abc", 1):
            self.join(name, at, "Turn")
        turns = [self.lookups.adapter("Turn") for _ in range(3)]
        self.assertEqual(
            turns, ["dummy:tcp -p 1:tcp -p 2", "dummy:tcp -p 2:tcp -p 3", "dummy:tcp -p 3:tcp -p 1"]
        )

    def test_least_loaded_follows_the_told_loads(self) -> None:
        for at, (name, load) in enumerate([("a", 0.9), ("b", 0.2), ("c", 0.4)], 1):
            self.join(name, at, "Light", load)
        self.assertEqual(self.lookups.adapter("Light"), "dummy:tcp -p 2:tcp -p 3")

    def test_what_is_unknown_is_empty(self) -> None:
        self.assertEqual(self.lookups.adapter("nobody"), "")
        self.assertEqual(self.lookups.adapter(""), "")
        self.assertEqual(self.lookups.object(Identity("nobody", "")), "")
        self.assertEqual(self.lookups.replicas("nobody"), [])
        self.assertEqual(self.lookups.any_of_type("::Nothing"), "")
        self.assertEqual(self.lookups.least_loaded_of_type("::Nothing"), "")

    def test_an_object_is_answered_with_its_proxy(self) -> None:
        self.join("a", 1, "TagAlias")
        self.assertEqual(self.lookups.object(TAGALIAS.identity), "TagAlias@TagAlias")
        self.assertEqual(self.lookups.objects_of_type("::PushNet::TagAlias"), ["TagAlias@TagAlias"])
        self.assertEqual(self.lookups.any_of_type("::PushNet::TagAlias"), "TagAlias@TagAlias")

    def test_the_least_loaded_object_of_a_type_is_that_of_the_least_loaded_node(self) -> None:
        for name, load in (("a", 0.9), ("b", 0.2)):
            known = ObjectRecord(Identity(name, "broker"), "::B", f"broker/{name}@{name}")
            self.join(name, 1, "", load, known)
        self.assertEqual(self.lookups.least_loaded_of_type("::B"), "broker/b@b")

    def test_replicas_are_told_by_adapter_with_their_nodes(self) -> None:
        self.join("b", 2, "G")
        self.join("a", 1, "G")
        self.directory.put(("adapter", "s"), [AdapterRecord("s", "G", "tcp -p 3")], ())
        self.assertEqual(
            self.lookups.replicas("G"),
            [("a", "a", "dummy:tcp -p 1"), ("b", "b", "dummy:tcp -p 2"), ("s", "", "dummy:tcp -p 3")],
        )

    def test_an_unknown_balance_is_an_error_at_once(self) -> None:
        with self.assertRaises(ValueError):
            Lookups(self.directory, self.roster, {"G": "best"}, random.Random(1))
