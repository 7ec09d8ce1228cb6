"""Certificates: made, kept, and refused when they cannot be used."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address

from cryptography import x509
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.gateway.certificate import (
    CERTIFICATE_FILE,
    KEY_FILE,
    CertificateError,
    KeyPair,
    kept_or_made,
    make_pair,
    tls_options,
)
from pushnet.sim import Simulation

NOW_S = 1_800_000_000.0


class CertificateTests(SynchronousTestCase):
    def setUp(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        self.storage = simulation.host("gateway").boot().storage

    def test_a_made_certificate_names_its_hosts_and_is_good_now(self) -> None:
        pair = make_pair(["push.example.com", "10.0.0.1"], NOW_S)
        (certificate,) = x509.load_pem_x509_certificates(pair.certificate)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        self.assertEqual(names.get_values_for_type(x509.DNSName), ["localhost", "push.example.com"])
        self.assertEqual(
            names.get_values_for_type(x509.IPAddress), [ip_address("127.0.0.1"), ip_address("10.0.0.1")]
        )
        now = datetime.fromtimestamp(NOW_S, UTC)
        self.assertTrue(certificate.not_valid_before_utc < now < certificate.not_valid_after_utc)

    def test_it_is_made_once_and_kept(self) -> None:
        first = kept_or_made(self.storage, ["localhost"], NOW_S)
        self.assertEqual(kept_or_made(self.storage, ["elsewhere"], NOW_S + 1), first)
        self.assertEqual(self.storage.names("gateway."), [CERTIFICATE_FILE, KEY_FILE])

    def test_half_a_pair_is_made_anew(self) -> None:
        kept_or_made(self.storage, [], NOW_S)
        self.storage.delete(CERTIFICATE_FILE)
        tls_options(kept_or_made(self.storage, [], NOW_S))

    def test_the_key_is_not_shown(self) -> None:
        self.assertNotIn("PRIVATE KEY", repr(make_pair([], NOW_S)))

    def test_what_cannot_be_used_is_told(self) -> None:
        one, other = make_pair([], NOW_S), make_pair([], NOW_S)
        for pair in (KeyPair(b"", b""), KeyPair(b"rubbish", one.key), KeyPair(one.certificate, b"rubbish")):
            self.assertRaises(CertificateError, tls_options, pair)
        self.assertRaises(CertificateError, tls_options, KeyPair(one.certificate, other.key))
