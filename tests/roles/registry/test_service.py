"""The registry whole, in the simulated world: nodes and clients on hosts of their own."""

from __future__ import annotations

from collections import Counter

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice.icegrid import LocatorPrx, QueryPrx
from pushnet.gen.ice.locator import (
    AdapterAlreadyActiveException,
    AdapterNotFoundException,
    LocatorFinderPrx,
    LocatorRegistryPrx,
    ObjectNotFoundException,
    ServerNotFoundException,
)
from pushnet.gen.ice.process import ProcessPrx
from pushnet.gen.pushnet.tagalias import TagAliasPrx
from pushnet.rpc.exceptions import NotRegisteredException
from pushnet.rpc.stubs import ObjectPrx
from pushnet.wire.identity import Identity
from tests.roles.simgrid import SimGrid, TagAliasI


class RegistryCase(SynchronousTestCase):
    balance: dict[str, str] = {}

    def setUp(self) -> None:
        self.grid = SimGrid(self, self.balance)
        self.run_until = self.grid.simulation.run_until
        self.grid.start_registry()

    def proxy(self, identity: str) -> ObjectPrx:
        """An object of the registry, by its address."""
        address = f"tcp -h registry-1 -p {self.grid.settings.cluster.registry_port}"
        made = self.grid.observer().stringToProxy(f"{identity}:{address}")
        assert made is not None
        return made

    def locator(self) -> LocatorPrx:
        made = LocatorPrx.uncheckedCast(self.proxy("IceGrid/Locator"))
        assert made is not None
        return made

    def endpoints(self, adapter_id: str) -> list[str]:
        """Hosts in the locator's answer, in order."""
        found = self.run_until(self.locator().findAdapterById(adapter_id))
        assert found is not None
        return [endpoint.host for endpoint in found.ice_getEndpoints()]


class LocatorTests(RegistryCase):
    def test_a_client_calls_a_well_known_object_by_name(self) -> None:
        self.grid.start_node("tagalias-1", 1)
        tagalias = TagAliasPrx.uncheckedCast(self.grid.observer().stringToProxy("TagAlias"))
        assert tagalias is not None
        self.assertEqual(self.run_until(tagalias.followed()), {1: 0})

    def test_a_client_goes_on_with_the_other_replica_at_once_when_one_is_killed(self) -> None:
        self.grid.start_node("tagalias-1", 1)
        self.grid.start_node("tagalias-2", 2)
        tagalias = TagAliasPrx.uncheckedCast(self.grid.observer().stringToProxy("TagAlias"))
        assert tagalias is not None
        ((first, _),) = self.run_until(tagalias.followed()).items()
        self.grid.kill(f"tagalias-{first}")
        self.assertEqual(self.run_until(tagalias.followed(), 5.0), {3 - first: 0})

    def test_the_type_of_the_locator_is_that_of_icegrid(self) -> None:
        ids = self.run_until(self.locator().ice_ids())
        self.assertEqual(ids, ["::Ice::Locator", "::Ice::Object", "::IceGrid::Locator"])

    def test_a_group_is_answered_with_all_its_replicas(self) -> None:
        self.grid.start_node("tagalias-1", 1)
        self.grid.start_node("tagalias-2", 2)
        self.assertEqual(sorted(self.endpoints("TagAlias")), ["tagalias-1", "tagalias-2"])
        self.assertEqual(self.endpoints("tagalias-2"), ["tagalias-2"])

    def test_unknown_names_raise_what_ice_declares(self) -> None:
        with self.assertRaises(AdapterNotFoundException):
            self.endpoints("nobody")
        with self.assertRaises(ObjectNotFoundException):
            self.run_until(self.locator().findObjectById(Identity("nobody", "")))
        nobody = self.grid.observer().stringToProxy("nobody")
        assert nobody is not None
        with self.assertRaises(NotRegisteredException):
            self.run_until(nobody.ice_ping())

    def test_from_a_bare_endpoint_one_finds_locator_registry_and_query(self) -> None:
        finder = LocatorFinderPrx.uncheckedCast(self.proxy("Ice/LocatorFinder"))
        assert finder is not None
        found = LocatorPrx.uncheckedCast(self.run_until(finder.getLocator()))
        assert found is not None
        self.run_until(found.ice_ping())
        query = self.run_until(found.getLocalQuery())
        registry = self.run_until(found.getRegistry())
        assert query is not None and registry is not None
        self.run_until(query.ice_ping())
        self.run_until(registry.ice_ping())
        local = self.run_until(found.getLocalRegistry())
        assert local is not None
        self.assertEqual(self.run_until(local.getSessionTimeout()), 30)

    def test_the_registrys_own_objects_are_well_known(self) -> None:
        query = QueryPrx.uncheckedCast(self.grid.observer().stringToProxy("IceGrid/Query"))
        assert query is not None
        self.assertIsNone(self.run_until(query.findObjectById(Identity("nobody", ""))))


