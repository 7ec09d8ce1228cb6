"""Other agents are remembered: releases can be had from them while no registry answers."""

from __future__ import annotations

from collections.abc import Sequence

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.node.peers import FILE, LEARN_S, Peers
from pushnet.sim.simulation import Simulation

M2, M3 = ("m2", "tcp -h m2 -p 1"), ("m3", "tcp -h m3 -p 1")


class PeersTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.host = self.simulation.host("m1")
        self.told: list[tuple[str, str]] = [M2]
        self.asked = 0
        self.boot()

    def boot(self) -> None:
        self.world = self.host.boot()
        self.peers = Peers(self.world, self.world.worker("peers"), self.ask)
        self.simulation.run_until(self.peers.open())

    async def ask(self, most: int) -> Sequence[tuple[str, str]]:
        self.asked += 1
        return self.told[:most]

    def learn(self) -> dict[str, str]:
        return self.simulation.run_until(self.peers.learn())

    def test_while_no_registry_answers_it_knows_whom_it_knew_also_after_a_power_failure(self) -> None:
        self.assertEqual(self.learn(), dict([M2]))
        self.told = []
        self.assertEqual(self.learn(), dict([M2]))
        self.host.power_off()
        self.boot()
        self.assertEqual(self.learn(), dict([M2]))

    def test_it_looks_again_and_again_who_there_is_until_it_ends(self) -> None:
        self.peers.start()
        self.simulation.run_for(1.0)
        self.told = [M3]
        self.simulation.run_for(LEARN_S)
        self.told = []
        self.assertEqual(self.learn(), dict([M3]), "who is there no more is forgotten")
        self.peers.stop()
        asked = self.asked
        self.simulation.run_for(3 * LEARN_S)
        self.assertEqual(self.asked, asked)

    def test_what_is_not_understood_is_forgotten(self) -> None:
        self.world.storage.replace(FILE, b"[1]")
        self.simulation.run_until(self.peers.open())
        self.told = []
        self.assertEqual(self.learn(), {})
