"""A stock IceGrid node starts our server when it is needed; stock tools read its properties and end it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.utils import getProcessOutputAndValue
from twisted.trial.unittest import TestCase

from pushnet.app.realworld import RealWorld
from pushnet.rpc.communicator import Communicator
from tests.interop.stock import HERE, ROOT, Program, free_port, require_ice

APPLICATION = """
<icegrid><application name="app"><node name="node">
<server id="ours" exe="{python}" activation="on-demand"{user}>
  <option>{script}</option><env>PYTHONPATH={root}</env>
  <adapter name="Hello" endpoints="tcp -h 127.0.0.1" id="HelloAdapter"><object identity="hello"/></adapter>
  <property name="My.Property" value="42"/>
</server></node></application></icegrid>
"""


NODE = ["sh", "-c", 'exec icegridnode "$@" 2>&1', "node"]
"""It says on stderr that it is ready."""


class DeployedTest(TestCase):
    timeout = 60

    async def setUp(self) -> None:
        require_ice(self)
        self.assertIsNotNone(
            shutil.which("icegridnode"), "icegridnode is missing: apt-get install zeroc-ice-server"
        )
        self.folder = Path(self.mktemp()).absolute()
        for name in ("registry", "node"):
            (self.folder / name).mkdir(parents=True)
        port = free_port()
        self.locator = f"T/Locator:tcp -h 127.0.0.1 -p {port}"
        options = {
            "Ice.Default.Host": "127.0.0.1",
            "Ice.Default.Locator": self.locator,
            "IceGrid.InstanceName": "T",
            "IceGrid.Registry.Client.Endpoints": f"tcp -p {port}",
            "IceGrid.Registry.Server.Endpoints": "tcp",
            "IceGrid.Registry.Internal.Endpoints": "tcp",
            "IceGrid.Registry.LMDB.Path": str(self.folder / "registry"),
            "IceGrid.Registry.AdminPermissionsVerifier": "T/NullPermissionsVerifier",
            "IceGrid.Node.CollocateRegistry": "1",
            "IceGrid.Node.Name": "node",
            "IceGrid.Node.Endpoints": "tcp",
            "IceGrid.Node.Data": str(self.folder / "node"),
            "IceGrid.Node.Output": str(self.folder),
            "IceGrid.Node.AllowRunningServersAsRoot": "1",
            "IceGrid.Node.PrintServersReady": "node",
        }
        node = Program(*(f"--{key}={value}" for key, value in options.items()), command=NODE)
        self.addCleanup(node.kill)
        self.assertEqual(await node.line(), "node ready")

    async def admin(self, *commands: str) -> list[str]:
        argv = [f"--Ice.Default.Locator={self.locator}", "-u", "a", "-p", "b"]
        for command in commands:
            argv += ["-e", command]
        out, err, _ = await getProcessOutputAndValue("icegridadmin", argv)
        return (out + err).decode().splitlines()

    async def test_it_is_started_read_and_ended_by_a_stock_node(self) -> None:
        user = ' user="root"' if os.getuid() == 0 else ""
        script = HERE / "grid_deployed.py"
        text = APPLICATION.format(python=sys.executable, script=script, root=ROOT, user=user)
        (self.folder / "app.xml").write_text(text)
        state = "server state ours"
        self.assertEqual(
            await self.admin(f"application add {self.folder}/app.xml", state), ["inactive (enabled)"]
        )
        world = RealWorld(reactor, self.mktemp())
        communicator = Communicator(world, {"Ice.Default.Locator": self.locator})
        self.addCleanup(communicator.destroy)
        hello = communicator.stringToProxy("hello")
        assert hello is not None
        params = b"\6\0\0\0\1\1"
        self.assertEqual(await hello.ice_invoke("greet", 0, params), (True, params))
        value, *rest = await self.admin("server property ours My.Property", state, "server stop ours", state)
        self.assertEqual(value, "42")
        self.assertRegex(rest[0], r"^active \(pid = \d+, enabled\)$")
        self.assertEqual(rest[1:], ["inactive (enabled)"])
