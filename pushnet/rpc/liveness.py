"""Whether the other end of a connection is still there, whether it must hear from us, and when we part.

Peers of Ice 3.8 give up after 60 s without a byte and send a heartbeat themselves every 30 s; those of Ice
3.7 send heartbeats only while they serve a request. So, unless properties say otherwise (`pushnet.rpc.acm`),
we send when we have been silent; and we give a peer up when it owes us a reply or has been heard to send
heartbeats unasked, and then is silent for 60 s. A call that we have given up is still owed: a connection that
something on its way has forgotten swallows one call after the other. Nothing is closed for being idle.

With Ice 3.7's ACM properties its rules hold instead: heartbeats as its mode says, and a connection on which
nothing was sent or heard for the timeout is closed as its mode says.

In any case a peer is given up that for the endpoint's timeout reads nothing of what we send, or stops in the
middle of a message.

Time is counted in looks at a connection, at least four of them in each of its times. So a limit is never
reached early, and noticed at most a quarter late; sending and hearing cost an assignment, not a call of the
clock.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import Protocol

import attrs
from twisted.internet.interfaces import IDelayedCall

from pushnet.rpc.acm import ACM, ACMClose, ACMHeartbeat, ConnectionSettings

BEAT_S = 10.0
"""Between two looks at a connection, at most."""
STALL_S = 60.0
"""Ice's default of an endpoint's timeout."""
_LOOKS = 4
_IDLE_LOOKS = 6


class Verdict(Enum):
    """What to do about a connection."""

    nothing = auto()
    send_heartbeat = auto()
    close = auto()
    """In an orderly way."""
    give_up = auto()


@attrs.frozen
class Look:
    """How a connection is at the moment."""

    flushes: int
    """How often something was handed to the transport."""
    queued: bool = False
    """Something waits to be."""
    owed: bool = False
    """The peer owes us a reply."""
    serving: bool = False
    """We owe it one."""
    reading: bool = True
    """We read what it sends."""
    held: bool = False
    """Its adapter is on hold."""
    congested: bool = False
    """It does not read what we send."""
    partial: bool = False
    """A message has come in part."""


class Liveness:
    """What one connection knows of its peer. `heard` is set by whatever arrives."""

    __slots__ = (
        "_flushes",
        "_idle_s",
        "_inactive_s",
        "_own",
        "_quiet_s",
        "_silent_s",
        "_stalled_s",
        "_stuck_s",
        "heard",
        "late",
        "peer_beats",
        "period_s",
        "settings",
        "stall_s",
        "unanswered",
    )

    def __init__(self, settings: ConnectionSettings, stall_s: float = STALL_S) -> None:
        """`stall_s`: the endpoint's timeout; 0 for none."""
        self.heard = False
        self.peer_beats = False
        """The peer sends heartbeats when it has nothing to say."""
        self.unanswered = False
        """A call was given up since we last heard from the peer."""
        self.late = 0
        """Calls given up whose replies may still come; below 0: replies that were never asked for."""
        self.settings = settings
        self.stall_s = stall_s
        self.period_s = period_s(settings, stall_s)
        """Between two looks."""
        self._silent_s = self._quiet_s = self._idle_s = self._inactive_s = self._stuck_s = self._stalled_s = (
            0.0
        )
        self._flushes = 0
        self._own = False
        """The last look ended with a heartbeat."""

    def beaten(self, asked_for: bool) -> None:
        """A heartbeat has come; `asked_for`: the peer owes a reply."""
        self.heard = False
        self._silent_s = self._idle_s = self._stalled_s = -self.period_s
        self.unanswered = False
        if not asked_for:
            self.peer_beats = True

    def change(self, settings: ConnectionSettings) -> None:
        """Other rules from now on."""
        self.settings = settings
        self.period_s = period_s(settings, self.stall_s)

    def beat(self, look: Look) -> Verdict:
        """`period_s` has passed."""
        period_s = self.period_s
        heard, self.heard = self.heard, False
        flushes, self._flushes = look.flushes - self._flushes, look.flushes
        sent = flushes > 0
        talked = flushes > self._own
        self._silent_s = 0.0 if heard or not look.reading else self._silent_s + period_s
        self._quiet_s = 0.0 if sent else self._quiet_s + period_s
        self._idle_s = 0.0 if heard or sent else self._idle_s + period_s
        self._stuck_s = self._stuck_s + period_s if look.congested and not sent else 0.0
        self._stalled_s = self._stalled_s + period_s if look.partial and look.reading and not heard else 0.0
        busy = look.owed or look.serving
        self._inactive_s = 0.0 if heard or talked or busy else self._inactive_s + period_s
        self.unanswered = self.unanswered and not heard
        if self.stall_s and max(self._stuck_s, self._stalled_s) >= self.stall_s:
            return Verdict.give_up
        verdict = self._managed(look) if self.settings.managed else Verdict.nothing
        if verdict is Verdict.nothing:
            verdict = self._checked(look)
        if verdict is Verdict.nothing and not look.queued and self._wants_heartbeat(look):
            verdict = Verdict.send_heartbeat
        self._own = verdict is Verdict.send_heartbeat
        return verdict

    def _managed(self, look: Look) -> Verdict:
        """Ice 3.7's rules."""
        acm = self.settings.acm
        close = acm.close
        waiting = look.queued or look.congested or look.partial or look.held
        if not acm.timeout or close is ACMClose.CloseOff or self._idle_s < acm.timeout or waiting:
            return Verdict.nothing
        if close is ACMClose.CloseOnIdleForceful or (close is not ACMClose.CloseOnIdle and look.owed):
            return Verdict.give_up
        if close is not ACMClose.CloseOnInvocation and not look.owed and not look.serving:
            return Verdict.close
        return Verdict.nothing

    def _checked(self, look: Look) -> Verdict:
        """Ice 3.8's rules, milder to those of 3.7 who send no heartbeats."""
        settings = self.settings
        check = settings.idle_check
        if check is None:
            check = look.owed or self.unanswered or self.peer_beats
        if check and settings.idle_s and self._silent_s >= settings.idle_s:
            return Verdict.give_up
        if settings.inactive_s and self._inactive_s >= settings.inactive_s and not look.queued:
            return Verdict.close
        return Verdict.nothing

    def _wants_heartbeat(self, look: Look) -> bool:
        acm, idle_s = self.settings.acm, self.settings.idle_s
        if not self.settings.managed:
            return bool(idle_s) and self._quiet_s > 0.0
        mode = acm.heartbeat
        if not acm.timeout or mode is ACMHeartbeat.HeartbeatOff or look.held:
            return False
        if mode is ACMHeartbeat.HeartbeatOnDispatch and not look.serving:
            return False
        return self._quiet_s > 0.0 or (mode is ACMHeartbeat.HeartbeatAlways and not self._own)


