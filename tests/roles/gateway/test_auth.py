"""Who calls."""

from __future__ import annotations

from base64 import b64encode

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.gateway.auth import UNKNOWN_SECRET, Apps, NotAuthentic

KEY, SECRET = "k" * 24, "s" * 24


def basic(pair: bytes) -> bytes:
    return b"Basic " + b64encode(pair)


class AuthTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.apps = Apps({KEY: SECRET, "other" * 4 + "key1": "t" * 24})

    def test_the_right_pair_is_the_app(self) -> None:
        pair = f"{KEY}:{SECRET}".encode()
        for header in (basic(pair), b"basic " + b64encode(pair), b"BASIC   " + b64encode(pair) + b" "):
            self.assertEqual(self.apps.authenticate(header), KEY)

    def test_anything_else_is_refused(self) -> None:
        wrong = [
            basic(f"{KEY}:{'t' * 24}".encode()),
            basic(f"{'x' * 24}:{SECRET}".encode()),
            basic(f"{'x' * 24}:".encode() + UNKNOWN_SECRET),
            basic(KEY.encode()),
            basic(b":"),
            basic(b"\xff\xfe:\xfd"),
            basic(f"{KEY}:{SECRET} ".encode()),
            b"Basic",
            b"Basic !!!!",
            b"Bearer abc",
            b"\xff",
        ]
        for header in wrong:
            with self.subTest(header=header):
                self.assertFalse(self.assertRaises(NotAuthentic, self.apps.authenticate, header).absent)

    def test_a_missing_header_is_told_apart(self) -> None:
        for header in (None, b""):
            self.assertTrue(self.assertRaises(NotAuthentic, self.apps.authenticate, header).absent)

    def test_the_error_does_not_repeat_the_secret(self) -> None:
        error = self.assertRaises(NotAuthentic, self.apps.authenticate, basic(f"{KEY}:wrongsecret".encode()))
        self.assertNotIn("wrongsecret", str(error))
