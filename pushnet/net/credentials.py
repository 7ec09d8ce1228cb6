"""OpenSSL contexts from certificates and keys: TLS 1.2 and later, nothing that a peer could abuse.

Sessions are not resumed, and a peer cannot renegotiate. OpenSSL gives its buffers back while a connection is
idle (RELEASE_BUFFERS), which halves what a quiet connection costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates
from OpenSSL import SSL, crypto

PROTOCOLS = {"TLS1_2": SSL.TLS1_2_VERSION, "TLS1_3": SSL.TLS1_3_VERSION}
_CRL_BEGIN = b"-----BEGIN X509 CRL-----"
_REFUSED = SSL.OP_NO_COMPRESSION | SSL.OP_NO_TICKET | SSL.OP_NO_RENEGOTIATION


@attrs.frozen
class Credentials:
    """A key, and the certificates that lead from it towards somebody the peer trusts."""

    key: Any
    chain: tuple[x509.Certificate, ...]


def read_credentials(certificates: bytes, key: bytes | None, password: bytes | None) -> Credentials:
    """From PEM (`key`, or behind the certificates when it is None) or PKCS#12. Raises `ValueError`."""
    try:
        if b"-----BEGIN" not in certificates:
            found, own, others = load_key_and_certificates(certificates, password)
            chain = [*([own] if own is not None else []), *others]
        else:
            pem = certificates if key is None else key
            found = load_pem_private_key(pem, password if b"ENCRYPTED" in pem else None)
            chain = x509.load_pem_x509_certificates(certificates)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(str(error)) from None
    if found is None or not chain:
        raise ValueError("no key or no certificate")
    return Credentials(found, tuple(chain))


@attrs.frozen
class Revoked:
    """Certificates that are no longer good, whatever else they say."""

    lists: tuple[x509.CertificateRevocationList, ...] = ()
    whole_chain: bool = False
    """Those of authorities are looked up, too; each issuer must have a list then."""


def read_revoked(data: bytes) -> list[x509.CertificateRevocationList]:
    """The lists in a PEM file, or the one of a DER file. Raises `ValueError`."""
    if _CRL_BEGIN not in data:
        return [x509.load_der_x509_crl(data)]
    return [x509.load_pem_x509_crl(_CRL_BEGIN + part) for part in data.split(_CRL_BEGIN)[1:]]


def tls_context(
    credentials: Sequence[Credentials],
    authorities: Sequence[x509.Certificate],
    verify: int,
    versions: Sequence[str] = ("TLS1_2", "TLS1_3"),
    ciphers: str = "",
    revoked: Revoked | None = None,
) -> SSL.Context:
    """A context for either side. Raises `ValueError`.

    Args:
        credentials: one, or several with keys of different kinds, of which the peer's wishes decide.
        verify: made of OpenSSL's VERIFY flags.
    """
    context = SSL.Context(SSL.TLS_METHOD)
    numbers = sorted(PROTOCOLS[version] for version in versions)
    context.set_min_proto_version(numbers[0])
    context.set_max_proto_version(numbers[-1])
    context.set_options(_REFUSED)
    context.set_mode(SSL.MODE_RELEASE_BUFFERS)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_session_id(b"pushnet")
    try:
        if ciphers:
            context.set_cipher_list(ciphers.encode())
        for each in credentials:
            context.use_certificate(each.chain[0])
            context.use_privatekey(each.key)
            context.check_privatekey()
        for other in dict.fromkeys(other for each in credentials for other in each.chain[1:]):
            context.add_extra_chain_cert(other)
    except SSL.Error as error:
        raise ValueError(f"OpenSSL refuses it: {error}") from None
    store = context.get_cert_store()
    assert store is not None
    for authority in authorities:
        certificate = crypto.X509.from_cryptography(authority)
        store.add_cert(certificate)
        context.add_client_ca(certificate)
    if revoked is not None:
        for each_list in revoked.lists:
            store.add_crl(each_list)
        whole = crypto.X509StoreFlags.CRL_CHECK_ALL if revoked.whole_chain else 0
        store.set_flags(crypto.X509StoreFlags.CRL_CHECK | whole)
    context.set_verify(verify, _as_openssl_says)
    return context


def _as_openssl_says(connection: object, certificate: object, error: int, depth: int, ok: int) -> bool:
    return bool(ok)
