"""Documents with their signatures: Ed25519 over the canonical spelling, by enough of the keys that may.

Every signature that stands on a document must be right. A document with two good ones and a third that is
damaged is refused, even when two are enough: somebody has touched it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import attrs
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pushnet.grid.patch import documents as docs
from pushnet.grid.patch.canonical import decode, encode
from pushnet.grid.patch.documents import Root, Rule, fields_of, read_document
from pushnet.grid.patch.limits import DOCUMENT_BYTES_MAX, KEYS_MAX, ROOT_BYTES_MAX
from pushnet.grid.patch.refusals import Malformed, NotSigned

PURPOSE = b"pushnet release document 1\n"
"""Signed before the document, so that a signature means nothing anywhere else."""
D = TypeVar("D", docs.Release, docs.Snapshot, docs.Timestamp, docs.Root)
_BYTES_MAX = {"root": ROOT_BYTES_MAX, "timestamp": ROOT_BYTES_MAX}


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    value: str


@attrs.frozen
class SigningKey:
    """A private key and the id its signatures carry."""

    private: Ed25519PrivateKey = attrs.field(repr=False)

    @property
    def public(self) -> str:
        return self.private.public_key().public_bytes_raw().hex()

    @property
    def id(self) -> str:
        return key_id(self.public)

    def sign(self, fields: Mapping[str, Any]) -> Signature:
        return Signature(self.id, self.private.sign(PURPOSE + encode(fields)).hex())


@attrs.frozen
class Signed:
    """A document as it travels, taken apart and not yet believed."""

    fields: dict[str, Any]
    signatures: tuple[Signature, ...]


def key_id(public: str) -> str:
    """The id of a public key: the sha256 of its bytes."""
    return digest_of(bytes.fromhex(public))


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sign(document: docs.Document, keys: Iterable[SigningKey], earlier: Sequence[Signature] = ()) -> bytes:
    """The document with a signature of each key, beside `earlier` ones, as it travels."""
    fields = fields_of(document)
    made = {signature.key: signature for signature in earlier}
    made |= {key.id: key.sign(fields) for key in keys}
    return encode({"signatures": [msgspec.to_builtins(made[key]) for key in sorted(made)], "signed": fields})


def take_apart(data: bytes, what: str, bytes_max: int = DOCUMENT_BYTES_MAX) -> Signed:
    """Raises `Malformed`."""
    outer = decode(data, bytes_max, what)
    fields, signatures = outer.get("signed"), outer.get("signatures")
    if len(outer) != 2 or not isinstance(fields, dict) or not isinstance(signatures, list):
        raise Malformed(f"{what} is not a signed document")
    try:
        found = msgspec.convert(signatures, tuple[Signature, ...])
    except msgspec.ValidationError as error:
        raise Malformed(f"{what} has signatures that are none: {error}") from error
    keys = [each.key for each in found]
    if keys != sorted(dict.fromkeys(keys)) or len(keys) > KEYS_MAX:
        raise Malformed(f"{what} has signatures out of order, twice, or too many")
    return Signed(fields, found)


def verify(data: bytes, kind: type[D], root: Root, what: str) -> D:
    """The document, when `root` believes its signatures. Raises `Malformed` or `NotSigned`."""
    signed = take_apart(data, what, _BYTES_MAX.get(kind.role, DOCUMENT_BYTES_MAX))
    check_signatures(signed, root.keys, [root.rules[kind.role]], what)
    return read_as(signed, kind, what)


def read_as(signed: Signed, kind: type[D], what: str) -> D:
    """The document of that kind, whoever signed it."""
    document = read_document(signed.fields, what)
    if not isinstance(document, kind):
        raise Malformed(f"{what} is a {document.role} document and should be a {kind.role} document")
    return document


def check_signatures(signed: Signed, keys: Mapping[str, str], rules: Sequence[Rule], what: str) -> None:
    """Raises `NotSigned` unless every rule is met and every signature is right."""
    message = PURPOSE + encode(signed.fields)
    for signature in signed.signatures:
        if signature.key not in keys or not any(signature.key in rule.keys for rule in rules):
            raise NotSigned(f"{what} is signed by {signature.key[:12]}, a key that may not sign it")
        if not _right(signature, keys[signature.key], message):
            raise NotSigned(f"{what} has a wrong signature of key {signature.key[:12]}: it was changed")
    for rule in rules:
        count = sum(signature.key in rule.keys for signature in signed.signatures)
        if count < rule.threshold:
            raise NotSigned(f"{what} has {count} of the {rule.threshold} signatures it needs")


def is_right(signature: Signature, public: str, fields: Mapping[str, Any]) -> bool:
    """Whether that key has made this signature on these fields."""
    return _right(signature, public, PURPOSE + encode(fields))


def _right(signature: Signature, public: str, message: bytes) -> bool:
    if key_id(public) != signature.key or signature.value != signature.value.lower():
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature.value), message)
    except (InvalidSignature, ValueError):
        return False
    return True
