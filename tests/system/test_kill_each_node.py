"""Every process ends under load: nothing accepted is lost, nothing comes twice, service is back soon.

Pushes of every kind flow all the time. From the moment of each end on, rounds of one more push of each kind
are asked for (repeated with the same `cid` while the gateway does not answer). Service is back when all of a
round is with all its devices: that must be within two leases. The ledger, reckoned apart from the
cluster, must balance in the end, over every push that was accepted.
"""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from twisted.trial.unittest import TestCase

from tests.system.scene import KINDS, Scene

DEVICES = 40
LEASE_S = 3.0
REGISTRY = "registry-1"
ROUND_LIMIT_S = 1.5
"""Not all there after this, another round is begun; the first one must arrive too, but may come late."""
ROUNDS_ALLOWED = 4
"""A process must start, join and be found, each a few steps as a round is."""
SETTLE_LIMIT_S = 60.0
"""What a killed pusher had in its hands comes again when its lease in the queue has run out, after 30 s."""


class EachNodeTest(TestCase):
    timeout = 300

    async def test_any_process_may_be_killed_and_the_registry_may_be_gone(self) -> None:
        async with playing(self.mktemp()) as scene:
            for name in others(scene):
                await self.end(scene, name, signal.SIGKILL)
            await self.keep_registry_away(scene)
            await self.balance(scene)

    async def test_any_process_may_be_told_to_stop(self) -> None:
        async with playing(self.mktemp()) as scene:
            for name in [*others(scene), REGISTRY]:
                await self.end(scene, name, signal.SIGTERM)
                self.assertEqual(scene.cluster.nodes[name].ended, 0, name)
            await self.balance(scene)

    async def end(self, scene: Scene, name: str, number: int) -> None:
        """End one process; service is back within two leases, and the node after it.

        To the leases comes what a few rounds take on this machine at this moment, when nobody has ended.
        """
        asked_at = scene.world.monotonic()
        self.assertTrue(await scene.round(f"before {name}", SETTLE_LIMIT_S))
        began_at = scene.world.monotonic()
        allowed_s = 2 * LEASE_S + ROUNDS_ALLOWED * (began_at - asked_at)
        restarts = scene.cluster.nodes[name].restarts
        scene.cluster.kill(name, number)
        rounds = 1
        while not await scene.round(f"after {name} {rounds}", ROUND_LIMIT_S):
            rounds += 1
        took_s = scene.world.monotonic() - began_at
        told = "\n".join(scene.cluster.warnings()[-20:])
        self.assertLess(took_s, allowed_s, f"after the end of {name}\n{told}")
        await scene.cluster.until_serving(name, restarts + 1)

    async def keep_registry_away(self, scene: Scene) -> None:
        """For more than two leases no registry lives; everything goes on, and every node is found after."""
        before = {name: scene.cluster.nodes[name].pid for name in others(scene)}
        asked_at = scene.world.monotonic()
        self.assertTrue(await scene.round("before the registry goes", SETTLE_LIMIT_S))
        limit_s = LEASE_S + ROUNDS_ALLOWED * (scene.world.monotonic() - asked_at)
        until = scene.world.monotonic() + 2.5 * LEASE_S
        rounds = 0
        while scene.world.monotonic() < until:
            if scene.cluster.nodes[REGISTRY].pid:
                scene.cluster.kill(REGISTRY)
            rounds += 1
            self.assertTrue(await scene.round(f"without registry {rounds}", limit_s), f"round {rounds}")
            await scene.pause(0.3)
        restarts = scene.cluster.nodes[REGISTRY].restarts
        await scene.cluster.until_serving(REGISTRY, restarts, limit_s=40)
        self.assertTrue(await scene.round("registry back", 2 * LEASE_S))
        self.assertEqual({name: scene.cluster.nodes[name].pid for name in others(scene)}, before)

    async def balance(self, scene: Scene) -> None:
        """Every accepted push has arrived exactly once, and nobody met a failure of ours."""
        await scene.stop_flow()
        facts = await scene.settled(SETTLE_LIMIT_S)
        self.assertTrue(facts.exactly_once, f"{facts}\n" + "\n".join(scene.cluster.warnings()[-40:]))
        self.assertEqual(scene.crowd.missed, 0)
        for kind in KINDS:
            self.assertGreater(scene.ledger.facts(f"flow-{kind}").delivered, 0, kind)
        for line in scene.cluster.up.lines:
            self.assertNotIn("trace", line, "what others' ends do to a node is foreseen")


@asynccontextmanager
async def playing(folder: str) -> AsyncIterator[Scene]:
    """A scene under load, closed in the end."""
    scene = Scene(folder, DEVICES, lease_s=LEASE_S)
    try:
        await scene.open()
        scene.start_flow()
        yield scene
    finally:
        status = await scene.close()
    assert status == 0, f"pushnet up ended with {status}"


def others(scene: Scene) -> list[str]:
    """Every node but the registry."""
    return [name for name in scene.cluster.nodes if name != REGISTRY]
