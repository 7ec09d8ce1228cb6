"""What nodes make their communicators with."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.ice_properties import inner_properties, outer_properties
from pushnet.grid.settings import ClusterSettings, Settings, load_settings
from pushnet.rpc.communicator import Communicator
from pushnet.sim.simulation import Simulation


class IcePropertiesTests(SynchronousTestCase):
    def limit(self, properties: dict[str, str]) -> int:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        return Communicator(simulation.host("node").boot(), properties).message_bytes_max

    def test_nodes_take_larger_messages_from_each_other_than_from_strangers(self) -> None:
        settings = Settings(cluster=ClusterSettings(secret="x" * 16))
        self.assertEqual(self.limit(inner_properties(settings)), 64 * 1024 * 1024)
        self.assertEqual(self.limit(outer_properties()), 1024 * 1024)

    def test_the_cluster_file_decides_how_large(self) -> None:
        settings = Settings(cluster=ClusterSettings(secret="x" * 16, message_kb_max=2048))
        self.assertEqual(self.limit(inner_properties(settings)), 2048 * 1024)

    def test_nodes_ask_the_registry_and_strangers_have_nothing_looked_up(self) -> None:
        settings = Settings(cluster=ClusterSettings(secret="x" * 16, host="h", registry_port=9))
        self.assertEqual(inner_properties(settings)["Ice.Default.Locator"], settings.locator)
        self.assertNotIn("Ice.Default.Locator", outer_properties())


class PatienceTests(SynchronousTestCase):
    def test_a_node_that_stands_still_is_given_up_after_a_lease_but_not_by_a_relay(self) -> None:
        settings = load_settings('[cluster]\nsecret = "0123456789abcdef"\nlease_s = 4.0', "x")
        for side in ("Client", "Server"):
            self.assertEqual(inner_properties(settings)[f"Ice.Connection.{side}.IdleTimeout"], "4")
            self.assertNotIn(f"Ice.Connection.{side}.IdleTimeout", inner_properties(settings, "relay"))

    def test_a_gateway_rides_over_the_restart_of_what_it_calls(self) -> None:
        settings = Settings(cluster=ClusterSettings(secret="x" * 16))
        pauses = inner_properties(settings, "gateway")["Ice.RetryIntervals"].split()
        self.assertGreater(sum(int(pause) for pause in pauses), 5000)
        self.assertNotIn("Ice.RetryIntervals", inner_properties(settings, "pusher"))
