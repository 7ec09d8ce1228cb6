"""The operator of a scenario. A push that is given up after its attempts is parked, with the reason: that is
how it is accounted for. When the faults are over, the operator puts what is parked back in line, as a person
would, and it has to arrive like any other.
"""

from __future__ import annotations

from pushnet.gen.pushnet.queue import QueuePrx
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException
from pushnet.rpc.stubs import UserException
from pushnet.sim.cluster import SimCluster

TOPIC, GROUP = "push", "pusher"
EVERY_S = 5.0
PAGE = 100
CALL_LIMIT_MS = 2000


class Operator:
    """Looks after parked pushes from a host of its own."""

    def __init__(self, cluster: SimCluster) -> None:
        self.replayed = 0
        self.reasons: list[str] = []
        self._simulation = cluster.simulation
        world = cluster.simulation.host("operator").boot()
        communicator = Communicator(world, properties={"Ice.Default.Locator": cluster.settings.locator})
        queue = QueuePrx.uncheckedCast(communicator.stringToProxy("Queue"))
        assert queue is not None
        self._queue = queue.ice_invocationTimeout(CALL_LIMIT_MS)

    async def look_after(self) -> None:
        """Again and again, until the run ends."""
        while True:
            await self._simulation.sleep(EVERY_S)
            try:
                await self._replay()
            except (LocalException, UserException) as error:
                self.reasons.append(f"operator: {error!r}")

    async def _replay(self) -> None:
        parked = await self._queue.parked(TOPIC, GROUP, PAGE)
        if parked:
            self.reasons += [f"parked {each.id}: {each.reason}" for each in parked]
            self.replayed += await self._queue.replay(TOPIC, GROUP, [each.id for each in parked])
