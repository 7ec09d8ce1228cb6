"""Keys and certificates are read from what operators have; what does not fit together is told."""

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from OpenSSL import SSL
from twisted.trial.unittest import SynchronousTestCase

from pushnet.net.credentials import Credentials, read_credentials, tls_context
from tests.certificates import authority


class CredentialsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.authority = authority()
        self.node = self.authority.vouch("node")

    def test_from_each_kind_of_file(self) -> None:
        own, key = self.node.certificate, self.node.private_key()
        pkcs12 = serialize_key_and_certificates(
            b"node",
            self.node.key,
            self.node.chain[0],
            [self.authority.chain[0]],
            BestAvailableEncryption(b"pw"),
        )
        for given in (
            (own, key, None),
            (own + key, None, None),
            (own, self.node.private_key("pw"), b"pw"),
            (own, key, b"needless"),
            (pkcs12, None, b"pw"),
        ):
            found = read_credentials(*given)
            self.assertEqual(found.chain[0], self.node.chain[0])
            self.assertEqual(found.key.private_numbers(), self.node.key.private_numbers())

    def test_what_cannot_be_read(self) -> None:
        own, key = self.node.certificate, self.node.private_key("pw")
        for given in ((own, key, None), (own, key, b"wrong"), (own, None, None), (b"junk", None, None)):
            self.assertRaises(ValueError, read_credentials, *given)

    def test_a_context_with_a_key_that_is_not_the_certificates(self) -> None:
        mixed = Credentials(self.authority.key, tuple(self.node.chain))
        self.assertRaises(ValueError, tls_context, [mixed], [], SSL.VERIFY_NONE)
        self.assertRaises(ValueError, tls_context, [], [], SSL.VERIFY_NONE, ciphers="none such")

    def test_nothing_older_than_tls_1_2_is_spoken(self) -> None:
        def ended(version: int) -> str:
            old = SSL.Context(SSL.TLS_METHOD)
            old.set_cipher_list(b"ALL:@SECLEVEL=0")
            old.set_max_proto_version(version)
            client = SSL.Connection(old, None)
            server = SSL.Connection(
                tls_context([Credentials(self.node.key, (self.node.chain[0],))], [], SSL.VERIFY_NONE), None
            )
            client.set_connect_state()
            server.set_accept_state()
            return shake(client, server)

        self.assertEqual(ended(SSL.TLS1_2_VERSION), "TLSv1.2")
        self.assertIn("unsupported protocol", ended(SSL.TLS1_1_VERSION))

    def test_a_peer_that_wants_another_handshake_is_refused(self) -> None:
        """An asymmetric cost: asking is cheap, answering is not."""
        context = tls_context([Credentials(self.node.key, (self.node.chain[0],))], [], SSL.VERIFY_NONE)
        eager = SSL.Context(SSL.TLS_METHOD)
        eager.set_max_proto_version(SSL.TLS1_2_VERSION)
        client, server = SSL.Connection(eager, None), SSL.Connection(context, None)
        client.set_connect_state()
        server.set_accept_state()
        self.assertEqual(shake(client, server), "TLSv1.2")
        self.assertTrue(client.renegotiate())
        with self.assertRaises(SSL.WantReadError):
            client.do_handshake()
        server.bio_write(client.bio_read(65_536))
        with self.assertRaises(SSL.WantReadError):
            server.recv(1)
        client.bio_write(server.bio_read(65_536))
        with self.assertRaises(SSL.Error) as raised:
            client.do_handshake()
        self.assertIn("no renegotiation", str(raised.exception))
        self.assertEqual(server.total_renegotiations(), 0)


def shake(client: SSL.Connection, server: SSL.Connection) -> str:
    """Let both talk; the protocol they have agreed on, or the server's error."""
    for _ in range(6):
        for one, other in ((client, server), (server, client)):
            try:
                one.do_handshake()
            except SSL.WantReadError:
                pass
            except SSL.Error as error:
                if one is server:
                    return str(error)
            try:
                other.bio_write(one.bio_read(65_536))
            except SSL.WantReadError:
                continue
    return server.get_protocol_version_name()
