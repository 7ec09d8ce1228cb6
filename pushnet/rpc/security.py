"""TLS as Ice's properties configure it: `IceSSL.*`.

Understood: `CertFile` (PEM or PKCS#12; several with keys of different kinds, separated by `:`), `KeyFile` (as
many), `CAs` (a PEM file, or a folder as OpenSSL's `rehash` makes it), `DefaultDir`, `Password`, `VerifyPeer`
(0 do not ask, 1 verify who sends a certificate, 2 insist on one; default 2), `CheckCertName` (1 the server's
certificate must be for the host that was called, 2 and the server is told which), `VerifyDepthMax`
(certificates in a chain, default 3, 0 for any), `TrustOnly`, `TrustOnly.Client`, `TrustOnly.Server`,
`TrustOnly.Server.<adapter>`, `RevocationCheck` (1 the peer's own certificate, 2 the whole chain) with
`CertificateRevocationListFiles`, `Protocols`, `Ciphers`, `UsePlatformCAs`. What is older than TLS 1.2 is not
spoken, whatever `Protocols` says. As stock Ice does without its plug-in, a communicator without any of them
does not know `ssl` and `wss`.

Programs may have the last word: see `Security.verifier`, which is Ice's `CertVerifier`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from ipaddress import ip_address
from typing import TypeVar

import attrs
from cryptography import x509
from cryptography.x509.oid import NameOID
from OpenSSL import SSL
from service_identity import CertificateError, VerificationError
from service_identity.pyopenssl import verify_hostname, verify_ip_address

from pushnet.net.credentials import (
    PROTOCOLS,
    Credentials,
    Revoked,
    read_credentials,
    read_revoked,
    tls_context,
)
from pushnet.net.handshakes import Layer
from pushnet.net.tls import tls_layer
from pushnet.net.trust import TrustFilter, split_outside_quotes, trust_filter
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
_TELL_NAME = 2
"""Of `CheckCertName`: the server is told the name it is called by (SNI)."""


@attrs.frozen
class PeerCertificates:
    """What a program's own verifier is asked about."""

    chain: tuple[x509.Certificate, ...]
    """The peer's own first; empty when it has sent none."""
    incoming: bool
    adapterName: str
    """Which adapter's port was connected to."""
    host: str
    """Who was called, for connections we make."""


CertVerifier = Callable[[PeerCertificates], bool]
Judge = Callable[[x509.Certificate], str]
"""What is wrong with whom a certificate is for; nothing when nothing is."""


