"""The simulated etcd keeps to what the real one says of itself."""

from __future__ import annotations

from base64 import b64encode

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.etcd import EtcdData, EtcdStore, KeyValue


def put(key: bytes, value: bytes = b"", lease: int = 0) -> dict[str, dict[str, str]]:
    return {
        "requestPut": {
            "key": b64encode(key).decode(),
            "value": b64encode(value).decode(),
            "lease": str(lease),
        }
    }


def below(revision: int) -> dict[str, str]:
    return {
        "result": "LESS",
        "mod_revision": str(revision),
        "key": b64encode(b"a").decode(),
        "range_end": b64encode(b"z").decode(),
    }


class EtcdStoreTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.data = EtcdData()
        self.store = EtcdStore(self.data, 0.0)
        self.changes: list[KeyValue] = []
        self.store.changed = self.changes.extend

    def keys(self, at: int = 0) -> list[bytes]:
        return [kv.key for kv in self.store.range(b"a", b"z", at)]

    def test_a_transaction_has_one_revision_and_an_empty_one_none(self) -> None:
        self.store.change([put(b"a"), put(b"b")])
        self.assertEqual([kv.revision for kv in self.changes], [2, 2])
        self.store.change([{"requestDeleteRange": {"key": b64encode(b"nobody").decode()}}])
        self.assertEqual(self.data.revision, 2)

    def test_a_comparison_holds_for_the_whole_range_and_for_an_empty_one(self) -> None:
        self.assertTrue(self.store.holds(below(1)))
        self.store.change([put(b"a")])
        self.store.change([put(b"b")])
        self.assertFalse(self.store.holds(below(3)))
        self.assertTrue(self.store.holds(below(4)))

    def test_what_is_under_a_lease_goes_with_it(self) -> None:
        lease = self.store.grant(3.0, 0.0)
        self.store.change([put(b"a", lease=lease), put(b"b")])
        self.assertEqual(self.store.keep_alive(lease, 2.0), 3.0)
        self.store.expire(4.9)
        self.assertEqual(self.keys(), [b"a", b"b"])
        self.store.expire(5.0)
        self.assertEqual(self.keys(), [b"b"])
        self.assertEqual(self.store.keep_alive(lease, 5.0), 0.0)
        self.assertFalse(self.store.change([put(b"c", lease=lease)]))

    def test_leases_begin_anew_with_the_process(self) -> None:
        lease = self.store.grant(3.0, 0.0)
        self.store.change([put(b"a", lease=lease)])
        again = EtcdStore(self.data, 100.0)
        again.expire(102.9)
        self.assertEqual([kv.key for kv in again.range(b"a", b"z")], [b"a"])

    def test_the_past_can_be_read_until_it_is_compacted(self) -> None:
        self.store.change([put(b"a")])
        self.store.change([put(b"b")])
        self.assertEqual(self.keys(at=2), [b"a"])
        self.store.compact()
        self.assertEqual(self.keys(at=3), [b"a", b"b"])
        self.assertEqual(self.data.compacted, 3)
