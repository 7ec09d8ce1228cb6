"""Which Brokers live."""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred

from pushnet.gen.pushnet.registry import Member
from pushnet.roles.pusher.brokers import broker_proxy
from pushnet.rpc.exceptions import ConnectionLostException
from tests.roles.memory import MemoryBroker
from tests.roles.pusher.given import PusherGiven


class BrokersTests(PusherGiven):
    def living(self) -> list[str]:
        return list(self.simulation.run_until(ensureDeferred(self.brokers.living())))

    def test_the_registry_is_asked_once_a_second_at_most(self) -> None:
        self.assertEqual(self.living(), ["broker-1", "broker-2"])
        self.grid.registry.brokers["broker-0"] = MemoryBroker()
        self.simulation.run_for(0.9)
        self.assertEqual(self.living(), ["broker-1", "broker-2"])
        self.simulation.run_for(0.2)
        self.assertEqual(self.living(), ["broker-0", "broker-1", "broker-2"])
        self.assertEqual(self.grid.registry.calls, ["replicas"] * 2)

    def test_after_a_failure_it_is_asked_again(self) -> None:
        self.living()
        del self.grid.registry.brokers["broker-1"]
        self.brokers.forget()
        self.assertEqual(self.living(), ["broker-2"])

    def test_many_who_ask_at_once_share_one_call(self) -> None:
        self.grid.registry.hold("replicas")
        asking = [ensureDeferred(self.brokers.living()) for _ in range(5)]
        self.simulation.run_for(0.1)
        self.grid.registry.release("replicas")
        self.simulation.run_for(0.1)
        self.assertEqual([len(self.successResultOf(one)) for one in asking], [2] * 5)
        self.assertEqual(self.grid.registry.calls, ["replicas"])

    def test_without_a_registry_the_last_list_goes_on(self) -> None:
        self.living()
        self.simulation.run_for(2.0)
        self.grid.registry.trouble["replicas"] = [ConnectionLostException()]
        self.assertEqual(self.living(), ["broker-1", "broker-2"])

    def test_a_cancelled_question_does_not_lock_the_next_out(self) -> None:
        self.grid.registry.hold("replicas")
        asking = ensureDeferred(self.brokers.living())
        asking.addErrback(lambda failure: None)
        asking.cancel()
        self.grid.registry.release("replicas")
        self.assertEqual(self.living(), ["broker-1", "broker-2"])

    def test_a_replica_without_endpoints_is_no_broker(self) -> None:
        self.assertIsNone(broker_proxy(Member("broker-1", "broker-1", None)))
