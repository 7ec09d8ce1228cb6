"""How lanes spread over the members of a group, and keep what was sent in order."""

from __future__ import annotations

from collections import Counter

from twisted.internet.defer import Deferred, ensureDeferred, gatherResults
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.broker import BrokerPrx, BrokerServant
from pushnet.grid.settings import NodeSettings
from pushnet.roles.membership import Membership
from pushnet.roles.relay.lanes import Lane
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException, NotRegisteredException
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.identity import Identity
from tests.roles.simgrid import SimGrid

STAY_S = 10.0
GROUP = "Lanes"
OBJECT = Identity("object", "")


class BrokerI(BrokerServant):
    """A member, which writes what it hears where all do."""

    def __init__(self, name: str, heard: list[tuple[str, int]]) -> None:
        self._name = name
        self._heard = heard

    def evict(self, app: str, ordinal: int, epoch: int, current: Current | None = None) -> None:
        self._heard.append((self._name, epoch))


class LaneCase(SynchronousTestCase):
    choice = "round-robin"

    def setUp(self) -> None:
        self.grid = SimGrid(self, {GROUP: self.choice})
        self.simulation = self.grid.simulation
        self.grid.start_registry()
        self.heard: list[tuple[str, int]] = []
        self.members: dict[str, tuple[Membership, Communicator]] = {}
        self.numbers = iter(range(1_000_000))
        self.caller = self.grid.communicator(self.simulation.host("caller").boot())

    def start(self, *names: str) -> None:
        for name in names:
            world = self.simulation.host(name).boot()
            communicator = self.grid.communicator(world)
            adapter = communicator.createObjectAdapterWithEndpoints(GROUP, f"tcp -h {name} -p 0")
            adapter.add(BrokerI(name, self.heard), OBJECT)
            self.simulation.run_until(adapter.activate())
            node = NodeSettings(name=name, role="broker")
            membership = Membership(world, communicator, self.grid.settings, node)
            membership.offer(adapter, GROUP)
            self.simulation.run_until(membership.start())
            self.members[name] = membership, communicator

    def lane(self, stay_s: float = STAY_S) -> Lane:
        proxy = self.caller.stringToProxy(f"object@{GROUP}")
        assert proxy is not None
        return Lane(self.caller.world, proxy, stay_s)

    def begin(self, lane: Lane, one_way: bool = False) -> Deferred[None]:
        """A call with the next number."""
        number = next(self.numbers)

        def send(proxy: ObjectPrx) -> Deferred[None]:
            typed = BrokerPrx.uncheckedCast(proxy.ice_oneway() if one_way else proxy)
            assert typed is not None
            return typed.evict("", 1, number)

        return ensureDeferred(lane.call(send, one_way))

    def call(self, lane: Lane) -> None:
        self.simulation.run_until(self.begin(lane))

    def call_for(self, lanes: list[Lane], seconds: float, every_s: float = 0.5) -> Counter[str]:
        """Who answered how often."""
        before = len(self.heard)
        for _ in range(int(seconds / every_s)):
            for lane in lanes:
                self.call(lane)
            self.simulation.run_for(every_s)
        return Counter(name for name, _ in self.heard[before:])


