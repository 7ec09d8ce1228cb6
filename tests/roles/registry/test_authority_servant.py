"""A registry with the authority's key makes certificates for tokens and certificates, once for each name."""

from __future__ import annotations

from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from twisted.internet.defer import ensureDeferred

from pushnet.app.authority import request
from pushnet.gen.pushnet.event import EventFilter
from pushnet.gen.pushnet.join import CertificateRefusedException
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.certificates import signed_authority
from pushnet.grid.tokens import CONTEXT
from pushnet.roles.certificates import names_of, roles_of
from pushnet.roles.registry.authority_servant import AuthorityI
from pushnet.roles.registry.joining import Joining
from tests.roles.registry.test_joining import JoiningCase


class Shown:
    """A call that comes with a token."""

    con = None

    def __init__(self, token: str) -> None:
        self.ctx = {CONTEXT: token}


class AuthorityTest(JoiningCase):
    def setUp(self) -> None:
        super().setUp()
        service: Any = self.grid.registry
        ledger, parts = service._ledger, service.parts
        self.world = parts.world
        refused: list[str] = []
        joining = Joining(
            parts.world,
            parts.settings.cluster,
            ledger.books.papers,
            lambda adapter, address: False,
            lambda server, address: False,
            lambda who, why: refused.append(who),
        )
        self.authority = AuthorityI(parts.world, ledger, joining, "tls")
        key = ec.generate_private_key(ec.SECP256R1())
        made = signed_authority(key, "ours", self.now, 10)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self.world.storage.replace("tls/ca.pem", made.public_bytes(Encoding.PEM))
        self.world.storage.replace("tls/ca.key", private)
        self.made = made

    def issue(self, name: str, token: str, asked: str = "") -> x509.Certificate:
        current: Any = Shown(token)
        told = self.run_until(ensureDeferred(self.authority.issue(name, asked or request(name)[1], current)))
        return x509.load_pem_x509_certificate(told.encode())

    def test_a_token_gets_a_certificate_for_its_roles_once_for_a_name(self) -> None:
        token = self.token("broker", "relay")
        made = self.issue("edge-1", token)
        made.verify_directly_issued_by(self.made)
        self.assertEqual((names_of(made), roles_of(made)), (["edge-1"], ["broker", "relay"]))
        with self.assertRaises(CertificateRefusedException) as refused:
            self.issue("edge-1", token)
        self.assertIn("pushnet ca revoke edge-1", refused.exception.reason)
        self.grid.simulation.run_for(1)
        self.run_until(ensureDeferred(self.authority.revoke("edge-1")))
        self.assertIn("edge-1", self.run_until(ensureDeferred(self.authority.revoked())))
        self.issue("edge-1", token)

    def test_of_two_who_ask_for_one_name_at_once_one_gets_it(self) -> None:
        current: Any = Shown(self.token("broker"))
        both = [ensureDeferred(self.authority.issue("edge-1", request("edge-1")[1], current)) for _ in "ab"]
        outcomes: list[str] = []
        for each in both:
            each.addCallbacks(
                lambda _: outcomes.append("made"), lambda failure: outcomes.append(failure.type.__name__)
            )
        self.grid.simulation.run_for(1)
        self.assertEqual(sorted(outcomes), ["CertificateRefusedException", "made"])

    def test_nobody_gets_one_for_a_node_that_is_in(self) -> None:
        with self.assertRaises(CertificateRefusedException) as refused:
            self.issue("registry-1", self.token("registry"))
        self.assertIn("in the grid already", refused.exception.reason)

    def test_what_is_no_token_no_name_or_no_request_is_refused(self) -> None:
        token = self.token("broker")
        for name, shown, asked in (
            ("edge-1", "", ""),
            ("edge-1", "nonsense", ""),
            ("../edge", token, ""),
            ("ca", token, ""),
            ("edge-1", token, "nonsense"),
            ("edge-1", token, "x" * 20_000),
        ):
            with self.assertRaises(CertificateRefusedException):
                self.issue(name, shown, asked or request("edge-1")[1])

    def test_without_the_authoritys_key_a_registry_makes_none_and_says_so(self) -> None:
        self.world.storage.delete("tls/ca.key")
        with self.assertRaises(UnavailableException) as unable:
            self.issue("edge-1", self.token("broker"))
        self.assertIn("tls/ca.key", unable.exception.reason)
        self.grid.simulation.run_for(10.0)
        service: Any = self.grid.registry
        page = self.run_until(ensureDeferred(service._events.read(EventFilter(["certificate"]), 0, 10, 0)))
        self.assertEqual(
            [(event.kind, event.who) for event in page.events], [("certificate.refused", "edge-1")]
        )

    def test_who_waits_for_revocations_is_told_of_the_next_one_at_once(self) -> None:
        first = self.run_until(ensureDeferred(self.authority.revocations(-1, 0)))
        self.assertEqual((first.number, dict(first.names)), (0, {}))
        waiting = ensureDeferred(self.authority.revocations(0, 20_000))
        self.grid.simulation.run_for(1.0)
        self.assertFalse(waiting.called)
        self.run_until(ensureDeferred(self.authority.revoke("edge-1")))
        told = self.run_until(waiting)
        self.assertGreater(told.number, 0)
        self.assertEqual(list(told.names), ["edge-1"])
        ahead = ensureDeferred(self.authority.revocations(told.number + 1, 20_000))
        self.assertEqual(self.run_until(ahead).number, told.number)
        last = ensureDeferred(self.authority.revocations(told.number, 20_000))
        self.authority.close()
        self.assertEqual(self.run_until(last).number, told.number)
