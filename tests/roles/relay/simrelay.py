"""A relay between a simulated client outside and a simulated object inside."""

from __future__ import annotations

from typing import Any

import attrs
from prometheus_client import CollectorRegistry, generate_latest
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice.glacier2 import RouterPrx
from pushnet.gen.pushnet.broker import BrokerPrx, BrokerServant
from pushnet.grid.settings import NodeSettings, RelaySettings
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.membership import Membership
from pushnet.roles.password import PasswordHash
from pushnet.roles.relay.service import make_service
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.identity import Identity
from tests.roles.simgrid import SimGrid

CHEAP = PasswordHash(10, 8, 1, bytes(16), b"")
USERS = {"ann": str(attrs.evolve(CHEAP, key=CHEAP.derive("right")))}
PORT = 4063
INSIDE, STUCK = Identity("b1", "broker"), Identity("stuck", "broker")


class BrokerI(BrokerServant):
    """An object inside or a callback outside, which keeps what it hears."""

    def __init__(self) -> None:
        self.contexts: list[dict[str, str]] = []
        self.facets: list[str] = []
        self.evicted: list[int] = []

    def stats(self, current: Current | None = None) -> dict[str, float]:
        assert current is not None
        self.contexts.append(current.ctx)
        self.facets.append(current.facet)
        return {"connections": 3.0}

    def evict(self, app: str, ordinal: int, epoch: int, current: Current | None = None) -> None:
        self.evicted.append(epoch)


class StuckI(BrokerServant):
    """An object inside that never answers."""

    waiting = 0

    async def stats(self, current: Current | None = None) -> dict[str, float]:
        self.waiting += 1
        return await Deferred()


class RelayCase(SynchronousTestCase):
    """Registry, relay, an object inside, and clients outside that are made as they are needed."""

    timeout_s = 60
    allow: list[str] = []

    def setUp(self) -> None:
        self.grid = SimGrid(self)
        self.simulation = self.grid.simulation
        self.run_until = self.simulation.run_until
        self.grid.start_registry()
        self.start_relay()
        self.start_inside()

    def start_relay(self) -> None:
        relay = RelaySettings(
            host="relay-1", port=PORT, session_timeout_s=self.timeout_s, users=USERS, allow=self.allow
        )
        node = NodeSettings(name="relay-1", role="relay", host="relay-1", relay=relay)
        world = self.simulation.host("relay-1").boot()
        communicator = self.grid.communicator(world)
        membership = Membership(world, communicator, self.grid.settings, node)
        self.metrics = CollectorRegistry()
        parts = Parts(world, communicator, self.grid.settings, node, membership, self.metrics, Logger())
        self.relay: RoleService = make_service(parts)
        self.relay.startService()
        self.run_until(self.relay.started)

    def start_inside(self) -> None:
        world = self.simulation.host("broker-1").boot()
        self.inside = self.grid.communicator(world)
        self.broker = BrokerI()
        adapter = self.inside.createObjectAdapterWithEndpoints("inside", "tcp -h broker-1 -p 0")
        adapter.add(self.broker, INSIDE)
        adapter.addFacet(self.broker, INSIDE, "admin")
        adapter.add(self.broker, Identity("hidden"))
        self.stuck = StuckI()
        adapter.add(self.stuck, STUCK)
        self.run_until(adapter.activate())
        node = NodeSettings(name="broker-1", role="broker")
        membership = Membership(world, self.inside, self.grid.settings, node)
        membership.offer(
            adapter, "Broker", [WellKnown(each, "::PushNet::Broker") for each in (INSIDE, STUCK)]
        )
        self.run_until(membership.start())
        self.inside_adapter: ObjectAdapter = adapter

    def outside(self, name: str = "client-1") -> Outside:
        host = self.simulation.host(name)
        world = host.world if host.is_up else host.boot()
        return Outside(self, Communicator(world))

    def session(self, name: str = "client-1") -> Outside:
        client = self.outside(name)
        self.assertIsNone(client.do(client.router.createSession("ann", "right")))
        return client

    def counted(self, line: str) -> float:
        """A metric's value, such as `pushnet_relay_closed_total{why="silent"}`."""
        page = generate_latest(self.metrics).decode()
        (found,) = [text for text in page.splitlines() if text.startswith(line + " ")]
        return float(found.split()[-1])


class Outside:
    """A client: the router, and objects behind it, through one connection."""

    def __init__(self, case: RelayCase, communicator: Communicator) -> None:
        self.communicator = communicator
        self._case = case
        router = RouterPrx.uncheckedCast(self.proxy("Glacier2/router"))
        assert router is not None
        self.router = router

    def do(self, call: Any) -> Any:
        return self._case.run_until(call)

    def proxy(self, identity: str) -> ObjectPrx:
        """An object as a client with that router calls it: at the router's endpoint."""
        made = self.communicator.stringToProxy(f"{identity}:tcp -h relay-1 -p {PORT}")
        assert made is not None
        return made

    def announce(self, *texts: str) -> list[ObjectPrx | None]:
        return self.do(self.router.addProxies([self.communicator.stringToProxy(text) for text in texts]))

    def broker(self, identity: str = "broker/b1") -> BrokerPrx:
        """An announced object."""
        self.announce(identity)
        return self.unannounced(identity)

    def unannounced(self, identity: str) -> BrokerPrx:
        made = BrokerPrx.uncheckedCast(self.proxy(identity))
        assert made is not None
        return made

    def is_connected(self) -> bool:
        """Whether its connection to the relay stands."""
        connection = self.router.ice_getCachedConnection()
        return connection is not None and connection.active
