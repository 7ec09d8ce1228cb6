"""The demonstration's processes. That they serve, and take a patch, is shown by `tests.system.test_demo`."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from twisted.internet import reactor as installed_reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from pushnet.app.config import read_settings
from pushnet.app.demo_config import RELEASE, VERSION, write_cluster
from pushnet.app.demo_grid import Grid
from pushnet.app.patching import releases
from pushnet.app.realworld import RealWorld
from pushnet.app.running import CommandError, Session

reactor: Any = installed_reactor


class DemoGridTest(TestCase):
    timeout = 60

    async def test_a_registry_that_cannot_start_is_told_with_its_last_words(self) -> None:
        folder = Path(self.mktemp()).resolve()
        folder.mkdir(parents=True)
        cluster = write_cluster(folder, agent=True)
        world: Any = RealWorld(reactor, folder)
        settings = read_settings(cluster.file)
        grid = Grid(Session(world, reactor, Deferred()), cluster, settings, folder)
        self.assertEqual(grid.count, 11)
        taken = socket.create_server(("127.0.0.1", cluster.registry_port))
        with taken, self.assertRaises(CommandError) as failed:
            await grid.start(lambda count: None)
        self.assertIn("registry-1 ended with status", str(failed.exception))
        self.assertIn(str(cluster.registry_port), str(failed.exception))
        await grid.stop()
        store: Any = RealWorld(reactor, folder / "data" / "registry-1" / "releases")
        self.assertEqual([(each.name, each.version) for each in releases(store)], [(RELEASE, VERSION)])
