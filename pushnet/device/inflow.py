"""A stream as the device sees it: which message is new, which is a repetition, when to ask.

`last` is the one truth: the device has everything up to it. A message at or before `last` is a repetition;
one whose `prev` is not after `last` follows without a hole; for anything else the device asks the server
for what comes after `last`. While it has asked, only frames that say where they belong count (a push with
`prev`, a gap): others were sent before the server knew of the question.

Invariant: `last` never goes back.
"""

from __future__ import annotations

from enum import Enum

from pushnet.device.frames import Gap, Notify, Push


class Verdict(Enum):
    """What to do with what arrived."""

    DROP = "nothing: it is known, or will come again"
    ACCEPT = "`last` has moved: save it, then show the message or the gap"
    ASK = "send a get for what follows `last`"


class Inflow:
    """The receiving end of one stream."""

    __slots__ = ("_asking", "_heard", "last")

    def __init__(self, last: int) -> None:
        self.last = last
        self._heard = last
        self._asking = False

    def connected(self) -> None:
        """A new connection begins: nothing was heard and nothing asked on it."""
        self._heard = self.last
        self._asking = False

    def push(self, frame: Push) -> Verdict:
        prev = frame.prev
        if prev is None:
            if self._asking:
                return Verdict.DROP
            prev = self._heard
        else:
            self._asking = False
        self._heard = frame.seq
        if frame.seq <= self.last:
            return Verdict.DROP
        if prev > self.last:
            return self._ask()
        self.last = frame.seq
        return Verdict.ACCEPT

    def gap(self, frame: Gap) -> Verdict:
        self._asking = False
        self._heard = frame.up_to
        if frame.since > self.last:
            return self._ask()
        if frame.up_to <= self.last:
            return Verdict.DROP
        self.last = frame.up_to
        return Verdict.ACCEPT

    def notify(self, frame: Notify) -> Verdict:
        if frame.head <= self.last or self._asking:
            return Verdict.DROP
        return self._ask()

    def _ask(self) -> Verdict:
        self._asking = True
        return Verdict.ASK
