"""The router as its clients see it."""

from __future__ import annotations

from pushnet.gen.ice.glacier2 import (
    CannotCreateSessionException,
    PermissionDeniedException,
    SessionNotExistException,
)
from pushnet.gen.ice.router import RouterFinderPrx
from pushnet.roles.relay.routing import TARGETS_MAX
from pushnet.rpc.exceptions import LocalException
from tests.roles.relay.simrelay import RelayCase


class RouterTests(RelayCase):
    def test_a_client_learns_what_it_needs_of_its_session(self) -> None:
        client = self.session()
        self.assertEqual(client.do(client.router.getSessionTimeout()), 60)
        self.assertEqual(client.do(client.router.getACMTimeout()), 60)
        self.assertEqual(client.do(client.router.getClientProxy()), (None, True))
        category = client.do(client.router.getCategoryForClient())
        self.assertEqual(len(category), 20)
        server = client.do(client.router.getServerProxy())
        self.assertEqual(server.ice_getIdentity().category, category)
        self.assertTrue(server.ice_getEndpoints())

    def test_each_session_has_a_category_of_its_own(self) -> None:
        clients = [self.session("client-1"), self.session("client-2")]
        categories = {client.do(client.router.getCategoryForClient()) for client in clients}
        self.assertEqual(len(categories), 2)

    def test_a_wrong_password_is_denied(self) -> None:
        client = self.outside()
        with self.assertRaises(PermissionDeniedException) as caught:
            client.do(client.router.createSession("ann", "wrong"))
        self.assertEqual(caught.exception.reason, "user or password is wrong")
        self.assertEqual(self.counted('pushnet_relay_logins_total{result="denied"}'), 1.0)

    def test_a_certificate_is_not_enough(self) -> None:
        client = self.outside()
        with self.assertRaises(PermissionDeniedException) as caught:
            client.do(client.router.createSessionFromSecureConnection())
        self.assertIn("user and password", caught.exception.reason)

    def test_there_is_one_session_a_connection(self) -> None:
        client = self.session()
        with self.assertRaises(CannotCreateSessionException) as caught:
            client.do(client.router.createSession("ann", "right"))
        self.assertEqual(caught.exception.reason, "session exists")

    def test_of_two_logins_at_once_one_gets_the_session(self) -> None:
        client = self.outside()
        first, second = (client.router.createSession("ann", "right") for _ in range(2))
        second.addErrback(lambda failure: failure.trap(CannotCreateSessionException))
        self.assertIsNone(client.do(first))
        self.assertIs(client.do(second), CannotCreateSessionException)

    def test_a_destroyed_session_is_no_more(self) -> None:
        client = self.session()
        client.do(client.router.destroySession())
        with self.assertRaises(SessionNotExistException):
            client.do(client.router.refreshSession())
        self.assertIsNone(client.do(client.router.createSession("ann", "right")))

    def test_targets_beyond_the_table_are_told_to_have_made_room(self) -> None:
        client = self.session()
        names = [f"object-{number}" for number in range(TARGETS_MAX + 2)]
        self.assertEqual(client.announce(*names[:TARGETS_MAX]), [])
        evicted = client.announce(*names[TARGETS_MAX:])
        self.assertEqual([proxy.ice_getIdentity().name for proxy in evicted if proxy], names[:2])

    def test_the_router_is_found_from_a_bare_endpoint(self) -> None:
        client = self.outside()
        finder = RouterFinderPrx.uncheckedCast(client.proxy("Ice/RouterFinder"))
        assert finder is not None
        router = client.do(finder.getRouter())
        self.assertEqual(client.do(router.ice_id()), "::Glacier2::Router")

    def test_without_a_session_the_routers_inner_operations_cost_the_connection(self) -> None:
        client = self.outside()
        with self.assertRaises(LocalException):
            client.do(client.router.getServerProxy())
        self.assertFalse(client.is_connected())
