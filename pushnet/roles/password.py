"""Passwords of users and administrators: kept as scrypt hashes, compared in constant time.

A hash reads `scrypt$14$8$5$<salt>$<key>`: log2 of the cost, block size, parallelism, then salt and derived
key in base64. `pushnet password` prints one. Both functions are slow on purpose (some 120 ms, 16 MiB): run
them off the reactor, and only a few at a time.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Final

import attrs

COST_LOG2: Final = 14
"""OWASP's password storage advice of 2023 names N=2^14, r=8, p=5 or costlier memory; relays also back off."""
COST_LOG2_MAX: Final = 18
"""256 MiB for one login is the most a configuration may ask for."""
BLOCK_SIZE: Final = 8
PARALLELISM: Final = 5
SALT_BYTES: Final = 16
KEY_BYTES: Final = 32
PASSWORD_BYTES_MAX: Final = 1024


class PasswordHashError(ValueError):
    """The text is no password hash as `pushnet password` prints it."""


@attrs.frozen
class PasswordHash:
    """A parsed hash."""

    cost_log2: int
    block_size: int
    parallelism: int
    salt: bytes
    key: bytes

    @classmethod
    def parse(cls, text: str) -> PasswordHash:
        """Read a hash. Raises `PasswordHashError`; never repeats the text."""
        kind, *parts = text.split("$")
        if kind != "scrypt" or len(parts) != 5:
            raise PasswordHashError(
                "a password hash has the form scrypt$14$8$5$salt$key: use pushnet password"
            )
        try:
            cost_log2, block_size, parallelism = (int(part) for part in parts[:3])
            salt, key = (base64.b64decode(part, validate=True) for part in parts[3:])
        except (ValueError, binascii.Error) as error:
            raise PasswordHashError("a password hash has three numbers and two base64 parts") from error
        if not 10 <= cost_log2 <= COST_LOG2_MAX or block_size != BLOCK_SIZE or not 1 <= parallelism <= 16:
            raise PasswordHashError(f"scrypt cost {cost_log2}, {block_size}, {parallelism} is out of bounds")
        if len(salt) < SALT_BYTES or len(key) != KEY_BYTES:
            raise PasswordHashError("salt or key of a password hash has the wrong length")
        return cls(cost_log2, block_size, parallelism, salt, key)

    def derive(self, password: str) -> bytes:
        """The key that `password` gives with this salt and cost."""
        return hashlib.scrypt(
            password.encode(),
            salt=self.salt,
            n=1 << self.cost_log2,
            r=self.block_size,
            p=self.parallelism,
            maxmem=(128 * self.block_size * (self.parallelism + 2 + (1 << self.cost_log2))),
            dklen=KEY_BYTES,
        )

    def matches(self, password: str) -> bool:
        """Whether `password` is the one. Takes as long when it is not. Blocking."""
        return hmac.compare_digest(self.derive(password), self.key)

    def __str__(self) -> str:
        salt, key = (base64.b64encode(part).decode() for part in (self.salt, self.key))
        return f"scrypt${self.cost_log2}${self.block_size}${self.parallelism}${salt}${key}"


def hash_password(password: str, salt: bytes) -> str:
    """The hash to configure for `password`; `salt` is 16 fresh random bytes. Blocking."""
    assert len(salt) >= SALT_BYTES, "a salt has 16 bytes at least"
    bare = PasswordHash(COST_LOG2, BLOCK_SIZE, PARALLELISM, salt, b"")
    return str(attrs.evolve(bare, key=bare.derive(password)))
