"""Stock Ice servers, in Python and C++, are full members of a group: killed, stopped, moved, balanced."""

from __future__ import annotations

import signal

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from pushnet.gen.pushnet.registry import GroupPolicy
from tests.interop.cpp_peer import cpp_peer
from tests.interop.stock import Program, free_port
from tests.interop.test_stock_client_through_registry import GridCase

PROXY = "calling/worker@Workers"
FAILOVER_S = 20.0
"""Far more than it takes: two leases of a second, and what the client's own limits add."""
IMPATIENT = ("--Ice.ACM.Client.Timeout=1", "--Ice.Override.ConnectTimeout=1000")


class StockGroupTests(GridCase):
    """The group `Workers`."""

    async def setUp(self) -> None:
        self.peer = cpp_peer(self)  # here, where building it may take longer than a test's timeout
        await super().setUp()
        self.servers: dict[str, Program] = {}

    async def serve(self, name: str, port: int = 0) -> str:
        """Start one, in C++ if its name begins with `cpp`; its port."""
        words = [
            self.locator,
            f"--Server.Endpoints=tcp -h 127.0.0.1 -p {port or free_port()}",
            f"--Server.AdapterId={name}",
            "--Server.ReplicaGroupId=Workers",
        ]
        if name.startswith("cpp"):
            server = Program("calling", *words, command=[self.peer])
            self.addCleanup(server.kill)
        else:
            server = self.run_program("stock_group_server.py", *words)
        self.servers[name] = server
        return (await server.line()).split("-p ")[1].split()[0]

    def caller(self, *properties: str) -> Program:
        return self.run_program("stock_group_client.py", PROXY, self.locator, *properties)

    async def until(self, client: Program, command: str, wanted: str) -> None:
        until = reactor.seconds() + FAILOVER_S
        while (said := await client.ask(command)) != wanted:
            self.assertLess(reactor.seconds(), until, said)
            pause: Deferred[None] = deferLater(reactor, 0.1)
            await pause

    async def test_killed_and_started_again_elsewhere_a_server_is_found_and_no_caller_notices(self) -> None:
        ports = {name: await self.serve(name) for name in ("cpp-1", "python-1")}
        client = self.caller()
        for victim, other in (("cpp-1", "python-1"), ("python-1", "cpp-1")):
            await self.servers[victim].kill()
            self.assertEqual([await client.ask("where") for _ in range(3)], [ports[other]] * 3)
            ports[victim] = await self.serve(victim)
            await self.until(client, "replicas", "cpp-1 python-1")

    async def test_a_server_that_ends_takes_itself_out(self) -> None:
        for name in ("cpp-1", "python-1"):
            await self.serve(name)
        client = self.caller()
        await self.servers["cpp-1"].finish()
        self.assertEqual(await client.ask("replicas"), "python-1")
        await self.servers["python-1"].finish()
        self.assertEqual(await client.ask("replicas"), "")
        self.assertEqual(await client.ask("where"), "NotRegisteredException")

    async def test_callers_leave_a_stopped_server_and_it_comes_back_when_it_goes_on(self) -> None:
        ports = {await self.serve(name): name for name in ("cpp-1", "python-1")}
        client = self.caller(*IMPATIENT)
        first = await client.ask("where")
        victim = ports.pop(first)
        ((port, other),) = ports.items()
        self.servers[victim].transport.signalProcess(signal.SIGSTOP)
        began = reactor.seconds()
        while (said := await client.ask("where")) != port:
            self.assertEqual(said, first, "it was stopped a moment later")
        self.assertLess(reactor.seconds() - began, FAILOVER_S)
        await self.until(client, "replicas", other)
        self.servers[victim].transport.signalProcess(signal.SIGCONT)
        await self.until(client, "replicas", "cpp-1 python-1")

    async def test_shares_are_kept_and_changed_live(self) -> None:
        heavy, light = [await self.serve(name) for name in ("cpp-1", "python-1")]
        client = self.caller()
        for weight in (7.0, 2.0):
            weights = {"cpp-1": weight, "python-1": 10 - weight}
            await self.balance("Workers", GroupPolicy("weighted", weights=weights))
            counts = dict(pair.split("=") for pair in (await client.ask("spread 50")).split())
            self.assertEqual((counts[heavy], counts[light]), (f"{weight * 5:.0f}", f"{50 - weight * 5:.0f}"))
        await self.balance("Workers", GroupPolicy("ordered", n=1, priorities={"cpp-1": 2, "python-1": 1}))
        self.assertEqual(await client.ask("spread 10"), f"{light}=10")
        await self.balance("Workers", GroupPolicy("round-robin", n=1))
        counts = dict(pair.split("=") for pair in (await client.ask("spread 10")).split())
        self.assertEqual(counts, {heavy: "5", light: "5"})

    async def test_a_sharded_group_leads_each_key_to_one_server(self) -> None:
        ports = {await self.serve(name) for name in ("cpp-1", "python-1", "python-2")}
        await self.balance("Workers", GroupPolicy("ring"))
        found: set[str] = set()
        for key in range(12):
            client = self.run_program("stock_group_client.py", f"{PROXY}#{key}", self.locator)
            said = await client.ask("spread 3")
            self.assertTrue(said.endswith("=3"), said)
            found.add(said.split("=")[0])
            await client.finish()
        self.assertEqual(found, ports)