class QueryTests(RegistryCase):
    def query(self) -> QueryPrx:
        made = QueryPrx.uncheckedCast(self.proxy("IceGrid/Query"))
        assert made is not None
        return made

    def test_objects_are_found_by_type(self) -> None:
        self.grid.start_node("tagalias-1", 1)
        found = self.run_until(self.query().findAllObjectsByType("::PushNet::TagAlias"))
        self.assertEqual([str(proxy) for proxy in found], ["TagAlias -t -e 1.1 @ TagAlias"])
        one = self.run_until(self.query().findObjectByType("::PushNet::TagAlias"))
        self.assertEqual(str(one), str(found[0]))
        self.assertIsNone(self.run_until(self.query().findObjectByType("::Nothing")))

    def test_each_replica_can_be_called_by_itself(self) -> None:
        for number in (1, 2):
            self.grid.start_node(f"tagalias-{number}", number)
        group = self.grid.observer().stringToProxy("TagAlias")
        found = self.run_until(self.query().findAllReplicas(group))
        replicas = [TagAliasPrx.uncheckedCast(proxy) for proxy in found]
        answers = [self.run_until(each.followed()) for each in replicas if each is not None]
        self.assertEqual(answers, [{1: 0}, {2: 0}])


class BalanceTests(RegistryCase):
    balance = {"TagAlias": "round-robin"}

    def test_the_configured_choice_decides_who_is_first(self) -> None:
        for number in (1, 2, 3):
            self.grid.start_node(f"tagalias-{number}", number)
        firsts = Counter(self.endpoints("TagAlias")[0] for _ in range(6))
        self.assertEqual(firsts, {"tagalias-1": 2, "tagalias-2": 2, "tagalias-3": 2})


