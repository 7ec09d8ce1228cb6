"""Streams go through a proxy server that agrees, and nowhere through one that does not."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import succeed
from twisted.internet.error import DNSLookupError
from twisted.trial.unittest import SynchronousTestCase

from pushnet.net.handshakes import Dialling
from pushnet.net.proxies import HEAD_BYTES_MAX, ProxyRefused, http_layer, socks_layer
from pushnet.rpc.exceptions import ConnectFailedException, ConnectTimeoutException, InitializationException
from pushnet.rpc.info import TCPConnectionInfo
from pushnet.wire.identity import Identity
from tests.golden.calls import EverythingPrx
from tests.net.small_proxies import SmallProxy
from tests.rpc.given import EverythingI, Grid
from tests.sim.peers import Recorder

PROXY_PORT = 1080


class ProxiesTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.client = self.grid.communicator("client").world

    def proxy(self, kind: str) -> SmallProxy:
        world = self.grid.communicator("proxy").world
        proxy = SmallProxy(world, kind)
        self.grid.wait(world.server_endpoint("proxy", PROXY_PORT).listen(proxy))
        return proxy

    def dial(self, kind: str, host: str = "server") -> Any:
        if kind == "HTTP":
            layer = http_layer(host, 4000)
        else:
            layer = socks_layer(host, 4000, self.client.resolve)
        there = self.client.client_endpoint("proxy", PROXY_PORT)
        return Dialling([layer], lambda info: Recorder()).begin(there)

    def test_calls_come_through_either_kind(self) -> None:
        for kind in ("HTTP", "SOCKS"):
            self.setUp()
            proxy = self.proxy(kind)
            servant = EverythingI()
            adapter = self.grid.communicator("server").createObjectAdapterWithEndpoints(
                "A", "tcp -h server -p 4000:ws -h server -p 4001"
            )
            adapter.add(servant, Identity("object"))
            self.grid.wait(adapter.activate())
            host = f"caller-{kind}"
            self.grid.communicator(host, **{f"Ice_{kind}ProxyHost": "proxy"})
            for endpoint in ("tcp -h server -p 4000", "ws -h server -p 4001"):
                text = self.grid.proxy(host, f"object:{endpoint}")
                self.assertEqual(self.grid.wait(EverythingPrx(text.ice_reference).add(1, 2)), 3)
            self.assertEqual(len(proxy.asked), 2)
            here = self.grid.simulation.network.address_of("proxy")
            infos = [connection.getInfo() for connection in adapter.connections]
            self.assertEqual([info.remoteAddress for info in infos], [here] * 2)
            self.assertIsInstance(infos[0], TCPConnectionInfo)

    def test_what_a_proxy_is_asked(self) -> None:
        http, socks = self.proxy("HTTP"), None
        self.dial("HTTP").addErrback(lambda _: None)
        self.dial("HTTP", "2001:db8::1").addErrback(lambda _: None)
        self.grid.simulation.run_for(1)
        self.assertEqual(
            sorted(http.asked),
            [
                b"CONNECT [2001:db8::1]:4000 HTTP/1.1\r\nHost: [2001:db8::1]:4000\r\n\r\n",
                b"CONNECT server:4000 HTTP/1.1\r\nHost: server:4000\r\n\r\n",
            ],
        )
        self.setUp()
        socks = self.proxy("SOCKS")
        self.grid.communicator("server")
        self.dial("SOCKS").addErrback(lambda _: None)
        self.grid.simulation.run_for(1)
        address = self.grid.simulation.network.address_of("server")
        packed = bytes(int(part) for part in address.split("."))
        self.assertEqual(socks.asked, [b"\x04\x01\x0f\xa0" + packed + b"\0"])

    def test_a_proxy_that_does_not_agree(self) -> None:
        for kind, answer in (
            ("HTTP", b"HTTP/1.1 403 Forbidden\r\n\r\n"),
            ("HTTP", b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n"),
            ("HTTP", b"SSH-2.0-x\r\n\r\n"),
            ("HTTP", b"\r\n\r\n"),
            ("HTTP", b"x" * (HEAD_BYTES_MAX + 1)),
            ("SOCKS", b"\0\x5b" + bytes(6)),
            ("SOCKS", b"\x05\x5a" + bytes(6)),
        ):
            self.setUp()
            self.grid.communicator("server")
            self.proxy(kind).answer = answer
            with self.assertRaises(ProxyRefused):
                self.grid.wait(self.dial(kind))

    def test_what_it_says_behind_its_answer_is_the_targets(self) -> None:
        self.grid.communicator("server")
        granted = b"\0\x5a" + bytes(6)
        for kind, answer in (("HTTP", b"HTTP/1.0 200 OK\r\n\r\nhello"), ("SOCKS", granted + b"hello")):
            self.setUp()
            self.grid.communicator("server")
            self.proxy(kind).answer = answer
            peer = self.grid.wait(self.dial(kind))
            self.grid.simulation.run_for(1)
            self.assertEqual(peer.text, b"hello")

    def test_socks_needs_an_address_of_ipv4(self) -> None:
        self.proxy("SOCKS")
        with self.assertRaises(DNSLookupError):
            self.grid.wait(self.dial("SOCKS", "no-such-host"))
        layer = socks_layer("server", 4000, lambda name: succeed("::1"))
        there = self.client.client_endpoint("proxy", PROXY_PORT)
        with self.assertRaises(ProxyRefused):
            self.grid.wait(Dialling([layer], lambda info: Recorder()).begin(there))

    def test_calls_fail_with_ices_errors(self) -> None:
        refusing = self.proxy("HTTP")
        refusing.answer = b"HTTP/1.1 403 Forbidden\r\n\r\n"
        self.grid.communicator("caller", Ice_HTTPProxyHost="proxy", Ice_HTTPProxyPort=str(PROXY_PORT))
        call: Any = self.grid.proxy("caller", "object:tcp -h server -p 4000 -t 500")
        with self.assertRaises(ConnectFailedException):
            self.grid.wait(call.ice_ping())
        refusing.answer = b"HTTP/1.1 200"
        with self.assertRaises(ConnectTimeoutException):
            self.grid.wait(call.ice_ping())

    def test_socks_cannot_be_used_without_ipv4(self) -> None:
        with self.assertRaises(InitializationException):
            self.grid.communicator("caller", Ice_SOCKSProxyHost="proxy", Ice_IPv4="0")
