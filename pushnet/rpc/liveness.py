"""Whether the other end of a connection is still there, and whether it must hear from us.

Peers of Ice 3.8 give up after 60 s without a byte and send a heartbeat themselves every 30 s; those of Ice
3.7 send heartbeats only while they serve a request. So we always send when we have been silent; and we give a
peer up when it owes us a reply or has been heard to send heartbeats unasked, and then is silent for 60 s; or
when it has read nothing for that long of what we want to send. A call that we have given up is still owed:
a connection that something on its way has forgotten swallows one call after the other.
"""

from __future__ import annotations

from enum import Enum, auto

BEAT_S = 10.0
"""Between two looks at a connection."""
SILENT_BEATS_MAX = 6
STUCK_BEATS_MAX = 6


class Verdict(Enum):
    """What to do about a connection."""

    nothing = auto()
    send_heartbeat = auto()
    give_up = auto()


class Liveness:
    """What one connection knows of its peer. `heard` is set by whatever arrives."""

    __slots__ = ("_flushes", "_silent", "_stuck", "heard", "peer_beats", "unanswered")

    def __init__(self) -> None:
        self.heard = False
        self.peer_beats = False
        """The peer sends heartbeats when it has nothing to say."""
        self.unanswered = False
        """A call was given up since we last heard from the peer."""
        self._silent = 0
        self._stuck = 0
        self._flushes = -1

    def beat(self, flushes: int, *, queued: bool, owed: bool, reading: bool, congested: bool) -> Verdict:
        """Ten seconds have passed.

        Args:
            flushes: how often something was handed to the transport.
            queued: something waits to be.
            owed: the peer owes us a reply.
            reading: we read what it sends.
            congested: it does not read what we send.
        """
        heard, self.heard = self.heard, False
        self._silent = 0 if heard or not reading else self._silent + 1
        self.unanswered = self.unanswered and not heard
        was_silent, self._flushes = flushes == self._flushes, flushes
        self._stuck = self._stuck + 1 if congested and was_silent else 0
        if self._stuck >= STUCK_BEATS_MAX or (
            self._silent >= SILENT_BEATS_MAX and (owed or self.unanswered or self.peer_beats)
        ):
            return Verdict.give_up
        return Verdict.send_heartbeat if was_silent and not queued else Verdict.nothing
