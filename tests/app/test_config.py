"""The cluster file, from disk."""

from __future__ import annotations

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.config import FOLDER, data_folder, read_settings, tell_folder
from pushnet.grid.settings import SettingsError

GOOD = """
[cluster]
secret = "0123456789abcdef"
data = "state"
[[node]]
name = "gateway-1"
role = "gateway"
[node.gateway]
certificate = "tls/cert.pem"
private_key = "/etc/pushnet/key.pem"
"""


class ReadSettingsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        self.folder.mkdir(parents=True)
        self.file = self.folder / "cluster.toml"

    def test_paths_are_relative_to_the_file(self) -> None:
        self.file.write_text(GOOD)
        settings = read_settings(self.file)
        home = self.folder.resolve()
        self.assertEqual(settings.cluster.data, str(home / "state"))
        self.assertEqual(data_folder(settings, settings.node[0]), home / "state" / "gateway-1")
        self.assertEqual(settings.node[0].gateway.certificate, str(home / "tls/cert.pem"))
        self.assertEqual(settings.node[0].gateway.private_key, "/etc/pushnet/key.pem")

    def test_settings_that_lie_elsewhere_lead_where_the_first_file_led(self) -> None:
        self.file.write_text(GOOD)
        settings = read_settings(self.file, self.folder.parent)
        home = self.folder.parent.resolve()
        self.assertEqual(settings.cluster.data, str(home / "state"))
        self.assertEqual(settings.node[0].gateway.certificate, str(home / "tls/cert.pem"))

    def test_what_is_started_by_this_process_is_told_the_folder(self) -> None:
        before = dict(os.environ)
        self.addCleanup(lambda: (os.environ.clear(), os.environ.update(before)))
        tell_folder(self.file)
        self.assertEqual(os.environ[FOLDER], str(self.folder.resolve()))

    def test_a_file_that_is_not_there_is_named(self) -> None:
        error = self.assertRaises(SettingsError, read_settings, self.folder / "none.toml")
        self.assertIn("none.toml: No such file", str(error))

    def test_bytes_that_are_no_text_are_refused(self) -> None:
        self.file.write_bytes(b'[cluster]\nname = "\xff"')
        error = self.assertRaises(SettingsError, read_settings, self.file)
        self.assertIn("not UTF-8 at byte 18", str(error))

    def test_an_unknown_key_is_refused_with_the_file_it_stands_in(self) -> None:
        self.file.write_text(GOOD + 'certifcate = "x"\n')
        error = self.assertRaises(SettingsError, read_settings, self.file)
        self.assertIn("cluster.toml", str(error))
        self.assertIn("certifcate", str(error))
