"""Certificates say for whom, for what, where and until when; nothing but what is told decides."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.certificates import CLOCKS_S, fingerprint, hosts_of, request_for, signed, signed_authority

NOW = 1_700_000_000


class CertificatesTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.signer = ec.generate_private_key(ec.SECP256R1())
        self.authority = signed_authority(self.signer, "ours", NOW, 10)

    def test_one_leads_to_the_authority_and_lasts_as_long_as_it_says(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1()).public_key()
        made = signed(self.authority, self.signer, key, "m1", ["node"], ["m1", "10.0.0.1", "m1"], NOW, 5)
        made.verify_directly_issued_by(self.authority)
        self.assertEqual(made.not_valid_before_utc.timestamp(), NOW - CLOCKS_S)
        self.assertEqual(made.not_valid_after_utc.timestamp(), NOW + 5 * 86_400)
        others = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        self.assertEqual(others.get_values_for_type(x509.DNSName), ["m1"])
        self.assertFalse(made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)

    def test_a_request_is_for_a_key_and_signed_by_it(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        asked = x509.load_pem_x509_csr(request_for("m1", key).encode())
        self.assertTrue(asked.is_signature_valid)
        self.assertEqual(asked.public_key(), key.public_key())

    def test_the_hosts_that_it_is_for_can_be_told(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1()).public_key()
        made = signed(self.authority, self.signer, key, "m1", ["node"], ["m1", "10.0.0.1"], NOW, 5)
        self.assertEqual(hosts_of(made), ["m1", "10.0.0.1"])
        self.assertEqual(hosts_of(self.authority), [])

    def test_a_fingerprint_is_of_one_certificate_only(self) -> None:
        other = signed_authority(self.signer, "ours", NOW + 1, 10)
        first, second = (fingerprint(each.public_bytes(Encoding.PEM)) for each in (self.authority, other))
        self.assertNotEqual(first, second)
        self.assertEqual(len(first), 43)
        self.assertNotIn(".", first)
        self.assertRaises(ValueError, fingerprint, b"nonsense")
