"""What the parts of a communicator share: Ice's rules for its properties, and a log nobody can flood."""

from twisted.logger import globalLogPublisher
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import PropertyException
from pushnet.rpc.runtime import CONNECT_S, FAULT_LOG_S, graph_depth_max, message_bytes_max, retry_intervals_ms
from tests.rpc.given import Grid


class PropertyRulesTest(SynchronousTestCase):
    def test_a_call_is_repeated_once_at_once_by_default(self) -> None:
        self.assertEqual(retry_intervals_ms(""), (0,))

    def test_minus_one_means_no_repeats(self) -> None:
        self.assertEqual(retry_intervals_ms("-1"), ())

    def test_each_interval_is_one_repeat(self) -> None:
        self.assertEqual(retry_intervals_ms("0 100 500"), (0, 100, 500))
        self.assertRaises(PropertyException, retry_intervals_ms, "soon")

    def test_messages_may_have_a_megabyte_by_default(self) -> None:
        self.assertEqual(message_bytes_max(""), 1024 * 1024)

    def test_the_limit_is_in_kilobytes_and_less_than_one_means_the_largest(self) -> None:
        self.assertEqual(message_bytes_max("2"), 2048)
        self.assertEqual(message_bytes_max("0"), 2**31 - 1)
        self.assertEqual(message_bytes_max("4194304"), 2**31 - 1)

    def test_class_graphs_have_a_hundred_instances_in_a_line_unless_a_property_says_how_many(self) -> None:
        given = ("", "10", "500", "0", "-1")
        self.assertEqual([graph_depth_max(text) for text in given], [100, 10, 250, 250, 250])


class ConnectLimitTest(SynchronousTestCase):
    def test_an_endpoint_may_shorten_the_time_to_connect_and_a_property_decides_it(self) -> None:
        grid = Grid(self)
        plain = grid.communicator("plain")
        self.assertEqual(
            [plain.connect_limit_s(ms) for ms in (60_000, 2000, -1)], [CONNECT_S, 2.0, CONNECT_S]
        )
        told = grid.communicator("told", Ice_Override_ConnectTimeout="30000")
        self.assertEqual([told.connect_limit_s(ms) for ms in (2000, -1)], [30.0, 30.0])


class FaultLogTest(SynchronousTestCase):
    def test_what_hostile_peers_cause_is_logged_once_a_second_with_a_count_of_the_rest(self) -> None:
        grid = Grid(self)
        runtime = grid.communicator("node")
        events: list[dict[str, object]] = []
        globalLogPublisher.addObserver(events.append)
        self.addCleanup(globalLogPublisher.removeObserver, events.append)
        for number in range(10):
            runtime.fault("fault {number}", number=number)
        grid.simulation.run_for(FAULT_LOG_S * 1.1)
        runtime.fault("fault {number}", number=10)
        mine = [event for event in events if "number" in event]
        self.assertEqual([(event["number"], event["unsaid"]) for event in mine], [(0, 0), (10, 9)])
