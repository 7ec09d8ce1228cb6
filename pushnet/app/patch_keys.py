"""Keys that sign releases, as files: `NAME.key` is the private key, `NAME.pub` the public one beside it.

A private key is PKCS#8 in PEM, mode 0600, under a passphrase where one was given. Keys of roots and releases
belong offline: on a stick in a drawer, one person one key. Those of snapshot and timestamp sign every day and
may lie where releases are published.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import attrs
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pushnet.grid.patch.names import check_digest
from pushnet.grid.patch.refusals import Refused
from pushnet.grid.patch.signing import SigningKey, key_id

ONLINE = ("snapshot", "timestamp")
"""Roles whose keys have no passphrase: they sign by themselves."""


class KeyRefused(Exception):
    """A key file cannot be used; the text names it and the cure."""


@attrs.frozen
class KeyFile:
    """A key on this machine, known by its public part."""

    name: str
    id: str
    path: Path


def make_key(folder: Path, name: str, passphrase: bytes) -> SigningKey:
    """Make a key and its two files; never over one that is there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = SigningKey(Ed25519PrivateKey.generate())
    guard: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        guard = serialization.BestAvailableEncryption(passphrase)
    pem = key.private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, guard)
    _write(folder / f"{name}.key", pem, 0o600)
    _write(folder / f"{name}.pub", f"{key.public}\n".encode(), 0o644)
    return key


@attrs.frozen
class PublicKey:
    """Of a key that is somewhere else."""

    public: str

    @property
    def id(self) -> str:
        return key_id(self.public)


def read_public(path: Path) -> PublicKey:
    """A `NAME.pub` that somebody has handed over. Raises `KeyRefused`."""
    try:
        text = path.read_text().strip()
        check_digest(text)
    except (OSError, UnicodeDecodeError, Refused) as error:
        raise KeyRefused(f"{path} cannot be read as a public key: {error}") from error
    return PublicKey(text)


def free_name(folder: Path, role: str, first: int = 1) -> str:
    """The next name for a key of that role: `release-3`."""
    number = first
    while (folder / f"{role}-{number}.key").exists():
        number += 1
    return f"{role}-{number}"


def known_keys(places: Iterable[Path]) -> list[KeyFile]:
    """The keys in these folders and files, without opening the private ones."""
    found: list[KeyFile] = []
    for place in places:
        paths = sorted(place.glob("*.key")) if place.is_dir() else [place]
        if not paths or not paths[0].exists():
            raise KeyRefused(
                f"{place} holds no key: make some with `pushnet patch keys make`, or name others"
            )
        found += [KeyFile(path.stem, _public_id(path), path) for path in paths]
    return found


def open_key(file: KeyFile, passphrase: Callable[[KeyFile], bytes]) -> SigningKey:
    """The private key; `passphrase` is asked for one that is guarded."""
    data = file.path.read_bytes()
    secret = passphrase(file) if b"ENCRYPTED" in data.split(b"\n", 1)[0] else None
    try:
        private = serialization.load_pem_private_key(data, secret or None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyRefused(f"{file.path} cannot be opened: wrong passphrase, or damaged") from error
    if not isinstance(private, Ed25519PrivateKey) or SigningKey(private).id != file.id:
        raise KeyRefused(f"{file.path} is not the Ed25519 key that {file.name}.pub beside it tells of")
    return SigningKey(private)


def _public_id(path: Path) -> str:
    public = path.with_suffix(".pub")
    try:
        text = public.read_text().strip()
        check_digest(text)
    except (OSError, UnicodeDecodeError, Refused) as error:
        raise KeyRefused(f"{public} cannot be read as the public part of {path.name}: {error}") from error
    return key_id(text)


def write_whole(path: Path, data: bytes) -> None:
    """Put these bytes in a file's place, by one rename."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(data)
    os.replace(beside, path)


def _write(path: Path, data: bytes, mode: int) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise KeyRefused(f"{path} exists: it is not overwritten") from error
    with open(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
