"""A device's own stream: messages for this one device.

A message goes inline when it is small and the device is exactly one behind; otherwise the device is told and
pulls pages, which come from its shard. A login begins with a page that the shard has sent along.
"""

from __future__ import annotations

from collections.abc import Sequence

from twisted.internet.defer import ensureDeferred

from pushnet.device.frames import Gap, GapReason, Notify, Stream
from pushnet.device.outflow import Offer
from pushnet.device.writing import encode, push_frame
from pushnet.gen.pushnet.broker import Target
from pushnet.gen.pushnet.dbagent import StreamEntry
from pushnet.gen.pushnet.push import Message
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.broker.line import Line
from pushnet.roles.broker.lines import Lines
from pushnet.roles.broker.pages import PAGE_MESSAGES, Page, ttl_s
from pushnet.roles.broker.patience import Patience
from pushnet.roles.broker.shards import Shards
from pushnet.roles.broker.tally import Tally
from pushnet.rpc.exceptions import LocalException
from pushnet.world import World


class OwnMail:
    """Brings devices their own stream."""

    def __init__(
        self, world: World, lines: Lines, shards: Shards, tally: Tally, inline_bytes_max: int
    ) -> None:
        self._world = world
        self._lines = lines
        self._shards = shards
        self._tally = tally
        self._inline_bytes_max = inline_bytes_max
        self._patience = Patience(world, "broker.own")

    def deliver(self, app: str, message: Message, targets: Sequence[Target]) -> list[int]:
        """A message for devices that may be here. Returns the ordinals of those that are not."""
        left_s = ttl_s(message, self._now_ms())
        inline = left_s > 0 and len(message.body) <= self._inline_bytes_max
        absent: list[int] = []
        for target in targets:
            line = self._lines.find(app, target.ordinal)
            if line is None:
                if not self._lines.tell_arrivals(app, target.ordinal, target.seq):
                    absent.append(target.ordinal)
                continue
            offer = line.own.offer(target.prev, target.seq, inline and not line.full)
            if offer is Offer.INLINE:
                line.write(push_frame(Stream.OWN, target.seq, left_s, message.body, target.prev, message.id))
                self._tally.inline.inc()
            elif offer is Offer.NOTIFY:
                line.write(encode(Notify(Stream.OWN, line.own.head)))
                self._tally.notified.inc()
        return absent

    def welcome(self, line: Line, entries: Sequence[StreamEntry], head: int) -> None:
        """The first page after the login; `head` is the end of the stream."""
        flow = line.own
        flow.head = max(flow.head, head)
        if entries:
            self._send(line, entries)
        elif flow.settle() is Offer.NOTIFY:
            line.write(encode(Notify(Stream.OWN, flow.head)))

    def answer(self, line: Line, since: int) -> None:
        """The device pulls what follows `since`."""
        self._world.background("a page of a device's stream", ensureDeferred(self._answer(line, since)))

    async def _answer(self, line: Line, since: int) -> None:
        pauses = self._patience.pauses()
        while line.is_open:
            try:
                shard = self._shards.of_ordinal(line.ordinal)
                entries = await shard.fetch(line.app, line.ordinal, since, PAGE_MESSAGES)
            except (LocalException, UnavailableException):
                await next(pauses)
                continue
            if line.is_open:
                self._send(line, entries)
            return

    def _send(self, line: Line, entries: Sequence[StreamEntry]) -> None:
        """A page, and a notice when the stream goes on after it."""
        flow = line.own
        page = Page(Stream.OWN, flow, self._now_ms())
        for entry in entries:
            if page.full:
                break
            if entry.prev > flow.sent:
                page.gap(entry.prev, GapReason.OVERFLOWED)
            page.message(entry.seq, entry.message)
        if not entries and flow.head > flow.sent:
            page.gap(flow.head, GapReason.EXPIRED)
        if entries:
            flow.head = max(flow.head, entries[-1].seq)
        data = page.bytes() or encode(Gap(Stream.OWN, flow.sent, flow.sent, GapReason.NOT_ADDRESSED))
        if flow.settle() is Offer.NOTIFY:
            data += encode(Notify(Stream.OWN, flow.head))
        line.write(data)
        self._tally.paged.inc(page.messages)
        self._tally.expired.inc(page.expired)

    def _now_ms(self) -> int:
        return int(self._world.wall() * 1000)
