"""TLS as Ice's properties configure it: `IceSSL.*`.

Understood: `CertFile` (PEM or PKCS#12), `KeyFile`, `CAs` (a PEM file), `DefaultDir`, `Password`,
`VerifyPeer` (0 do not ask, 1 verify who sends a certificate, 2 insist on one; default 2), `CheckCertName`,
`VerifyDepthMax` (certificates in a chain, default 3, 0 for any), `TrustOnly`, `TrustOnly.Client`,
`TrustOnly.Server`, `TrustOnly.Server.<adapter>`, `Protocols`, `Ciphers`, `UsePlatformCAs`. What is older than
TLS 1.2 is not spoken, whatever `Protocols` says. As stock Ice does without its plug-in, a communicator
without any of them does not know `ssl` and `wss`.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import TypeVar

from cryptography import x509
from OpenSSL import SSL
from service_identity import CertificateError, VerificationError
from service_identity.pyopenssl import verify_hostname, verify_ip_address

from pushnet.net.credentials import PROTOCOLS, Credentials, read_credentials, tls_context
from pushnet.net.handshakes import Layer
from pushnet.net.tls import tls_layer
from pushnet.net.trust import TrustFilter, trust_filter
from pushnet.rpc.exceptions import InitializationException
from pushnet.rpc.properties import Properties
from pushnet.world import World

S = TypeVar("S")
T = TypeVar("T")

VERIFY_DEPTH_MAX = 3
"""Ice's default."""
_OLD = ("SSL3", "TLS1", "TLS1_0", "TLS1_1")
_NEVER, _IF_SENT, _ALWAYS = range(3)
_VERIFY_CLIENT = {_NEVER: SSL.VERIFY_NONE, _IF_SENT: SSL.VERIFY_PEER, _ALWAYS: SSL.VERIFY_PEER}
_VERIFY_SERVER = {**_VERIFY_CLIENT, _ALWAYS: SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT}


class Security:
    """One communicator's TLS. Raises `InitializationException` when a property has no usable value."""

    def __init__(self, world: World, properties: Properties) -> None:
        self._world = world
        self._properties = properties
        self.configured = bool(
            properties.getPropertiesForPrefix("IceSSL.") or properties.getProperty("Ice.Plugin.IceSSL")
        )
        if not self.configured:
            return
        self._depth_max = properties.getPropertyAsIntWithDefault("IceSSL.VerifyDepthMax", VERIFY_DEPTH_MAX)
        self._check_names = properties.getPropertyAsInt("IceSSL.CheckCertName") > 0
        verify = properties.getPropertyAsIntWithDefault("IceSSL.VerifyPeer", _ALWAYS)
        if verify not in _VERIFY_CLIENT:
            raise InitializationException(f"property IceSSL.VerifyPeer has no value {verify}")
        self._insists = verify == _ALWAYS
        self._client = self._context(_VERIFY_CLIENT[verify])
        self._server = self._context(_VERIFY_SERVER[verify])
        self._trusted = self._filters("IceSSL.TrustOnly", "IceSSL.TrustOnly.Client")

    def client_layer(self, host: str) -> Layer:
        """TLS of a connection to `host`."""

        def check(connection: SSL.Connection, chain: tuple[x509.Certificate, ...]) -> str:
            wrong = self._wrong(chain, self._trusted)
            return wrong or (_wrong_name(connection, host) if self._check_names else "")

        return tls_layer(self._client, check, self._world.clock, client=True)

    def server_layer(self, adapter: str) -> Layer:
        """TLS of a port of that adapter."""
        server = "IceSSL.TrustOnly.Server"
        trusted = self._filters("IceSSL.TrustOnly", server, f"{server}.{adapter}")

        def check(connection: SSL.Connection, chain: tuple[x509.Certificate, ...]) -> str:
            return self._wrong(chain, trusted)

        return tls_layer(self._server, check, self._world.clock, client=False)

    def _wrong(self, chain: tuple[x509.Certificate, ...], trusted: list[TrustFilter]) -> str:
        if self._insists and not chain:
            return "the peer has no certificate"
        if 0 < self._depth_max < len(chain):
            return f"the peer's chain of {len(chain)} certificates is longer than {self._depth_max}"
        subject = chain[0].subject if chain else x509.Name([])
        if not all(each.trusts(subject) for each in trusted):
            return f"the peer is not trusted: {subject.rfc4514_string() or 'nobody'}"
        return ""

    def _filters(self, *names: str) -> list[TrustFilter]:
        return [
            self._read(name, trust_filter, value)
            for name in names
            if (value := self._properties.getProperty(name).strip())
        ]

    def _context(self, verify: int) -> SSL.Context:
        properties = self._properties
        authorities: list[x509.Certificate] = []
        name = "IceSSL.CAs"
        if path := properties.getProperty(name):
            authorities = self._read(name, x509.load_pem_x509_certificates, self._file(name, path))
        ciphers = properties.getProperty("IceSSL.Ciphers")
        credentials, versions = self._credentials(), self._versions()
        context = self._read(
            "IceSSL.*", lambda _: tls_context(credentials, authorities, verify, versions, ciphers), None
        )
        if properties.getPropertyAsInt("IceSSL.UsePlatformCAs") > 0:
            context.set_default_verify_paths()
        return context

    def _credentials(self) -> Credentials | None:
        properties = self._properties
        name, key_name = "IceSSL.CertFile", "IceSSL.KeyFile"
        path, key_path = properties.getProperty(name), properties.getProperty(key_name)
        if not path:
            return None
        key = self._file(key_name, key_path) if key_path else None
        password = properties.getProperty("IceSSL.Password").encode() or None
        certificates = self._file(name, path)
        return self._read(name, lambda data: read_credentials(data, key, password), certificates)

    def _versions(self) -> list[str]:
        name = "IceSSL.Protocols"
        named = self._properties.getProperty(name).upper().replace(",", " ").split()
        unknown = [part for part in named if part not in PROTOCOLS and part not in _OLD]
        usable = [part for part in named if part in PROTOCOLS] if named else list(PROTOCOLS)
        if unknown or not usable:
            raise InitializationException(
                f"property {name} must name some of {', '.join(PROTOCOLS)}, not only {', '.join(named)}"
            )
        return usable

    def _file(self, name: str, path: str) -> bytes:
        folder = self._properties.getProperty("IceSSL.DefaultDir")
        if folder and not path.startswith("/"):
            path = f"{folder.rstrip('/')}/{path}"
        try:
            return self._world.read_file(path)
        except OSError as error:
            raise InitializationException(f"property {name}: {path}: {error.strerror}") from None

    def _read(self, name: str, read: Callable[[S], T], data: S) -> T:
        try:
            return read(data)
        except ValueError as error:
            raise InitializationException(f"property {name}: {error}") from None


def _wrong_name(connection: SSL.Connection, host: str) -> str:
    try:
        try:
            ip_address(host)
        except ValueError:
            verify_hostname(connection, host)
        else:
            verify_ip_address(connection, host)
    except (VerificationError, CertificateError):
        return f"the server's certificate is not for {host}"
    return ""
