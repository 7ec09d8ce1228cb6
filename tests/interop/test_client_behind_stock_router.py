"""Our client outside, and a stock `glacier2router`: sessions, calls inwards, callbacks, forgotten targets.

The objects inside are stock Ice's, too.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from pushnet.app.realworld import RealWorld
from pushnet.client.routed import RoutedSession
from pushnet.gen.ice.glacier2 import PermissionDeniedException, RouterPrx, SessionNotExistException
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import ConnectionLostException, ObjectNotExistException
from pushnet.rpc.stubs import Blobject, Current, ObjectPrx
from pushnet.wire.request import encapsulated
from tests.interop.stock import Program, free_port, require_ice

CURE = "glacier2router is missing: apt-get install zeroc-glacier2"
ANN = "ann $5$mgxkXLnQitKOPIAM$TpmzcHAiMXGKsEW5hJYew7W301gK4RxGcws9/6Qpkx2\n"
"""The hash of `right`, as crypt(3) makes it."""
TABLE_SIZE = 2


class Echo(Blobject):
    """Answers with what it is sent, and keeps what was called how."""

    def __init__(self) -> None:
        self.called: list[str] = []

    def ice_invoke(self, params: bytes, current: Current) -> Any:
        self.called.append(f"{current.id} {current.operation} {'two' if current.requestId else 'one'}-way")
        return True, params


class StockRouterTest(TestCase):
    timeout = 20

    async def setUp(self) -> None:
        require_ice(self)
        router = shutil.which("glacier2router")
        assert router is not None, CURE
        folder = Path(self.mktemp())
        folder.mkdir()
        (folder / "passwords").write_text(ANN)
        port = free_port()
        self.router_text = f"Glacier2/router:tcp -h 127.0.0.1 -p {port}"
        self.peer = Program("stock_peer.py", "--Peer.Endpoints=tcp -h 127.0.0.1")
        self.addCleanup(self.peer.finish)
        self.inside = await self.peer.line()
        options = {
            "Client.Endpoints": f"tcp -h 127.0.0.1 -p {port}",
            "Server.Endpoints": "tcp -h 127.0.0.1",
            "CryptPasswords": str((folder / "passwords").absolute()),
            "SessionTimeout": "4",
            "RoutingTable.MaxSize": str(TABLE_SIZE),
        }
        words = [f"--Glacier2.{key}={value}" for key, value in options.items()]
        self.glacier = Program(command=[router, *words, "--Ice.PrintAdapterReady=1"])
        self.addCleanup(self.glacier.kill)
        for _ in range(2):
            await self.glacier.line()
        properties = {"Ice.Default.Router": self.router_text}
        self.communicator = Communicator(RealWorld(reactor, self.mktemp()), properties)
        self.addCleanup(self.communicator.destroy)

    def proxy(self, text: str = "") -> ObjectPrx:
        proxy = self.communicator.stringToProxy(text or self.inside)
        assert proxy is not None
        return proxy

    async def echoed(self, proxy: ObjectPrx, mode: int = 0) -> bool:
        """Whether a request comes back through the router."""
        params = encapsulated(b"there and back")
        return await proxy.ice_invoke("echo", mode, params) == (True, params)

    async def test_calls_go_inwards_once_there_is_a_session(self) -> None:
        session = await RoutedSession.begin(self.communicator, "ann", "right")
        for _ in range(3):
            self.assertTrue(await self.echoed(self.proxy()))
        await self.proxy().ice_oneway().ice_invoke("note", 0, encapsulated(b""))
        batch = self.proxy().ice_batchOneway()
        for _ in range(3):
            batch.ice_invoke("note", 0, encapsulated(b""))
        await batch.ice_flushBatchRequests()
        while await self.peer.ask("heard") != "7":
            pass
        self.assertEqual(len(session.category), 20)
        await session.end()

    async def test_who_knows_no_password_has_no_session_and_no_calls(self) -> None:
        with self.assertRaises(PermissionDeniedException):
            await RoutedSession.begin(self.communicator, "ann", "wrong")
        with self.assertRaises(ConnectionLostException):
            await self.echoed(self.proxy())
        self.assertEqual(await self.peer.ask("heard"), "0")

    async def test_targets_that_had_to_make_room_are_announced_again(self) -> None:
        session = await RoutedSession.begin(self.communicator, "ann", "right")
        text = self.inside.replace("peer", "{}", 1)
        proxies = [self.proxy(text.format(name)) for name in ("gone", "away", "missing")]
        for _ in range(2):
            for proxy in proxies:
                with self.assertRaises(ObjectNotExistException) as raised:
                    await self.echoed(proxy)
                self.assertEqual(raised.exception.operation, "echo")
            self.assertTrue(await self.echoed(self.proxy()))
        await session.end()

    async def test_objects_outside_are_called_back_from_inside(self) -> None:
        session = await RoutedSession.begin(self.communicator, "ann", "right")
        adapter = await session.adapter()
        echo = Echo()
        listener = adapter.add(echo, session.callback_identity("listener"))
        self.assertEqual(await self.peer.ask(f"echo 100 {listener}"), "echoed 100")
        self.assertEqual([each.split()[-1] for each in echo.called], ["two-way"])
        self.assertIn(f"{session.callback_identity('listener')} ", echo.called[0])
        await session.end()

    async def test_a_session_is_refreshed_with_heartbeats_and_its_loss_is_told(self) -> None:
        lost: Deferred[None] = Deferred()
        session = await RoutedSession.begin(self.communicator, "ann", "right", lambda: lost.callback(None))
        self.assertEqual(await session.router.getSessionTimeout(), 4)
        await session.router.refreshSession()
        connection = await session.router.ice_getConnection()
        self.assertEqual(connection.getACM().timeout, 4)
        self.assertTrue(await self.echoed(self.proxy()))
        self.glacier.transport.signalProcess("TERM")
        await lost
        await self.glacier.ended

    async def test_the_interface_of_the_router_is_that_of_the_generated_stubs(self) -> None:
        router = await RouterPrx.checkedCast(self.proxy(self.router_text).ice_router(None))
        assert router is not None
        with self.assertRaises(SessionNotExistException):
            await router.destroySession()
        self.assertIsNone(await router.createSession("ann", "right"))
        self.assertEqual((await router.getClientProxy())[1], True)
        server = await router.getServerProxy()
        assert server is not None
        self.assertEqual(server.ice_getIdentity().category, await router.getCategoryForClient())
        await router.destroySession()
