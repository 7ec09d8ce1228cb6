"""Servers whose predecessor stops first are replaced under stock Ice callers: these are held, not refused."""

from __future__ import annotations

import json
from typing import Any

from twisted.trial.unittest import TestCase

from tests.app.children import Child
from tests.interop.stock import SYSTEM_PYTHON, free_port, require_ice
from tests.system.agents import HERE, Machine

TABLES = """
[[node]]
name = "queue-1"
role = "queue"
agent = "m1"
port = {port}

[[node]]
name = "dbagent-0"
role = "dbagent"
agent = "m1"

[[server]]
name = "stock"
agent = "m1"
adapters = ["Stock"]
command = ["{python}", "{script}", "--Ice.Config={config}", "--Ice.Default.Locator=${{locator}}"]
"""
PROXIES = ("Queue", "Queue@queue-1", "shard/0", "shard/0@dbagent-0.0", "thing@Stock")
RESTARTS = 3


class StopFirstTest(TestCase):
    timeout = 180

    def setUp(self) -> None:
        require_ice(self)
        self.machine = Machine(self.mktemp())
        self.addCleanup(self.machine.stop)

    async def test_no_call_of_a_stock_client_fails_while_they_are_replaced(self) -> None:
        machine = self.machine
        config = machine.folder / "stock.cfg"
        config.write_text("Stock.AdapterId=Stock\nStock.Endpoints=tcp -h 127.0.0.1\n")
        script = HERE / "stock_server.py"
        names = ("queue-1", "dbagent-0", "stock")
        await machine.start(
            TABLES.format(port=free_port(), python=SYSTEM_PYTHON, script=script, config=config)
        )
        pids = {name: (await machine.serving(name)).pid for name in names}
        argv = [SYSTEM_PYTHON, str(HERE / "stock_caller.py"), *PROXIES]
        caller = Child([*argv, f"--Ice.Default.Locator={machine.settings.locator}"], limit_s=None)
        await caller.says(b"called\n")
        for _ in range(RESTARTS):
            for name in names:
                await machine.agent().restart(name)
                after = await machine.serving(name, lambda state: state.pid not in pids.values())
                pids[name] = after.pid
        transport: Any = caller.transport
        transport.closeStdin()
        told = json.loads((await caller.ended).out.splitlines()[-1])
        self.assertEqual(told["wrong"], [])
        self.assertGreater(min(told["calls"].values()), 10 * RESTARTS, told)
