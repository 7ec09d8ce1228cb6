"""Names of what stands behind gateway and pusher."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.backends import find_backends
from pushnet.rpc.communicator import Communicator
from pushnet.sim import Simulation


class BackendsTests(SynchronousTestCase):
    def test_they_are_found_by_their_well_known_names(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        communicator = Communicator(simulation.host("gateway").boot(), properties={})
        found = find_backends(communicator, 2)
        named = [found.queue, found.tag_alias, *found.shards]
        self.assertEqual(
            [str(proxy) for proxy in named],
            [str(communicator.stringToProxy(name)) for name in ("Queue", "TagAlias", "shard/0", "shard/1")],
        )
        simulation.run_until(communicator.destroy())
