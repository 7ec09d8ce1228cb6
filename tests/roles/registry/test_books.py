"""The mirror of the state."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.registry.books import Books, Event, What
from pushnet.roles.registry.records import AdapterRecord, NodeRecord
from pushnet.stores.registry.state import Entry
from pushnet.wire.identity import Identity


def node(name: str, revision: int, port: int = 1) -> Entry:
    record = NodeRecord(name, "queue", "1", "", 1, "", (AdapterRecord(name, "Queue", f"tcp -p {port}"),))
    return Entry(f"node/{name}", record.to_json(), revision, f"lease of {name}")


def stranger(name: str, revision: int, where: str = "tcp -p 9") -> Entry:
    value = f'{{"id":"{name}","group":"","endpoints":"{where}"}}'
    return Entry(f"adapter/{name}", value, revision, "lease of strangers")


PRINTER = '{"identity":{"name":"printer","category":""},"type_id":"::Printer","proxy":"printer@P"}'


class BooksTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.books = Books(lambda: 5.0)
        self.events: list[Event] = []
        self.books.followers.append(self.events.append)

    def heard(self) -> list[tuple[What, str]]:
        events, self.events[:] = list(self.events), []
        return [(event.what, event.name) for event in events]

    def test_an_entry_is_in_the_books_until_it_is_gone(self) -> None:
        self.books.put(node("q1", 3))
        self.assertEqual(self.books.nodes["q1"].epoch, 3)
        self.assertEqual(self.books.directory.members("Queue"), ["q1"])
        self.books.gone(node("q1", 3), lapsed=True)
        self.assertEqual((self.books.nodes, self.books.directory.members("Queue")), ({}, []))
        self.assertEqual(self.heard(), [(What.node_up, "q1"), (What.node_down, "q1")])
        self.assertEqual(self.books.revision, 3)

    def test_after_a_reset_only_what_differs_is_told(self) -> None:
        for entry in (node("q1", 1), node("q2", 2), stranger("s", 3)):
            self.books.put(entry)
        self.heard()
        self.books.reset([node("q1", 1), node("q2", 7, port=2), node("q3", 8)])
        self.assertEqual(
            self.heard(),
            [(What.adapter_removed, "s"), (What.node_up, "q2"), (What.node_up, "q3")],
        )
        self.assertEqual(self.books.directory.endpoints("q2"), "tcp -p 2")

    def test_stock_servers_are_known_by_place(self) -> None:
        for entry in (stranger("s", 1), stranger("t", 2), stranger("u", 3, "tcp -p 8")):
            self.books.put(entry)
        self.assertEqual([each.adapter.id for each in self.books.strangers_at("tcp -p 9")], ["s", "t"])
        self.assertEqual(self.books.lease_at("tcp -p 9"), "lease of strangers")
        self.assertEqual(self.books.lease_at("tcp -p 7"), "")
        self.books.put(stranger("s", 4, "tcp -p 8"))
        self.assertEqual([each.adapter.id for each in self.books.strangers_at("tcp -p 9")], ["t"])
        self.assertEqual(self.heard()[-1], (What.adapter_updated, "s"))
        self.assertEqual(self.books.places(), ["tcp -p 9", "tcp -p 8"])

    def test_an_object_is_added_changed_and_removed(self) -> None:
        for revision in (1, 2):
            self.books.put(Entry("object/printer", PRINTER, revision))
        self.assertEqual(self.books.directory.proxy(Identity("printer", "")), "printer@P")
        self.books.gone(Entry("object/printer", "", 2), lapsed=False)
        self.assertEqual(
            [what for what, _ in self.heard()],
            [What.object_added, What.object_updated, What.object_removed],
        )

    def test_what_a_later_version_wrote_is_left_out_and_logged(self) -> None:
        self.books.put(Entry("comet/halley", "{}", 1))
        self.books.put(Entry("node/q1", "no json", 2))
        self.assertEqual((self.heard(), self.books.revision), ([], 2))
        self.assertEqual(len(self.flushLoggedErrors()), 0)

    def test_readings_told_to_another_registry_count_here_too(self) -> None:
        self.books.put(node("q1", 1))
        self.books.note("registry-2", '{"q1":{"load":0.25},"stranger":{"load":1.0}}')
        self.assertEqual(self.books.readings.load("q1"), 0.25)
        self.assertIsNone(self.books.readings.of("stranger"))
        self.books.note("registry-2", "nonsense")
