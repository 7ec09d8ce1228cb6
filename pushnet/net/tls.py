"""TLS as a layer under a byte-stream protocol, through Twisted and OpenSSL in memory.

The peer is looked at when OpenSSL is done: a `Check` has the last word, and what was learnt of the peer goes
into the handshake's `StreamInfo`. Writes are not gathered here: who writes has gathered them already.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL
from twisted.internet.interfaces import (
    IHandshakeListener,
    IOpenSSLClientConnectionCreator,
    IOpenSSLServerConnectionCreator,
    IProtocol,
    IReactorTime,
)
from twisted.internet.protocol import Factory, connectionDone
from twisted.internet.protocol import Protocol as TwistedProtocol
from twisted.protocols.tls import TLSMemoryBIOFactory, TLSMemoryBIOProtocol
from twisted.python.failure import Failure
from zope.interface import implementer

from pushnet.net.handshakes import Handshake, Layer
from pushnet.wire.errors import LocalException

Check = Callable[[SSL.Connection, tuple[x509.Certificate, ...]], str]
"""Looks at an agreed connection and the peer's certificates, its own first; what is wrong, or nothing."""


class SecurityException(LocalException):
    """TLS could not be agreed on, or the peer is not one we trust."""


@implementer(IOpenSSLClientConnectionCreator, IOpenSSLServerConnectionCreator)
class _Connections:
    """Makes OpenSSL's side of each connection."""

    def __init__(self, context: Callable[[], SSL.Context], told: str = "") -> None:
        self._context = context
        self._told = told

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:
        connection = SSL.Connection(self._context(), None)
        if self._told:
            connection.set_tlsext_host_name(self._told.encode("idna"))
        return connection

    def serverConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:
        return SSL.Connection(self._context(), None)


@implementer(IHandshakeListener)
class _Gate(TwistedProtocol):
    """Stands on top of TLS until that has agreed; then lets the next layer in."""

    def __init__(self, handshake: Handshake, check: Check) -> None:
        self._handshake = handshake
        self._check = check
        self._above: IProtocol | None = None

    def handshakeCompleted(self) -> None:
        transport: Any = self.transport
        connection: SSL.Connection = transport.getHandle()
        certificates = certificates_of(connection)
        wrong = self._check(connection, certificates)
        if wrong:
            self._handshake.failed(SecurityException(wrong))
            transport.abortConnection()
            return
        info = self._handshake.info
        info.cipher = connection.get_cipher_name() or ""
        info.certs = tuple(each.public_bytes(Encoding.PEM).decode() for each in certificates)
        info.verified = bool(certificates) and verifies(connection)
        self._above = above = self._handshake.next()
        self.dataReceived = above.dataReceived  # type: ignore[method-assign]
        above.makeConnection(transport)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self._above is not None:
            self._above.connectionLost(reason)
        else:
            self._handshake.gone(_named(reason))


def tls_layer(
    context: Callable[[], SSL.Context], check: Check, clock: IReactorTime, client: bool, told: str = ""
) -> Layer:
    """TLS with what is the context when a connection is made.

    `told`: the name by which a client calls the server, if the server is told.
    """

    def gate(handshake: Handshake) -> IProtocol:
        factory = _Gates(handshake, check)
        wrapping = TLSMemoryBIOFactory(_Connections(context, told), client, factory, clock)
        wrapping.protocol = TLSMemoryBIOProtocol
        wrapping.noisy = False
        protocol = wrapping.buildProtocol(None)
        assert protocol is not None
        return protocol

    return gate


class _Gates(Factory):
    """Makes one gate."""

    noisy = False

    def __init__(self, handshake: Handshake, check: Check) -> None:
        self._handshake = handshake
        self._check = check

    def buildProtocol(self, addr: object) -> _Gate:
        return _Gate(self._handshake, self._check)


def certificates_of(connection: SSL.Connection) -> tuple[x509.Certificate, ...]:
    """The peer's certificates, its own first: as verified if they were, else as sent."""
    own = connection.get_peer_certificate(as_cryptography=True)
    if own is None:
        return ()
    chain = connection.get_verified_chain(as_cryptography=True) if verifies(connection) else None
    return tuple(chain or connection.get_peer_cert_chain(as_cryptography=True) or [own])


def verifies(connection: SSL.Connection) -> bool:
    """Whether OpenSSL lets in only peers whose certificates it could verify, if they sent any."""
    return bool(connection.get_context().get_verify_mode() & SSL.VERIFY_PEER)


def _named(reason: Failure) -> Exception:
    """OpenSSL's errors in words."""
    error = reason.value
    assert isinstance(error, Exception)
    if not isinstance(error, SSL.Error):
        return error
    details = error.args[0] if error.args and isinstance(error.args[0], list) else []
    return SecurityException("; ".join(str(each[-1]) for each in details) or "TLS failed")
