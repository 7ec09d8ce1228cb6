"""Where commands ask."""

from __future__ import annotations

from pathlib import Path

import click
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.asking import file_settings, settings_of


class SettingsOfTest(SynchronousTestCase):
    def test_without_a_file_the_usual_registry_is_asked(self) -> None:
        self.assertEqual(settings_of(None, None).registries, ["tcp -h 127.0.0.1 -p 4061"])

    def test_a_registry_is_named_by_host_and_port(self) -> None:
        self.assertEqual(settings_of(None, "h:1").registries, ["tcp -h h -p 1"])
        self.assertRaises(click.UsageError, settings_of, None, "h")

    def test_a_file_names_its_registries(self) -> None:
        path = Path(self.mktemp())
        path.write_text('[cluster]\nsecret = "0123456789abcdef"\nhost = "h9"\n')
        self.assertEqual(settings_of(str(path), None).registries, ["tcp -h h9 -p 4061"])

    def test_a_file_that_cannot_be_read_is_for_the_caller(self) -> None:
        error = self.assertRaises(click.ClickException, file_settings, "nowhere.toml")
        self.assertIn("cannot read the configuration nowhere.toml", error.message)
