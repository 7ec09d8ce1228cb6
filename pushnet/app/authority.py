"""The cluster's own certificate authority: makes itself, and certificates for names and roles."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from pushnet.app.running import CommandError
from pushnet.grid.certificates import request_for, signed, signed_authority

CERTIFICATE: Final = "ca.pem"
KEY: Final = "ca.key"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


def make_authority(folder: Path, name: str, days: int) -> None:
    """Write `ca.pem` and `ca.key`. Raises `CommandError` when they are there."""
    key = ec.generate_private_key(ec.SECP256R1())
    _write(folder, CERTIFICATE, KEY, signed_authority(key, name, time.time(), days), key)


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
    made = signed(authority, signer, key.public_key(), name, roles, hosts, time.time(), days)
    _write(folder, f"{name}.pem", f"{name}.key", made, key)


def request(name: str) -> tuple[ec.EllipticCurvePrivateKey, str]:
    """A new key, and the request for a certificate of it, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key, request_for(name, key)


def keep(folder: Path, name: str, certificate: bytes, key: ec.EllipticCurvePrivateKey) -> None:
    """Write what a registry has made for us; it takes the place of what was there. Raises `CommandError`."""
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        for path, data, mode in (
            (folder / f"{name}.key", private, 0o600),
            (folder / f"{name}.pem", certificate, 0o644),
        ):
            new = path.with_name(f"{path.name}.new")
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from error


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
