"""Who is on which line."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from tests.roles.broker.fakes import APP, Stage


class LinesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.stage = Stage()
        self.lines = self.stage.board.lines

    def test_a_device_is_found_until_it_leaves(self) -> None:
        phone = self.stage.phone()
        self.assertIs(self.lines.find(APP, phone.ordinal), phone.line)
        self.assertEqual((list(self.lines), self.lines.apps(), self.lines.count), ([phone.line], [APP], 1))
        phone.hang_up()
        self.assertIsNone(self.lines.find(APP, phone.ordinal))
        self.assertEqual((list(self.lines), self.lines.apps(), self.lines.count), ([], [], 0))

    def test_an_eviction_closes_older_logins_only(self) -> None:
        phone = self.stage.phone()
        epoch = phone.line.epoch
        self.lines.evict(APP, phone.ordinal, epoch)
        self.assertFalse(phone.line.closed)
        self.lines.evict(APP, phone.ordinal, epoch + 1)
        self.assertTrue(phone.line.closed)

    def test_an_older_login_does_not_take_the_place_of_a_newer_one(self) -> None:
        phone = self.stage.phone()
        phone.line.epoch = 99
        late = self.stage.phone()
        self.assertTrue(late.line.closed)
        self.assertIs(self.lines.find(APP, phone.ordinal), phone.line)

    def test_a_line_that_was_replaced_does_not_take_its_successor_along(self) -> None:
        first = self.stage.phone()
        second = self.stage.phone()
        first.hang_up()
        self.assertIs(self.lines.find(APP, second.ordinal), second.line)

    def test_arrivals_hear_of_messages_until_they_have_arrived(self) -> None:
        arrivals = [self.lines.arriving(APP, 5) for _ in range(2)]
        self.assertTrue(self.lines.tell_arrivals(APP, 5, 9))
        self.assertEqual([arrival.head for arrival in arrivals], [9, 9])
        self.assertTrue(self.lines.wants(APP))
        for arrival in arrivals:
            self.lines.arrived(APP, 5, arrival)
        self.assertFalse(self.lines.tell_arrivals(APP, 5, 10))
        self.assertFalse(self.lines.wants(APP))
