"""Addresses of the real world: which a name has, in which order, and which this host has itself."""

from __future__ import annotations

import fcntl
import socket
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IReactorPluggableNameResolver,
    IResolutionReceiver,
)
from zope.interface import implementer

from pushnet.world import Families

_SIOCGIFADDR = 0x8915
"""Linux: the IPv4 address of an interface."""
_IF_INET6 = Path("/proc/net/if_inet6")
_LINK_LOCAL = 0x20
"""The scope of addresses that mean nothing beyond one cable."""


@implementer(IReactorPluggableNameResolver)
class OfFamilies:
    """A reactor whose names have addresses of the families that are wanted, the preferred ones first."""

    def __init__(self, reactor: Any, families: Families) -> None:
        self._reactor = reactor
        self.nameResolver = _Resolver(reactor, families)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def installNameResolver(self, resolver: IHostnameResolver) -> IHostnameResolver:
        raise NotImplementedError("the real reactor has one")


@implementer(IHostnameResolver)
class _Resolver:
    def __init__(self, reactor: Any, families: Families) -> None:
        self._reactor = reactor
        self._families = families

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        resolver: IHostnameResolver = self._reactor.nameResolver
        receiver = _InOrder(resolutionReceiver, self._families)
        return resolver.resolveHostName(receiver, hostName, portNumber, None, transportSemantics)


@implementer(IResolutionReceiver)
class _InOrder:
    """Hands on what was found at the end, in order."""

    def __init__(self, receiver: IResolutionReceiver, families: Families) -> None:
        self._receiver = receiver
        self._families = families
        self._found: list[IAddress] = []

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: IAddress) -> None:
        self._found.append(address)

    def resolutionComplete(self) -> None:
        for address in in_order(self._found, self._families):
            self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()


def in_order(found: Sequence[IAddress], families: Families) -> list[IAddress]:
    """Those of the families that are wanted, the preferred family first."""
    wanted = [
        address
        for address in found
        if (families.ipv4 and isinstance(address, IPv4Address))
        or (families.ipv6 and isinstance(address, IPv6Address))
    ]
    return sorted(wanted, key=lambda address: isinstance(address, IPv6Address) is not families.prefer_ipv6)


@implementer(IResolutionReceiver)
class _First:
    """Fires with the first address."""

    def __init__(self, host: str, done: Deferred[str]) -> None:
        self._host = host
        self._done = done
        self._found: list[str] = []

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:
        """Nobody gives up."""

    def addressResolved(self, address: IAddress) -> None:
        assert isinstance(address, IPv4Address | IPv6Address)
        self._found.append(address.host)

    def resolutionComplete(self) -> None:
        if self._found:
            self._done.callback(self._found[0])
        else:
            self._done.errback(DNSLookupError(f"{self._host} has no address that is wanted"))


def first_address(reactor: Any, host: str, families: Families) -> Deferred[str]:
    """The address of a name to use. Fails with `DNSLookupError`."""
    if isIPAddress(host) or isIPv6Address(host):
        return succeed(host)
    done: Deferred[str] = Deferred()
    OfFamilies(reactor, families).nameResolver.resolveHostName(_First(host, done), host)
    return done


def interface_index(interface: str) -> int:
    """The number of the interface with that name or address; 0 when there is none."""
    names = {name: index for index, name in socket.if_nameindex()}
    if interface in names:
        return names[interface]
    for name, address, _ in [*_ipv4(), *_ipv6()]:
        if address == interface:
            return names.get(name, 0)
    return 0


def local_addresses(families: Families) -> list[str]:
    """Addresses by which others may reach this host; those of its loopback when it has no others."""
    found = [*(_ipv4() if families.ipv4 else []), *(_ipv6() if families.ipv6 else [])]
    found.sort(key=lambda each: (":" in each[1]) is not families.prefer_ipv6)
    own = [address for _, address, scope in found if scope != _LINK_LOCAL]
    others = [address for address in own if not address.startswith("127.") and address != "::1"]
    return others or own or ["127.0.0.1"]


def _ipv4() -> list[tuple[str, str, int]]:
    """Names, addresses and scopes of interfaces with IPv4."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(probe.fileno(), _SIOCGIFADDR, struct.pack("256s", name[:15].encode()))
            except OSError:
                continue
            found.append((name, socket.inet_ntoa(answer[20:24]), 0))
    return found


def _ipv6() -> list[tuple[str, str, int]]:
    """The same of IPv6."""
    try:
        lines = _IF_INET6.read_text().splitlines()
    except OSError:
        return []
    words = [line.split() for line in lines]
    return [
        (name, socket.inet_ntop(socket.AF_INET6, bytes.fromhex(address)), int(scope, 16))
        for address, _, _, scope, _, name in words
    ]
