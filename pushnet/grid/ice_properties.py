"""The Ice properties that nodes make communicators with: one set for inside, one for what faces outside.

Inside, messages may be large: the audience of a group push travels as one bitmap, and that of a million
devices picked at random from a hundred million is 2 MB, twice what Ice takes by default. Whoever calls from
outside is held to Ice's default: what an unknown peer may make a node store for one message is bounded by it.
"""

from __future__ import annotations

from typing import Final

from pushnet.grid.settings import Settings

INVOCATION_TIMEOUT_MS: Final = 10_000
CONNECT_LEASES: Final = 2 / 3
"""For a connection to be established; then another endpoint is tried."""
RELAY: Final = "relay"
GATEWAY: Final = "gateway"
REGISTRY: Final = "registry"
"""Whoever has no certificate yet asks a registry for one: it looks at those of its callers itself."""
RIDE_INTERVALS_MS: Final = (0, 100, 200, 400, *(500,) * 14)
"""The pauses of a gateway's calls: 7.7 s in all, while a queue or a shard, whose data only one process can
have, stops and starts again. Who calls the REST API is not told of it, but for the time it takes."""
OUTER_MESSAGE_KB_MAX: Final = 1024
"""Ice's own default of `Ice.MessageSizeMax`."""


def tls_properties(settings: Settings, name: str) -> dict[str, str]:
    """The certificates of a node, where the cluster has any: both ends of a connection must show one."""
    folder = settings.cluster.tls
    if not folder or not name:
        return {}
    return {
        "IceSSL.DefaultDir": folder,
        "IceSSL.CAs": "ca.pem",
        "IceSSL.CertFile": f"{name}.pem",
        "IceSSL.KeyFile": f"{name}.key",
    }


def inner_properties(settings: Settings, role: str = "", name: str = "") -> dict[str, str]:
    """For the nodes among themselves; with the name of a node, for that.

    A node that has stopped is given up by its callers after a lease without a word: nodes send heartbeats
    when they have nothing to say. A relay also calls stock Ice servers, which may be silent over one call for
    as long as Ice allows, so it waits that long.
    """
    lease_s = settings.cluster.lease_s
    sides = () if role == RELAY else ("Client", "Server")
    riding = {"Ice.RetryIntervals": " ".join(map(str, RIDE_INTERVALS_MS))} if role == GATEWAY else {}
    return {
        **riding,
        **tls_properties(settings, name),
        **({"IceSSL.VerifyPeer": "1"} if role == REGISTRY and settings.cluster.tls else {}),
        **{f"Ice.Connection.{side}.IdleTimeout": f"{lease_s:g}" for side in sides},
        "Ice.Connection.Client.ConnectTimeout": f"{lease_s * CONNECT_LEASES:g}",
        "Ice.Default.Locator.InvocationTimeout": str(int(lease_s * 1000 / 3)),
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
