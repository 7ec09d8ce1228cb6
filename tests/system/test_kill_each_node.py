"""kill -9 of every process under load: nothing accepted is lost, nothing comes twice, service is back soon.

Pushes of every kind flow all the time. From the moment of each kill on, rounds of one more push of each kind
are asked for (repeated with the same `cid` while the gateway does not answer). Service is back when all of a
round is with all its devices: that must be within two leases of the kill. The ledger, reckoned apart from the
cluster, must balance in the end, over every push that was accepted.
"""

from __future__ import annotations

import signal

from twisted.trial.unittest import TestCase

from tests.system.scene import KINDS, Scene

DEVICES = 40
LEASE_S = 3.0
REGISTRY = "registry-1"
ROUND_LIMIT_S = 1.5
"""Not all there after this, another round is begun; the first one must arrive too, but may come late."""
SETTLE_LIMIT_S = 60.0
"""What a killed pusher had in its hands comes again when its lease in the queue has run out, after 30 s."""


class KillTest(TestCase):
    timeout = 300

    async def test_any_process_may_be_killed_and_the_registry_may_be_gone(self) -> None:
        scene = Scene(self.mktemp(), DEVICES, lease_s=LEASE_S)
        try:
            await scene.open()
            scene.start_flow()
            for name in scene.cluster.nodes:
                if name != REGISTRY:
                    await self.kill(scene, name)
            await self.keep_registry_away(scene)
            await scene.stop_flow()
            facts = await scene.settled(SETTLE_LIMIT_S)
            self.assertTrue(facts.exactly_once, f"{facts}\n" + "\n".join(scene.cluster.warnings()[-40:]))
            self.assertEqual(scene.crowd.missed, 0)
            for kind in KINDS:
                self.assertGreater(scene.ledger.facts(f"flow-{kind}").delivered, 0, kind)
        finally:
            status = await scene.close()
        self.assertEqual(status, 0)

    async def kill(self, scene: Scene, name: str) -> None:
        """Kill one node; service is back within two leases, and the node after it."""
        began_at = scene.world.monotonic()
        restarts = scene.cluster.nodes[name].restarts
        scene.cluster.kill(name)
        rounds = 1
        while not await scene.round(f"after {name} {rounds}", ROUND_LIMIT_S):
            rounds += 1
        took_s = scene.world.monotonic() - began_at
        told = "\n".join(scene.cluster.warnings()[-20:])
        self.assertLess(took_s, 2 * LEASE_S, f"after the kill of {name}\n{told}")
        await scene.cluster.until_serving(name, restarts + 1)

    async def keep_registry_away(self, scene: Scene) -> None:
        """For more than two leases no registry lives; everything goes on, and every node is found after."""
        others = {name: node.pid for name, node in scene.cluster.nodes.items() if name != REGISTRY}
        until = scene.world.monotonic() + 2.5 * LEASE_S
        rounds = 0
        while scene.world.monotonic() < until:
            if scene.cluster.nodes[REGISTRY].pid:
                scene.cluster.kill(REGISTRY, signal.SIGKILL)
            rounds += 1
            self.assertTrue(await scene.round(f"without registry {rounds}", LEASE_S), f"round {rounds}")
            await scene.pause(0.3)
        restarts = scene.cluster.nodes[REGISTRY].restarts
        await scene.cluster.until_serving(REGISTRY, restarts, limit_s=40)
        self.assertTrue(await scene.round("registry back", 2 * LEASE_S))
        now = {name: node.pid for name, node in scene.cluster.nodes.items() if name != REGISTRY}
        self.assertEqual(now, others)
