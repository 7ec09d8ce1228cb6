"""The request context at the border: what a client outside may say to a node inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FORGEABLE: Final = ("_con.", "_pn.")
"""Prefixes of keys that nodes inside believe: they are set by the grid, never by a client."""
ROUTING: Final = ("_fwd", "_ovrd")
"""Glacier2's instructions to the router itself; this relay forwards as it was asked."""


def admitted(context: Mapping[str, str]) -> dict[str, str]:
    """The context to forward: without forged keys. Its size is bounded by that of the message."""
    return {
        key: value for key, value in context.items() if not key.startswith(FORGEABLE) and key not in ROUTING
    }
