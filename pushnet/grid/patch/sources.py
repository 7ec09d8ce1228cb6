"""Those who may be asked for an object, and what is held against each.

A source is blamed by what it did. Bytes that are not what their digest says, or another number of bytes
than was asked: it is not asked again (`banned`). No answer in time, or an error: it is left alone for a
while, twice as long each time. An object that several sources gave parts of and that is wrong makes all
of them suspect; the object then comes from one at a time, which tells who it was.
"""

from __future__ import annotations

import attrs

REST_S = 2.0
"""The first pause after a failure; it doubles."""
REST_MAX_S = 60.0
STRIKES_MAX = 6
"""Failures in a row, over two minutes, after which it is not asked again in this download."""
SUSPECT_MAX = 3
"""Wrong objects that a source has had a part in before it is banned."""


@attrs.define
class Source:
    """One of them, during one download."""

    name: str
    banned: str = ""
    """Why it is not asked again; empty: it may be."""
    rests_until: float = 0.0
    strikes: int = 0
    suspected: int = 0
    complaint: str = ""
    """The last thing it did wrong, for people."""
    lacks: dict[str, None] = attrs.field(factory=dict)
    asks: dict[tuple[str, int], tuple[float, int]] = attrs.field(factory=dict)
    """Digest and offset to when it was asked, and for how many bytes."""
    received: int = 0

    def usable(self, now: float) -> bool:
        return not self.banned and now >= self.rests_until

    def ban(self, why: str) -> None:
        self.banned = self.complaint = why
        self.asks.clear()

    def strike(self, why: str, now: float) -> None:
        """It failed; leave it alone for a while."""
        self.rests_until = now + min(REST_S * 2**self.strikes, REST_MAX_S)
        self.strikes += 1
        self.complaint = why
        self.asks.clear()
        if self.strikes >= STRIKES_MAX:
            self.ban(why)

    def suspect(self, why: str) -> None:
        self.suspected += 1
        self.complaint = why
        if self.suspected >= SUSPECT_MAX:
            self.ban(why)
