"""The two streams of a line slow each other, and part."""

from __future__ import annotations

from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.node.front_sides import CONGESTED, FULL, Side


class Notes:
    """A line that only listens."""

    def __init__(self) -> None:
        self.lines: list[object] = []

    def heard(self, side: Side, data: bytes) -> None:
        self.lines.append(data)

    def lost(self, side: Side) -> None:
        self.lines.append("lost")


class SideTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.notes = Notes()
        self.transports = StringTransport(), StringTransport()
        self.sides = Side(self.notes, self.notes.lines.append), Side(self.notes, lambda side: None)
        for side, transport in zip(self.sides, self.transports, strict=True):
            side.makeConnection(transport)

    def test_who_holds_it_tells_that_it_is_there_what_comes_and_that_it_is_lost(self) -> None:
        side = self.sides[0]
        side.dataReceived(b"x")
        side.connectionLost()
        side.dataReceived(b"y")
        self.assertEqual(self.notes.lines, [side, b"x", "lost"])

    def test_one_is_not_read_while_the_other_is_full(self) -> None:
        one, two = self.sides
        one.join(two)
        two.pauseProducing()
        self.assertEqual(self.transports[0].producerState, "paused")
        one.hold(FULL)
        two.resumeProducing()
        self.assertEqual(self.transports[0].producerState, "paused")
        one.release(FULL)
        self.assertEqual(self.transports[0].producerState, "producing")

    def test_who_joins_a_full_one_is_held_at_once_and_let_go_when_they_part(self) -> None:
        one, two = self.sides
        two.pauseProducing()
        one.join(two)
        self.assertEqual(self.transports[0].producerState, "paused")
        one.part()
        self.assertEqual(self.transports[0].producerState, "producing")
        one.release(CONGESTED)
        two.resumeProducing()
        self.assertEqual(self.transports[0].producerState, "producing")

    def test_nothing_is_written_or_ended_twice(self) -> None:
        side = self.sides[0]
        side.hang_up()
        self.assertTrue(self.transports[0].disconnecting)
        side.connectionLost()
        for end in (side.hang_up, side.cut_off, side.say_close):
            end()
        self.assertEqual(self.transports[0].value(), b"")
