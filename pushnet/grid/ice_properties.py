"""The Ice properties that nodes make communicators with: one set for inside, one for what faces outside.

Inside, messages may be large: the audience of a group push travels as one bitmap, and that of a million
devices picked at random from a hundred million is 2 MB, twice what Ice takes by default. Whoever calls from
outside is held to Ice's default: what an unknown peer may make a node store for one message is bounded by it.
"""

from __future__ import annotations

from typing import Final

from pushnet.grid.settings import Settings

INVOCATION_TIMEOUT_MS: Final = 10_000
OUTER_MESSAGE_KB_MAX: Final = 1024
"""Ice's own default of `Ice.MessageSizeMax`."""


def inner_properties(settings: Settings) -> dict[str, str]:
    """For the nodes among themselves."""
    return {
        "Ice.Default.Locator": settings.locator,
        "Ice.Default.CollocationOptimized": "0",  # servants of nodes go by the connection of their caller
        "Ice.Default.InvocationTimeout": str(INVOCATION_TIMEOUT_MS),
        "Ice.MessageSizeMax": str(settings.cluster.message_kb_max),
        "Pushnet.CancelIdempotent": "0",  # what is on disk is in memory too, whoever has gone meanwhile
    }


def outer_properties() -> dict[str, str]:
    """For a port that anybody may connect to. No locator: nothing is looked up on a stranger's behalf."""
    return {
        "Ice.Default.InvocationTimeout": str(INVOCATION_TIMEOUT_MS),
        "Ice.MessageSizeMax": str(OUTER_MESSAGE_KB_MAX),
        "Pushnet.CancelIdempotent": "0",
    }
