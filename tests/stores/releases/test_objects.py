"""Objects under their digests: whole or not there. On real files and on the simulated disk."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.realworld_storage import FileStorage
from pushnet.sim.disk import SimDisk
from pushnet.stores.releases.objects import ObjectDamaged, Objects

DATA = b"content" * 100
DIGEST = hashlib.sha256(DATA).hexdigest()
EMPTY = hashlib.sha256(b"").hexdigest()


class ObjectsContract:
    storage: Any
    assertEqual: Any
    assertRaises: Any
    assertFalse: Any
    assertTrue: Any

    @property
    def objects(self) -> Objects:
        return Objects(self.storage)

    def test_what_was_put_is_got_and_putting_again_is_free(self) -> None:
        self.assertEqual(self.objects.size(DIGEST), -1)
        for _ in range(2):
            self.assertEqual(self.objects.put(DATA), DIGEST)
        self.assertEqual(self.objects.get(DIGEST), DATA)
        self.assertEqual(self.objects.read(DIGEST, 7, 7), b"content")
        self.assertEqual(self.objects.all(), {DIGEST: 700})
        self.assertEqual(self.storage.names("partial/"), [])

    def test_what_is_gathered_counts_when_it_is_settled(self) -> None:
        self.objects.gather(DIGEST, 0, DATA[:300])
        self.assertEqual((self.objects.gathered(DIGEST), self.objects.partial()), (300, [DIGEST]))
        self.assertEqual(self.objects.size(DIGEST), -1)
        self.objects.gather(DIGEST, 300, DATA[300:])
        self.assertTrue(self.objects.settle(DIGEST))
        self.assertEqual(self.objects.get(DIGEST), DATA)
        self.assertRaises(AssertionError, self.objects.gather, DIGEST, 300, b"x")

    def test_what_is_wrong_is_thrown_away(self) -> None:
        self.objects.gather(DIGEST, 0, DATA[:-1] + b"!")
        self.assertFalse(self.objects.settle(DIGEST))
        self.assertEqual((self.objects.size(DIGEST), self.objects.gathered(DIGEST)), (-1, 0))

    def test_nothing_is_an_object_too(self) -> None:
        self.assertTrue(self.objects.settle(EMPTY))
        self.assertEqual(self.objects.get(EMPTY), b"")

    def test_a_changed_object_is_not_given_and_not_sound(self) -> None:
        self.objects.put(DATA)
        self.assertTrue(self.objects.sound(DIGEST))
        self.storage.replace(f"objects/{DIGEST[:2]}/{DIGEST}", DATA[:-1] + b"!")
        self.assertRaises(ObjectDamaged, self.objects.get, DIGEST)
        self.assertFalse(self.objects.sound(DIGEST))

    def test_what_was_deleted_is_gone(self) -> None:
        self.objects.put(DATA)
        self.objects.delete(DIGEST)
        self.assertRaises(FileNotFoundError, self.objects.get, DIGEST)
        self.objects.discard(DIGEST)


class ObjectsOnFilesTests(ObjectsContract, SynchronousTestCase):
    def setUp(self) -> None:
        self.storage = FileStorage(Path(self.mktemp()))


class SimulatedObjectsTests(ObjectsContract, SynchronousTestCase):
    def setUp(self) -> None:
        self.storage = SimDisk(random.Random(1))
        self.addCleanup(self.storage.discard)

    def test_what_was_put_survives_a_power_failure(self) -> None:
        self.objects.put(DATA)
        self.storage.power_lost()
        self.assertEqual(self.objects.get(DIGEST), DATA)
