"""What is watched has attributes, by which it is grouped; how it is counted is in `test_metrics`."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.admin.views import Views
from pushnet.rpc.admin.watch import Watch, Watched, exception_id, of_connection, of_endpoint
from pushnet.rpc.exceptions import ConnectionLostException
from pushnet.rpc.properties import Properties
from tests.rpc.admin.test_metrics import MetricsCase
from tests.rpc.given import Grid


class AttributesTest(MetricsCase):
    def test_a_request_has_the_attributes_of_its_connection_and_its_own(self) -> None:
        names = (
            "parent|id|identity|operation|facet|mode|context.who|incoming|adapterName|connectionId|"
            "endpointType|endpointPort|endpointIsSecure|endpointTimeout|localPort"
        )
        self.begin(V_Map_Dispatch_GroupBy=names, V_Map_Dispatch_Accept_operation="add")
        self.grid.wait(self.object.add(1, 2, {"who": "me"}))
        self.grid.wait(self.object.add(1, 2))
        (key,) = self.view()["Dispatch"]
        self.assertEqual(
            key,
            "adapter-4000|object [add]|object|add||twoway|me|true|adapter-4000||1|4000|false|60000|4000",
        )

    def test_a_connection_we_made_is_the_communicators(self) -> None:
        grid = Grid(self)
        _servant, proxy = grid.pair()
        attributes = of_connection(grid.wait(proxy.ice_connectionId("mine").ice_getConnection()))
        self.assertEqual(attributes("parent"), "Communicator")
        self.assertEqual(attributes("state"), "active")
        self.assertRegex(str(attributes("id")), r"^[\d.]+:\d+ -> [\d.]+:4000 \[mine\]$")
        self.assertIsNone(attributes("nonsense"))
        self.assertIsNone(attributes("endpointNonsense"))

    def test_an_endpoint_is_known_before_there_is_a_connection(self) -> None:
        endpoint = Grid(self).proxy("client", "x:ssl -h there -p 7 -z").ice_getEndpoints()[0]
        attributes = of_endpoint(endpoint, "there:7")  # type: ignore[arg-type]
        known = [attributes(name) for name in ("id", "endpointIsSecure", "endpointCompress", "endpointHost")]
        self.assertEqual(known, ["there:7", "true", "true", "there"])


class WatchedTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.now = 0.0
        self.views = Views(Properties({"IceMX.Metrics.A.GroupBy": "id", "IceMX.Metrics.B.Disabled": "1"}))

    def test_its_time_is_counted_in_microseconds(self) -> None:
        watched = Watched(self.views.maps("Dispatch"), {"id": "x"}.get, lambda: self.now)
        self.now = 0.25
        watched.end()
        self.assertEqual(self.views.maps("Dispatch")[0].snapshot()[0].totalLifetime, 250_000)

    def test_what_lasts_is_counted_in_views_that_come_later(self) -> None:
        watched = Watched(self.views.maps("Connection"), {"id": "x"}.get, lambda: self.now)
        self.views.enable("B", True)
        watched.renew(self.views.maps("Connection"))
        self.assertEqual([each.snapshot()[0].total for each in self.views.maps("Connection")], [1, 1])

    def test_it_wants_what_a_view_has_a_map_for(self) -> None:
        watch = Watch(self.views, lambda: self.now)
        self.assertTrue(watch.wants("Dispatch"))
        self.views.enable("A", False)
        self.assertFalse(watch.wants("Dispatch"))

    def test_failures_have_ices_names(self) -> None:
        self.assertEqual(exception_id(ConnectionLostException()), "::Ice::ConnectionLostException")
        self.assertEqual(exception_id(KeyError()), "::Ice::UnknownException")
