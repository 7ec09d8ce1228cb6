"""Sessions and visitors."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.relay.sessions import (
    VISIT_OPERATIONS_MAX,
    SessionRefused,
    Sessions,
    Visitors,
    category_of,
)


class SessionsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.sessions: Sessions[str] = Sessions(60.0, sessions_max=2)

    def test_a_session_is_found_by_connection_and_by_category(self) -> None:
        session = self.sessions.begin("con", "ann", "secret", 0.0)
        self.assertIs(self.sessions.of("con"), session)
        self.assertIs(self.sessions.in_category("secret"), session)
        self.assertIsNone(self.sessions.in_category("guess"))

    def test_a_connection_has_one_session(self) -> None:
        self.sessions.begin("con", "ann", "one", 0.0)
        with self.assertRaises(SessionRefused) as caught:
            self.sessions.begin("con", "ann", "two", 0.0)
        self.assertEqual(str(caught.exception), "session exists")

    def test_there_are_no_more_sessions_than_allowed(self) -> None:
        self.sessions.begin("con1", "ann", "one", 0.0)
        self.sessions.begin("con2", "ann", "two", 0.0)
        with self.assertRaises(SessionRefused):
            self.sessions.begin("con3", "ann", "three", 0.0)

    def test_an_ended_session_is_found_no_more(self) -> None:
        self.sessions.begin("con", "ann", "secret", 0.0)
        self.assertIsNotNone(self.sessions.end("con"))
        self.assertIsNone(self.sessions.of("con"))
        self.assertIsNone(self.sessions.in_category("secret"))
        self.assertIsNone(self.sessions.end("con"))

    def test_a_session_without_sign_of_life_ends_after_the_timeout(self) -> None:
        silent = self.sessions.begin("con1", "ann", "one", 0.0)
        self.sessions.begin("con2", "bob", "two", 0.0).seen_at = 30.0
        self.assertEqual(self.sessions.sweep(59.9), [])
        self.assertEqual(self.sessions.sweep(60.0), [silent])
        self.assertEqual(len(self.sessions), 1)

    def test_no_timeout_means_as_long_as_the_connection(self) -> None:
        sessions: Sessions[str] = Sessions(0.0)
        sessions.begin("con", "ann", "one", 0.0)
        self.assertEqual(sessions.sweep(1e9), [])


class VisitorsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.visitors: Visitors[str] = Visitors(visitors_max=2)

    def test_a_visitor_has_a_few_operations(self) -> None:
        self.visitors.arrive("con", 0.0)
        charged = [self.visitors.charge("con", 10) for _ in range(VISIT_OPERATIONS_MAX + 1)]
        self.assertEqual(charged, [True] * VISIT_OPERATIONS_MAX + [False])

    def test_a_visitor_has_a_few_bytes(self) -> None:
        self.visitors.arrive("con", 0.0)
        self.assertTrue(self.visitors.charge("con", 4096))
        self.assertFalse(self.visitors.charge("con", 1))

    def test_a_stranger_has_nothing(self) -> None:
        self.assertFalse(self.visitors.charge("con", 1))

    def test_a_visitor_has_ten_seconds(self) -> None:
        self.visitors.arrive("early", 0.0)
        self.visitors.arrive("late", 5.0)
        self.assertEqual(self.visitors.sweep(9.9), [])
        self.assertEqual(self.visitors.sweep(10.0), ["early"])
        self.assertEqual(len(self.visitors), 1)

    def test_when_there_are_too_many_the_oldest_has_to_go(self) -> None:
        self.assertIsNone(self.visitors.arrive("a", 0.0))
        self.assertIsNone(self.visitors.arrive("b", 1.0))
        self.assertEqual(self.visitors.arrive("c", 2.0), "a")

    def test_who_has_left_is_not_swept(self) -> None:
        self.visitors.arrive("con", 0.0)
        self.visitors.leave("con")
        self.assertEqual(self.visitors.sweep(99.0), [])


class CategoryTests(SynchronousTestCase):
    def test_a_category_is_twenty_printable_characters(self) -> None:
        category = category_of(bytes(range(0, 240, 6)))
        self.assertEqual(len(category), 20)
        self.assertTrue(all(33 <= ord(letter) <= 126 for letter in category))

    def test_other_tokens_give_other_categories(self) -> None:
        made = {category_of(bytes([7, number] * 20)) for number in range(256)}
        self.assertEqual(len(made), 94)
