"""Counting stand-ins of calls; what they count is in `test_metrics`."""

from __future__ import annotations

from typing import Any

from pushnet.rpc.calls import TwoWayCall
from tests.rpc.admin.test_metrics import MetricsCase
from tests.rpc.given import EverythingI


class CallsTest(MetricsCase):
    def test_each_kind_of_call_has_one_stand_in(self) -> None:
        self.begin(V_GroupBy="id")
        watch: Any = self.communicator.watch_call
        self.assertIs(watch(TwoWayCall), watch(TwoWayCall))
        self.assertTrue(issubclass(watch(TwoWayCall), TwoWayCall))

    def test_a_call_has_the_attributes_of_its_proxy_and_each_time_it_is_sent_those_of_the_connection(
        self,
    ) -> None:
        self.begin(
            V_Map_Invocation_GroupBy="parent|operation|identity|facet|encoding|mode|context.who|proxy",
            V_Map_Invocation_Map_Remote_GroupBy="endpointHost|connectionId",
        )
        self.grid.serve("client", EverythingI(), "other")
        proxy = self.grid.proxy("server", "other -e 1.0:tcp -h client -p 4000").ice_context({"who": "me"})
        self.grid.wait(proxy.ice_connectionId("mine").ice_ping())
        ((key, metrics),) = self.view()["Invocation"].items()
        self.assertEqual(
            key,
            "Communicator|ice_ping|other||1.0|twoway|me|other -t -e 1.0:tcp -h client -p 4000 -t 60000",
        )
        self.assertEqual([each.id for each in metrics.remotes], ["client|mine"])
