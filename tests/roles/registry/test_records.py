"""What nodes tell: kept as JSON, checked before it is believed."""

from __future__ import annotations

import attrs
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.registry.records import (
    ADAPTERS_MAX,
    OBJECTS_MAX,
    AdapterRecord,
    NodeRecord,
    ObjectRecord,
    fault,
)
from pushnet.wire.identity import Identity

ADAPTER = AdapterRecord("broker-1", "Broker", "tcp -h 127.0.0.1 -p 1")
OBJECT = ObjectRecord(Identity("broker-1", "broker"), "::PushNet::Broker", "broker/broker-1@broker-1")
NODE = NodeRecord("broker-1", "broker", "1.0", "eu", 17, "http://127.0.0.1:8", (ADAPTER,), (OBJECT,))


class RecordTests(SynchronousTestCase):
    def test_a_record_reads_back_as_it_was_written(self) -> None:
        self.assertEqual(NodeRecord.from_json(NODE.to_json()), NODE)

    def test_a_sound_record_has_no_fault(self) -> None:
        self.assertEqual(fault(NODE), "")

    def test_each_fault_is_named(self) -> None:
        long = "x" * 5000
        wrong = {
            "node's name": attrs.evolve(NODE, name=""),
            "version": attrs.evolve(NODE, version=long),
            f"at most {ADAPTERS_MAX} adapters": attrs.evolve(NODE, adapters=(ADAPTER,) * (ADAPTERS_MAX + 1)),
            f"at most {OBJECTS_MAX} well-known": attrs.evolve(NODE, objects=(OBJECT,) * (OBJECTS_MAX + 1)),
            "adapter id": attrs.evolve(NODE, adapters=(attrs.evolve(ADAPTER, id="\n"),)),
            "a group has": attrs.evolve(NODE, adapters=(attrs.evolve(ADAPTER, group=long),)),
            "same name": attrs.evolve(NODE, adapters=(attrs.evolve(ADAPTER, group=ADAPTER.id),)),
            "no endpoints": attrs.evolve(NODE, adapters=(attrs.evolve(ADAPTER, endpoints=""),)),
            "of endpoints": attrs.evolve(NODE, adapters=(attrs.evolve(ADAPTER, endpoints=long),)),
            "object's name": attrs.evolve(NODE, objects=(attrs.evolve(OBJECT, identity=Identity("", "")),)),
            "too long": attrs.evolve(NODE, objects=(attrs.evolve(OBJECT, proxy=long),)),
        }
        for words, node in wrong.items():
            self.assertIn(words, fault(node))
