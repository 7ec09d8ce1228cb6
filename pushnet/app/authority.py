"""The cluster's own certificate authority: makes itself, and certificates for names and roles."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pushnet.app.running import CommandError

CERTIFICATE: Final = "ca.pem"
KEY: Final = "ca.key"
CLOCKS_S: Final = 300
"""Clocks of other machines may be that late."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


def make_authority(folder: Path, name: str, days: int) -> None:
    """Write `ca.pem` and `ca.key`. Raises `CommandError` when they are there."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = _builder(subject, subject, key.public_key(), days)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs=True), critical=True)
    _write(folder, CERTIFICATE, KEY, builder.sign(key, SHA256()), key)


def issue(folder: Path, name: str, roles: Sequence[str], hosts: Sequence[str], days: int) -> None:
    """Write `<name>.pem` and `<name>.key`. Raises `CommandError`."""
    if not _NAME.fullmatch(name) or name == Path(CERTIFICATE).stem:
        raise CommandError(f"{name!r} is no name for a node")
    try:
        authority = x509.load_pem_x509_certificate((folder / CERTIFICATE).read_bytes())
        signer = load_pem_private_key((folder / KEY).read_bytes(), None)
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}; `pushnet ca init` makes it") from error
    except ValueError as error:
        raise CommandError(f"{folder}: {error}") from error
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    units = [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, role) for role in roles]
    subject = x509.Name([*units, x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = _builder(subject, authority.subject, key.public_key(), days)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs=False), critical=True)
    both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    builder = builder.add_extension(x509.ExtendedKeyUsage(both), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = builder.add_extension(issuer, critical=False)
    names = [_host(host) for host in (hosts or [name])]
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    _write(folder, f"{name}.pem", f"{name}.key", builder.sign(signer, SHA256()), key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(seconds=CLOCKS_S))
    builder = builder.not_valid_after(now + timedelta(days=days))
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _write(
    folder: Path, name: str, key_name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
) -> None:
    """Neither takes the place of another; the key is for its owner only."""
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, data, mode in (
            (folder / key_name, private, 0o600),
            (folder / name, certificate.public_bytes(Encoding.PEM), 0o644),
        ):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
    except FileExistsError as error:
        raise CommandError(f"{error.filename} is there already; move it away first") from error
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from error


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
