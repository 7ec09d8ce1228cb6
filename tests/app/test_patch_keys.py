"""Key files: guarded, never overwritten, told by their public part."""

from __future__ import annotations

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.patch_keys import KeyFile, KeyRefused, free_name, known_keys, make_key, open_key, read_public


class KeyTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp())

    def passphrase(self, file: KeyFile) -> bytes:
        return b"open sesame"

    def test_a_key_is_found_by_its_public_part_and_opened(self) -> None:
        made = make_key(self.folder, "release-1", b"")
        (file,) = known_keys([self.folder])
        self.assertEqual((file.name, file.id), ("release-1", made.id))
        self.assertEqual(open_key(file, self.passphrase).public, made.public)
        self.assertEqual(known_keys([self.folder / "release-1.key"]), [file])

    def test_private_keys_are_their_owner_s_alone(self) -> None:
        make_key(self.folder, "a", b"")
        self.assertEqual((self.folder / "a.key").stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.folder.stat().st_mode & 0o777, 0o700)

    def test_a_guarded_key_wants_its_passphrase(self) -> None:
        make_key(self.folder, "a", b"open sesame")
        (file,) = known_keys([self.folder])
        self.assertIn(b"ENCRYPTED", file.path.read_bytes())
        self.assertEqual(open_key(file, self.passphrase).id, file.id)
        self.assertIn(
            "wrong passphrase", str(self.assertRaises(KeyRefused, open_key, file, lambda file: b"no"))
        )

    def test_keys_are_never_overwritten(self) -> None:
        make_key(self.folder, free_name(self.folder, "root"), b"")
        self.assertEqual(free_name(self.folder, "root"), "root-2")
        self.assertRaises(KeyRefused, make_key, self.folder, "root-1", b"")

    def test_a_key_that_does_not_fit_its_public_part_is_refused(self) -> None:
        for name in ("a", "b"):
            make_key(self.folder, name, b"")
        (self.folder / "a.pub").write_text((self.folder / "b.pub").read_text())
        self.assertRaises(KeyRefused, open_key, known_keys([self.folder])[0], self.passphrase)
        (self.folder / "a.key").write_text("garbage")
        self.assertRaises(KeyRefused, open_key, known_keys([self.folder])[0], self.passphrase)
        (self.folder / "a.pub").write_text("garbage")
        self.assertRaises(KeyRefused, known_keys, [self.folder])

    def test_a_public_part_is_read_or_told_to_be_none(self) -> None:
        folder = Path(self.mktemp())
        made = make_key(folder, "ada", b"")
        self.assertEqual(read_public(folder / "ada.pub").id, made.id)
        with self.assertRaisesRegex(KeyRefused, "cannot be read as a public key"):
            read_public(folder / "ada.key")

    def test_places_without_keys_are_told(self) -> None:
        self.assertRaises(KeyRefused, known_keys, [self.folder])
        self.assertRaises(KeyRefused, known_keys, [self.folder / "a.key"])
