"""A node's certificate is renewed by the node itself, when two thirds of its time are over.

It looks at the file once a minute. A certificate that somebody else has put there (a person, the process
before or after this one) is taken for new connections; one that is due is renewed: a registry that makes
certificates makes another for the same key, name and roles, to who shows the present one. Only the file of
the certificate changes, in one step, so the two never fail to fit. Connections that are there go on.

What cannot be renewed is tried again, with growing pauses, for as long as it takes; the node says so in its
log, and by a reading that `pushnet doctor` looks at.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import deferLater
from twisted.logger import Logger

from pushnet.gen.pushnet.join import AuthorityPrx, CertificateRefusedException
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.certificates import request_for
from pushnet.grid.settings import Settings
from pushnet.roles.certificates import names_of, roles_of
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import InitializationException, LocalException
from pushnet.world import World

DUE_PART: Final = 1 / 3
"""Of a certificate's time, left when it is renewed."""
JITTER_PART: Final = 1 / 20
"""So much earlier at most: certificates that were made together are not renewed together."""
LOOK_S: Final = 60.0
FIRST_LOOK_S: Final = (1.0, 10.0)
PAUSE_MAX_S: Final = 3600.0
ANSWER_LIMIT_MS: Final = 10_000
DAYS_LEFT: Final = "certificate_days"
FAILED: Final = "certificate_renewals_failed"
"""The readings that a node tells: days left, and renewals that have failed since the last that did not."""
DAY_S: Final = 86_400.0
Ask = Callable[[str], Awaitable[str]]
"""Gets a certificate in PEM for a request."""

_log = Logger(namespace="pushnet.certificates")


class NotRenewed(Exception):
    """The text says why."""


