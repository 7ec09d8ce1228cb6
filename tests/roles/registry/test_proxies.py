"""Between proxies and strings."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.registry.proxies import KEPT_MAX, Proxies
from pushnet.rpc.communicator import Communicator
from pushnet.sim.simulation import Simulation

OPAQUE = "opaque -t 99 -e 1.1 -v YWJj"


class ProxiesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.communicator = Communicator(Simulation(1).host("registry-1").boot())
        self.proxies = Proxies(self.communicator)

    def test_a_string_gives_the_same_proxy_again(self) -> None:
        text = "dummy:tcp -h h -p 1"
        self.assertIs(self.proxies.proxy(text), self.proxies.proxy(text))
        self.assertIsNone(self.proxies.proxy(""))

    def test_what_a_proxy_says_survives_being_kept_as_a_string(self) -> None:
        for text in ("a/b -f facet -t -e 1.1 @ G", 'x -t -e 1.1:tcp -h "::1" -p 1 -t 60000'):
            proxy = self.communicator.stringToProxy(text)
            assert proxy is not None
            self.assertEqual(self.proxies.proxy(self.proxies.text(proxy)), proxy)

    def test_endpoints_survive_also_those_of_unknown_kinds(self) -> None:
        for endpoints in ("tcp -h h -p 1 -t 60000", f"tcp -h h -p 1 -t 60000 -z:{OPAQUE}"):
            proxy = self.communicator.stringToProxy(f"dummy:{endpoints}")
            assert proxy is not None
            self.assertEqual(self.proxies.endpoints(proxy), endpoints)

    def test_no_proxy_and_an_indirect_one_have_no_endpoints(self) -> None:
        self.assertEqual(self.proxies.endpoints(None), "")
        self.assertEqual(self.proxies.endpoints(self.communicator.stringToProxy("a@b")), "")

    def test_many_different_strings_do_not_fill_the_memory(self) -> None:
        first = self.proxies.proxy("first")
        for number in range(KEPT_MAX):
            self.proxies.proxy(f"n{number}")
        self.assertIsNot(self.proxies.proxy("first"), first)
