"""The authority makes itself once, and certificates that lead to it, for names, roles and hosts."""

from __future__ import annotations

import stat
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.authority import issue, make_authority
from pushnet.app.running import CommandError


class AuthorityTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        make_authority(self.folder, "pushnet", 10)

    def certificate(self, name: str) -> x509.Certificate:
        return x509.load_pem_x509_certificate((self.folder / name).read_bytes())

    def test_a_certificate_names_its_node_roles_and_hosts_and_leads_to_the_authority(self) -> None:
        issue(self.folder, "edge-1", ["broker", "relay"], ["edge-1.example.com", "10.0.0.1"], 5)
        made = self.certificate("edge-1.pem")
        made.verify_directly_issued_by(self.certificate("ca.pem"))
        units = made.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
        self.assertEqual([unit.value for unit in units], ["broker", "relay"])
        (name,) = made.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        self.assertEqual(name.value, "edge-1")
        others = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        self.assertEqual(others.get_values_for_type(x509.DNSName), ["edge-1.example.com"])
        self.assertFalse(made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)

    def test_keys_are_for_their_owner_only(self) -> None:
        issue(self.folder, "edge-1", ["broker"], [], 5)
        for name in ("ca.key", "edge-1.key"):
            self.assertEqual(stat.S_IMODE((self.folder / name).stat().st_mode), 0o600)

    def test_nothing_takes_the_place_of_another(self) -> None:
        before = (self.folder / "ca.pem").read_bytes()
        self.assertRaises(CommandError, make_authority, self.folder, "pushnet", 10)
        issue(self.folder, "edge-1", ["broker"], [], 5)
        self.assertRaises(CommandError, issue, self.folder, "edge-1", ["broker"], [], 5)
        self.assertEqual((self.folder / "ca.pem").read_bytes(), before)

    def test_names_that_lead_elsewhere_are_refused(self) -> None:
        for name in ("../edge", "ca", "", "a/b"):
            self.assertRaises(CommandError, issue, self.folder, name, ["broker"], [], 5)

    def test_without_an_authority_there_are_no_certificates(self) -> None:
        nowhere = Path(self.mktemp())
        error = self.assertRaises(CommandError, issue, nowhere, "edge-1", ["broker"], [], 5)
        self.assertIn("pushnet ca init", str(error))
