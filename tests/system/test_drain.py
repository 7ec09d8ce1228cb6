"""A real node ends in order, whoever asks it to: by HTTP, by a signal, or as Ice programs end servers."""

from __future__ import annotations

import os
import signal

import treq
from twisted.internet import reactor
from twisted.trial.unittest import TestCase
from twisted.web.client import Agent

from pushnet.gen.pushnet.registry import NodeStatus, RegistryPrx
from tests.app.children import Child
from tests.interop.stock import SYSTEM_PYTHON, free_port, require_ice
from tests.system.agents import Machine

QUEUE = """
[[node]]
name = "queue-1"
role = "queue"
port = {port}
"""
SHUTDOWN = """
import sys, Ice
with Ice.initialize(["--Ice.Default.Locator=" + sys.argv[1]]) as ice:
    Ice.ProcessPrx.checkedCast(ice.stringToProxy("process/queue-1")).shutdown()
"""


class DrainTest(TestCase):
    timeout = 100

    async def test_it_leaves_the_registry_and_ends_with_status_0(self) -> None:
        require_ice(self)
        machine = Machine(os.path.abspath(self.mktemp()))
        self.addCleanup(machine.stop)
        machine.file.write_text(machine.text + QUEUE.format(port=free_port()))
        await machine.start_node("registry-1", "registry")
        for ask in (self.by_http, self.by_ice, self.by_signal):
            await machine.start_node("queue-1", "queue")
            self.assertEqual(await self.names(machine), ["queue-1", "registry-1"])
            child = machine.running.pop("queue-1")
            await ask(machine, child)
            self.assertEqual((await child.ended).status, 0)
            self.assertEqual(await self.names(machine), ["registry-1"])

    async def by_http(self, machine: Machine, child: Child) -> None:
        http = next(each.info.http for each in await self.standing(machine) if each.info.name == "queue-1")
        agent = Agent(reactor)
        self.assertEqual((await treq.get(f"{http}/ready", agent=agent)).code, 200)
        self.assertEqual((await treq.post(f"{http}/drain", agent=agent)).code, 202)

    async def by_ice(self, machine: Machine, child: Child) -> None:
        """By a stock Ice client, which finds the process through the registry."""
        asked = await Child([SYSTEM_PYTHON, "-c", SHUTDOWN, machine.settings.locator]).ended
        self.assertEqual((asked.status, asked.err), (0, ""))

    async def by_signal(self, machine: Machine, child: Child) -> None:
        child.signal(signal.SIGTERM)

    async def names(self, machine: Machine) -> list[str]:
        return [status.info.name for status in await self.standing(machine)]

    async def standing(self, machine: Machine) -> list[NodeStatus]:
        """Who is in the registry."""
        places = ":".join(["PushNet/Registry", *machine.settings.registries])
        registry = RegistryPrx.uncheckedCast(machine.communicator.stringToProxy(places))
        assert registry is not None
        return await registry.nodes()
