"""What the tests of transports with stock Ice share: our echo and a stock one, each called by the other."""

from __future__ import annotations

from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from pushnet.app.realworld import RealWorld
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.current import Current
from pushnet.rpc.proxy import ObjectPrx
from pushnet.rpc.servant import Blobject
from pushnet.wire.identity import Identity
from pushnet.wire.request import encapsulated
from tests.interop.stock import Program, require_ice


class EchoI(Blobject):
    """Answers with what it is sent; keeps who called."""

    def __init__(self) -> None:
        self.calls: list[Current] = []
        self._waiting: list[tuple[int, Deferred[None]]] = []

    def ice_invoke(self, params: bytes, current: Current) -> tuple[bool, bytes]:
        self.calls.append(current)
        for count, waiting in list(self._waiting):
            if len(self.calls) >= count:
                self._waiting.remove((count, waiting))
                waiting.callback(None)
        return True, params

    def heard(self, count: int) -> Deferred[None]:
        """Fires when so many calls have come."""
        waiting: Deferred[None] = Deferred()
        if len(self.calls) >= count:
            waiting.callback(None)
        else:
            self._waiting.append((count, waiting))
        return waiting


class TransportCase(TestCase):
    """Both sides, with what each is configured with."""

    timeout = 60

    def setUp(self) -> None:
        require_ice(self)
        self.echo = EchoI()

    def ours(self, **properties: str) -> Communicator:
        """Our side; `_` in names of properties stands for `.`."""
        named = {name.replace("_", "."): value for name, value in properties.items()}
        communicator = Communicator(RealWorld(reactor, self.mktemp()), named)
        self.addCleanup(communicator.destroy)
        return communicator

    async def serve(self, communicator: Communicator, endpoints: str) -> tuple[ObjectAdapter, str]:
        """Our echo; its proxy as text."""
        adapter = communicator.createObjectAdapterWithEndpoints("Echo", endpoints)
        adapter.add(self.echo, Identity("echo"))
        await adapter.activate()
        return adapter, str(adapter.createProxy(Identity("echo")))

    def stock(self, **properties: str) -> Program:
        """Stock Ice's side."""
        return self._stock([f"--{name.replace('_', '.')}={value}" for name, value in properties.items()])

    async def stock_server(self, endpoints: str, **properties: str) -> tuple[Program, str]:
        """Stock Ice's echo, and its proxy as text."""
        program = self.stock(Peer_Endpoints=endpoints, **properties)
        return program, await program.line()

    def _stock(self, properties: list[str]) -> Program:
        program = Program("stock_peer.py", *properties)
        self.addCleanup(program.kill)
        return program

    async def call(self, communicator: Communicator, text: str, size: int = 10) -> ObjectPrx:
        """Call a stock echo from our side."""
        proxy: Any = communicator.stringToProxy(text)
        sent = encapsulated(b"x" * size)
        self.assertEqual(await proxy.ice_invoke("echo", 0, sent), (True, sent))
        called: ObjectPrx = proxy
        return called
