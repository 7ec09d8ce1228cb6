"""What looks after certificates while a process is a node: it renews its own, and turns the revoked away."""

from __future__ import annotations

import attrs

from pushnet.grid.settings import Settings
from pushnet.grid.tables import BY_TLS
from pushnet.roles.certificates import REGISTRY
from pushnet.roles.renewing import Renewing, renewing
from pushnet.roles.revoking import Revoking, revoking
from pushnet.rpc.communicator import Communicator
from pushnet.world import World


@attrs.frozen
class Tending:
    """Of one node; either may be absent."""

    renewing: Renewing | None = None
    revoking: Revoking | None = None

    def start(self) -> None:
        for each in (self.renewing, self.revoking):
            if each is not None:
                each.start()

    def stop(self) -> None:
        for each in (self.renewing, self.revoking):
            if each is not None:
                each.stop()

    def readings(self) -> dict[str, float]:
        """What the node tells of its certificate."""
        return self.renewing.readings() if self.renewing is not None else {}


def tending(world: World, communicator: Communicator, settings: Settings, name: str, role: str) -> Tending:
    """For the node of that name, as far as the cluster has certificates.

    Registries look at who calls what, and tell whom they refuse why: they turn nobody away here.
    """
    certified = bool(settings.cluster.tls and name)
    judging = certified and settings.cluster.join == BY_TLS and role != REGISTRY
    return Tending(
        renewing(world, communicator, settings, name) if certified else None,
        revoking(world, communicator, settings) if judging else None,
    )
