"""Lookups in bytes: kept while they hold, made anew when they do not."""

from __future__ import annotations

import random

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice.locator import AdapterNotFoundException, ObjectNotFoundException
from pushnet.grid.balance import Policy
from pushnet.roles.registry.answers import Answers
from pushnet.roles.registry.books import Books
from pushnet.roles.registry.lookups import Lookups
from pushnet.roles.registry.metrics import LookupCounts
from pushnet.roles.registry.own import OwnObjects
from pushnet.roles.registry.proxies import Proxies
from pushnet.roles.registry.records import AdapterRecord, NodeRecord, ObjectRecord
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.current import Current
from pushnet.sim.simulation import Simulation
from pushnet.stores.registry.state import Entry
from pushnet.wire.basic import write_string
from pushnet.wire.identity import Identity, write_Identity
from pushnet.wire.proxies import read_proxy_data
from pushnet.wire.request import RequestHead, head_bytes, read_head, target_bytes

THING = Identity("thing", "")
POLICIES = {
    "Near": Policy("nearest"),
    "Turn": Policy("round-robin", n=1),
    "Light": Policy("least-loaded", n=1),
}


def question(name: str) -> bytes:
    out = bytearray()
    write_string(out, name)
    return bytes(out)


class AnswersTests(SynchronousTestCase):
    def setUp(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        self.books = Books(lambda: 0.0)
        self.lookups = Lookups(self.books, POLICIES, random.Random(1), lambda: 0.0)
        self.counts = LookupCounts()
        proxies = Proxies(Communicator(simulation.host("r").boot()))
        self.answers = Answers(self.lookups, proxies, OwnObjects(), self.counts)
        self.revision = 0

    def join(self, name: str, group: str, port: int, region: str = "") -> None:
        self.revision += 1
        adapters = (AdapterRecord(name, group, f"tcp -h h -p {port}"),)
        known = ObjectRecord(THING, "::T", f"thing@{group}")
        record = NodeRecord(name, "r", "", region, 1, "", adapters, (known,))
        self.books.put(Entry(f"node/{name}", record.to_json(), self.revision))

    def current(self, **context: str) -> Current:
        told = {f"_pn.{key}": value for key, value in context.items()}
        return Current(None, None, head_with(told), 1)

    def ports(self, name: str, **context: str) -> list[int]:
        data, _ = read_proxy_data(self.answers.adapter(question(name), self.current(**context)), 0)
        assert data is not None
        return [endpoint.port for endpoint in data.endpoints]

    def test_an_answer_is_the_encoded_proxy_and_is_kept(self) -> None:
        self.join("a", "", 1)
        self.assertEqual(self.ports("a"), [1])
        first = self.answers.adapter(question("a"), self.current())
        self.assertIs(self.answers.adapter(question("a"), self.current()), first)
        self.assertEqual(self.counts.adapters_found, 3)

    def test_who_moves_is_answered_where_he_is(self) -> None:
        self.join("a", "", 1)
        self.ports("a")
        self.join("a", "", 2)
        self.assertEqual(self.ports("a"), [2])
        self.books.gone(Entry("node/a", "", self.revision), lapsed=True)
        with self.assertRaises(AdapterNotFoundException):
            self.ports("a")

    def test_a_group_takes_turns_also_from_what_is_kept(self) -> None:
        for port, name in enumerate("abc", 1):
            self.join(name, "Turn", port)
        self.assertEqual([self.ports("Turn")[0] for _ in range(9)], [1, 2, 3] * 3)
        self.join("d", "Turn", 4)
        turns = [self.ports("Turn")[0] for _ in range(8)]
        self.assertEqual(sorted(turns), [1, 1, 2, 2, 3, 3, 4, 4])

    def test_an_answer_by_load_is_made_anew_when_load_is_told(self) -> None:
        for port, name in enumerate("ab", 1):
            self.join(name, "Light", port)
        for loads, best in (((0.1, 0.9), 1), ((0.9, 0.1), 2)):
            for name, load in zip("ab", loads, strict=True):
                self.lookups.told(name, self.books.readings.told(name, {"load": load}, 0.0))
            self.assertEqual({self.ports("Light")[0] for _ in range(100)}, {best})

    def test_who_asks_from_elsewhere_gets_another_answer(self) -> None:
        self.join("a", "Near", 1, "east")
        self.join("b", "Near", 2, "west")
        self.assertEqual([self.ports("Near", region="east"), self.ports("Near", region="west")], [[1], [2]])

    def test_an_object_is_answered_until_it_is_another(self) -> None:
        out = bytearray()
        write_Identity(out, THING)
        self.join("a", "G", 1)
        for group in ("G", "H"):
            self.join("a", group, 1)
            data, _ = read_proxy_data(self.answers.object(bytes(out), self.current()), 0)
            assert data is not None
            self.assertEqual(data.adapter_id, group)
        self.books.gone(Entry("node/a", "", self.revision), lapsed=True)
        with self.assertRaises(ObjectNotFoundException):
            self.answers.object(bytes(out), self.current())


def head_with(context: dict[str, str]) -> RequestHead:
    target = target_bytes(Identity("Locator", "IceGrid"), "", "findAdapterById", 2)
    return read_head(head_bytes(target, context), 0)[0]
