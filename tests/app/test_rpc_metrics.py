"""What the RPC runtime counts is told to Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.rpc_metrics import RpcCollector
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid


class RpcMetricsTest(SynchronousTestCase):
    def test_counters_connections_and_limits_are_there(self) -> None:
        grid = Grid(self)
        grid.serve("server", EverythingI(), **{"adapter-4000_ConcurrencyLimit": "7"})
        proxy = EverythingPrx(grid.proxy("client", "object:tcp -h server -p 4000").ice_reference)
        for _ in range(3):
            grid.wait(proxy.add(1, 2))
        for _ in range(2):
            grid.wait(proxy.add(1, 2, {"_pn.tok": "a"}))
        registry = CollectorRegistry()
        registry.register(RpcCollector(grid.communicators["server"]))
        text = generate_latest(registry).decode()
        self.assertIn("pushnet_rpc_requests_total 5.0", text)
        self.assertIn('pushnet_rpc_repeated_total{adapter="adapter-4000"} 1.0', text)
        self.assertIn("pushnet_rpc_malformed_total 0.0", text)
        self.assertIn('pushnet_rpc_connections{adapter="adapter-4000"} 1.0', text)
        self.assertIn('pushnet_rpc_concurrency_limit{adapter="adapter-4000"} 7.0', text)
        self.assertIn('pushnet_rpc_refused_total{adapter="adapter-4000"} 0.0', text)
