"""A grid of real processes over mutual TLS: joined by a token, operated by certificates, and nobody else."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.protocol import ProcessProtocol
from twisted.internet.task import deferLater
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase

from pushnet.app.authority import issue, make_authority
from pushnet.app.realworld import RealWorld
from pushnet.gen.pushnet.cluster import ClusterPrx
from pushnet.gen.pushnet.deploy import DeployerPrx, DeployOptions
from pushnet.gen.pushnet.join import AuthorityPrx
from pushnet.gen.pushnet.registry import GroupPolicy, NodeInfo, RegistrationRefusedException, RegistryPrx
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.settings import load_settings
from pushnet.grid.tokens import NOT_ALLOWED
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import UnknownException
from tests.system.cluster import reactor
from tests.system.yard import LIMIT_S, Spawner, quiet_port

PUSHNET = str(Path(sys.executable).with_name("pushnet"))
FILE = """[cluster]
secret = "0123456789abcdef"
registry_port = {port}
data = "data"
join = "tls"
tls = "{tls}"
lease_s = 2.0
[[node]]
name = "registry-1"
role = "registry"
[[node]]
name = "m1"
role = "node"
[[node]]
name = "m2"
role = "node"
[[server]]
name = "clock"
agent = "m1"
command = ["/bin/sh", "-c", "echo it ticks; exec sleep 600"]
"""


class Typed(ProcessProtocol):
    """One command."""

    def __init__(self, arguments: list[str], env: dict[str, str]) -> None:
        self.said, self.ended = "", Deferred[int]()
        argv = [PUSHNET, *arguments]
        reactor.spawnProcess(self, PUSHNET, argv, env={**os.environ, **env})

    def outReceived(self, data: bytes) -> None:
        self.said += data.decode()

    errReceived = outReceived

    def processEnded(self, reason: Failure) -> None:
        self.ended.callback(getattr(reason.value, "exitCode", 1) or 0)


class MutualTlsTest(TestCase):
    timeout = 120

    def setUp(self) -> None:
        self.folder = Path(self.mktemp()).resolve()
        self.tls = self.folder / "tls"
        make_authority(self.tls, "ours", 10)
        issue(self.tls, "registry-1", ["registry"], [], 5)
        issue(self.tls, "operator", ["operator"], [], 5)
        self.port = quiet_port(2)
        self.files = [self.file(name) for name in ("tls", "other")]
        self.spawner = Spawner()
        self.addCleanup(self.spawner.stop)

    def file(self, tls: str) -> Path:
        """The cluster file as on a machine with that folder of certificates."""
        path = self.folder / f"{tls}.toml"
        path.write_text(FILE.format(port=self.port, tls=tls))
        return path

    async def typed(self, *arguments: str, status: int | None = 0, **env: str) -> str:
        command = Typed(list(arguments), env)
        ended = await command.ended
        self.assertIn(ended, (0, 1) if status is None else (status,), command.said)
        return command.said

    async def until(self, holds: Any, what: str) -> None:
        until = reactor.seconds() + LIMIT_S
        while not await holds():
            self.assertLess(reactor.seconds(), until, f"{what}\n{self.spawner.errors.decode()}")
            await deferLater(reactor, 0.05)

    async def test_a_machine_joins_by_a_token_and_is_operated_by_certificates_only(self) -> None:
        here, there = map(str, self.files)
        await self.spawner.start("registry-1", file=here)
        said = await self.typed("token", "make", "--role", "node", "--config", here)
        token = said.strip()
        fake = token[:-4] + "AAAA"
        said = await self.typed("join", "m1", "--config", there, status=1, PUSHNET_TOKEN=fake)
        self.assertIn("the token was shown to nobody", said)
        await self.typed("join", "m1", "--config", there, PUSHNET_TOKEN=token)
        said = await self.typed("join", "m1", "--config", there, "--renew")
        (self.folder / "other" / "m1.pem").rename(self.folder / "other" / "m1.old")
        said = await self.typed("join", "m1", "--config", there, status=1, PUSHNET_TOKEN=token)
        self.assertIn("pushnet ca revoke m1", said)
        (self.folder / "other" / "m1.old").rename(self.folder / "other" / "m1.pem")
        await self.spawner.start("m1", file=there)
        await self.operate(here)
        await self.agents_may_not(there)
        await self.typed("ca", "revoke", "m1", "--config", here)

        async def gone() -> bool:
            rows = json.loads(await self.typed("status", here, "--json", status=None))["nodes"]
            return not any(row["alive"] for row in rows if row["node"] == "m1")

        await self.until(gone, "m1 is revoked and goes")

    async def operate(self, file: str) -> None:
        """What operators type, by the operator's certificate."""
        await self.typed("apply", file, "--yes")

        async def serves() -> bool:
            rows = json.loads(await self.typed("servers", "--config", file, "--json", status=None))["servers"]
            return any(row["server"] == "clock" and row["phase"] == "serving" for row in rows)

        await self.until(serves, "the clock serves")
        self.assertIn("it ticks", await self.typed("logs", "clock", "--config", file))
        self.assertIn("certificate.issued", await self.typed("events", "--since", "1h", "--config", file))
        await self.typed("server", "stop", "clock", "--config", file)
        await self.typed("server", "start", "clock", "--config", file)
        for command in (["top", "--once"], ["rolls"], ["agents"]):
            await self.typed(*command, "--config", file)
        nothing = await self.typed("deploy", "clock", "1.0", "--config", file, status=1)
        self.assertNotIn("does not answer", nothing)
        clear = await self.typed("servers", "--registry", f"127.0.0.1:{self.port}", status=1)
        self.assertIn("in the clear", clear)

    async def agents_may_not(self, file: str) -> None:
        """What an agent's certificate is not for."""
        for command in (
            ["apply", file, "--yes"],
            ["token", "make", "--config", file],
            ["server", "stop", "clock", "--config", file],
            ["drain", "registry-1", "--config", file],
        ):
            said = await self.typed(*command, status=1, PUSHNET_AS="m1")
            self.assertIn("not for operator", said, command)
        settings = load_settings(Path(file).read_text(), file)
        (door,) = settings.doors
        properties = {
            **inner_properties(settings, "node", "m1"),
            "IceSSL.DefaultDir": str(self.folder / "other"),
        }
        communicator = Communicator(RealWorld(reactor, self.folder / "test"), properties)
        self.addCleanup(communicator.destroy)
        registry = RegistryPrx.uncheckedCast(communicator.stringToProxy(f"PushNet/Registry:{door}"))
        cluster = ClusterPrx.uncheckedCast(communicator.stringToProxy(f"PushNet/Cluster:{door}"))
        deployer = DeployerPrx.uncheckedCast(communicator.stringToProxy(f"PushNet/Deployer:{door}"))
        authority = AuthorityPrx.uncheckedCast(communicator.stringToProxy(f"PushNet/Authority:{door}"))
        assert registry is not None and cluster is not None and deployer is not None and authority is not None
        with self.assertRaises(RegistrationRefusedException) as refused:
            await registry.join(NodeInfo("m2", "node", "1", "", 1, "", ""), [], [])
        self.assertIn("not for m2", refused.exception.reason)
        for call in (
            cluster.plan("m2", 0, 0),
            cluster.report("m2", 1, []),
            cluster.plan("", 0, 0),
            deployer.deploy("clock", "1.0", DeployOptions(), "m1"),
            deployer.rollback("clock", DeployOptions(), "m1"),
            registry.setPolicy("Broker", GroupPolicy("random", 1)),
            authority.revoke("registry-1"),
        ):
            with self.assertRaises(UnknownException) as kept:
                await call
            self.assertIn(NOT_ALLOWED, kept.exception.reason)
        self.assertEqual((await cluster.plan("m1", 0, 0)).servers[0].id, "clock")
