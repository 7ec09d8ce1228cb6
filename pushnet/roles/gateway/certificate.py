"""The HTTPS certificate: the operator's own, or one that the gateway makes for itself and keeps.

A self-made one is for trying things out: it names `localhost` and the gateway's hosts, and is good for ten
years. Clients must be told to trust it (its text is in the node's folder, `gateway.crt`).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import attrs
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL import crypto
from twisted.internet.ssl import CertificateOptions, TLSVersion

from pushnet.world import Storage

CERTIFICATE_FILE = "gateway.crt"
KEY_FILE = "gateway.key"
VALID_DAYS = 3650


class CertificateError(Exception):
    """The certificate or its key cannot be used: the text names the file and the cure."""


@attrs.frozen
class KeyPair:
    """A certificate, with the chain behind it, and its private key; both as PEM text."""

    certificate: bytes
    key: bytes = attrs.field(repr=False)


def kept_or_made(storage: Storage, hosts: list[str], wall_s: float) -> KeyPair:
    """The pair in the node's storage, made first when there is none. Blocking."""
    if not {CERTIFICATE_FILE, KEY_FILE} <= set(storage.names("gateway.")):
        made = make_pair(hosts, wall_s)
        storage.replace(KEY_FILE, made.key)
        storage.replace(CERTIFICATE_FILE, made.certificate)
    return KeyPair(storage.read(CERTIFICATE_FILE), storage.read(KEY_FILE))


def make_pair(hosts: list[str], wall_s: float) -> KeyPair:
    """A new P-256 key with a certificate that it signs itself, good from a day before `wall_s`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pushnet gateway")])
    names = [_general_name(host) for host in dict.fromkeys(["localhost", "127.0.0.1", *hosts]) if host]
    now = datetime.fromtimestamp(wall_s, UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    return KeyPair(
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )


def tls_options(pair: KeyPair) -> CertificateOptions:
    """What Twisted's TLS wants: TLS 1.2 and up, HTTP/1.1 for who asks by ALPN. Raises `CertificateError`."""
    try:
        chain = [
            crypto.X509.from_cryptography(one) for one in x509.load_pem_x509_certificates(pair.certificate)
        ]
        private = serialization.load_pem_private_key(pair.key, None)
        if private.public_key() != chain[0].to_cryptography().public_key():
            raise ValueError("the key is not the certificate's")
        key = crypto.load_privatekey(crypto.FILETYPE_PEM, pair.key)
        return CertificateOptions(
            privateKey=key,
            certificate=chain[0],
            extraCertChain=chain[1:],
            raiseMinimumTo=TLSVersion.TLSv1_2,
            acceptableProtocols=[b"http/1.1"],
        )
    except (ValueError, TypeError, crypto.Error) as error:
        raise CertificateError(
            f"the gateway's certificate and private key cannot be used: {error}"
        ) from error


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
