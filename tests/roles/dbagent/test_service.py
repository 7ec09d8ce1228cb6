"""DBAgent nodes in a simulated grid, called by name."""

from __future__ import annotations

from collections.abc import Sequence

from pushnet.gen.pushnet.broker import BrokerServant, Target
from pushnet.gen.pushnet.dbagent import ChangePage, LoginRequest
from pushnet.gen.pushnet.push import Message
from pushnet.grid.placement import shard_of_ordinal
from pushnet.grid.settings import NodeSettings
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.dbagent.service import make_service
from pushnet.roles.membership import Membership
from pushnet.rpc.exceptions import LocalException
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from tests.roles.truth import APP, HOME, SETTINGS, SHARDS, TruthCase


class BrokerI(BrokerServant):
    """Notes who is evicted."""

    def __init__(self) -> None:
        self.evicted: list[tuple[int, int]] = []

    def deliver(
        self, app: str, item: Message, devices: Sequence[Target], current: Current | None = None
    ) -> list[int]:
        return []

    def deliverGroup(
        self, app: str, seq: int, item: Message, audience: bytes, current: Current | None = None
    ) -> None:
        """Not of interest here."""

    def evict(self, app: str, ordinal: int, epoch: int, current: Current | None = None) -> None:
        self.evicted.append((ordinal, epoch))

    def stats(self, current: Current | None = None) -> dict[str, float]:
        return {}


class DBAgentServiceTests(TruthCase):
    def setUp(self) -> None:
        super().setUp()
        self.start("dbagent-1", make_service)
        self.start("dbagent-2", make_service)

    def test_every_shard_is_found_by_name_and_serves_its_own_devices(self) -> None:
        made = [self.register(f"phone-{n}") for n in range(12)]
        self.assertEqual({shard_of_ordinal(one.ordinal) for one in made}, set(range(SHARDS)))
        self.assertEqual(len({one.ordinal for one in made}), 12)
        told = [self.run_until(self.shard(number).census(APP))["devices"] for number in range(SHARDS)]
        self.assertEqual(sum(told), 12)

    def test_what_was_answered_survives_a_kill(self) -> None:
        made = self.register("phone")
        number = shard_of_ordinal(made.ordinal)
        node = "dbagent-2" if number == 1 else "dbagent-1"
        self.run_until(self.shard(number).store(APP, self.message(1), [made.ordinal]))
        self.kill(node)
        self.start(node, make_service)
        entries = self.run_until(self.shard(number).fetch(APP, made.ordinal, 0, 10))
        self.assertEqual([entry.message.id for entry in entries], [1])

    def test_shards_restart_with_a_new_mark_for_brokers(self) -> None:
        before = self.run_until(self.shard(HOME).beat("broker-1", 1, [APP]))
        node = "dbagent-2" if HOME == 1 else "dbagent-1"
        self.stop(node)
        self.start(node, make_service)
        after = self.run_until(self.shard(HOME).beat("broker-1", 1, [APP]))
        self.assertGreater(after.incarnation, before.incarnation)

    def test_a_broker_is_told_of_a_login_elsewhere(self) -> None:
        broker = self._start_broker("broker-1")
        made = self.register("phone")
        shard = self.shard(shard_of_ordinal(made.ordinal))
        for name in ("broker-1", "broker-2"):
            request = LoginRequest(APP, made.ordinal, made.registrationId, made.secret, name, 1, 0)
            epoch = self.run_until(shard.login(request)).epoch
        self.simulation.run_for(1)
        self.assertEqual(broker.evicted, [(made.ordinal, epoch)])

    def _start_broker(self, name: str) -> BrokerI:
        world = self.simulation.host(name).boot()
        communicator = self._communicator(world)
        node = NodeSettings(name=name, role="broker")
        membership = Membership(world, communicator, SETTINGS, node)
        adapter = communicator.createObjectAdapterWithEndpoints(name, f"tcp -h {name} -p 0")
        broker, identity = BrokerI(), Identity(name, "broker")
        adapter.add(broker, identity)
        self.run_until(adapter.activate())
        membership.offer(adapter, objects=[WellKnown(identity, "::PushNet::Broker")])
        self.run_until(membership.start())
        return broker

    def test_a_stop_ends_the_waits_of_followers_and_leaves_nothing(self) -> None:
        waiting = self.shard(1).ice_invocationTimeout(25_000).changes(0, 10, 20_000)
        self.simulation.run_for(1)
        self.assertFalse(waiting.called)
        started_s = self.simulation.now_s
        self.stop("dbagent-2")
        self.assertEqual(self.run_until(waiting).changes, [])
        self.stop("dbagent-1")
        self.assertLess(self.simulation.now_s - started_s, 5)
        self.assertEqual(self.simulation.failures, [])

    def test_a_follower_that_is_gone_is_not_waited_for(self) -> None:
        waiting = self.shard(1).ice_invocationTimeout(25_000).changes(0, 10, 20_000)
        waiting.addErrback(lambda failure: failure.trap(LocalException) and None)
        self.simulation.run_for(1)
        reading = {"shard": "1"}
        metrics = self.metrics["dbagent-2"]
        self.assertEqual(metrics.get_sample_value("pushnet_dbagent_followers_waiting", reading), 1)
        self.kill("client")
        self.simulation.run_for(1)
        self.assertEqual(metrics.get_sample_value("pushnet_dbagent_followers_waiting", reading), 0)

    def test_changes_wake_a_follower(self) -> None:
        waiting = [
            self.shard(number).ice_invocationTimeout(25_000).changes(0, 10, 20_000)
            for number in range(SHARDS)
        ]
        made = self.register("phone")
        page: ChangePage = self.run_until(waiting[shard_of_ordinal(made.ordinal)])
        self.assertEqual([change.ordinal for change in page.changes], [made.ordinal])
        self.assertLess(self.simulation.now_s, 10)

    def test_a_node_tells_how_it_is(self) -> None:
        role = self.roles["dbagent-1"]
        self.assertTrue(role.health()["ok"])
        self.assertEqual(role.gauges(), {"load": 0.0, "devices_online": 0, "writes_waiting": 0})
        made = self.register("phone")
        shard = self.shard(shard_of_ordinal(made.ordinal))
        self.run_until(
            shard.login(LoginRequest(APP, made.ordinal, made.registrationId, made.secret, "b", 1, 0))
        )
        online = sum(self.roles[name].gauges()["devices_online"] for name in ("dbagent-1", "dbagent-2"))
        self.assertEqual(online, 1)

    def test_a_node_that_could_not_open_closes_cleanly(self) -> None:
        self.stop("dbagent-2")
        role = self.begin("dbagent-2", make_service)
        self.run_until(role.stopService())
        self.assertEqual(self.simulation.failures, [])
