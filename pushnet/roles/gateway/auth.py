"""Who calls: HTTP Basic with the app key and its master secret, compared in constant time.

An unknown key costs as much as a wrong secret and is answered alike, so that keys cannot be probed.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping

UNKNOWN_SECRET = b"\x00" * 24


class NotAuthentic(Exception):
    """The credentials are missing, malformed or wrong: the text says which."""

    def __init__(self, text: str, *, absent: bool = False) -> None:
        super().__init__(text)
        self.absent = absent


class Apps:
    """The apps that may call.

    Args:
        secrets: app key to master secret, 24 letters and digits each.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = {key.encode("ascii"): secret.encode("ascii") for key, secret in secrets.items()}

    def authenticate(self, authorization: bytes | None) -> str:
        """The key of the app that the `Authorization` header proves. Raises `NotAuthentic`."""
        if not authorization:
            raise NotAuthentic("Missing header: Authorization", absent=True)
        scheme, _, encoded = authorization.strip().partition(b" ")
        if scheme.lower() != b"basic":
            raise NotAuthentic("Authorization must be: Basic base64(appKey:masterSecret)")
        try:
            pair = base64.b64decode(encoded.strip(), validate=True)
        except binascii.Error:
            raise NotAuthentic("Authorization must be: Basic base64(appKey:masterSecret)") from None
        key, _, secret = pair.partition(b":")
        known = self._secrets.get(key)
        right = hmac.compare_digest(known or UNKNOWN_SECRET, secret)
        if known is None or not right:
            raise NotAuthentic("Basic authentication failed: check the app key and the master secret")
        return key.decode("ascii")
