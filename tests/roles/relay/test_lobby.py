"""Visitors and sessions at the public port, over time."""

from __future__ import annotations

from pushnet.roles.relay.sessions import VISIT_OPERATIONS_MAX, VISIT_S
from pushnet.rpc.exceptions import LocalException
from tests.roles.relay.simrelay import RelayCase


class VisitorTests(RelayCase):
    def test_a_visitor_that_says_nothing_is_put_out(self) -> None:
        client = self.outside()
        connection = client.do(client.router.ice_getConnection())
        self.simulation.run_for(VISIT_S - 2)
        self.assertTrue(connection.active)
        self.simulation.run_for(4)
        self.assertFalse(connection.active)
        self.assertEqual(self.counted('pushnet_relay_closed_total{why="visitor"}'), 1.0)

    def test_a_visitor_has_a_few_operations(self) -> None:
        client = self.outside()
        for _ in range(VISIT_OPERATIONS_MAX):
            client.do(client.router.ice_ping())
        with self.assertRaises(LocalException):
            client.do(client.router.ice_invoke("ice_ping", 0, b"\6\0\0\0\1\1"))
        self.assertEqual(self.counted('pushnet_relay_closed_total{why="visitor"}'), 1.0)

    def test_a_visitor_may_not_send_much(self) -> None:
        client = self.outside()
        with self.assertRaises(LocalException):
            client.do(client.router.createSession("ann", "x" * 5000))
        self.assertFalse(client.is_connected())

    def test_a_visitor_may_not_call_inside(self) -> None:
        client = self.outside()
        client.do(client.router.ice_ping())
        with self.assertRaises(LocalException):
            client.do(client.unannounced("broker/b1").evict("app", 1, 2))
        self.assertFalse(client.is_connected())
        self.assertEqual(self.broker.evicted, [])

    def test_with_a_session_one_may_stay(self) -> None:
        client = self.session()
        self.simulation.run_for(VISIT_S * 2)
        self.assertTrue(client.is_connected())
        self.assertEqual(self.counted("pushnet_relay_visitors"), 0.0)

    def test_after_its_session_is_destroyed_a_client_is_a_visitor_again(self) -> None:
        client = self.session()
        client.do(client.router.destroySession())
        self.assertTrue(client.is_connected())
        self.simulation.run_for(VISIT_S + 2)
        self.assertFalse(client.is_connected())


class SessionTests(RelayCase):
    timeout_s = 4

    def test_a_silent_session_ends_and_its_connection_with_it(self) -> None:
        client = self.session()
        self.simulation.run_for(6)
        self.assertFalse(client.is_connected())
        self.assertEqual(self.counted('pushnet_relay_closed_total{why="silent"}'), 1.0)
        self.assertEqual(self.counted("pushnet_relay_sessions"), 0.0)

    def test_calls_keep_a_session(self) -> None:
        client = self.session()
        broker = client.broker()
        for _ in range(5):
            self.simulation.run_for(3)
            client.do(broker.stats())
        self.assertTrue(client.is_connected())

    def test_refreshing_keeps_a_session(self) -> None:
        client = self.session()
        for _ in range(5):
            self.simulation.run_for(3)
            client.do(client.router.refreshSession())

    def test_heartbeats_keep_a_session(self) -> None:
        client = self.session()
        connection = client.do(client.router.ice_getConnection())
        for _ in range(5):
            self.simulation.run_for(3)
            connection.heartbeat()
        self.assertTrue(client.is_connected())

    def test_a_session_ends_with_its_connection(self) -> None:
        self.session()
        self.grid.kill("client-1")
        self.simulation.run_for(1)
        self.assertEqual(self.counted("pushnet_relay_sessions"), 0.0)
