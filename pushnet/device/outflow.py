"""A stream as the server sees it: send a message now, tell of it, or say nothing.

The device has what was `sent` to it when everything in flight has arrived: TCP does not lose. While the
device is `live`, a small message that follows `sent` goes inline. Otherwise the device is told how far the
stream goes (once) and is no longer live: from then on it pulls pages with `Get` until a page reaches `head`.
So what one device can have in flight is bounded: `WINDOW` inline messages, or one page. A new connection
begins with a page.

Invariants: `acked <= sent <= scanned`; a device that is not live has been told of something it has not got,
or a page is on its way.
"""

from __future__ import annotations

from enum import Enum

from pushnet.device.errors import PeerBrokeProtocol

WINDOW = 32
"""Inline messages in flight before a device has to pull: failure-model 6.2."""


class Offer(Enum):
    """What to do with a new message of a stream."""

    NOTHING = "it is known, or a page will bring it"
    INLINE = "send it: it follows what was sent"
    NOTIFY = "tell the device that the stream goes this far"


class Outflow:
    """The sending end of one stream."""

    __slots__ = ("acked", "head", "live", "paging", "scanned", "sent", "unacked")

    def __init__(self, sent: int) -> None:
        self.sent = sent
        self.scanned = sent
        """Up to here the stream was searched for this device: past `sent` nothing was addressed to it."""
        self.acked = sent
        self.head = sent
        self.unacked = 0
        """An upper bound of the inline messages in flight."""
        self.live = False
        self.paging = True

    def offer(self, prev: int, seq: int, inline: bool) -> Offer:
        """A new message. `inline` says whether it is small and the way to the device is free."""
        if seq <= self.sent:
            return Offer.NOTHING
        if self.live:
            if inline and prev <= self.sent and self.unacked < WINDOW:
                self.sent = self.scanned = seq
                self.unacked += 1
                return Offer.INLINE
            self.live = False
            self.head = seq
            return Offer.NOTIFY
        if seq > self.head:
            self.head = seq
        return Offer.NOTHING

    def asked(self, since: int) -> None:
        """The device pulls: a page after `since` is on its way from now on.

        Raises:
            PeerBrokeProtocol: the device claims what it was not sent, or forgets what it acknowledged.
        """
        if self.paging:
            raise PeerBrokeProtocol(f"get since {since} before the last get was answered")
        if not self.acked <= since <= self.sent:
            raise PeerBrokeProtocol(f"get since {since}: sent {self.sent}, acknowledged {self.acked}")
        if since < self.sent:
            self.sent = self.scanned = since
        self.unacked = 0
        self.live = False
        self.paging = True

    def passed(self, seq: int) -> None:
        """A page has brought a message or a gap up to `seq`."""
        assert seq >= self.scanned, (seq, self.scanned)
        self.sent = self.scanned = seq

    def settle(self) -> Offer:
        """A page has ended: the device is live when it reached `head`, and is told of more otherwise."""
        self.paging = False
        if self.sent < self.head:
            return Offer.NOTIFY
        self.live = True
        return Offer.NOTHING

    def acknowledged(self, seq: int) -> bool:
        """The device has everything up to `seq`. Whether that is news.

        Raises:
            PeerBrokeProtocol: it was not sent.
        """
        if seq > self.sent:
            raise PeerBrokeProtocol(f"ack of {seq}: only {self.sent} was sent")
        if seq <= self.acked:
            return False
        self.acked = seq
        self.unacked = min(self.unacked, self.sent - seq)
        return True
