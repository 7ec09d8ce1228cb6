"""What an administrator reads of the metrics, through generated proxies."""

from __future__ import annotations

from typing import Any

from pushnet.gen.ice.metrics import (
    ConnectionMetrics,
    DispatchMetrics,
    InvocationMetrics,
    MetricsAdminPrx,
    MetricsFailures,
    RemoteMetrics,
    UnknownMetricsView,
)
from pushnet.gen.ice.process import PropertiesAdminPrx
from pushnet.rpc.exceptions import ConnectFailedException, ObjectNotExistException, UnknownException
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from tests.golden.calls import EverythingPrx
from tests.rpc.admin.test_object import AdminCase
from tests.rpc.given import EverythingI


class RiskyI(EverythingI):
    def one(self, current: Current | None = None) -> int:
        raise KeyError("secret")


class MetricsCase(AdminCase):
    def begin(self, **views: str) -> None:
        named = {f"IceMX_Metrics_{key}": value for key, value in views.items()}
        self.communicator = self.server(**named)
        self.adapter = self.grid.serve("server", RiskyI())
        self.admin = MetricsAdminPrx(self.facet("Metrics").ice_reference)
        self.object = EverythingPrx(self.grid.proxy("client", "object:tcp -h server -p 4000").ice_reference)

    def view(self, name: str = "V") -> dict[str, Any]:
        view, _ = self.grid.wait(self.admin.getMetricsView(name))
        return {kind: {metrics.id: metrics for metrics in each} for kind, each in view.items()}


