"""Where passphrases come from, and lifetimes."""

from __future__ import annotations

import os
from pathlib import Path

import click
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.patch_options import PASSPHRASE, lifetimes_of, passphrase, properties_of


class OptionTests(SynchronousTestCase):
    def test_a_passphrase_comes_from_the_file_before_the_environment(self) -> None:
        path = Path(self.mktemp())
        path.write_bytes(b"from the file\n")
        os.environ[PASSPHRASE] = "from outside"
        self.addCleanup(os.environ.pop, PASSPHRASE)
        self.assertEqual(passphrase(path, None), b"from the file")
        self.assertEqual(passphrase(None, None), b"from outside")

    def test_properties_are_pairs(self) -> None:
        self.assertEqual(properties_of(("a=b", "IceSSL.CAs=x=y")), {"a": "b", "IceSSL.CAs": "x=y"})
        self.assertRaises(click.UsageError, properties_of, ("a",))

    def test_days_become_lifetimes(self) -> None:
        days = {"root_days": 1, "release_days": 2, "snapshot_days": 3, "timestamp_days": 4}
        made = lifetimes_of(days)
        self.assertEqual((made.root, made.release, made.snapshot, made.timestamp), (1, 2, 3, 4))