class Security:
    """One communicator's TLS. Raises `InitializationException` when a property has no usable value."""

    def __init__(self, world: World, properties: Properties) -> None:
        self._world = world
        self._properties = properties
        self.verifier: CertVerifier | None = None
        """Asked of each peer that everything else lets in; False turns it away."""
        self.judge: Judge | None = None
        """Asked of each peer's certificate; see `Communicator.turn_away`."""
        self.configured = bool(
            properties.getPropertiesForPrefix("IceSSL.") or properties.getProperty("Ice.Plugin.IceSSL")
        )
        if not self.configured:
            return
        self._depth_max = properties.getPropertyAsIntWithDefault("IceSSL.VerifyDepthMax", VERIFY_DEPTH_MAX)
        self._check_names = properties.getPropertyAsInt("IceSSL.CheckCertName")
        verify = properties.getPropertyAsIntWithDefault("IceSSL.VerifyPeer", _ALWAYS)
        if verify not in _VERIFY_CLIENT:
            raise InitializationException(f"property IceSSL.VerifyPeer has no value {verify}")
        self._insists = verify == _ALWAYS
        self._verify = verify
        self.reread()
        self._trusted = self._filters("IceSSL.TrustOnly", "IceSSL.TrustOnly.Client")

    def reread(self) -> None:
        """Connections made from now on go by the files as they are now; when this raises, as before."""
        client = self._context(_VERIFY_CLIENT[self._verify])
        self._client, self._server = client, self._context(_VERIFY_SERVER[self._verify])

    def client_layer(self, host: str) -> Layer:
        """TLS of a connection to `host`."""

        def check(connection: SSL.Connection, chain: tuple[x509.Certificate, ...]) -> str:
            wrong = self._wrong(chain, self._trusted)
            if not wrong and self._check_names > 0:
                wrong = wrong_name(connection, host)
            return wrong or self._last_word(PeerCertificates(chain, False, "", host))

        told = host if self._check_names >= _TELL_NAME and not _is_address(host) else ""
        return tls_layer(lambda: self._client, check, self._world.clock, client=True, told=told)

    def server_layer(self, adapter: str) -> Layer:
        """TLS of a port of that adapter."""
        server = "IceSSL.TrustOnly.Server"
        trusted = self._filters("IceSSL.TrustOnly", server, f"{server}.{adapter}")

        def check(connection: SSL.Connection, chain: tuple[x509.Certificate, ...]) -> str:
            return self._wrong(chain, trusted) or self._last_word(PeerCertificates(chain, True, adapter, ""))

        return tls_layer(lambda: self._server, check, self._world.clock, client=False)

    def _wrong(self, chain: tuple[x509.Certificate, ...], trusted: list[TrustFilter]) -> str:
        if self._insists and not chain:
            return "the peer has no certificate"
        if 0 < self._depth_max < len(chain):
            return f"the peer's chain of {len(chain)} certificates is longer than {self._depth_max}"
        subject = chain[0].subject if chain else x509.Name([])
        if not all(each.trusts(subject) for each in trusted):
            return f"the peer is not trusted: {subject.rfc4514_string() or 'nobody'}"
        return ""

    def judged(self, certs: Sequence[str]) -> str:
        """What is wrong with a peer that has shown these, in PEM, its own first."""
        if self.judge is None or not certs:
            return ""
        return self.judge(x509.load_pem_x509_certificate(certs[0].encode()))

    def _last_word(self, peer: PeerCertificates) -> str:
        if self.judge is not None and peer.chain and (wrong := self.judge(peer.chain[0])):
            return wrong
        if self.verifier is None or self.verifier(peer):
            return ""
        return "the certificate verifier turns the peer away"

    def _filters(self, *names: str) -> list[TrustFilter]:
        return [
            self._read(name, trust_filter, value)
            for name in names
            if (value := self._properties.getProperty(name).strip())
        ]

    def _context(self, verify: int) -> SSL.Context:
        properties = self._properties
        authorities: list[x509.Certificate] = []
        name, folder = "IceSSL.CAs", ""
        if path := properties.getProperty(name):
            try:
                authorities = self._read(name, x509.load_pem_x509_certificates, self._file(name, path))
            except IsADirectoryError:
                folder = self._path(path)
        ciphers = properties.getProperty("IceSSL.Ciphers")
        credentials, versions, revoked = self._credentials(), self._versions(), self._revoked()
        context = self._read(
            "IceSSL.*",
            lambda _: tls_context(credentials, authorities, verify, versions, ciphers, revoked),
            None,
        )
        if folder:
            context.load_verify_locations(None, folder)
        if properties.getPropertyAsInt("IceSSL.UsePlatformCAs") > 0:
            context.set_default_verify_paths()
        return context

    def _credentials(self) -> list[Credentials]:
        properties = self._properties
        name, key_name = "IceSSL.CertFile", "IceSSL.KeyFile"
        paths, key_paths = self._paths(name), self._paths(key_name)
        if key_paths and len(key_paths) != len(paths):
            raise InitializationException(
                f"property {key_name} has {len(key_paths)} files, {name} has {len(paths)}"
            )
        password = properties.getProperty("IceSSL.Password").encode() or None
        found = []
        for number, path in enumerate(paths):
            key = self._file(key_name, key_paths[number]) if key_paths else None
            read = partial(read_credentials, key=key, password=password)
            found.append(self._read(name, read, self._file(name, path)))
        return found

    def _revoked(self) -> Revoked | None:
        check = self._properties.getPropertyAsInt("IceSSL.RevocationCheck")
        if check <= 0:
            return None
        name = "IceSSL.CertificateRevocationListFiles"
        lists = [self._read(name, read_revoked, self._file(name, path)) for path in self._paths(name)]
        return Revoked(tuple(each for some in lists for each in some), whole_chain=check > 1)

    def _paths(self, name: str) -> list[str]:
        """A list of files, separated by `:` outside quotes."""
        parts = self._read(
            name, lambda text: split_outside_quotes(text, ":"), self._properties.getProperty(name)
        )
        return [part.strip().strip('"') for part in parts if part.strip()]

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

    def _path(self, path: str) -> str:
        folder = self._properties.getProperty("IceSSL.DefaultDir")
        return f"{folder.rstrip('/')}/{path}" if folder and not path.startswith("/") else path

    def _file(self, name: str, path: str) -> bytes:
        path = self._path(path)
        try:
            return self._world.read_file(path)
        except IsADirectoryError:
            if name == "IceSSL.CAs":
                raise
            raise InitializationException(f"property {name}: {path} is a folder") from None
        except OSError as error:
            raise InitializationException(f"property {name}: {path}: {error.strerror}") from None

    def _read(self, name: str, read: Callable[[S], T], data: S) -> T:
        try:
            return read(data)
        except ValueError as error:
            raise InitializationException(f"property {name}: {error}") from None


def wrong_name(connection: SSL.Connection, host: str) -> str:
    """What is wrong with the server's certificate for that host; nothing if it names it.

    A certificate without alternative names that are names of hosts may name it as its subject's common name.
    """
    try:
        if _is_address(host):
            verify_ip_address(connection, host)
        else:
            verify_hostname(connection, host)
    except (VerificationError, CertificateError):
        own = connection.get_peer_certificate(as_cryptography=True)
        if own is not None and not _is_address(host) and host.lower() in _common_names(own):
            return ""
        return f"the server's certificate is not for {host}"
    return ""


def _common_names(certificate: x509.Certificate) -> list[str]:
    """In lower case; none when there are alternative names of hosts, which count alone."""
    try:
        others = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        pass
    else:
        if others.get_values_for_type(x509.DNSName):
            return []
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return [str(name.value).lower() for name in names]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
