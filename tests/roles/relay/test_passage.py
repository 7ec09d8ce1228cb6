"""Requests through the relay, both ways."""

from __future__ import annotations

from twisted.internet.defer import gatherResults

from pushnet.gen.pushnet.broker import BrokerPrx
from pushnet.roles.relay.passage import ADD_PROXY
from pushnet.roles.relay.turns import HELD_BYTES_MAX, UNDER_WAY_MAX
from pushnet.rpc.exceptions import LocalException, ObjectNotExistException, UnknownLocalException
from pushnet.rpc.stubs import ObjectPrx
from pushnet.wire.identity import Identity
from tests.roles.relay.simrelay import BrokerI, RelayCase


class InwardsTests(RelayCase):
    def test_two_way_requests_are_answered_by_the_object_inside(self) -> None:
        client = self.session()
        self.assertEqual(client.do(client.broker().stats()), {"connections": 3.0})
        self.assertEqual(self.counted('pushnet_relay_forwarded_total{direction="in"}'), 1.0)

    def test_one_way_requests_stay_one_way(self) -> None:
        client = self.session()
        client.do(client.broker().ice_oneway().evict("app", 1, 42))
        self.simulation.run_for(1.0)
        self.assertEqual(self.broker.evicted, [42])

    def test_the_facet_of_the_request_is_kept(self) -> None:
        client = self.session()
        admin = BrokerPrx.uncheckedCast(client.broker().ice_facet("admin"))
        assert admin is not None
        client.do(admin.stats())
        self.assertEqual(self.broker.facets, ["admin"])

    def test_forged_context_stays_outside(self) -> None:
        client = self.session()
        client.do(client.broker().stats({"_con.peerCert": "x", "_pn.tok": "1", "mine": "yes"}))
        (context,) = self.broker.contexts
        self.assertEqual(context.get("mine"), "yes")
        self.assertEqual({"_con.peerCert", "_pn.tok"} & set(context), set())

    def test_an_object_that_was_not_announced_is_to_be_announced(self) -> None:
        client = self.session()
        with self.assertRaises(ObjectNotExistException) as caught:
            client.do(client.unannounced("broker/b1").stats())
        self.assertEqual(caught.exception.operation, ADD_PROXY)

    def test_an_object_that_may_not_be_called_is_not_to_be_announced_again(self) -> None:
        client = self.session()
        with self.assertRaises(ObjectNotExistException) as caught:
            client.do(client.broker("PushNet/Registry").stats())
        self.assertNotEqual(caught.exception.operation, ADD_PROXY)
        self.assertEqual(self.counted('pushnet_relay_refused_total{why="identity"}'), 1.0)

    def test_an_object_that_the_registry_does_not_know_does_not_exist(self) -> None:
        client = self.session()
        with self.assertRaises(ObjectNotExistException) as caught:
            client.do(client.broker("hidden").stats())
        self.assertEqual(caught.exception.operation, "stats")

    def test_an_object_inside_that_is_gone_is_told_without_its_address(self) -> None:
        client = self.session()
        broker = client.broker()
        client.do(broker.stats())
        self.grid.kill("broker-1")
        with self.assertRaises((UnknownLocalException, ObjectNotExistException)) as caught:
            client.do(broker.stats())  # by now the registry may have noticed
        self.assertNotIn("broker-1", str(caught.exception))

    def test_many_requests_at_once_are_all_answered(self) -> None:
        client = self.session()
        broker = client.broker()
        answers = client.do(gatherResults([broker.stats() for _ in range(500)]))
        self.assertEqual(answers, [{"connections": 3.0}] * 500)

    def test_an_object_that_hangs_keeps_a_client_from_no_other(self) -> None:
        client = self.session()
        broker, stuck = client.broker(), client.broker("broker/stuck")
        calls = [stuck.stats() for _ in range(2 * UNDER_WAY_MAX)]
        self.simulation.run_for(1.0)
        self.assertEqual(client.do(broker.stats()), {"connections": 3.0})
        self.assertEqual(self.stuck.waiting, UNDER_WAY_MAX)
        for call in calls:
            call.cancel()
            self.failureResultOf(call, LocalException)

    def test_who_sends_more_than_is_held_is_cut_off_and_nobody_else(self) -> None:
        greedy, other = self.session(), self.session("client-2")
        broker, its = greedy.broker(), other.broker()
        self.simulation.paths.partition("relay-1", "broker-1")
        huge = {"blob": "x" * 900_000}
        calls = [broker.evict(huge["blob"], 1, 2) for _ in range(HELD_BYTES_MAX // 900_000 + 2)]
        for call in calls:
            call.addErrback(lambda failure: failure.trap(LocalException))
        greedy.do(gatherResults(calls))
        self.assertFalse(greedy.is_connected())
        self.assertEqual(self.counted('pushnet_relay_closed_total{why="overload"}'), 1.0)
        self.simulation.paths.heal("relay-1", "broker-1")
        self.assertEqual(other.do(its.stats()), {"connections": 3.0})


class OutwardsTests(RelayCase):
    def callback(self, name: str = "client-1") -> tuple[BrokerI, BrokerPrx]:
        """A callback object of a client with a session, and what those inside call it by."""
        client = self.session(name)
        category = client.do(client.router.getCategoryForClient())
        servant = BrokerI()
        adapter = client.communicator.createObjectAdapterWithEndpoints("callback", "")
        adapter.add(servant, Identity("callback", category))
        client.do(client.router.ice_getConnection()).setAdapter(adapter)
        server: ObjectPrx = client.do(client.router.getServerProxy())
        text = self.inside.proxyToString(server.ice_identity(Identity("callback", category)))
        proxy = BrokerPrx.uncheckedCast(self.inside.stringToProxy(text))
        assert proxy is not None
        return servant, proxy

    def test_a_callback_object_is_called_from_inside(self) -> None:
        servant, proxy = self.callback()
        self.assertEqual(self.run_until(proxy.stats()), {"connections": 3.0})
        self.run_until(proxy.ice_oneway().evict("app", 1, 7))
        self.simulation.run_for(1.0)
        self.assertEqual(servant.evicted, [7])
        self.assertEqual(self.counted('pushnet_relay_forwarded_total{direction="out"}'), 2.0)

    def test_each_client_gets_its_own_callbacks(self) -> None:
        first, to_first = self.callback("client-1")
        second, _ = self.callback("client-2")
        self.run_until(to_first.evict("app", 1, 1))
        self.assertEqual((first.evicted, second.evicted), ([1], []))

    def test_a_guessed_category_reaches_nobody(self) -> None:
        _, proxy = self.callback()
        guess = BrokerPrx.uncheckedCast(proxy.ice_identity(Identity("callback", "x" * 20)))
        assert guess is not None
        with self.assertRaises(ObjectNotExistException):
            self.run_until(guess.stats())

    def test_the_callbacks_of_a_client_that_is_gone_do_not_exist(self) -> None:
        _, proxy = self.callback()
        self.grid.kill("client-1")
        self.simulation.run_for(1.0)
        with self.assertRaises(ObjectNotExistException):
            self.run_until(proxy.stats())


class ListedTests(RelayCase):
    allow = ["hidden"]

    def test_a_listed_object_is_found_at_the_adapter_that_the_client_names(self) -> None:
        client = self.session()
        client.announce("hidden@broker-1")
        self.assertEqual(client.do(client.unannounced("hidden").stats()), {"connections": 3.0})

    def test_what_is_not_listed_is_refused(self) -> None:
        client = self.session()
        with self.assertRaises(ObjectNotExistException):
            client.do(client.broker().stats())

    def test_endpoints_that_a_client_announces_are_not_used(self) -> None:
        client = self.session()
        direct = str(self.inside_adapter.createProxy(Identity("hidden")))
        client.announce(direct)
        with self.assertRaises(ObjectNotExistException):
            client.do(client.unannounced("hidden").stats())
        self.assertEqual(self.broker.contexts, [])
