"""An app's group log on its way to the devices here: one row, one frame, many lines.

A new row goes to the devices of its audience that are live, by intersecting two bitmaps. The frame is encoded
once and says no `prev`: it follows what each device was sent before. Devices that are not live (just arrived,
or slow) pull pages: a page is a search of the log from where the device's search has come to.
"""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred

from pushnet.device.frames import GapReason, Notify, Stream
from pushnet.device.outflow import Offer
from pushnet.device.writing import encode, push_frame
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.broker.group_log import GroupLog, Row
from pushnet.roles.broker.group_logs import GroupLogs
from pushnet.roles.broker.line import Line
from pushnet.roles.broker.lines import AppLines, Lines
from pushnet.roles.broker.pages import Page, ttl_s
from pushnet.roles.broker.patience import Patience
from pushnet.roles.broker.tally import Tally
from pushnet.rpc.exceptions import LocalException
from pushnet.world import World

READS_PER_PAGE = 16
"""Reads of the log for one page: a device with a rare audience must not hold on to a shard."""
VAIN_ROWS_MAX = 64
"""So many rows searched in vain are worth telling the device, so that it need not come back for them."""


class GroupMail:
    """Brings devices the group logs of their apps."""

    def __init__(self, world: World, lines: Lines, tally: Tally, inline_bytes_max: int) -> None:
        self._world = world
        self._lines = lines
        self._tally = tally
        self._inline_bytes_max = inline_bytes_max
        self._patience = Patience(world, "broker.group")

    def spread(self, log: GroupLog, row: Row) -> None:
        """A new row of the log, in order: to all live devices of its audience."""
        lines = self._lines.app(log.app)
        if lines is None:
            return
        addressed = lines.live & row.audience
        left_s = ttl_s(row.message, self._now_ms())
        if not left_s:
            self._tally.expired.inc(len(addressed))
            return
        message = row.message
        frame = push_frame(Stream.GROUP, row.seq, left_s, message.body, None, message.id)
        notice = encode(Notify(Stream.GROUP, row.seq))
        small = len(message.body) <= self._inline_bytes_max
        inline = notified = 0
        for ordinal in addressed:
            line = lines.by_ordinal[ordinal]
            flow = line.group
            offer = flow.offer(flow.sent, row.seq, small and not line.full)
            if offer is Offer.INLINE:
                line.transport.write(frame)
                inline += 1
            elif offer is Offer.NOTIFY:
                flow.scanned = row.seq - 1
                lines.live.discard(ordinal)
                line.write(notice)
                notified += 1
        self._tally.inline.inc(inline)
        self._tally.notified.inc(notified)

    def welcome(self, line: Line, logs: GroupLogs) -> None:
        """The first page after the login; at once when what is missing is at hand."""
        self.answer(line, logs, greeting=True)

    def answer(self, line: Line, logs: GroupLogs, *, greeting: bool = False) -> None:
        """The device pulls."""
        lines = self._lines.app(line.app)
        if lines is not None:
            lines.live.discard(line.ordinal)
        work = ensureDeferred(self._answer(line, logs, greeting))
        self._world.background("a page of a group log", work)

    async def _answer(self, line: Line, logs: GroupLogs, greeting: bool) -> None:
        """Search until the page is full, the log has ended, or it takes too long."""
        log = logs.find(line.app)
        assert log is not None, "an app with a device here has a log"
        page = Page(Stream.GROUP, line.group, self._now_ms())
        pauses = self._patience.pauses()
        for _ in range(READS_PER_PAGE):
            try:
                rows = await logs.after(log, line.group.scanned)
            except (LocalException, UnavailableException):
                await next(pauses)
                rows = []
            if not line.is_open:
                return
            search(page, line, rows)
            if page.full or line.group.scanned >= log.head:
                break
        self._finish(line, log, page, greeting)

    def _finish(self, line: Line, log: GroupLog, page: Page, greeting: bool) -> None:
        """Send the page; the device is live when the search has come to the end of the log."""
        flow = line.group
        at_end = flow.scanned >= log.head
        asked_in_vain = page.empty and not greeting
        if asked_in_vain or flow.scanned - flow.sent >= VAIN_ROWS_MAX:
            page.gap(flow.scanned, GapReason.NOT_ADDRESSED)
        flow.head = flow.sent if at_end else log.head
        data = page.bytes()
        if flow.settle() is Offer.NOTIFY:
            data += encode(Notify(Stream.GROUP, flow.head))
        else:
            self._go_live(line)
        line.write(data)
        self._tally.paged.inc(page.messages)
        self._tally.expired.inc(page.expired)

    def _go_live(self, line: Line) -> None:
        lines: AppLines | None = self._lines.app(line.app)
        assert lines is not None
        lines.live.add(line.ordinal)

    def _now_ms(self) -> int:
        return int(self._world.wall() * 1000)


def search(page: Page, line: Line, rows: list[Row]) -> None:
    """Take into `page` what is for the device, and note how far the search has come."""
    flow = line.group
    if rows and flow.scanned and rows[0].seq > flow.scanned + 1:
        page.gap(rows[0].seq - 1, GapReason.EXPIRED)
    for row in rows:
        if page.full:
            return
        if row.seq <= flow.scanned:
            continue
        if line.ordinal in row.audience:
            page.message(row.seq, row.message)
        else:
            flow.scanned = row.seq
