"""Nodes join a real registry over mutual TLS, by certificates that `pushnet ca` has made; others do not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from pushnet.app.authority import issue, make_authority
from pushnet.app.node import make_node
from pushnet.app.realworld import RealWorld
from pushnet.gen.pushnet.registry import AdapterEntry, NodeInfo, RegistrationRefusedException, RegistryPrx
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.settings import ClusterSettings, NodeSettings, Settings
from pushnet.roles.membership import Membership
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException
from tests.interop.stock import free_port


class JoinOverTlsTest(TestCase):
    timeout = 60

    async def start(self) -> None:
        """A registry that wants certificates."""
        folder = Path(os.path.abspath(self.mktemp()))
        make_authority(folder, "ours", 10)
        issue(folder, "registry-1", ["registry"], ["127.0.0.1"], 5)
        issue(folder, "edge-1", ["broker", "relay"], ["127.0.0.1"], 5)
        make_authority(folder / "stranger", "ours", 10)
        issue(folder / "stranger", "edge-1", ["broker"], ["127.0.0.1"], 5)
        self.folder = folder
        self.settings = Settings(
            cluster=ClusterSettings(secret="x" * 16, registry_port=free_port(), join="tls", tls=str(folder)),
            node=[NodeSettings(name="registry-1", role="registry")],
        )
        registry = make_node(RealWorld(reactor, self.mktemp()), self.settings, "registry-1")
        registry.startService()
        self.addCleanup(registry.stopService)
        await registry.started

    def communicator(self, name: str = "", folder: str = "") -> Communicator:
        properties = inner_properties(self.settings, "", name)
        if folder:
            properties["IceSSL.DefaultDir"] = str(self.folder / folder)
        communicator = Communicator(RealWorld(reactor, self.mktemp()), properties)
        self.addCleanup(communicator.destroy)
        return communicator

    async def join(self, communicator: Communicator, name: str, role: str, door: str) -> Any:
        proxy = RegistryPrx.uncheckedCast(communicator.stringToProxy(f"PushNet/Registry:{door}"))
        assert proxy is not None
        somewhere = communicator.stringToProxy("dummy:tcp -h 127.0.0.1 -p 9")
        info = NodeInfo(name, role, "1", "", 1, "", "")
        return await proxy.join(info, [AdapterEntry(name, "", somewhere)], [])

    async def test_a_node_joins_stays_and_leaves_by_its_certificate(self) -> None:
        await self.start()
        communicator = self.communicator("edge-1")
        node = NodeSettings(name="edge-1", role="broker")
        membership = Membership(RealWorld(reactor, self.mktemp()), communicator, self.settings, node)
        adapter = communicator.createObjectAdapterWithEndpoints("edge", "tcp -h 127.0.0.1 -p 0")
        await adapter.activate()
        membership.offer(adapter)
        await membership.start()
        self.assertTrue(membership.holds_lease)
        await membership._renew({})
        await membership.stop()
        self.assertFalse(membership.holds_lease)

    async def test_a_certificate_is_for_its_name_and_its_roles(self) -> None:
        await self.start()
        communicator = self.communicator("edge-1")
        (door,) = self.settings.doors
        for name, role, why in (("edge-2", "broker", "not for edge-2"), ("edge-1", "queue", "not for queue")):
            with self.assertRaises(RegistrationRefusedException) as refused:
                await self.join(communicator, name, role, door)
            self.assertIn(why, refused.exception.reason)

    async def test_nobody_joins_in_the_clear_or_by_another_authority(self) -> None:
        await self.start()
        (door,), (clear,) = self.settings.doors, self.settings.registries
        with self.assertRaises(RegistrationRefusedException) as refused:
            await self.join(self.communicator("edge-1"), "edge-1", "broker", clear)
        self.assertIn("certificate", refused.exception.reason)
        with self.assertRaises(LocalException):
            await self.join(self.communicator("edge-1", "stranger"), "edge-1", "broker", door)
