"""What can go wrong in the device protocol, by fault."""

from __future__ import annotations

import attrs


@attrs.frozen
class PeerBrokeProtocol(Exception):
    """The other side sent bytes that no version of the protocol allows; the connection is to be closed."""

    reason: str

    def __str__(self) -> str:
        return self.reason
