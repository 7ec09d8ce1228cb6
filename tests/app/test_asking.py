"""Where commands ask."""

from __future__ import annotations

from pathlib import Path

import click
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.asking import file_settings, open_communicator, settings_of
from pushnet.app.running import Session
from pushnet.grid.settings import load_settings
from pushnet.sim.simulation import Simulation


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

    def test_who_waits_sends_heartbeats_as_nodes_do(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        session = Session(simulation.host("desk").boot(), None, Deferred())
        settings = load_settings('[cluster]\nsecret = "0123456789abcdef"\nlease_s = 2.0\n', "f")
        communicator = open_communicator(session, settings, {"Ice.Default.Locator": settings.locator})
        told = communicator.getProperties().getProperty("Ice.Connection.Client.IdleTimeout")
        self.assertEqual(told, "2")

    def test_a_file_that_cannot_be_read_is_for_the_caller(self) -> None:
        error = self.assertRaises(click.ClickException, file_settings, "nowhere.toml")
        self.assertIn("cannot read the configuration nowhere.toml", error.message)
