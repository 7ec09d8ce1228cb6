"""The units in etc/systemd start nodes as twistd does, and leave to the agent what is the agent's."""

from __future__ import annotations

import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path
from shutil import which

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.taps import NodeOptions
from pushnet.grid.settings import AGENT, ROLES
from tests.house.tree import TOP

FOLDER = TOP / "etc/systemd"
OURS = "/opt/pushnet"
TWISTD = f"{OURS}/.venv/bin/twistd --nodaemon --pidfile= pushnet-"
LIMIT_S = 30


class SystemdTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.units = {path.name: read(path) for path in sorted(FOLDER.glob("*.service"))}

    def test_there_is_one_for_the_agent_and_one_for_the_registry(self) -> None:
        self.assertEqual(list(self.units), ["pushnet-node@.service", "pushnet-registry@.service"])

    def test_each_starts_a_role_with_options_that_it_knows(self) -> None:
        file = Path(self.mktemp()).resolve()
        for name, unit in self.units.items():
            role = name.removeprefix("pushnet-").removesuffix("@.service")
            self.assertIn(role, ROLES)
            file.write_text(
                f'[cluster]\nsecret = "0123456789abcdef"\n[[node]]\nname = "one"\nrole = "{role}"\n'
            )
            line = unit["Service"]["ExecStart"]
            start, _, words = line.partition(f"{TWISTD}{role} ")
            self.assertEqual(start, "", line)
            options = NodeOptions(role)
            options.parseOptions(
                words.replace("/etc/pushnet/cluster.toml", str(file)).replace("%i", "one").split()
            )
            self.assertEqual(options["node"], "one")

    def test_each_is_started_again_for_ever_and_has_room(self) -> None:
        for unit in self.units.values():
            self.assertEqual(
                (unit["Service"]["Restart"], unit["Unit"]["StartLimitIntervalSec"]), ("always", "0")
            )
            self.assertGreater(int(unit["Service"]["LimitNOFILE"]), 19_000, "what pushnet doctor asks for")
            self.assertGreater(int(unit["Service"]["TimeoutStopSec"]), 20, "a node's own time to end")

    def test_the_servers_of_an_agent_outlive_it_and_each_other(self) -> None:
        service = self.units[f"pushnet-{AGENT}@.service"]["Service"]
        self.assertEqual((service["KillMode"], service["OOMPolicy"]), ("process", "continue"))

    def test_systemd_itself_has_nothing_to_say_against_them(self) -> None:
        """Where it is installed. It looks for the program, so it is shown one that is there."""
        if which("systemd-analyze") is None:
            raise self.skipTest("there is no systemd-analyze here")
        folder = Path(self.mktemp()).resolve()
        shutil.copytree(FOLDER, folder)
        for path in folder.iterdir():
            path.write_text(path.read_text().replace(f"{OURS}/.venv/bin/twistd", sys.executable))
        asked = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(folder.iterdir()))]
        told = subprocess.run(asked, capture_output=True, text=True, timeout=LIMIT_S, check=False)
        self.assertEqual((told.returncode, told.stderr), (0, ""))


def read(path: Path) -> RawConfigParser:
    """A unit's sections; a key that stands twice is an error, as none of ours is a list."""
    made = RawConfigParser()
    made.optionxform = str  # type: ignore[assignment,method-assign]
    made.read_string(path.read_text())
    return made
