"""`PushNet/Registry` as nodes call it: epochs, refusals, what is told."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.registry import (
    AdapterEntry,
    Lease,
    LeaseLostException,
    NodeInfo,
    RegistrationRefusedException,
    WellKnownObject,
)
from tests.roles.simgrid import SimGrid


class RegistryTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = SimGrid(self)
        self.run_until = self.grid.simulation.run_until
        self.grid.start_registry()
        self.registry = self.grid.ask()

    def join(self, name: str, adapter_id: str = "", proxy: str = "dummy:tcp -h h -p 1") -> Lease:
        made = self.grid.observer().stringToProxy
        adapters = [AdapterEntry(adapter_id or name, "G", made(proxy) if proxy else None)]
        objects = [WellKnownObject("::T", made("thing@G"))]
        info = NodeInfo(name, "role", "1.0", "eu", 17, "http://h:1")
        return self.run_until(self.registry.join(info, adapters, objects))

    def test_a_lease_tells_epoch_and_time(self) -> None:
        lease = self.join("a")
        self.assertEqual(lease.ttlMs, 3000)
        self.assertGreater(lease.epoch, 0)
        status = next(each for each in self.grid.nodes() if each.info.name == "a")
        self.assertEqual(status.info, NodeInfo("a", "role", "1.0", "eu", 17, "http://h:1"))
        self.assertEqual((status.epoch, status.adapters), (lease.epoch, ["a"]))

    def test_an_older_epoch_can_neither_renew_nor_leave(self) -> None:
        old, new = self.join("a"), self.join("a")
        with self.assertRaises(LeaseLostException) as caught:
            self.run_until(self.registry.renew("a", old.epoch, {}))
        self.assertIn(str(new.epoch), caught.exception.reason)
        self.run_until(self.registry.leave("a", old.epoch))
        self.assertIn("a", self.grid.names())
        self.run_until(self.registry.renew("a", new.epoch, {"load": 1.0}))
        self.run_until(self.registry.leave("a", new.epoch))
        self.assertNotIn("a", self.grid.names())

    def test_a_node_nobody_knows_cannot_renew(self) -> None:
        with self.assertRaises(LeaseLostException):
            self.run_until(self.registry.renew("nobody", 1, {}))

    def test_what_contradicts_a_live_node_is_refused_by_name(self) -> None:
        self.join("a")
        with self.assertRaises(RegistrationRefusedException) as caught:
            self.join("b", adapter_id="a")
        self.assertIn("belongs to a", caught.exception.reason)

    def test_an_adapter_without_endpoints_is_refused(self) -> None:
        for proxy in ("", "dummy@G"):
            with self.assertRaises(RegistrationRefusedException) as caught:
                self.join("a", proxy=proxy)
            self.assertIn("no endpoints", caught.exception.reason)

    def test_replicas_are_told_with_their_endpoints(self) -> None:
        self.join("a")
        (member,) = self.grid.replicas("G")
        assert member.proxy is not None
        self.assertEqual((member.adapterId, member.node), ("a", "a"))
        self.assertEqual([str(each) for each in member.proxy.ice_getEndpoints()], ["tcp -h h -p 1 -t 60000"])
        self.assertEqual(self.grid.replicas("Nobody"), [])
