"""ZeroC's own IceGrid tools and programs on our registry: icegridadmin, sessions, observers, shutdown."""

from __future__ import annotations

import shutil

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.internet.utils import getProcessOutputAndValue
from twisted.trial.unittest import TestCase

from pushnet.app.node import NodeService, make_node
from pushnet.app.realworld import RealWorld
from pushnet.grid.settings import ClusterSettings, NodeSettings, RegistrySettings, Settings
from pushnet.roles.password import hash_password
from tests.interop.stock import Program, free_port, require_ice

HASH = hash_password("secret", b"salt" * 4)


class IceGridCase(TestCase):
    """A registry in this process, administered by ann; bob may have a client's session."""

    timeout = 60

    async def setUp(self) -> None:
        require_ice(self)
        self.assertIsNotNone(
            shutil.which("icegridadmin"), "icegridadmin is missing: apt-get install zeroc-ice-utils"
        )
        cluster = ClusterSettings(secret="x" * 16, registry_port=free_port(), lease_s=1.0)
        registry = RegistrySettings(admins={"ann": HASH}, users={"bob": HASH})
        node = NodeSettings(name="registry-1", role="registry", registry=registry)
        self.settings = Settings(cluster=cluster, node=[node])
        self.node: NodeService = make_node(RealWorld(reactor, self.mktemp()), self.settings, "registry-1")
        self.node.startService()
        self.addCleanup(self.node.stopService)
        await self.node.started

    @property
    def locator(self) -> str:
        return f"--Ice.Default.Locator={self.settings.locator}"

    def run_program(self, *argv: str) -> Program:
        program = Program(*argv, python="/usr/bin/python3")
        self.addCleanup(program.kill)
        return program


class IceGridAdminTests(IceGridCase):
    """Each command in a process of its own would take long: several go in one."""

    async def admin(self, *commands: str, password: str = "secret") -> str:
        argv = [self.locator, "-u", "ann", "-p", password]
        for command in commands:
            argv += ["-e", command]
        out, err, _ = await getProcessOutputAndValue("icegridadmin", argv)
        return (out + err).decode()

    async def test_it_lists_what_there_is(self) -> None:
        told = await self.admin(
            "adapter list",
            "server list",
            "node list",
            "registry list",
            "application list",
            "adapter endpoints registry-1",
        )
        port = self.settings.cluster.registry_port
        expected = ["registry-1"] * 4 + [f"dummy -t -e 1.1:tcp -h 127.0.0.1 -p {port} -t 60000"]
        self.assertEqual(told.split("\n"), [*expected, ""])

    async def test_it_describes_nodes_servers_and_registries(self) -> None:
        told = await self.admin(
            "server state registry-1",
            "server describe registry-1",
            "node ping registry-1",
            "node load registry-1",
            "node describe registry-1",
            "registry ping registry-1",
            "registry describe registry-1",
        )
        for part in (
            "active (pid = ",
            "enabled)",
            "activation = `manual'",
            "node is up",
            "load average (1/5/15): ",
        ):
            self.assertIn(part, told)
        self.assertEqual(told.count("registry is up"), 1)

    async def test_it_adds_finds_and_removes_objects(self) -> None:
        told = await self.admin(
            "object add 'printer:tcp -h h -p 1' ::Printer",
            "object list",
            "object find ::Printer",
            "object describe printer",
            "object add 'printer:tcp -h h -p 1' ::Printer",
            "object remove printer",
            "object remove printer",
        )
        self.assertTrue(told.startswith("IceGrid/Locator\nIceGrid/LocatorRegistry\nIceGrid/Query\n"), told)
        self.assertIn(
            "printer\nprocess/registry-1\nprinter -t -e 1.1:tcp -h h -p 1 -t 60000\nproxy = `printer", told
        )
        self.assertIn("type = `::Printer'", told)
        self.assertIn("object `printer' already exists", told)
        self.assertIn("couldn't find object", told)

    async def test_it_is_told_what_it_may_not_and_what_is_not_there(self) -> None:
        told = await self.admin(
            "adapter endpoints nobody",
            "adapter remove registry-1",
            "server stop registry-1",
            "application describe shop",
            "application remove shop",
            "server patch registry-1",
            "node shutdown nobody",
        )
        self.assertIn("couldn't find adapter `nobody'", told)
        self.assertIn("belongs to a node", told)
        self.assertIn("it is a registry: `registry shutdown registry-1`", told)
        self.assertEqual(told.count("couldn't find application"), 2, told)
        self.assertIn("pushnet apply FILE", told)
        self.assertIn("couldn't find node `nobody'", told)
        self.assertIn("user or password is wrong", await self.admin("node list", password="guess"))


class StockAdministratorTests(IceGridCase):
    """A program of an administrator, in stock Python, called back through its own connection."""

    async def start(self) -> Program:
        program = self.run_program("stock_grid_admin.py", self.locator)
        self.assertEqual(await program.line(), "ready")
        return program

    async def heard(self, program: Program, wanted: str) -> str:
        """What was heard, once it has `wanted` in it."""
        heard = ""
        for _ in range(100):
            heard += await program.ask("events")
            if wanted in heard:
                break
            pause: Deferred[None] = deferLater(reactor, 0.05)
            await pause
        self.assertIn(wanted, heard)
        return heard

    async def test_observers_are_told_how_it_stands_and_then_each_change(self) -> None:
        program = await self.start()
        heard = await self.heard(program, "objects 0")
        for part in ("registries registry-1", "nodes registry-1=1", "applications 0", "adapters "):
            self.assertIn(part, heard)
        self.assertEqual(await program.ask("add thing:tcp -h h -p 1"), "added")
        await self.heard(program, "object added thing ::Bench")
        self.assertEqual(await program.ask("remove thing"), "removed")
        await self.heard(program, "object removed thing")
        self.assertEqual(await program.ask("watch"), "already registries")

    async def test_sessions_want_the_right_password(self) -> None:
        program = await self.start()
        self.assertEqual(await program.ask("wrong"), "user or password is wrong")
        self.assertEqual(await program.ask("client"), "session")
        self.assertEqual(await program.ask("lock"), "locked")

    async def test_a_stock_server_is_ended_by_its_process_object(self) -> None:
        program = await self.start()
        server = self.run_program(
            "stock_ended_server.py",
            self.locator,
            "--Ice.Admin.ServerId=stock",
            "--Ice.Admin.Endpoints=tcp -h 127.0.0.1",
            "--Stock.Endpoints=tcp -h 127.0.0.1",
            "--Stock.AdapterId=Stock",
            "--Stock.ReplicaGroupId=Stocks",
        )
        self.assertEqual(await server.line(), "ready")
        await self.heard(program, "added Stock Stocks")
        self.assertEqual(await program.ask("servers"), "registry-1,stock")
        self.assertEqual(await program.ask("property stock Ice.Admin.ServerId"), "stock")
        self.assertEqual(await program.ask("stop stock"), "stopped")
        self.assertEqual(await server.line(), "ended")
        await self.heard(program, "removed Stock")
        self.assertEqual(await program.ask("servers"), "registry-1")