class StrangerTests(RegistryCase):
    """Servers that register as stock Ice servers do."""

    def registry(self) -> LocatorRegistryPrx:
        made = LocatorRegistryPrx.uncheckedCast(self.proxy("IceGrid/LocatorRegistry"))
        assert made is not None
        return made

    def serve(self, host: str) -> ObjectPrx:
        """An adapter on that host that knows nothing of leases; a proxy with its endpoints."""
        world = self.grid.simulation.host(host).boot()
        adapter = self.grid.communicator(world).createObjectAdapterWithEndpoints(
            "Stock", f"tcp -h {host} -p 0"
        )
        adapter.add(TagAliasI(9), Identity("tags", ""))
        self.run_until(adapter.activate())
        return adapter.createProxy(Identity("dummy", ""))

    def test_it_is_found_for_as_long_as_it_answers(self) -> None:
        self.run_until(self.registry().setAdapterDirectProxy("Stock", self.serve("stock-1")))
        self.grid.simulation.run_for(30.0)
        self.assertEqual(self.endpoints("Stock"), ["stock-1"])
        self.grid.kill("stock-1")
        self.grid.simulation.run_for(10.0)
        with self.assertRaises(AdapterNotFoundException):
            self.endpoints("Stock")

    def test_it_takes_its_entry_away_with_a_null_proxy(self) -> None:
        self.run_until(self.registry().setAdapterDirectProxy("Stock", self.serve("stock-1")))
        self.run_until(self.registry().setAdapterDirectProxy("Stock", None))
        with self.assertRaises(AdapterNotFoundException):
            self.endpoints("Stock")

    def test_a_second_server_gets_the_id_when_the_first_is_dead(self) -> None:
        first, second = self.serve("stock-1"), self.serve("stock-2")
        self.run_until(self.registry().setAdapterDirectProxy("Stock", first))
        with self.assertRaises(AdapterAlreadyActiveException):
            self.run_until(self.registry().setAdapterDirectProxy("Stock", second))
        self.grid.kill("stock-1")
        self.run_until(self.registry().setAdapterDirectProxy("Stock", second))
        self.assertEqual(self.endpoints("Stock"), ["stock-2"])

    def test_a_refused_server_that_ends_does_not_take_the_entry_of_another_away(self) -> None:
        first, second = self.serve("stock-1"), self.serve("stock-2")
        self.run_until(self.registry().setAdapterDirectProxy("Stock", first))
        refused = self.proxy("IceGrid/LocatorRegistry").ice_connectionId("of the second server")
        registry = LocatorRegistryPrx.uncheckedCast(refused)
        assert registry is not None
        with self.assertRaises(AdapterAlreadyActiveException):
            self.run_until(registry.setAdapterDirectProxy("Stock", second))
        self.run_until(registry.setAdapterDirectProxy("Stock", None))
        self.assertEqual(self.endpoints("Stock"), ["stock-1"])
        self.run_until(self.registry().setAdapterDirectProxy("Stock", None))
        with self.assertRaises(AdapterNotFoundException):
            self.endpoints("Stock")

    def test_replicas_of_stock_servers_form_a_group(self) -> None:
        for host in ("stock-1", "stock-2"):
            where = self.serve(host)
            self.run_until(self.registry().setReplicatedAdapterDirectProxy(host, "Pair", where))
        self.assertEqual(sorted(self.endpoints("Pair")), ["stock-1", "stock-2"])
        self.assertEqual([member.node for member in self.grid.replicas("Pair")], ["", ""])

    def test_one_that_is_killed_is_not_answered_any_more_at_once(self) -> None:
        host = self.grid.simulation.host("stock-1")
        world = host.boot()
        stock = self.grid.communicator(world)
        adapter = stock.createObjectAdapterWithEndpoints("Stock", "tcp -h stock-1 -p 0")
        self.run_until(adapter.activate())
        registry = LocatorRegistryPrx.uncheckedCast(stock.stringToProxy(str(self.registry())))
        assert registry is not None
        self.run_until(registry.setAdapterDirectProxy("Stock", adapter.createProxy(Identity("dummy", ""))))
        self.assertEqual(self.endpoints("Stock"), ["stock-1"])
        host.kill()
        self.grid.simulation.run_for(0.2)
        with self.assertRaises(AdapterNotFoundException):
            self.endpoints("Stock")

    def test_a_server_without_a_name_cannot_be_ended(self) -> None:
        with self.assertRaises(ServerNotFoundException):
            process = ProcessPrx.uncheckedCast(self.proxy("process"))
            self.run_until(self.registry().setServerProcessProxy("", process))


class RestartTests(RegistryCase):
    def test_after_a_kill_the_registry_answers_as_before(self) -> None:
        node = self.grid.start_node("tagalias-1", 1)
        self.grid.kill("registry-1")
        self.grid.start_registry()
        self.assertEqual(self.endpoints("TagAlias"), ["tagalias-1"])
        self.grid.simulation.run_for(10.0)
        self.assertEqual(self.endpoints("TagAlias"), ["tagalias-1"])
        status = next(each for each in self.grid.nodes() if each.info.name == "tagalias-1")
        self.assertEqual(status.epoch, node.membership.epoch)

    def test_it_stops_without_leaving_anything_behind(self) -> None:
        assert self.grid.registry is not None
        world = self.grid.simulation.host("registry-1").world
        self.run_until(self.grid.registry.stopService())
        self.run_until(self.grid.registry.parts.communicator.destroy())
        self.assertEqual(world.leftovers(), [])
        self.assertEqual(self.grid.simulation.failures, [])
