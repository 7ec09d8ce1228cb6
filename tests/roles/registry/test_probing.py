"""Whether stock servers answer."""

from __future__ import annotations

from prometheus_client import CollectorRegistry
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.settings import ClusterSettings, Settings
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.roles.registry.probing import Probing
from pushnet.roles.registry.proxies import Proxies
from pushnet.roles.registry.records import AdapterRecord
from pushnet.roles.registry.strangers import Stranger
from pushnet.rpc.communicator import Communicator
from pushnet.sim.simulation import Simulation

SETTINGS = Settings(cluster=ClusterSettings(secret="x" * 16, lease_s=3.0))


class ProbingTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.world = self.simulation.host("registry-1").boot()
        metrics = RegistryMetrics(CollectorRegistry())
        self.ledger = Ledger(self.world, SETTINGS, {}, metrics)
        self.simulation.run_until(self.ledger.open())
        proxies = Proxies(Communicator(self.world))
        self.probing = Probing(self.world, self.ledger, proxies)

    def serve(self, host: str) -> Stranger:
        """A server without any object that a ping could mean."""
        communicator = Communicator(self.simulation.host(host).boot())
        adapter = communicator.createObjectAdapterWithEndpoints("Stock", f"tcp -h {host} -p 1000")
        self.simulation.run_until(adapter.activate())
        return Stranger(AdapterRecord(host, "", f"tcp -h {host} -p 1000"), 1)

    def alive(self, stranger: Stranger) -> bool:
        return self.simulation.run_until(self.probing.alive(stranger), 5.0)

    def test_a_server_that_knows_no_such_object_is_alive(self) -> None:
        self.assertTrue(self.alive(self.serve("stock-1")))

    def test_one_whose_process_is_gone_is_dead(self) -> None:
        stranger = self.serve("stock-1")
        self.simulation.host("stock-1").kill()
        self.assertFalse(self.alive(stranger))

    def test_one_that_says_nothing_is_dead_within_half_a_lease(self) -> None:
        stranger = self.serve("stock-1")
        self.simulation.host("stock-1").power_off()
        before_s = self.simulation.now_s
        self.assertFalse(self.alive(stranger))
        self.assertLess(self.simulation.now_s - before_s, 1.7)

    def test_a_round_keeps_those_that_answer(self) -> None:
        async def yes(stranger: Stranger) -> bool:
            return True

        for host in ("stock-1", "stock-2"):
            self.simulation.run_until(self.ledger.enter_stranger(self.serve(host).adapter, yes))
        self.simulation.host("stock-2").kill()
        for _ in range(16):
            self.probing.round()
            self.simulation.run_for(0.5)
            self.ledger.sweep()
        self.assertEqual([stranger.adapter.id for stranger in self.ledger.strangers()], ["stock-1"])
