"""Whether stock servers answer."""

from __future__ import annotations

import attrs
from prometheus_client import CollectorRegistry
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.settings import ClusterSettings, Settings
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.roles.registry.probing import Probing
from pushnet.roles.registry.proxies import Proxies
from pushnet.roles.registry.records import AdapterRecord, ProcessRecord
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.servant import Servant
from pushnet.rpc.stubs import Current
from pushnet.sim.simulation import Simulation
from pushnet.stores.registry.embedded import EmbeddedState
from pushnet.wire.identity import Identity

SETTINGS = Settings(cluster=ClusterSettings(secret="x" * 16, lease_s=3.0))


class ProbingTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.world = self.simulation.host("registry-1").boot()
        metrics = RegistryMetrics(CollectorRegistry())
        self.ledger = Ledger(self.world, SETTINGS, "registry-1", EmbeddedState(self.world), metrics)
        self.simulation.run_until(self.ledger.open())
        proxies = Proxies(Communicator(self.world))
        self.probing = Probing(self.world, self.ledger, proxies)

    def serve(self, host: str) -> AdapterRecord:
        """A server without any object that a ping could mean."""
        communicator = Communicator(self.simulation.host(host).boot())
        adapter = communicator.createObjectAdapterWithEndpoints("Stock", f"tcp -h {host} -p 1000")
        self.simulation.run_until(adapter.activate())
        return AdapterRecord(host, "", f"tcp -h {host} -p 1000")

    def alive(self, stranger: AdapterRecord) -> bool:
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
        for host in ("stock-1", "stock-2"):
            self.simulation.run_until(self.ledger.enter_stranger(self.serve(host), self.probing.alive))
        self.simulation.host("stock-2").kill()
        for _ in range(16):
            self.probing.round()
            self.simulation.run_for(0.5)
            self.ledger.tick()
        self.assertEqual(list(self.ledger.books.strangers), ["stock-1"])

    def test_who_may_idle_is_not_pinged_as_long_as_somebody_vouches_for_it(self) -> None:
        self.simulation.run_until(self.ledger.enter_stranger(self.serve("stock-1"), self.probing.alive))
        self.simulation.host("stock-1").pause()
        self.probing.idlers = lambda: {"stock-1"}
        self.assertEqual(self.rounds(4), ["stock-1"])
        self.probing.idlers = set
        self.assertEqual(self.rounds(4), [])

    def test_a_process_whose_server_may_idle_is_not_pinged_either(self) -> None:
        record = self.serve("stock-1")
        process = ProcessRecord("server", f"admin:{record.endpoints}", record.endpoints)
        self.simulation.run_until(self.ledger.enter_process(process))
        self.simulation.host("stock-1").pause()
        self.probing.idlers = lambda: {"server"}
        self.rounds(4)
        self.assertEqual(list(self.ledger.books.processes), ["server"])
        self.probing.idlers = set
        self.rounds(4)
        self.assertEqual(list(self.ledger.books.processes), [])

    def rounds(self, count: int) -> list[str]:
        """As many rounds as leases; who is in after them."""
        for _ in range(count):
            self.probing.round()
            for _ in range(6):
                self.simulation.run_for(0.5)
                self.ledger.tick()
        return sorted(self.ledger.books.strangers)

    def test_who_was_stopped_for_long_and_goes_on_is_entered_again(self) -> None:
        for host in ("stock-1", "stock-2"):
            record = attrs.evolve(self.serve(host), group="Stocks")
            self.simulation.run_until(self.ledger.enter_stranger(record, self.probing.alive))
        process = ProcessRecord("server", "admin:tcp -h stock-2 -p 1000", "tcp -h stock-2 -p 1000")
        self.simulation.run_until(self.ledger.enter_process(process))
        self.simulation.host("stock-2").pause()
        self.assertEqual(self.rounds(1), ["stock-1", "stock-2"])
        found = self.ledger.lookups.adapter("Stocks")
        assert found is not None
        self.assertNotIn("stock-2", found.proxy, "it has not answered, and there is another")
        self.assertEqual(self.rounds(40), ["stock-1"])
        self.assertEqual(list(self.ledger.books.processes), [])
        self.simulation.host("stock-2").resume()
        self.assertEqual(self.rounds(12), ["stock-1", "stock-2"])
        self.assertEqual(list(self.ledger.books.processes), ["server"])
        self.assertEqual(self.ledger.books.strangers["stock-2"].adapter.group, "Stocks")

    def test_where_nobody_listens_any_more_nobody_is_looked_for(self) -> None:
        self.simulation.run_until(self.ledger.enter_stranger(self.serve("stock-1"), self.probing.alive))
        self.simulation.host("stock-1").kill()
        self.assertEqual(self.rounds(4), [])
        self.serve("stock-1")
        self.assertEqual(self.rounds(12), [], "somebody else listens there now")

    def attended(self, host: str) -> Communicator:
        """A server that registered itself through a connection that is attended to."""
        record = self.serve(host)
        self.simulation.run_until(self.ledger.enter_stranger(record, self.probing.alive))
        client = Communicator(self.simulation.host(f"{host}-client").boot())
        door = Communicator(self.world).createObjectAdapterWithEndpoints("door", "tcp -h registry-1 -p 0")
        door.add(Greeter(self.probing, record.endpoints), Identity("greeter"))
        self.simulation.run_until(door.activate())
        proxy = client.stringToProxy(str(door.createProxy(Identity("greeter"))))
        assert proxy is not None
        self.simulation.run_until(proxy.ice_ping())
        return client

    def test_when_the_connection_of_a_dead_server_breaks_its_place_is_given_up_at_once(self) -> None:
        self.attended("stock-1")
        self.simulation.host("stock-1").kill()
        self.simulation.host("stock-1-client").kill()
        self.simulation.run_for(0.5)
        self.assertEqual(self.ledger.books.strangers, {})

    def test_when_only_the_connection_breaks_nothing_happens(self) -> None:
        self.attended("stock-1")
        self.simulation.host("stock-1-client").kill()
        self.simulation.run_for(0.5)
        self.assertEqual(list(self.ledger.books.strangers), ["stock-1"])


class Greeter(Servant):
    """Has the connection of whoever pings it attended to."""

    def __init__(self, probing: Probing, endpoints: str) -> None:
        self._probing = probing
        self._endpoints = endpoints

    def ice_ping(self, current: Current | None = None) -> None:
        self._probing.attend_place(current, self._endpoints)
