"""Releases for registries of a simulation: signed by keys that are the same in every run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pushnet.grid.patch.signing import SigningKey
from pushnet.roles.releases.library import FOLDER
from pushnet.roles.releases.packer import Found
from pushnet.roles.releases.publisher import Lifetimes, Publisher
from pushnet.roles.releases.shelf import Shelf
from pushnet.stores.releases.within import Within
from pushnet.world import Storage

LASTING: Final = Lifetimes(root=9999, release=9999, snapshot=9999, timestamp=9999)
"""In days: wall clocks jump."""


def key(name: str) -> SigningKey:
    """A key that is the same in every run."""
    return SigningKey(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest()))


def publish(storage: Storage, release: str, versions: Sequence[str], now_s: float) -> None:
    """Have these versions in the folder of a registry's releases; no harm when they are there."""
    publisher = Publisher(Shelf(Within(storage, FOLDER)), int(now_s), LASTING)
    keys = [key("publisher")]
    if not storage.names(f"{FOLDER}/roots"):
        publisher.begin(dict.fromkeys(("root", "release", "snapshot", "timestamp"), (keys, 1)))
    for version in versions:
        content = version.encode()
        file = Found("version", len(content), False, lambda content=content: content)  # type: ignore[misc]
        publisher.publish(release, version, [file], [], keys)
