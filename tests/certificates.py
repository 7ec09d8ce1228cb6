"""Certificates for tests: an authority of one's own, and whoever it vouches for, valid for a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Identity:
    """A key and its certificate, and those of who vouches for it."""

    def __init__(self, key: Key, chain: list[x509.Certificate]) -> None:
        self.key = key
        self.chain = chain

    @property
    def certificate(self) -> bytes:
        """Its own, and those between it and the root."""
        return b"".join(each.public_bytes(Encoding.PEM) for each in self.chain[: max(1, len(self.chain) - 1)])

    def private_key(self, password: str = "") -> bytes:
        encryption = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)

    def vouch(
        self, name: str, hosts: Sequence[str] = (), authority: bool = False, rsa_key: bool = False
    ) -> Identity:
        """An identity this one vouches for."""
        return _identity(name, hosts, authority, self, rsa_key)

    def revoked(self, *others: Identity) -> bytes:
        """The list of those it does not vouch for any more."""
        now = datetime.now(UTC)
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.chain[0].subject)
        builder = builder.last_update(now - timedelta(hours=1)).next_update(now + timedelta(days=1))
        for other in others:
            one = x509.RevokedCertificateBuilder().serial_number(other.chain[0].serial_number)
            builder = builder.add_revoked_certificate(one.revocation_date(now - timedelta(minutes=1)).build())
        return builder.sign(self.key, SHA256()).public_bytes(Encoding.PEM)


def authority(name: str = "Test CA") -> Identity:
    return _identity(name, (), True, None)


def _identity(
    name: str, hosts: Sequence[str], is_authority: bool, issuer: Identity | None, rsa_key: bool = False
) -> Identity:
    key: Key = ec.generate_private_key(ec.SECP256R1())
    if rsa_key:
        key = rsa.generate_private_key(65_537, 2048)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Pushnet, Tests"),
        ]
    )
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.chain[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName(map(_name, hosts)), critical=False)
    certificate = builder.sign(issuer.key if issuer else key, SHA256())
    return Identity(key, [certificate, *(issuer.chain if issuer else [])])


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
