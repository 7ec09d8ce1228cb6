"""Where the programs that use Twisted's own protocols listen and connect to, with and without TLS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from measuring import Arguments, properties
from twisted.internet import reactor
from twisted.internet.endpoints import (
    SSL4ServerEndpoint,
    TCP4ClientEndpoint,
    TCP4ServerEndpoint,
    wrapClientTLS,
)
from twisted.internet.ssl import (
    Certificate,
    PrivateCertificate,
    optionsForClientTLS,
    trustRootFromCertificates,
)


def client_endpoint(given: Arguments) -> Any:
    plain = TCP4ClientEndpoint(reactor, "127.0.0.1", given.port)
    if not given.tls:
        return plain
    root = Certificate.loadPEM(Path(given.properties["IceSSL.DefaultDir"], "root.pem").read_bytes())
    return wrapClientTLS(optionsForClientTLS("127.0.0.1", trustRootFromCertificates([root])), plain)


def server_endpoint(arguments: list[str]) -> Any:
    port, transport, *given = arguments
    if transport == "tcp":
        return TCP4ServerEndpoint(reactor, int(port), interface="127.0.0.1", backlog=1024)
    folder = Path(properties(given)["IceSSL.DefaultDir"])
    both = (folder / "server.pem").read_bytes() + (folder / "server.key").read_bytes()
    options = PrivateCertificate.loadPEM(both).options()
    return SSL4ServerEndpoint(reactor, int(port), options, interface="127.0.0.1", backlog=1024)
