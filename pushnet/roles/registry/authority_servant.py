"""`PushNet/Authority`: certificates for who shows a token or a certificate, and names that are revoked.

A registry can make them when `ca.key` lies beside `ca.pem` in its folder of certificates. Which name has one
is kept, until it has run out or is revoked: by a token nobody gets a certificate for a name that another has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from pushnet.gen.pushnet.join import AuthorityServant, CertificateRefusedException, RevokedNames
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.certificates import DAYS, hosts_of, signed
from pushnet.roles.certificates import certificate_fault, certificate_of, names_of, roles_of
from pushnet.roles.registry.joining import Joining, NotAdmitted, peer_address
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.papers import HOLDER, REVOKED
from pushnet.roles.registry.waiters import Waiters
from pushnet.roles.registry.writing import NotSaved
from pushnet.rpc.stubs import Current
from pushnet.stores.registry.state import Entry, Put, StateUnavailable
from pushnet.world import World

REQUEST_CHARACTERS_MAX: Final = 16_384
DAY_S: Final = 86_400
_NAME: Final = re.compile(r"(?!ca$)[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


class AuthorityI(AuthorityServant):
    """Args: folder: of certificates."""

    def __init__(self, world: World, ledger: Ledger, joining: Joining, folder: str) -> None:
        self._world = world
        self._ledger = ledger
        self._papers = ledger.books.papers
        self._joining = joining
        self._folder = folder
        self._waiters = Waiters(world, "what is revoked")
        self._papers.followers.append(self._told)

    async def certificate(self, current: Current | None = None) -> str:
        return self._file("ca.pem").decode()

    async def issue(self, name: str, request: str, current: Current | None = None) -> str:
        try:
            roles = self._roles(name, current)
        except NotAdmitted as error:
            self._ledger.events.record("certificate.refused", name, str(error))
            raise CertificateRefusedException(str(error)) from error
        key = _key_of(request)
        try:
            authority = x509.load_pem_x509_certificate(self._file("ca.pem"))
            signer = load_pem_private_key(self._file("ca.key"), None)
        except UnavailableException as unable:
            self._ledger.events.record("certificate.refused", name, unable.reason)
            raise
        assert isinstance(signer, ec.EllipticCurvePrivateKey)
        now = self._world.wall()
        own = certificate_of(current)
        hosts = [*(hosts_of(own) if own is not None else []), name, peer_address(current)]
        made = signed(authority, signer, key, name, roles, [host for host in hosts if host], now, DAYS)
        kept = json.dumps({"until_s": int(now) + DAYS * DAY_S, "roles": roles})
        await self._write(f"{HOLDER}{name}", kept, self._papers.entry(f"{HOLDER}{name}"))
        self._ledger.events.record("certificate.issued", name, f"for {', '.join(roles)}")
        return made.public_bytes(Encoding.PEM).decode()

    async def revoke(self, name: str, current: Current | None = None) -> None:
        if not _NAME.fullmatch(name):
            raise CertificateRefusedException(f"{name!r} is no name for a node")
        key = f"{REVOKED}{name}"
        await self._write(key, str(int(self._world.wall())), self._papers.entry(key))
        self._ledger.events.record("certificate.revoked", name, "")

    async def revoked(self, current: Current | None = None) -> dict[str, int]:
        return self._joining.revoked()

    async def revocations(self, known: int, waitMs: int, current: Current | None = None) -> RevokedNames:
        if known > self._number():
            try:
                await self._ledger.catch_up()  # the caller knows of a change that has not been told here
            except StateUnavailable as unable:
                raise UnavailableException(str(unable)) from unable
        if known == self._number() and waitMs > 0:
            await self._waiters.wait(waitMs)
        return RevokedNames(self._number(), self._joining.revoked())

    def close(self) -> None:
        """Answer all who wait with what there is."""
        self._waiters.answer()

    def _number(self) -> int:
        return self._joining.revocations()[0]

    def _told(self, key: str) -> None:
        if key.startswith(REVOKED):
            self._waiters.answer()

    def _roles(self, name: str, current: Current | None) -> list[str]:
        """What the caller may have a certificate for. Raises `NotAdmitted`."""
        if not _NAME.fullmatch(name):
            raise NotAdmitted(f"{name!r} is no name for a node")
        own = certificate_of(current)
        if own is not None:
            wrong = certificate_fault(current, name, "", self._joining.revoked())
            if not wrong:
                return roles_of(own)
            raise NotAdmitted(f"{wrong}; who has a certificate gets one for its own name ({names_of(own)})")
        roles = self._joining.roles_by_token(current, name)
        holder = self._papers.value(f"{HOLDER}{name}")
        revoked_s = self._joining.revoked().get(name, -1)
        if name in self._ledger.books.nodes:
            raise NotAdmitted(f"{name} is in the grid already")
        if holder and json.loads(holder)["until_s"] > self._world.wall():
            entry = json.loads(holder)
            if revoked_s < entry["until_s"] - DAYS * DAY_S:
                raise NotAdmitted(f"{name} has a certificate; `pushnet ca revoke {name}` first")
        return roles

    def _file(self, name: str) -> bytes:
        try:
            return self._world.read_file(f"{self._folder.rstrip('/')}/{name}")
        except OSError as error:
            raise UnavailableException(
                f"this registry makes no certificates: {self._folder}/{name}: {error.strerror}"
            ) from error

    async def _write(self, key: str, value: str, before: Entry | None) -> None:
        """Unless somebody else was faster: of two who ask for one name at once, one gets it."""

        def decide() -> Sequence[Put]:
            if self._papers.entry(key) != before:
                raise CertificateRefusedException(f"{key} was written just now by somebody else; look again")
            return [Put(key, value)]

        try:
            await self._ledger.submit(decide, [key])
        except NotSaved as unable:
            raise UnavailableException(str(unable)) from unable


def _key_of(request: str) -> ec.EllipticCurvePublicKey:
    """Raises `CertificateRefusedException`."""
    if len(request) > REQUEST_CHARACTERS_MAX:
        raise CertificateRefusedException("the request is too long")
    try:
        asked = x509.load_pem_x509_csr(request.encode())
        sound = asked.is_signature_valid
        key = asked.public_key()
    except ValueError as error:
        raise CertificateRefusedException(f"that is no request for a certificate: {error}") from error
    if not sound or not isinstance(key, ec.EllipticCurvePublicKey):
        raise CertificateRefusedException("the request must be signed by its own key, of an elliptic curve")
    return key
