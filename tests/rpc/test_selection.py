"""Endpoints are left out, ordered and overridden as Ice does."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.communicator import Communicator
from pushnet.rpc.reference import EndpointSelectionType
from pushnet.rpc.selection import Selection
from pushnet.sim import Simulation

TEXT = (
    "object:tcp -h a -p 1 -t 60000:ssl -h b -p 2:udp -h c -p 3"
    ":opaque -t 99 -v AAAA:ws -h d -p 4:wss -h e -p 5"
)


class SelectionTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)

    def communicator(self, **properties: str) -> Communicator:
        named = {"Ice.Default.EndpointSelection": "Ordered", "IceSSL.VerifyPeer": "0"}
        named.update((name.replace("_", "."), value) for name, value in properties.items())
        return Communicator(self.simulation.host(f"h{len(self.simulation.hosts)}").boot(), named)

    def chosen(self, communicator: Communicator, change: Any = lambda proxy: proxy, text: str = TEXT) -> str:
        """The hosts of the chosen endpoints."""
        return "".join(endpoint.host for endpoint in self.endpoints(communicator, change, text))

    def endpoints(self, communicator: Communicator, change: Any, text: str = TEXT) -> list[Any]:
        reference = change(communicator.stringToProxy(text)).ice_reference
        selection = Selection(communicator.world, communicator.properties, communicator.transports)
        return list(selection.of(reference, reference.data.endpoints))

    def test_streams_that_are_not_secure_come_first(self) -> None:
        self.assertEqual(self.chosen(self.communicator()), "adbe")

    def test_who_prefers_secure_ones_has_them_first(self) -> None:
        ours = self.communicator()
        self.assertEqual(self.chosen(ours, lambda proxy: proxy.ice_preferSecure(True)), "bead")
        preferring = self.communicator(Ice_Default_PreferSecure="1")
        self.assertEqual(self.chosen(preferring), "bead")
        self.assertEqual(self.chosen(preferring, lambda proxy: proxy.ice_preferSecure(False)), "adbe")

    def test_who_insists_on_secure_ones_gets_no_others(self) -> None:
        self.assertEqual(self.chosen(self.communicator(), lambda proxy: proxy.ice_secure(True)), "be")
        self.assertEqual(self.chosen(self.communicator(), text=TEXT.replace("object", "object -s", 1)), "be")
        self.assertEqual(self.chosen(self.communicator(Ice_Override_Secure="1")), "be")

    def test_without_tls_only_what_needs_none(self) -> None:
        ordered = {"Ice.Default.EndpointSelection": "Ordered"}
        plain = Communicator(self.simulation.host("plain").boot(), ordered)
        self.assertEqual(self.chosen(plain), "ad")

    def test_a_datagram_proxy_uses_datagrams_only(self) -> None:
        for change in (lambda proxy: proxy.ice_datagram(), lambda proxy: proxy.ice_batchDatagram()):
            self.assertEqual(self.chosen(self.communicator(), change), "c")

    def test_a_random_order_keeps_the_secure_ones_apart(self) -> None:
        ours = self.communicator()
        seen = {
            self.chosen(ours, lambda proxy: proxy.ice_endpointSelection(EndpointSelectionType.Random))
            for _ in range(50)
        }
        self.assertEqual(seen, {"adbe", "dabe", "adeb", "daeb"})

    def test_what_endpoints_say_is_overridden_by_the_proxy_and_that_by_properties(self) -> None:
        ours = self.communicator()
        first = self.endpoints(ours, lambda proxy: proxy.ice_compress(True).ice_timeout(5))[0]
        self.assertEqual((first.compress, first.timeout_ms), (True, 5))
        strict = self.communicator(Ice_Override_Compress="0", Ice_Override_Timeout="7")
        first = self.endpoints(strict, lambda proxy: proxy.ice_compress(True).ice_timeout(5))[0]
        self.assertEqual((first.compress, first.timeout_ms), (False, 7))