def period_s(settings: ConnectionSettings, stall_s: float) -> float:
    """How often one must look."""
    wanted = [BEAT_S]
    acm: ACM = settings.acm
    if settings.managed and acm.timeout:
        wanted.append(acm.timeout / _LOOKS)
    elif settings.idle_s:
        wanted.append(settings.idle_s / _IDLE_LOOKS)
    wanted += [limit_s / _LOOKS for limit_s in (settings.inactive_s, stall_s) if limit_s]
    return min(wanted)


class Living(Protocol):
    """What is looked at."""

    def beat(self) -> None: ...


class Pulse:
    """Looks at every connection of a communicator, each as often as it wants: one timer for each pace."""

    def __init__(self, call_later: Callable[..., IDelayedCall]) -> None:
        self._call_later = call_later
        self._living: dict[float, dict[Living, None]] = {}
        self._timers: dict[float, IDelayedCall] = {}
        self._stopped = False

    def add(self, living: Living, every_s: float) -> None:
        """Look at it from now on."""
        self._living.setdefault(every_s, {})[living] = None
        if every_s not in self._timers and not self._stopped:
            self._timers[every_s] = self._call_later(every_s, self._look, every_s)

    def remove(self, living: Living, every_s: float) -> None:
        """Forget it, whether it is here or not."""
        group = self._living.get(every_s, {})
        group.pop(living, None)

    def stop(self) -> None:
        """Look no more."""
        self._stopped = True
        timers, self._timers = self._timers, {}
        for timer in timers.values():
            timer.cancel()
        self._living.clear()

    def _look(self, every_s: float) -> None:
        del self._timers[every_s]
        group = self._living.get(every_s, {})
        if not group:
            self._living.pop(every_s, None)
            return
        self._timers[every_s] = self._call_later(every_s, self._look, every_s)
        for living in list(group):
            if living in group:
                living.beat()
