"""The store that forgets with the process."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.client.store import MemoryStore
from pushnet.device.device_session import Memory


class MemoryStoreTests(SynchronousTestCase):
    def test_what_was_saved_is_loaded(self) -> None:
        store = MemoryStore()
        self.assertEqual(store.load(), Memory())
        store.save(Memory("rid", b"s"))
        self.assertEqual(store.load(), Memory("rid", b"s"))
