"""Servers and agents as the commands show them."""

from __future__ import annotations

import io
import json

import attrs
from rich.console import Console
from rich.table import Table
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.serving import agents_table, row, servers_table
from pushnet.gen.pushnet.agent import AgentFacts
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.roles.node.server import TRIES
from pushnet.roles.registry.cluster_reports import SILENT

TAKEN = {"cpu_share": 0.25, "memory_bytes": 50 * 1024 * 1024.0, "descriptors": 17.0, "threads": 3.0}
SERVING = ServerState(
    "b-1", "broker", "m1", ServerPhase.Serving, "1.3", "1.4", 4711, 2, 61_000, "http://h:9", "", TAKEN
)
FAILED = ServerState("q", "queue", "m2", ServerPhase.Failed, reason="status 1: port [4061] is in use")


def told(table: Table) -> str:
    out = io.StringIO()
    Console(file=out, width=180).print(table)
    return out.getvalue()


class ServersTest(SynchronousTestCase):
    def test_people_see_what_runs_where_and_what_it_takes(self) -> None:
        text = told(servers_table([SERVING, FAILED]))
        for word in ("b-1", "m1", "serving", "61 s", "1.3 → 1.4", "4711", "25%", "50 MiB", "17"):
            self.assertIn(word, text)
        self.assertIn("port [4061] is in use", text)

    def test_programs_get_every_figure(self) -> None:
        made = json.loads(json.dumps(row(SERVING)))
        self.assertEqual((made["phase"], made["since_s"], made["pid"]), ("serving", 61.0, 4711))
        self.assertEqual(made["resources"]["cpu_share"], 0.25)

    def test_how_often_a_start_has_failed_is_told(self) -> None:
        self.assertIn("2, 12 failed", told(servers_table([attrs.evolve(SERVING, resources={TRIES: 12.0})])))

    def test_of_a_server_whose_agent_is_silent_nobody_says_that_it_serves(self) -> None:
        unknown = attrs.evolve(SERVING, resources={SILENT: 75.0}, reason="agent m1 has been silent for 75 s")
        text = told(servers_table([unknown]))
        for word in ("unknown", "75 s", "4711", "agent m1 has been silent"):
            self.assertIn(word, text)
        self.assertNotIn("serving", text)
        self.assertEqual(row(unknown)["phase"], "unknown")


class AgentsTest(SynchronousTestCase):
    def test_an_agent_that_is_silent_is_told_as_such(self) -> None:
        facts = AgentFacts("m1", "1.0", "eu", "a", "Linux [x]", 7, {"cpus": 4.0, "load1": 0.5})
        text = told(agents_table({"m1": facts, "m2": None}))
        for word in ("m1", "eu", "0.50", "Linux [x]", "m2", "silent"):
            self.assertIn(word, text)
