"""TLS stands under any protocol: bytes go both ways, the peer is looked at first, and the end is orderly."""

from __future__ import annotations

from typing import Any

from cryptography import x509
from OpenSSL import SSL
from twisted.trial.unittest import SynchronousTestCase

from pushnet.net.credentials import Credentials, tls_context
from pushnet.net.handshakes import Accepting, Dialling, StreamInfo
from pushnet.net.tls import SecurityException, tls_layer
from pushnet.sim import Simulation
from tests.certificates import Identity, authority
from tests.net.test_websockets import Peer

PORT = 7000
VERIFY = SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT


class TlsTest(SynchronousTestCase):
    root = authority()
    server_identity = root.vouch("server")
    client_identity = root.vouch("client")

    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.servers: list[Peer] = []
        self.refused: list[Exception] = []
        self.objection = ""
        self.seen: list[str] = []
        self.s = self.simulation.host("s").boot()
        self.c = self.simulation.host("c").boot()
        layer = tls_layer(lambda: self.context(self.server_identity), self.check, self.s.clock, client=False)
        factory = Accepting(
            self.s.call_later, [layer], self._serve, lambda address, error: self.refused.append(error)
        )
        self.simulation.run_until(self.s.server_endpoint("", PORT).listen(factory))

    def _serve(self, info: StreamInfo) -> Peer:
        self.servers.append(Peer(info))
        return self.servers[-1]

    def context(self, identity: Identity) -> SSL.Context:
        credentials = Credentials(identity.key, (identity.chain[0],))
        return tls_context([credentials], [self.root.chain[0]], VERIFY)

    def check(self, connection: SSL.Connection, chain: tuple[x509.Certificate, ...]) -> str:
        self.seen.append(chain[0].subject.rfc4514_string())
        return self.objection

    def dial(self) -> Any:
        layer = tls_layer(
            lambda: self.context(self.client_identity), lambda *_: "", self.c.clock, client=True
        )
        dialling = Dialling([layer], Peer).begin(self.c.client_endpoint("s", PORT))
        return self.simulation.run_until(dialling)

    def test_bytes_go_both_ways_and_closing_comes_after_them(self) -> None:
        client = self.dial()
        client.transport.write(b"to you")
        self.simulation.run_for(1)
        server = self.servers[0]
        server.transport.write(bytes(100_000))
        server.transport.loseConnection()
        self.simulation.run_for(1)
        self.assertEqual((server.text, client.text), (b"to you", bytes(100_000)))
        self.assertEqual((client.ended, server.ended), ("ConnectionDone", "ConnectionDone"))

    def test_nothing_of_what_is_said_can_be_read_on_the_way(self) -> None:
        client = self.dial()
        heard: list[bytes] = []
        below = client.transport.transport
        write = below.write
        below.write = lambda data: (heard.append(data), write(data))
        client.transport.write(b"a secret" * 100)
        self.simulation.run_for(1)
        self.assertEqual(self.servers[0].text, b"a secret" * 100)
        self.assertTrue(heard)
        self.assertNotIn(b"a secret", b"".join(heard))

    def test_the_peer_is_looked_at_before_the_user_is_let_in(self) -> None:
        self.objection = "not you"
        client = self.dial()
        self.simulation.run_for(1)
        self.assertIn("CN=client", self.seen[0])
        self.assertEqual((self.servers, [str(error) for error in self.refused]), ([], ["not you"]))
        self.assertTrue(client.ended)

    def test_a_certificate_that_cannot_be_verified_is_told_in_words(self) -> None:
        self.client_identity = authority("Stranger").vouch("client")
        client = self.dial()
        self.simulation.run_for(1)
        (error,) = self.refused
        self.assertIsInstance(error, SecurityException)
        self.assertIn("certificate verify failed", str(error))
        self.assertTrue(client.ended)
