"""Nodes join a real registry over mutual TLS, by certificates that `pushnet ca` has made; others do not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from pushnet.app.authority import issue, make_authority
from pushnet.app.node import make_node
from pushnet.app.realworld import RealWorld
from pushnet.gen.ice.icegrid import LocatorPrx
from pushnet.gen.ice.locator import AdapterNotFoundException
from pushnet.gen.pushnet.join import AuthorityPrx
from pushnet.gen.pushnet.registry import AdapterEntry, NodeInfo, RegistrationRefusedException, RegistryPrx
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.settings import ClusterSettings, NodeSettings, Settings
from pushnet.roles.membership import Membership
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException
from tests.interop.stock import Program, require_ice
from tests.system.yard import quiet_port

CUT_OFF_WITHIN_S = 5.0


class JoinOverTlsTest(TestCase):
    timeout = 60

    async def start(self) -> None:
        """A registry that wants certificates."""
        folder = Path(os.path.abspath(self.mktemp()))
        make_authority(folder, "ours", 10)
        issue(folder, "registry-1", ["registry"], ["127.0.0.1"], 5)
        issue(folder, "edge-1", ["broker", "relay"], ["127.0.0.1"], 5)
        make_authority(folder / "stranger", "ours", 10)
        issue(folder, "prices-1", ["server"], ["127.0.0.1"], 5)
        issue(folder / "stranger", "edge-1", ["broker"], ["127.0.0.1"], 5)
        self.folder = folder
        self.settings = Settings(
            cluster=ClusterSettings(
                secret="x" * 16, registry_port=quiet_port(2), join="tls", tls=str(folder)
            ),
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

    async def test_a_stock_server_registers_by_a_certificate_and_is_found_by_all(self) -> None:
        require_ice(self)
        await self.start()
        (door,), (clear,) = self.settings.doors, self.settings.registries
        query = self.communicator().stringToProxy(f"IceGrid/Locator:{clear}")
        locator = LocatorPrx.uncheckedCast(query)
        assert locator is not None
        for name, let_in in (("prices-1", True), ("edge-1", False)):
            adapter = f"Prices-{name}"
            stock = Program(
                "stock_peer.py",
                "--Peer.Endpoints=tcp -h 127.0.0.1",
                f"--Peer.AdapterId={adapter}",
                f"--Ice.Default.Locator=IceGrid/Locator:{door}",
                "--Ice.Plugin.IceSSL=IceSSL:createIceSSL",
                f"--IceSSL.DefaultDir={self.folder}",
                "--IceSSL.CAs=ca.pem",
                f"--IceSSL.CertFile={name}.pem",
                f"--IceSSL.KeyFile={name}.key",
            )
            self.addCleanup(stock.kill)
            if let_in:
                await stock.line()
                self.assertIsNotNone(await locator.findAdapterById(adapter))
                await stock.finish()
            else:
                await stock.ended
                with self.assertRaises(AdapterNotFoundException):
                    await locator.findAdapterById(adapter)

    async def test_nobody_joins_in_the_clear_or_by_another_authority(self) -> None:
        await self.start()
        (door,), (clear,) = self.settings.doors, self.settings.registries
        with self.assertRaises(RegistrationRefusedException) as refused:
            await self.join(self.communicator("edge-1"), "edge-1", "broker", clear)
        self.assertIn("certificate", refused.exception.reason)
        with self.assertRaises(LocalException):
            await self.join(self.communicator("edge-1", "stranger"), "edge-1", "broker", door)

    async def test_who_is_revoked_is_cut_off_by_nodes_and_comes_no_more(self) -> None:
        await self.start()
        for name, role in (("m1", "node"), ("operator", "operator")):
            issue(self.folder, name, [role], ["127.0.0.1"], 5)
        self.settings = replace(
            self.settings, node=[*self.settings.node, NodeSettings(name="m1", role="node", port=quiet_port())]
        )
        agent = make_node(RealWorld(reactor, self.mktemp()), self.settings, "m1")
        agent.startService()
        self.addCleanup(agent.stopService)
        await agent.started
        (door,) = self.settings.doors
        revoked, other = self.communicator("edge-1"), self.communicator("operator")
        text = f"Agent/m1:ssl -h 127.0.0.1 -p {self.settings.named('m1').port} -t 5000"
        proxies = [each.stringToProxy(text) for each in (revoked, other)]
        assert proxies[0] is not None and proxies[1] is not None
        for proxy in proxies:
            await proxy.ice_ping()
        cut: Deferred[Any] = Deferred()
        (await proxies[0].ice_getConnection()).setCloseCallback(cut.callback)
        authority = AuthorityPrx.uncheckedCast(other.stringToProxy(f"PushNet/Authority:{door}"))
        assert authority is not None
        await authority.revoke("edge-1")
        await cut.addTimeout(CUT_OFF_WITHIN_S, reactor)
        with self.assertRaises(LocalException):
            await proxies[0].ice_ping()
        await proxies[1].ice_ping()
