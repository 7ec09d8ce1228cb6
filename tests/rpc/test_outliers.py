"""An endpoint that fails again and again is tried last for a while, and no longer than that."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import InvocationTimeoutException
from pushnet.rpc.outliers import Outliers
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid


class Sent:
    def __init__(self, calls_sent: int = 0) -> None:
        self.calls_sent = calls_sent


class OutliersTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.now = 0.0
        self.outliers = Outliers(lambda: self.now)

    def fail_times(self, count: int, endpoint: str = "a") -> list[bool]:
        return [self.outliers.failed(endpoint) for _ in range(count)]

    def test_the_fifth_failure_in_a_row_puts_an_endpoint_last(self) -> None:
        self.assertEqual(self.outliers.last("abc"), ["a", "b", "c"])
        self.assertEqual(self.fail_times(5), [False] * 4 + [True])
        self.assertEqual(self.outliers.last("abc"), ["b", "c", "a"])
        self.assertEqual(self.outliers.last("a"), ["a"])

    def test_it_comes_back_and_stays_away_longer_the_next_time(self) -> None:
        for away_s in (30, 60, 90):
            self.fail_times(5)
            self.now += away_s - 1
            self.assertEqual(self.outliers.last("ab"), ["b", "a"])
            self.now += 2
            self.assertEqual(self.outliers.last("ab"), ["a", "b"])
        self.now += 400
        self.fail_times(5)
        self.now += 31
        self.assertEqual(self.outliers.last("ab"), ["a", "b"])

    def test_at_most_a_tenth_but_always_one_is_put_last(self) -> None:
        for endpoint in "ab":
            self.fail_times(5, endpoint)
        self.assertEqual(self.outliers.last("abc"), ["b", "c", "a"])
        many = [chr(ord("a") + number) for number in range(20)]
        self.assertEqual(self.outliers.last(many)[-2:], ["a", "b"])

    def test_a_connection_that_is_made_begins_the_count_of_those_that_are_not_anew(self) -> None:
        self.fail_times(4)
        self.outliers.connected("a")
        self.assertEqual(self.fail_times(4), [False] * 4)

    def test_calls_that_went_well_in_between_begin_it_anew(self) -> None:
        connection = Sent(10)
        for _ in range(4):
            self.assertFalse(self.outliers.failed("a", connection))
            connection.calls_sent += 1
        connection.calls_sent += 100
        for _ in range(4):
            self.assertFalse(self.outliers.failed("a", connection))
            connection.calls_sent += 1
        self.assertTrue(self.outliers.failed("a", connection))

    def test_a_connection_that_breaks_is_one_failure_whatever_it_takes_with_it(self) -> None:
        for _ in range(4):
            connection = Sent(100)
            self.assertEqual([self.outliers.broke("a", connection) for _ in range(50)], [False] * 50)
        self.assertTrue(self.outliers.broke("a", Sent(100)))


class CallsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.good, self.stuck = EverythingI(), EverythingI()
        self.grid.serve("good", self.good)
        self.grid.serve("stuck", self.stuck)
        self.stuck.gate = Deferred()

    def proxy(self, **properties: str) -> EverythingPrx:
        self.grid.communicator("client", Ice_Default_EndpointSelection="Ordered", **properties)
        text = "object:tcp -h stuck -p 4000:tcp -h good -p 4000"
        return EverythingPrx(self.grid.proxy("client", text).ice_reference)

    def run_out(self, proxy: EverythingPrx) -> bool:
        """Whether a call runs out of time."""
        try:
            self.grid.wait(proxy.ice_invocationTimeout(200).nothing())
        except InvocationTimeoutException:
            return True
        return False

    def test_calls_that_run_out_of_time_send_the_next_ones_elsewhere(self) -> None:
        proxy = self.proxy(Pushnet_Outliers="1")
        self.assertEqual([self.run_out(proxy) for _ in range(7)], [True] * 5 + [False] * 2)
        self.assertEqual(len(self.good.called), 2)

    def test_without_the_property_ices_rules_hold(self) -> None:
        proxy = self.proxy()
        self.assertEqual([self.run_out(proxy) for _ in range(7)], [True] * 7)

    def test_the_only_endpoint_is_never_left(self) -> None:
        self.proxy(Pushnet_Outliers="1")
        only = EverythingPrx(self.grid.proxy("client", "object:tcp -h stuck -p 4000").ice_reference)
        connection = self.grid.wait(only.ice_getConnection())
        self.assertEqual([self.run_out(only) for _ in range(7)], [True] * 7)
        self.assertTrue(connection.active)

    def test_an_endpoint_that_breaks_what_it_accepts_is_tried_last(self) -> None:
        tried: list[Any] = []

        class Breaker(Protocol):
            def connectionMade(self) -> None:
                tried.append(self)
                self.transport.abortConnection()

        world = self.grid.communicator("breaker").world
        self.grid.wait(world.server_endpoint("breaker", 4000).listen(Factory.forProtocol(Breaker)))
        self.proxy(Pushnet_Outliers="1")
        text = "object:tcp -h breaker -p 4000:tcp -h good -p 4000"
        for number in range(8):
            proxy = EverythingPrx(self.grid.proxy("client", text).ice_reference)
            self.grid.wait(proxy.ice_connectionId(str(number)).add(1, 2))
        self.assertEqual(len(tried), 5)