class SpreadTests(LaneCase):
    def test_lanes_spread_over_the_members(self) -> None:
        self.start("a", "b", "c")
        lanes = [self.lane() for _ in range(6)]
        served = self.call_for(lanes, 60.0)
        self.assertEqual(set(served), {"a", "b", "c"})
        self.assertGreater(min(served.values()), served.total() / 9)

    def test_a_new_member_gets_its_part(self) -> None:
        self.start("a", "b")
        lanes = [self.lane() for _ in range(6)]
        self.call_for(lanes, 5.0)
        self.start("c")
        served = self.call_for(lanes, 60.0)
        self.assertGreater(served["c"], served.total() / 6)

    def test_a_lane_stays_with_its_member_in_between(self) -> None:
        self.start("a", "b", "c")
        lane = self.lane()
        self.call_for([lane], 200.0)
        changes = sum(one[0] != two[0] for one, two in zip(self.heard, self.heard[1:], strict=False))
        self.assertTrue(200 / STAY_S / 2 <= changes <= 200 / STAY_S * 2, changes)

    def test_a_lane_that_need_not_move_stays_as_long_as_the_connection(self) -> None:
        self.start("a", "b", "c")
        self.assertEqual(len(self.call_for([self.lane(stay_s=0.0)], 60.0)), 1)

    def test_when_a_member_drains_calls_go_to_others_at_once(self) -> None:
        self.start("a", "b")
        lane = self.lane(stay_s=0.0)
        self.call(lane)
        first = self.heard[-1][0]
        membership, communicator = self.members[first]
        self.simulation.run_until(membership.stop())
        self.simulation.run_until(communicator.destroy())
        began_s = self.simulation.now_s
        self.call(lane)
        self.assertNotEqual(self.heard[-1][0], first)
        self.assertLess(self.simulation.now_s - began_s, 0.5)

    def test_nobody_to_call_is_told_and_found_when_he_comes(self) -> None:
        lane = self.lane()
        with self.assertRaises(NotRegisteredException):
            self.call(lane)
        self.start("a")
        self.call(lane)
        self.assertEqual(self.heard[-1][0], "a")


class AllTold(SpreadTests):
    """The same where the registry tells all members at once."""

    choice = "random"


class OrderTests(LaneCase):
    def test_requests_that_are_not_answered_stay_in_order_when_the_member_changes(self) -> None:
        """Though the way to one member is much longer than that to the other."""
        self.start("near", "far")
        self.simulation.paths.set_latency("caller", "far", 0.3, 0.4)
        self.simulation.paths.set_latency("far", "caller", 0.3, 0.4)
        lane = self.lane()
        for _ in range(1200):
            self.begin(lane, one_way=True)
            self.simulation.run_for(0.1)
        self.simulation.run_for(5.0)
        self.assertEqual({name for name, _ in self.heard}, {"near", "far"})
        self.assertEqual([number for _, number in self.heard], list(range(1200)))

    def test_what_waits_for_the_first_connection_is_sent_in_order(self) -> None:
        self.start("a", "b")
        lane = self.lane()
        sending = [self.begin(lane, one_way=number % 3 > 0) for number in range(60)]
        self.simulation.run_until(gatherResults(sending))
        self.simulation.run_for(1.0)
        self.assertEqual([number for _, number in self.heard], list(range(60)))
        self.assertEqual(len({name for name, _ in self.heard}), 1)

    def test_a_member_that_does_not_answer_the_ping_is_kept_and_nobody_waits_long(self) -> None:
        self.start("a", "b")
        lane = self.lane()
        self.call(lane)
        (member,) = {name for name, _ in self.heard}
        self.simulation.paths.block(member, "caller")  # it hears, and is not heard
        waits: list[float] = []
        for _ in range(30):
            began_s = self.simulation.now_s
            self.simulation.run_until(self.begin(lane, one_way=True))
            waits.append(self.simulation.now_s - began_s)
            self.simulation.run_for(0.5)
        self.assertLess(max(waits), 3.0)
        numbers = [number for _, number in self.heard]
        self.assertEqual(numbers, sorted(numbers))


class LostRegistryTests(LaneCase):
    def setUp(self) -> None:
        super().setUp()
        self.start("a", "b")

    def test_lanes_go_on_while_no_registry_answers(self) -> None:
        lanes = [self.lane() for _ in range(4)]
        self.call_for(lanes, 3.0)
        self.grid.kill("registry-1")
        self.assertEqual(self.call_for(lanes, 30.0).total(), 4 * 60)

    def test_they_also_find_a_connection_that_broke_again(self) -> None:
        lane = self.lane()
        self.call(lane)
        self.grid.kill("registry-1")
        self.simulation.run_for(2.0)
        connection = lane.proxy.ice_getCachedConnection()
        connection.abort(LocalException("broken"))
        self.call(lane)
        self.assertEqual(len(self.heard), 2)
