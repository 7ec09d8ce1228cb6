"""What a certificate lets its owner do, and what becomes of it when its name is revoked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.authority import issue, make_authority
from pushnet.gen.pushnet.join import TokensServant
from pushnet.roles.certificates import MASTERS, certificate_fault, certificate_of, masters_only, revoked_name
from pushnet.rpc.exceptions import UnknownException


@attrs.frozen
class Info:
    certs: tuple[str, ...] = ()
    verified: bool = False

    def getInfo(self) -> Info:
        return self


@attrs.frozen
class Caller:
    con: Info


class CertificatesTest(SynchronousTestCase):
    def setUp(self) -> None:
        folder = Path(self.mktemp())
        make_authority(folder, "ours", 10)
        issue(folder, "m1", ["node", "broker"], [], 5)
        issue(folder, "ann", ["operator"], [], 5)
        self.m1 = self.caller((folder / "m1.pem").read_text())
        self.ann = self.caller((folder / "ann.pem").read_text())

    def caller(self, certificate: str, *, verified: bool = True) -> Any:
        return Caller(Info((certificate,), verified))

    def test_it_is_for_its_name_and_for_its_roles(self) -> None:
        self.assertEqual(certificate_fault(self.m1, "m1", "node"), "")
        self.assertEqual(certificate_fault(self.m1, "", ("operator", "broker")), "")
        self.assertIn("not for m2", certificate_fault(self.m1, "m2", "node"))
        self.assertIn("not for operator or registry", certificate_fault(self.m1, "", MASTERS))

    def test_one_that_was_not_verified_is_none(self) -> None:
        certificate = self.m1.con.certs[0]
        for nobody in (None, Caller(Info()), self.caller(certificate, verified=False)):
            self.assertIn("is wanted", certificate_fault(nobody, "", ""))  # type: ignore[arg-type]

    def test_revoking_a_name_is_for_what_was_made_before(self) -> None:
        certificate = certificate_of(self.m1)
        assert certificate is not None
        made_s = int(certificate.not_valid_before_utc.timestamp()) + 300
        self.assertEqual(revoked_name(certificate, {"m1": made_s + 1}), "m1")
        self.assertEqual(revoked_name(certificate, {"m1": made_s - 1, "m2": made_s + 1}), "")
        self.assertIn("m1 is revoked", certificate_fault(self.m1, "m1", "node", {"m1": made_s + 1}))

    def test_what_is_for_operators_and_registries_nodes_may_not(self) -> None:
        servant = TokensServant()
        masters_only(servant, ["all"])
        operation = servant.ice_operations[b"all"]
        with self.assertRaises(UnknownException) as refused:
            operation.serve(servant, b"", 0, self.m1)
        self.assertIn("not allowed", refused.exception.reason)
        with self.assertRaises(Exception) as reached:  # there are no parameters: it was let in to read them
            operation.serve(servant, b"", 0, self.ann)
        self.assertNotIsInstance(reached.exception, UnknownException)
