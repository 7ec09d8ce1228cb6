"""Files into a store: each content once, small where it can be."""

from __future__ import annotations

import random

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.limits import FILE_BYTES_MAX
from pushnet.roles.releases.packer import Found, Packer, PublishRefused
from tests.roles.releases.workshop import Workshop, found

NOISE = random.Random(1).randbytes(5000)


class PackerTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.workshop = Workshop()
        self.told: list[tuple[str, int]] = []
        self.packer = Packer(self.workshop.shelf, [], lambda path, size: self.told.append((path, size)))

    def test_what_does_not_get_smaller_travels_as_it_is(self) -> None:
        (file,) = found({"noise": NOISE})
        entry = self.packer.store(file)
        self.assertEqual(entry.packs, ())
        self.assertEqual(self.workshop.shelf.objects.all(), {entry.sha256: 5000})

    def test_what_does_is_kept_packed_only(self) -> None:
        (file,) = found({"text": b"words " * 500})
        entry = self.packer.store(file)
        self.assertEqual(list(self.workshop.shelf.objects.all()), [entry.packs[0].sha256])
        self.assertEqual(self.workshop.shelf.whole(entry, {}), b"words " * 500)

    def test_a_content_that_stands_twice_is_kept_once(self) -> None:
        one, two = found({"a": NOISE, "b": NOISE})
        self.assertEqual(self.packer.store(one).sha256, self.packer.store(two).sha256)
        self.assertEqual((self.packer.contents_new, self.packer.stored_bytes), (1, 5000))
        self.assertEqual(self.told, [("a", 5000), ("b", 5000)])

    def test_describing_stores_nothing(self) -> None:
        (file,) = found({"bin/run": NOISE})
        entry = self.packer.described(file)
        self.assertEqual((entry.size, entry.executable, self.workshop.shelf.objects.all()), (5000, True, {}))

    def test_a_difference_is_kept_where_it_is_worth_it(self) -> None:
        self.workshop.publish("1.0", {"noise": NOISE})
        earlier = self.workshop.publisher().documents()
        packer = Packer(self.workshop.shelf, earlier, lambda path, size: None)
        near, far = found({"noise": NOISE + b"!"}), found({"noise": random.Random(2).randbytes(5000)})
        (pack,) = packer.store(near[0]).packs
        self.assertEqual(pack.base, earlier[0].files[0].sha256)
        self.assertEqual(packer.store(far[0]).packs, ())

    def test_a_content_that_was_lost_from_the_store_is_stored_again(self) -> None:
        self.workshop.publish("1.0", {"noise": NOISE})
        earlier = self.workshop.publisher().documents()
        self.workshop.shelf.objects.delete(earlier[0].files[0].sha256)
        packer = Packer(self.workshop.shelf, earlier, lambda path, size: None)
        packer.store(found({"noise": NOISE})[0])
        self.assertEqual(packer.stored_bytes, 5000)

    def test_a_file_too_large_is_refused_unread(self) -> None:
        def read() -> bytes:
            raise AssertionError("it is not read")

        huge = Found("huge", FILE_BYTES_MAX + 1, False, read)
        self.assertIn("huge has", str(self.assertRaises(PublishRefused, self.packer.store, huge)))
