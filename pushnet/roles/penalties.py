"""Back-off after failed logins, so that guessing passwords is slow for whoever guesses and for nobody else.

Failures are counted for a user as tried from one network, and for the network as a whole (IPv4 /24, IPv6
/48). After some free tries each further failure doubles the pause in which logins are refused without
looking at the password. A user is never locked out everywhere: that would hand the lock to the attacker.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from typing import Final

import attrs

USER_TRIES_FREE: Final = 3
NETWORK_TRIES_FREE: Final = 20
PAUSE_FIRST_S: Final = 1.0
PAUSE_MAX_S: Final = 300.0
FORGOTTEN_AFTER_S: Final = 900.0
ENTRIES_MAX: Final = 20_000
"""Oldest first out: an attacker with more networks than this is slowed by the bounded verification."""


@attrs.define
class _Record:
    failures: int
    refused_until: float
    last: float


class Penalties:
    """Who has to wait before the next try. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._records: OrderedDict[tuple[str, str], _Record] = OrderedDict()

    def wait_s(self, user: str, host: str, now: float) -> float:
        """Seconds until a login of `user` from `host` is looked at; 0 when at once."""
        until = (record.refused_until for record in self._known(user, host, now))
        return max(0.0, *(moment - now for moment in until), 0.0)

    def failed(self, user: str, host: str, now: float) -> None:
        self._count((network(host), user), USER_TRIES_FREE, now)
        self._count((network(host), ""), NETWORK_TRIES_FREE, now)

    def succeeded(self, user: str, host: str) -> None:
        """Forget the failures of this user from there; those of the network stay."""
        self._records.pop((network(host), user), None)

    def _known(self, user: str, host: str, now: float) -> list[_Record]:
        keys = ((network(host), user), (network(host), ""))
        found = (self._records.get(key) for key in keys)
        return [record for record in found if record and now - record.last < FORGOTTEN_AFTER_S]

    def _count(self, key: tuple[str, str], tries_free: int, now: float) -> None:
        record = self._records.pop(key, None)
        if record is None or now - record.last >= FORGOTTEN_AFTER_S:
            record = _Record(0, 0.0, now)
        record.failures += 1
        record.last = now
        if record.failures >= tries_free:
            doublings = min(record.failures - tries_free, 16)
            record.refused_until = now + min(PAUSE_MAX_S, PAUSE_FIRST_S * 2**doublings)
        self._records[key] = record
        if len(self._records) > ENTRIES_MAX:
            self._records.popitem(last=False)

    def __len__(self) -> int:
        return len(self._records)


def network(host: str) -> str:
    """The network that `host` (an address) counts as; the text itself when it is no address."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return str(ipaddress.ip_network((address, 48), strict=False))
        address = address.ipv4_mapped
    return str(ipaddress.ip_network((address, 24), strict=False))
