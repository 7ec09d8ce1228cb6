"""Retries are a tenth of the calls and a few a second, for each target."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.budget import RetryBudget
from pushnet.rpc.exceptions import UnknownException
from pushnet.rpc.properties import Properties
from pushnet.rpc.stubs import Blobject, Current
from pushnet.wire.request import encapsulated
from tests.rpc.given import Grid


class Sent:
    """What the budget sees of a connection."""

    def __init__(self, endpoint: str = "a", calls_sent: int = 0) -> None:
        self.endpoint = endpoint
        self.calls_sent = calls_sent


class BudgetTest(SynchronousTestCase):
    now = 0.0

    def budget(self, **properties: str) -> RetryBudget:
        named = {f"Pushnet.RetryBudget.{key}": value for key, value in properties.items()}
        return RetryBudget(Properties(named), lambda: self.now)

    def spent(self, budget: RetryBudget, connection: Sent) -> int:
        """How many retries are made until one is not."""
        for count in range(100_000):
            if not budget.spend(connection):
                return count
        raise AssertionError("the budget has no end")

    def test_a_bucket_begins_with_ten_seconds_worth_and_fills_with_time_up_to_a_limit(self) -> None:
        budget, connection = self.budget(), Sent()
        self.assertEqual(self.spent(budget, connection), 100)
        self.now = 2.0
        self.assertEqual(self.spent(budget, connection), 20)
        self.now = 100_000.0
        self.assertEqual(self.spent(budget, connection), 1100)
        self.assertEqual(budget.refused, 3)

    def test_a_tenth_of_the_calls_may_be_repeated(self) -> None:
        budget, connection = self.budget(PerSecond="0"), Sent()
        self.assertEqual(self.spent(budget, connection), 1)
        connection.calls_sent = 1000
        self.assertEqual(self.spent(budget, connection), 100)
        connection.calls_sent = 1010
        self.assertEqual(self.spent(budget, connection), 1)
        self.assertEqual(self.spent(budget, Sent(calls_sent=50)), 5)

    def test_each_target_has_its_own(self) -> None:
        budget = self.budget(PerSecond="1", Percent="0")
        self.assertEqual(self.spent(budget, Sent("a")), 10)
        self.assertEqual(self.spent(budget, Sent("b")), 10)

    def test_there_may_be_none(self) -> None:
        budget, connection = self.budget(PerSecond="-1"), Sent()
        self.assertTrue(all(budget.spend(connection) for _ in range(10_000)))


class Failing(Blobject):
    def __init__(self) -> None:
        self.served = 0

    def ice_invoke(self, params: bytes, current: Current) -> tuple[bool, bytes]:
        self.served += 1
        raise RuntimeError("nobody expects this")


class RetriesTest(SynchronousTestCase):
    def test_calls_fail_without_another_try_when_it_is_spent(self) -> None:
        grid = Grid(self)
        servant = Failing()
        grid.serve("server", servant)
        properties = {"Pushnet_RetryBudget_PerSecond": "0", "Pushnet_RetryBudget_Percent": "10"}
        client = grid.communicator("client", **properties)
        proxy = grid.proxy("client", "object:tcp -h server -p 4000")
        for _ in range(200):
            with self.assertRaises(UnknownException):
                grid.wait(proxy.ice_invoke("op", 2, encapsulated(b"")))
        self.flushLoggedErrors()
        self.assertTrue(210 <= servant.served <= 230, servant.served)
        self.assertTrue(client.retry_budget.refused > 150)
