"""Hashes of passwords: made, read, compared."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.password import PasswordHash, PasswordHashError, hash_password

SALT = bytes(range(16))


class PasswordTests(SynchronousTestCase):
    def test_the_right_password_matches_and_no_other_does(self) -> None:
        known = PasswordHash.parse(hash_password("correct horse", SALT))
        self.assertTrue(known.matches("correct horse"))
        self.assertFalse(known.matches("correct horse "))
        self.assertFalse(known.matches(""))

    def test_a_hash_reads_back_as_it_was_written(self) -> None:
        text = hash_password("pässwörd", SALT)
        self.assertEqual(str(PasswordHash.parse(text)), text)

    def test_the_derived_key_is_that_of_rfc_7914(self) -> None:
        """The second vector of RFC 7914, section 12, whose first 32 bytes a shorter key shares."""
        vector = PasswordHash(10, 8, 16, b"NaCl", b"")
        expected = "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
        self.assertEqual(vector.derive("password").hex(), expected)

    def test_what_is_no_hash_is_refused_without_being_repeated(self) -> None:
        good = hash_password("x", SALT)
        for text in (
            "",
            "plaintext-password",
            good + "$",
            good.replace("scrypt", "crypt"),
            good.replace("$14$", "$fourteen$"),
            good.replace("$14$", "$40$"),
            good.replace("$8$", "$800$"),
            good[:-4],
            good.replace("=", "*"),
        ):
            with self.assertRaises(PasswordHashError) as caught:
                PasswordHash.parse(text)
            if text:
                self.assertNotIn(text, str(caught.exception))