class Renewing:
    """One node's certificate.

    Args:
        folder: where `NAME.pem`, `NAME.key` and `ca.pem` are.
        ask: a registry that makes certificates.
        reread: has new connections take the file as it is now; raises `InitializationException`.
    """

    def __init__(self, world: World, folder: str, name: str, ask: Ask, reread: Callable[[], object]) -> None:
        self._world = world
        self._path = f"{folder.rstrip('/')}/"
        self._name = name
        self._ask = ask
        self._reread = reread
        self._rng = world.rng("certificates")
        self._early_part = self._rng.uniform(0.0, JITTER_PART)
        self._failed = 0
        self._warned = ""
        self._again_at = 0.0
        """Before that no registry is asked again."""
        self._used = self._file(f"{name}.pem")
        self._keeping: Deferred[None] | None = None

    def start(self) -> None:
        self._keeping = Deferred.fromCoroutine(self._keep())
        self._world.background("keeping the certificate", self._keeping)

    def stop(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            self._keeping = None

    def readings(self) -> dict[str, float]:
        """What the node tells of it."""
        ends_s = x509.load_pem_x509_certificate(self._used).not_valid_after_utc.timestamp()
        return {DAYS_LEFT: (ends_s - self._world.wall()) / DAY_S, FAILED: float(self._failed)}

    async def _keep(self) -> None:
        try:
            await deferLater(self._world.clock, self._rng.uniform(*FIRST_LOOK_S))
            while True:
                try:
                    await self._look()
                except NotRenewed as error:
                    self._failed += 1
                    pause_s = min(LOOK_S * 2 ** min(self._failed, 10), PAUSE_MAX_S)
                    self._again_at = self._world.monotonic() + pause_s * self._rng.uniform(0.75, 1.0)
                    self._warn(str(error))
                await deferLater(self._world.clock, LOOK_S * self._rng.uniform(0.75, 1.0))
        except CancelledError:
            return

    def _warn(self, why: str) -> None:
        """Once for each reason: it is looked once a minute."""
        if why != self._warned:
            self._warned = why
            left = f"{self.readings()[DAYS_LEFT]:.1f} days are left"
            _log.warn("the certificate is not renewed, {left}: {error}", left=left, error=why)

    async def _look(self) -> None:
        """Take what is there; renew it when it is due. Raises `NotRenewed`."""
        try:
            found = await self._world.run_blocking(self._file, f"{self._name}.pem")
            certificate = x509.load_pem_x509_certificate(found)
        except (OSError, ValueError) as error:
            raise NotRenewed(f"{self._path}{self._name}.pem: {error}") from error
        if found != self._used:
            self._take(found)
        if self._is_due(certificate):
            if self._world.monotonic() < self._again_at:
                return
            await self._renew(certificate)
        self._failed = 0
        self._warned = ""

    def _is_due(self, certificate: x509.Certificate) -> bool:
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        left_s = ends.timestamp() - self._world.wall()
        return left_s <= (ends - begins).total_seconds() * (DUE_PART + self._early_part)

    async def _renew(self, present: x509.Certificate) -> None:
        key = await self._key()
        told = (await self._ask(request_for(self._name, key))).encode()
        self._examine(told, present, key)
        try:
            await self._world.run_blocking(self._world.replace_file, f"{self._path}{self._name}.pem", told)
        except OSError as error:
            raise NotRenewed(f"{self._path}{self._name}.pem cannot be written: {error.strerror}") from error
        self._take(told)

    async def _key(self) -> ec.EllipticCurvePrivateKey:
        try:
            text = await self._world.run_blocking(self._file, f"{self._name}.key")
            key = load_pem_private_key(text, None)
        except (OSError, ValueError, TypeError) as error:
            raise NotRenewed(f"{self._path}{self._name}.key: {error}") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise NotRenewed(f"{self._path}{self._name}.key is no key of an elliptic curve")
        return key

    def _examine(self, told: bytes, present: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        """Whoever answered has made what was asked for. Raises `NotRenewed`."""
        try:
            made = x509.load_pem_x509_certificate(told)
            made.verify_directly_issued_by(x509.load_pem_x509_certificate(self._file("ca.pem")))
        except (OSError, ValueError, TypeError, InvalidSignature) as error:
            raise NotRenewed(f"what was made is not of this authority: {error!r}") from error
        same = made.public_key() == key.public_key() and names_of(made) == names_of(present)
        if not same or roles_of(made) != roles_of(present) or self._is_due(made):
            raise NotRenewed("what was made is for another key, name or roles, or ends too soon")

    def _take(self, text: bytes) -> None:
        """Raises `NotRenewed`."""
        try:
            self._reread()
        except InitializationException as error:
            raise NotRenewed(f"the new certificate cannot be used: {error.reason}") from error
        self._used = text
        until = x509.load_pem_x509_certificate(text).not_valid_after_utc
        _log.info("new connections show the certificate that ends {until}", until=f"{until:%Y-%m-%d %H:%M}Z")

    def _file(self, name: str) -> bytes:
        return self._world.read_file(f"{self._path}{name}")


def asking_registries(communicator: Communicator, settings: Settings, name: str) -> Ask:
    """Asks one registry after the other: not all make certificates."""

    async def ask(request: str) -> str:
        heard: list[str] = []
        for door in settings.doors:
            authority = AuthorityPrx.uncheckedCast(communicator.stringToProxy(f"PushNet/Authority:{door}"))
            assert authority is not None
            try:
                return await authority.ice_invocationTimeout(ANSWER_LIMIT_MS).issue(name, request)
            except CancelledError:
                raise
            except (CertificateRefusedException, UnavailableException) as error:
                heard.append(f"{door}: {error.reason}")
            except LocalException as error:
                heard.append(f"{door}: {type(error).__name__} {error}".rstrip())
        raise NotRenewed("; ".join(heard))

    return ask


def renewing(world: World, communicator: Communicator, settings: Settings, name: str) -> Renewing:
    """Of a node whose communicator shows the certificate of that name."""
    ask = asking_registries(communicator, settings, name)
    return Renewing(world, settings.cluster.tls, name, ask, communicator.reread_certificates)
