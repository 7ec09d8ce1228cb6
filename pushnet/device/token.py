"""Session tokens: what a device shows to resume without its secret, checkable by every Broker.

A token is 22 bytes: the CRC of the app key, the ordinal, the end of its life, and ten bytes of HMAC-SHA256
over those and the whole app key, keyed with the cluster's secret. Ten bytes can only be guessed at a Broker,
one connection a guess. The CRC finds the app among the few that a cluster serves; two apps with one CRC
would be told apart by the HMAC.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from struct import Struct
from zlib import crc32

import attrs

TOKEN_BYTES = 22
TOKEN_LIFE_S = 7 * 24 * 3600
"""A week: longer than a phone's weekend, shorter than a lost phone's usefulness."""

_CLAIM = Struct(">III")
_MAC_BYTES = 10


@attrs.frozen
class Session:
    """Whom a valid token names."""

    app: str
    ordinal: int
    expires_s: int
    """Seconds since 1970."""


class TokenSigner:
    """Makes and checks the tokens of a cluster."""

    def __init__(self, secret: bytes, apps: Iterable[str]) -> None:
        self._key = hmac.digest(secret, b"pushnet device session", "sha256")
        self._apps: dict[int, list[str]] = {}
        for app in apps:
            self._apps.setdefault(crc32(app.encode()), []).append(app)

    def serves(self, app: str) -> bool:
        """Whether the app is one of the cluster's."""
        return app in self._apps.get(crc32(app.encode()), ())

    def sign(self, app: str, ordinal: int, now_s: float) -> bytes:
        """A token for the device, good for `TOKEN_LIFE_S` from `now_s` (seconds since 1970)."""
        claim = _CLAIM.pack(crc32(app.encode()), ordinal, int(now_s) + TOKEN_LIFE_S)
        return claim + self._mac(claim, app)

    def check(self, token: bytes, now_s: float) -> Session | None:
        """Whom the token names, or None when it is forged, too old, or of an app not served here."""
        if len(token) != TOKEN_BYTES:
            return None
        claim, mac = token[: _CLAIM.size], token[_CLAIM.size :]
        crc, ordinal, expires_s = _CLAIM.unpack(claim)
        if expires_s <= now_s:
            return None
        for app in self._apps.get(crc, ()):
            if hmac.compare_digest(mac, self._mac(claim, app)):
                return Session(app, ordinal, expires_s)
        return None

    def _mac(self, claim: bytes, app: str) -> bytes:
        return hmac.digest(self._key, claim + app.encode(), "sha256")[:_MAC_BYTES]
