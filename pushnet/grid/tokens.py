"""Tokens by which nodes join: `<id>.<secret>`, for some roles, for some time. Kept as digests only.

Where nodes show certificates the fingerprint of the authority follows, behind another dot: so a newcomer
knows whom it shows the token to.

The secret has 256 random bits, so a plain SHA-256 of the token is as hard to turn round as anything. Digests
are compared in constant time, also when there is no such token.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

import attrs

from pushnet.grid.tables import ROLES

CONTEXT: Final = "_pn.join"
"""Where a request carries the token."""
NOT_ALLOWED: Final = "not allowed: "
"""How the text begins by which a registry refuses what is only for some."""
VARIABLE: Final = "PUSHNET_TOKEN"
"""Where a process finds its token in its environment; agents hand theirs on."""
ID_BYTES: Final = 6
SECRET_BYTES: Final = 32
OPERATOR: Final = "operator"
"""People: settings, versions, balancing."""
SERVER: Final = "server"
"""Stock Ice servers."""
EDGE: Final = ("broker", "gateway", "relay")
"""What faces outside and keeps nothing: what a machine hired for a busy hour may be."""
KINDS: Final = (*ROLES, SERVER, OPERATOR)
TOKEN_CHARACTERS_MAX: Final = 200
PROOF_S: Final = 60
_NOBODY: Final = "0" * 64


@attrs.frozen
class Token:
    """What is kept of one."""

    id: str
    digest: str
    roles: tuple[str, ...]
    made_s: int
    expires_s: int = 0
    who: str = ""

    def to_text(self) -> str:
        return json.dumps(attrs.asdict(self), sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> Token:
        known = json.loads(text)
        return cls(**{**known, "roles": tuple(known["roles"])})


def token_text(id: bytes, secret: bytes) -> str:
    """The token itself, of random bytes."""
    return f"{id.hex()}.{base64.urlsafe_b64encode(secret).decode().rstrip('=')}"


def token_id(text: str) -> str:
    """Which token it says it is."""
    return text[:TOKEN_CHARACTERS_MAX].partition(".")[0]


def plain_fault(doors: Sequence[str]) -> str:
    """Why no token is to be shown at these endpoints; nothing when nobody else can read it on its way."""
    for door in doors:
        words = door.split()
        host = words[words.index("-h") + 1] if "-h" in words else ""
        if words[0] in ("tcp", "ws") and not (host.startswith("127.") or host in ("localhost", "::1")):
            return (
                f"a token can be read on its way to {door}: have nodes come over TLS, with "
                f'`pushnet ca init`, join = "tls" and cluster.tls in the file, and `pushnet join NAME`'
            )
    return ""


def pinned(text: str) -> str:
    """The authority's fingerprint in a token; empty where there is none."""
    parts = text.split(".")
    return parts[2] if len(parts) > 2 else ""


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def fault(token: Token | None, text: str, role: str, now_s: float) -> str:
    """Why this text does not let that role in; nothing when it does. Role "": any."""
    same = hmac.compare_digest(digest_of(text), token.digest if token is not None else _NOBODY)
    if not text:
        return "a token is wanted, and none was shown"
    if token is None or not same:
        return "the token is not known"
    if 0 < token.expires_s <= now_s:
        return f"token {token.id} has expired"
    if role and role not in token.roles:
        return f"token {token.id} is for {', '.join(token.roles)}, not for {role}"
    return ""


def token_fault(token: Token) -> str:
    """Why there cannot be such a token."""
    if len(token.id) != 2 * ID_BYTES or not _is_hex(token.id):
        return f"{token.id!r} is no id of a token"
    if len(token.digest) != len(_NOBODY) or not _is_hex(token.digest):
        return "the digest is no SHA-256"
    unknown = [role for role in token.roles if role not in KINDS]
    if unknown or not token.roles:
        return f"roles must be some of {', '.join(KINDS)}, not {', '.join(unknown) or 'none'}"
    return ""


def proof(secret: str, at_s: int, *asked: str) -> str:
    """Shows that whoever asks for this knows the cluster's secret."""
    text = json.dumps(["pushnet token", at_s, *asked])
    return hmac.new(secret.encode(), text.encode(), sha256).hexdigest()


def proof_fault(told: str, secret: str, at_s: int, now_s: float, *asked: str) -> str:
    """What is wrong with a proof."""
    if not hmac.compare_digest(told.encode(), proof(secret, at_s, *asked).encode()):
        return "the caller does not know the cluster's secret"
    if abs(now_s - at_s) > PROOF_S:
        return f"the caller's clock is {abs(now_s - at_s):.0f} s off"
    return ""


def asked_to_keep(id: str, digest: str, roles: Sequence[str], made_s: int, expires_s: int) -> list[str]:
    """What is signed of a token that is to be kept."""
    return ["keep", id, digest, ",".join(roles), str(made_s), str(expires_s)]


def _is_hex(text: str) -> bool:
    return all(letter in "0123456789abcdef" for letter in text)
