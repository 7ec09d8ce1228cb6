"""Who looks after which certificates: nodes after both, registries after their own, in the clear nobody."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.tending import Tending, tending
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.settings import ClusterSettings, NodeSettings, Settings
from pushnet.roles.renewing import DAYS_LEFT
from pushnet.rpc.communicator import Communicator
from pushnet.sim.simulation import Simulation
from tests.certificates import authority


class TendingTest(SynchronousTestCase):
    root = authority()
    m1 = root.vouch("m1")

    def of(self, join: str, role: str) -> Tending:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        self.world = world = simulation.host("h").boot()
        own = (("ca.pem", self.root.certificate), ("m1.pem", self.m1.certificate))
        for name, data in (*own, ("m1.key", self.m1.private_key())):
            world.storage.replace(f"tls/{name}", data)
        cluster = ClusterSettings(secret="x" * 16, join=join, tls="" if join == "open" else "/tls")
        settings = Settings(cluster=cluster, node=[NodeSettings(name="m1", role=role)])
        communicator = Communicator(world, inner_properties(settings, role, "m1"))
        return tending(world, communicator, settings, "m1", role)

    def background(self) -> list[str]:
        """What goes on of both."""
        ours = ("following what is revoked", "keeping the certificate")
        left = [line.partition(": background ")[2] for line in self.world.leftovers()]
        return sorted(what for what in left if what in ours)

    def test_a_node_renews_its_own_and_turns_the_revoked_away(self) -> None:
        both = self.of("tls", "broker")
        self.assertIsNotNone(both.renewing)
        self.assertIsNotNone(both.revoking)
        self.assertIn(DAYS_LEFT, both.readings())
        both.start()
        self.assertEqual(self.background(), ["following what is revoked", "keeping the certificate"])
        both.stop()
        self.assertEqual(self.background(), [])

    def test_a_registry_refuses_by_what_is_called(self) -> None:
        own = self.of("tls", "registry")
        self.assertEqual((own.renewing is None, own.revoking is None), (False, True))

    def test_who_joins_by_tokens_or_by_nothing_turns_nobody_away(self) -> None:
        self.assertEqual((self.of("token", "broker").revoking, self.of("open", "broker")), (None, Tending()))
        self.assertEqual(Tending().readings(), {})