class MetricsTest(MetricsCase):
    def test_requests_are_counted_with_their_sizes_and_failures(self) -> None:
        self.begin(V_Map_Dispatch_GroupBy="operation")
        for _ in range(3):
            self.grid.wait(self.object.add(1, 2))
        with self.assertRaises(UnknownException):
            self.grid.wait(self.object.one())
        self.flushLoggedErrors(KeyError)
        nobody = self.grid.proxy("client", "nobody:tcp -h server -p 4000")
        with self.assertRaises(ObjectNotExistException):
            self.grid.wait(nobody.ice_ping())
        dispatch = self.view()["Dispatch"]
        add = dispatch["add"]
        self.assertIsInstance(add, DispatchMetrics)
        self.assertEqual((add.total, add.current, add.failures, add.replySize), (3, 0, 0, 33))
        self.assertGreater(add.size, 3 * 20)
        told = len("KeyError [0123456789ab]")
        self.assertEqual(dispatch["one"].replySize, 2 * (1 + 1 + told))
        self.assertEqual(dispatch["ice_ping"].replySize, 1 + 7 + 1 + 1 + 9)
        failures = self.grid.wait(self.admin.getMapMetricsFailures("V", "Dispatch"))
        self.assertEqual(
            {each.id: each.failures for each in failures},
            {"one": {"::Ice::UnknownException": 2}, "ice_ping": {"::Ice::ObjectNotExistException": 1}},
        )
        one = self.grid.wait(self.admin.getMetricsFailures("V", "Dispatch", "one"))
        self.assertEqual(one, MetricsFailures("one", {"::Ice::UnknownException": 2}))

    def test_connections_are_counted_with_their_bytes(self) -> None:
        self.begin(V_Map_Connection_GroupBy="parent")
        self.grid.wait(self.object.ice_ping())
        connections = self.view()["Connection"]
        served = connections["adapter-4000"]
        self.assertIsInstance(served, ConnectionMetrics)
        self.assertEqual((served.total, served.current, served.sentBytes), (1, 1, 14 + 25))
        self.assertGreater(served.receivedBytes, 40)
        self.grid.wait(self.grid.communicators["client"].destroy())
        self.grid.simulation.run_for(1)
        native: Any = self.communicator.findAdminFacet("Metrics")
        ended = {metrics.id: metrics for metrics in native.getMetricsView("V")[0]["Connection"]}
        self.assertEqual((ended["adapter-4000"].current, ended["adapter-4000"].failures), (0, 0))

    def test_calls_are_counted_with_each_time_they_are_sent_and_connects_with_their_failures(self) -> None:
        self.begin(V_GroupBy="id")
        self.grid.serve("client", EverythingI(), "other")
        other = EverythingPrx(self.grid.proxy("server", "other:tcp -h client -p 4000").ice_reference)
        self.grid.wait(other.add(1, 2))
        self.grid.wait(other.ice_oneway().nothing())
        with self.assertRaises(ConnectFailedException):
            self.grid.wait(self.grid.proxy("server", "x:tcp -h client -p 9").ice_ping())
        view = self.view()
        add = view["Invocation"]["other -t -e 1.1 [add]"]
        self.assertIsInstance(add, InvocationMetrics)
        (remote,) = add.remotes
        self.assertIsInstance(remote, RemoteMetrics)
        self.assertEqual((add.total, add.current, remote.total, remote.replySize), (1, 0, 1, 11))
        self.assertEqual(view["Invocation"]["other -o -e 1.1 [nothing]"].total, 1)
        failed = view["Invocation"]["x -t -e 1.1 [ice_ping]"]
        self.assertEqual((failed.failures, failed.retry), (1, 1))
        self.assertEqual(view["ConnectionEstablishment"]["client:9"].failures, 2)
        self.assertEqual(view["ConnectionEstablishment"]["client:4000"].failures, 0)
        self.assertEqual(view["EndpointLookup"]["tcp -h client -p 9 -t 60000"].failures, 0)
        self.assertEqual(view["Thread"]["Reactor"].current, 1)

    def test_calls_within_the_communicator_are_counted_apart(self) -> None:
        self.begin(V_GroupBy="id")
        proxy = self.grid.proxy("server", "object:tcp -h server -p 4000")
        self.assertEqual(self.grid.wait(EverythingPrx(proxy.ice_reference).add(1, 2)), 3)
        add = self.view()["Invocation"]["object -t -e 1.1 [add]"]
        (collocated,) = add.collocated
        self.assertEqual((add.remotes, collocated.id, collocated.replySize), ([], "adapter-4000", 11))

    def test_a_view_that_is_not_there_is_said_to_be_unknown(self) -> None:
        self.begin()
        for call in (self.admin.getMetricsView, self.admin.enableMetricsView, self.admin.disableMetricsView):
            with self.assertRaises(UnknownMetricsView):
                self.grid.wait(call("V"))
        self.assertEqual(self.grid.wait(self.admin.getMetricsViewNames()), ([], []))

    def test_views_are_switched_at_run_time_and_nobody_watches_when_none_is_on(self) -> None:
        self.begin(V_GroupBy="id", V_Disabled="1")
        self.grid.wait(self.object.add(1, 2))
        self.assertEqual(self.grid.wait(self.admin.getMetricsViewNames()), ([], ["V"]))
        runtime = self.communicator
        watching = (
            runtime.watch_requests,
            runtime.watch_call,
            runtime.watch_connection,
            runtime.watch_connect,
        )
        self.assertEqual(watching, (None,) * 4)
        self.grid.wait(self.admin.enableMetricsView("V"))
        self.grid.wait(self.object.add(1, 2))
        view = self.view()
        self.assertEqual(view["Dispatch"]["object [add]"].total, 1)
        self.assertEqual([each.current for each in view["Connection"].values()], [1, 1])
        self.grid.wait(self.admin.disableMetricsView("V"))
        self.assertEqual(self.view(), {})
        self.assertIsNone(runtime.watch_requests)

    def test_a_view_comes_with_its_properties(self) -> None:
        self.begin()
        properties = PropertiesAdminPrx(self.facet("Properties").ice_reference)
        self.grid.wait(properties.setProperties({"IceMX.Metrics.N.Map.Dispatch.GroupBy": "identity"}))
        self.grid.wait(self.object.add(1, 2))
        self.assertEqual(self.view("N")["Dispatch"]["object"].total, 1)

    def test_what_is_under_way_is_counted_as_such(self) -> None:
        self.begin(V_Map_Dispatch_GroupBy="none")
        self.assertEqual(self.view()["Dispatch"][""].current, 1)

    def test_an_adapter_made_later_is_watched_too(self) -> None:
        self.begin(V_Map_Dispatch_GroupBy="identity")
        self.adapter.add(EverythingI(), Identity("second"))
        later = self.grid.serve("server", EverythingI(), "third", 4001)
        self.grid.wait(self.grid.proxy("client", str(later.createProxy(Identity("third")))).ice_ping())
        self.assertEqual(self.view()["Dispatch"]["third"].total, 1)
