"""TLS as Ice's properties say it: who is let in, who is turned away, and what is told of the peer."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from twisted.internet.protocol import Factory
from twisted.trial.unittest import SynchronousTestCase

from pushnet.net.handshakes import HANDSHAKE_S
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import (
    ConnectFailedException,
    ConnectionLostException,
    ConnectTimeoutException,
    FeatureNotSupportedException,
    InitializationException,
    LocalException,
    NoEndpointException,
    SecurityException,
)
from pushnet.rpc.security import PeerCertificates
from pushnet.wire.identity import Identity
from tests.certificates import authority
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid
from tests.sim.peers import Recorder

TURNED_AWAY = (SecurityException, ConnectionLostException, ConnectFailedException)
PROXY = "object:ssl -h server -p 4000"


class SecurityTest(SynchronousTestCase):
    root = authority()
    stranger = authority("Stranger")
    middle = root.vouch("Middle", authority=True)
    files = {
        "root.pem": root.certificate,
        "stranger.pem": stranger.certificate,
        "server.pem": (server := root.vouch("server", ["server"])).certificate,
        "server.key": server.private_key("secret"),
        "client.pem": (client := root.vouch("client")).certificate + client.private_key(),
        "other.pem": (other := stranger.vouch("client")).certificate + other.private_key(),
        "far.pem": (far := middle.vouch("client")).certificate + far.private_key(),
        "common.pem": (common := root.vouch("Server")).certificate + common.private_key(),
        "elsewhere.pem": (elsewhere := root.vouch("server", ["else.where"])).certificate
        + elsewhere.private_key(),
        "rsa.pem": (rsa := root.vouch("server", ["server"], rsa_key=True)).certificate + rsa.private_key(),
        "chain.p12": serialize_key_and_certificates(
            b"far", far.key, far.chain[0], [middle.chain[0]], BestAvailableEncryption(b"secret")
        ),
        "revoked.crl": root.revoked(client),
        "none.crl": root.revoked(),
        "middle.crl": root.revoked(middle),
        "far.crl": middle.revoked() + root.revoked(),
    }
    server_side = {"CAs": "root.pem", "CertFile": "server.pem", "KeyFile": "server.key", "Password": "secret"}
    client_side = {"CAs": "root.pem", "CertFile": "client.pem"}

    def setUp(self) -> None:
        self.grid = Grid(self)

    def communicator(self, host: str, properties: dict[str, str]) -> Communicator:
        world = self.grid.simulation.host(host).boot()
        for name, data in self.files.items():
            world.storage.replace(f"certs/{name}", data)
        named = {f"IceSSL.{name}": value for name, value in properties.items()}
        self.grid.communicators[host] = Communicator(world, {"IceSSL.DefaultDir": "/certs", **named})
        return self.grid.communicators[host]

    def serve(self, endpoints: str = "ssl -h server -p 4000", **properties: str) -> EverythingI:
        communicator = self.communicator("server", {**self.server_side, **properties})
        self.adapter = communicator.createObjectAdapterWithEndpoints("A", endpoints)
        servant = EverythingI()
        self.adapter.add(servant, Identity("object"))
        self.grid.wait(self.adapter.activate())
        return servant

    def call(self, text: str = PROXY, **properties: str) -> EverythingPrx:
        if "client" not in self.grid.communicators:
            self.communicator("client", {**self.client_side, **properties})
        proxy = EverythingPrx(self.grid.proxy("client", text).ice_reference)
        self.assertEqual(self.grid.wait(proxy.add(1, 2)), 3)
        return proxy

    def turned_away(self, **properties: str) -> LocalException:
        error = self.assertRaises(TURNED_AWAY, self.call, **properties)
        self.grid.simulation.run_for(1)
        self.assertEqual(self.adapter.connections, [])
        return error

    def test_both_sides_show_who_they_are(self) -> None:
        servant = self.serve()
        proxy = self.call()
        outgoing = self.grid.wait(proxy.ice_getConnection()).getInfo()
        incoming = self.adapter.connections[0].getInfo()
        self.assertEqual((outgoing.verified, incoming.verified), (True, True))
        self.assertEqual(outgoing.cipher, incoming.cipher)
        self.assertIn("GCM", outgoing.cipher)
        for info, name in ((outgoing, "server.pem"), (incoming, "client.pem")):
            self.assertEqual(len(info.certs), 2)
            self.assertTrue(self.files[name].startswith(info.certs[0].encode()))
        self.grid.wait(self.adapter.deactivate())
        self.assertEqual(servant.called, ["add"])

    def test_certificates_that_are_read_again_are_shown_on_new_connections_in_both_directions(self) -> None:
        self.serve()
        first = self.call()
        server, client = self.grid.communicators["server"], self.grid.communicators["client"]
        renewed = self.root.vouch("server", ["server"])
        common = self.files["common.pem"]
        self.grid.simulation.host("server").disk.replace("certs/server.pem", renewed.certificate)
        self.grid.simulation.host("server").disk.replace("certs/server.key", renewed.private_key("secret"))
        self.grid.simulation.host("client").disk.replace("certs/client.pem", common)
        server.reread_certificates()
        client.reread_certificates()
        self.assertEqual(self.grid.wait(first.add(1, 2)), 3)
        second = first.ice_connectionId("second")
        self.assertEqual(self.grid.wait(second.add(1, 2)), 3)
        outgoing = self.grid.wait(second.ice_getConnection()).getInfo()
        self.assertEqual(outgoing.certs[0].encode(), renewed.certificate)
        shown = [each.getInfo().certs[0].encode() for each in self.adapter.connections]
        self.assertTrue(self.files["client.pem"].startswith(shown[0]))
        self.assertTrue(common.startswith(shown[1]))
        self.grid.wait(self.adapter.deactivate())

    def test_files_that_cannot_be_used_change_nothing(self) -> None:
        self.serve()
        self.grid.simulation.host("server").disk.replace("certs/server.pem", b"half of")
        self.assertRaises(InitializationException, self.grid.communicators["server"].reread_certificates)
        self.call()
        self.grid.wait(self.adapter.deactivate())

    def test_who_is_turned_away_is_cut_off_and_comes_no_more_in_either_direction(self) -> None:
        self.serve()
        for host, name in (("server", "client"), ("client", "server")):
            proxy = self.call()
            self.assertEqual(self.grid.communicators[host].turn_away(lambda _: ""), [])
            self.assertEqual(self.grid.wait(proxy.add(1, 2)), 3)
            told = self.grid.communicators[host].turn_away(
                lambda certificate, name=name: (
                    f"not {name}" if name in certificate.subject.rfc4514_string() else ""
                )
            )
            self.assertEqual(len(told), 1)
            self.assertIn(f"not {name}", told[0])
            self.turned_away()
            self.grid.communicators[host].turn_away(lambda _: "")
        self.call()
        self.grid.wait(self.adapter.deactivate())

    def test_websocket_over_tls(self) -> None:
        self.serve("wss -h server -p 4000")
        proxy = self.call("object:wss -h server -p 4000")
        info = self.grid.wait(proxy.ice_getConnection()).getInfo()
        self.assertTrue(info.verified and info.cipher and info.headers)
        self.grid.wait(self.adapter.deactivate())

    def test_a_client_without_a_certificate(self) -> None:
        self.serve()
        self.turned_away(CertFile="")

    def test_a_client_without_a_certificate_where_none_is_needed(self) -> None:
        for verify in ("0", "1"):
            self.setUp()
            self.serve(VerifyPeer=verify)
            self.call(CertFile="")
            self.assertFalse(self.adapter.connections[0].getInfo().verified)

    def test_a_client_whom_nobody_we_trust_vouches_for(self) -> None:
        for verify in ("1", "2"):
            self.setUp()
            self.serve(VerifyPeer=verify)
            self.turned_away(CertFile="other.pem")

    def test_a_server_whom_nobody_we_trust_vouches_for(self) -> None:
        self.serve()
        error = self.turned_away(CAs="stranger.pem")
        self.assertIsInstance(error, SecurityException)
        self.assertIn("certificate verify failed", str(error))

    def test_a_client_that_does_not_care(self) -> None:
        self.serve()
        proxy = self.call(CAs="stranger.pem", VerifyPeer="0")
        info = self.grid.wait(proxy.ice_getConnection()).getInfo()
        self.assertEqual((info.verified, len(info.certs)), (False, 2))

    def test_the_name_in_the_servers_certificate_is_compared_when_asked(self) -> None:
        self.serve("ssl -h server -p 4000:ssl -p 4001")
        self.call(CheckCertName="1")
        with self.assertRaises(SecurityException):
            self.call("object:ssl -h 10.0.0.1 -p 4001")

    def test_a_certificate_without_alternative_names_may_have_a_common_name(self) -> None:
        for certificate, good in (("common.pem", True), ("elsewhere.pem", False)):
            self.setUp()
            self.serve(CertFile=certificate, KeyFile="")
            if good:
                self.call(CheckCertName="1")
            else:
                self.assertIn("not for server", str(self.turned_away(CheckCertName="1")))

    def test_a_server_may_be_told_by_which_name_it_is_called(self) -> None:
        names: list[bytes | None] = []
        self.serve()
        context: Any = self.grid.communicator("server").transports.security._server
        context.set_tlsext_servername_callback(lambda connection: names.append(connection.get_servername()))
        self.call(CheckCertName="2")
        self.communicator("other", {**self.client_side, "CheckCertName": "1"})
        self.grid.wait(self.grid.proxy("other", PROXY).ice_ping())
        self.assertEqual([name for name in names if name], [b"server"])

    def test_keys_of_several_kinds_and_the_clients_wishes_decide(self) -> None:
        self.serve(CertFile="server.pem:rsa.pem", KeyFile="server.key:rsa.pem")
        for kind, file in (("ECDSA", "server.pem"), ("RSA", "rsa.pem")):
            wishes = {"Ciphers": f"ECDHE-{kind}-AES128-GCM-SHA256", "Protocols": "TLS1_2"}
            self.communicator(kind, {**self.client_side, **wishes})
            info = self.grid.wait(self.grid.proxy(kind, PROXY).ice_getConnection()).getInfo()
            self.assertIn(info.certs[0].encode(), self.files[file])

    def test_a_chain_in_pkcs_12(self) -> None:
        self.serve()
        self.call(CertFile="chain.p12", Password="secret")
        info = self.adapter.connections[0].getInfo()
        self.assertEqual((len(info.certs), info.verified), (3, True))

    def test_certificates_that_were_revoked(self) -> None:
        lists = "CertificateRevocationListFiles"
        for check, files, certificate, good in (
            ("0", "revoked.crl", "client.pem", True),
            ("1", "revoked.crl", "client.pem", False),
            ("1", "none.crl", "client.pem", True),
            ("1", "", "client.pem", False),
            ("1", "far.crl", "far.pem", True),
            ("2", "far.crl", "far.pem", True),
            ("2", "middle.crl:far.crl", "far.pem", False),
        ):
            self.setUp()
            self.serve(RevocationCheck=check, **{lists: files})
            if good:
                self.call(CertFile=certificate)
            else:
                self.turned_away(CertFile=certificate)

    def test_a_program_may_have_the_last_word_on_either_side(self) -> None:
        asked: list[PeerCertificates] = []

        def ask(peer: PeerCertificates) -> bool:
            asked.append(peer)
            return bool(peer.chain) and len(asked) < 3

        self.serve()
        self.communicator("client", self.client_side)
        for host in ("server", "client"):
            self.grid.communicator(host).transports.security.verifier = ask
        self.call()
        self.assertEqual(
            sorted((peer.incoming, peer.adapterName, peer.host) for peer in asked),
            [(False, "", "server"), (True, "A", "")],
        )
        with self.assertRaises(TURNED_AWAY):
            self.grid.wait(self.grid.proxy("client", PROXY).ice_connectionId("other").ice_ping())

    def test_a_chain_that_is_too_long(self) -> None:
        self.serve(VerifyDepthMax="2")
        self.turned_away(CertFile="far.pem")
        self.setUp()
        self.serve()
        self.call(CertFile="far.pem")

    def test_only_who_is_trusted_by_name(self) -> None:
        self.serve(**{"TrustOnly.Server": "CN=client"})
        self.call(**{"TrustOnly.Client": "CN=server;CN=other"})
        for server, client in (
            ({"TrustOnly": "CN=other"}, {}),
            ({"TrustOnly.Server.A": "!CN=client"}, {}),
            ({}, {"TrustOnly.Client": "CN=other"}),
        ):
            self.setUp()
            self.serve(**server)
            self.turned_away(**client)

    def test_who_is_turned_away_is_counted(self) -> None:
        self.serve(TrustOnly="CN=other")
        self.turned_away()
        self.assertGreater(self.grid.communicator("server").counters.refused_peers, 0)

    def test_a_peer_that_says_nothing_or_nonsense_is_cut(self) -> None:
        self.serve()
        world = self.communicator("client", {}).world
        peers: list[Any] = []
        for sent in (b"", b"\x16", b"GET / HTTP/1.1\r\n\r\n"):
            peer = self.grid.wait(
                world.client_endpoint("server", 4000).connect(Factory.forProtocol(Recorder))
            )
            peer.transport.write(sent)
            peers.append(peer)
        self.grid.simulation.run_for(HANDSHAKE_S + 1)
        self.assertTrue(all(peer.ended for peer in peers))
        self.assertEqual(self.grid.communicator("server").counters.refused_peers, 3)

    def test_a_handshake_may_take_as_long_as_the_property_says(self) -> None:
        world = self.communicator("client", {}).world
        server = self.communicator("server", self.server_side)
        server.properties.setProperty("Ice.Connection.Server.ConnectTimeout", "2")
        adapter = server.createObjectAdapterWithEndpoints("A", "ssl -h server -p 4000")
        self.grid.wait(adapter.activate())
        peer: Any = self.grid.wait(
            world.client_endpoint("server", 4000).connect(Factory.forProtocol(Recorder))
        )
        self.grid.simulation.run_for(1.5)
        self.assertFalse(peer.ended)
        self.grid.simulation.run_for(1.0)
        self.assertTrue(peer.ended)

    def test_a_server_that_never_answers_is_given_up_in_the_endpoints_time(self) -> None:
        world = self.communicator("server", {}).world
        self.grid.wait(world.server_endpoint("", 4000).listen(Factory.forProtocol(Recorder)))
        with self.assertRaises(ConnectTimeoutException):
            self.call(f"{PROXY} -t 1000")

    def test_without_a_property_of_it_there_is_no_ssl(self) -> None:
        plain = self.grid.communicator("plain")
        with self.assertRaises(FeatureNotSupportedException):
            plain.createObjectAdapterWithEndpoints("A", "ssl -h plain -p 1")
        with self.assertRaises(NoEndpointException):
            self.grid.wait(self.grid.proxy("plain", PROXY).ice_ping())

    def test_properties_that_cannot_be_are_told_at_once(self) -> None:
        wrong: list[dict[str, str]] = [
            {"VerifyPeer": "3"},
            {"CertFile": "missing.pem"},
            {"CertFile": "server.pem", "KeyFile": "server.key", "Password": "wrong"},
            {"CertFile": "server.pem", "KeyFile": "client.pem"},
            {"CAs": "server.key"},
            {"Protocols": "TLS1_1"},
            {"Protocols": "TLS9"},
            {"Ciphers": "none such"},
            {"TrustOnly": "nobody"},
            {"CertFile": "server.pem:rsa.pem", "KeyFile": "server.key"},
            {"RevocationCheck": "1", "CertificateRevocationListFiles": "server.pem"},
            {"RevocationCheck": "1", "CertificateRevocationListFiles": "missing.crl"},
        ]
        for number, properties in enumerate(wrong):
            self.assertRaises(InitializationException, self.communicator, f"client{number}", properties)

    def test_old_protocols_beside_new_ones_are_left_out(self) -> None:
        self.serve(Protocols="TLS1_0, TLS1_1, TLS1_2")
        self.call(Protocols="tls1_2 tls1_3")
