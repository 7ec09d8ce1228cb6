"""What an `ice_` method sets the next one tells; proxies are values with an order."""

from itertools import pairwise
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import FixedProxyException, IllegalIdentityException
from pushnet.rpc.proxy_options import (
    proxyIdentityAndFacetCompare,
    proxyIdentityAndFacetEqual,
    proxyIdentityCompare,
    proxyIdentityEqual,
)
from pushnet.rpc.reference import EndpointSelectionType
from pushnet.rpc.stubs import ObjectPrx
from pushnet.wire.identity import Identity
from tests.golden.calls import EverythingPrx
from tests.rpc.given import Grid

TEXT = "test -t -e 1.1:tcp -h a -p 1 -t 100:ssl -h b -p 2 -t 60000"


class ProxyOptionsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.proxy = EverythingPrx(self.grid.proxy("client", TEXT).ice_reference)
        self.locator = self.grid.proxy("client", "locator:tcp -h l -p 3")

    def test_a_fresh_proxy_is_as_ices_defaults_say(self) -> None:
        proxy = self.proxy
        told = (
            proxy.ice_getInvocationTimeout(),
            proxy.ice_getLocatorCacheTimeout(),
            proxy.ice_getEndpointSelection(),
            proxy.ice_isConnectionCached(),
            proxy.ice_isPreferSecure(),
            proxy.ice_isSecure(),
            proxy.ice_isCollocationOptimized(),
            proxy.ice_getConnectionId(),
            proxy.ice_getCompress(),
            proxy.ice_getTimeout(),
            proxy.ice_getRouter(),
            proxy.ice_getLocator(),
            proxy.ice_isFixed(),
            proxy.ice_getEncodingVersion(),
            proxy.ice_getFacet(),
        )
        random = EndpointSelectionType.Random
        expected = (-1, -1, random, True, False, False, True, "", None, None, None, None, False, (1, 1), "")
        self.assertEqual(told, expected)
        self.assertIs(proxy.ice_getCommunicator(), self.grid.communicators["client"])
        self.assertEqual(proxy.ice_toString(), TEXT)

    def test_what_is_set_is_told_and_makes_another_proxy_of_the_same_class(self) -> None:
        cases: list[tuple[str, Any, str, Any]] = [
            ("ice_invocationTimeout", 5, "ice_getInvocationTimeout", 5),
            ("ice_invocationTimeout", -2, "ice_getInvocationTimeout", -2),
            ("ice_locatorCacheTimeout", 0, "ice_getLocatorCacheTimeout", 0),
            ("ice_endpointSelection", EndpointSelectionType.Ordered, "ice_getEndpointSelection", None),
            ("ice_connectionCached", False, "ice_isConnectionCached", False),
            ("ice_preferSecure", True, "ice_isPreferSecure", True),
            ("ice_secure", True, "ice_isSecure", True),
            ("ice_collocationOptimized", False, "ice_isCollocationOptimized", False),
            ("ice_connectionId", "c", "ice_getConnectionId", "c"),
            ("ice_compress", False, "ice_getCompress", False),
            ("ice_timeout", 7, "ice_getTimeout", 7),
            ("ice_router", self.locator, "ice_getRouter", self.locator),
            ("ice_locator", self.locator, "ice_getLocator", self.locator),
            ("ice_context", {"a": "b"}, "ice_getContext", {"a": "b"}),
            ("ice_encodingVersion", (1, 0), "ice_getEncodingVersion", (1, 0)),
            ("ice_adapterId", "A", "ice_getAdapterId", "A"),
        ]
        for setter, value, getter, expected in cases:
            changed = getattr(self.proxy, setter)(value)
            self.assertEqual(getattr(changed, getter)(), value if expected is None else expected, setter)
            self.assertIsInstance(changed, EverythingPrx)
            self.assertNotEqual(changed, self.proxy, setter)
            self.assertEqual(getattr(changed, setter)(value), changed, setter)

    def test_setting_what_is_so_already_makes_an_equal_proxy(self) -> None:
        for setter, value in (
            ("ice_secure", False),
            ("ice_preferSecure", False),
            ("ice_connectionCached", True),
            ("ice_locatorCacheTimeout", -1),
            ("ice_invocationTimeout", -1),
            ("ice_context", {}),
            ("ice_twoway", None),
        ):
            given = () if value is None else (value,)
            changed = getattr(self.proxy, setter)(*given)
            self.assertEqual(changed, self.proxy, setter)
            self.assertEqual(hash(changed), hash(self.proxy))

    def test_each_mode_is_asked_for_by_its_name(self) -> None:
        for mode in ("Twoway", "Oneway", "BatchOneway", "Datagram", "BatchDatagram"):
            changed = getattr(self.proxy, "ice_" + mode[0].lower() + mode[1:])()
            for other in ("Twoway", "Oneway", "BatchOneway", "Datagram", "BatchDatagram"):
                self.assertEqual(getattr(changed, f"ice_is{other}")(), mode == other)

    def test_a_timeout_and_compression_are_shown_in_the_endpoints(self) -> None:
        changed = self.proxy.ice_timeout(10).ice_compress(True)
        self.assertEqual(str(changed), "test -t -e 1.1:tcp -h a -p 1 -t 10 -z:ssl -h b -p 2 -t 10 -z")
        self.assertEqual(self.proxy.ice_timeout(-1).ice_getEndpoints()[0], changed_timeout(self.proxy))

    def test_they_hold_for_endpoints_that_are_given_later(self) -> None:
        later = changed_timeout(self.proxy)
        changed = self.proxy.ice_timeout(10).ice_compress(True).ice_endpoints([later])
        self.assertEqual(str(changed), "test -t -e 1.1:tcp -h a -p 1 -t 10 -z")
        self.assertEqual(str(self.proxy.ice_endpoints([later])), "test -t -e 1.1:tcp -h a -p 1 -t infinite")

    def test_what_cannot_be_set_is_refused(self) -> None:
        for setter, value in (
            ("ice_invocationTimeout", 0),
            ("ice_invocationTimeout", -3),
            ("ice_timeout", 0),
            ("ice_timeout", -2),
            ("ice_locatorCacheTimeout", -2),
        ):
            told = self.assertRaises(RuntimeError, getattr(self.proxy, setter), value)
            self.assertEqual(str(told), f"invalid value passed to {setter}: {value}")
        self.assertRaises(ValueError, self.proxy.ice_fixed, None)
        self.assertRaises(IllegalIdentityException, self.proxy.ice_identity, Identity("", "c"))

    def test_another_identity_or_facet_is_a_proxy_of_no_class(self) -> None:
        self.assertIs(type(self.proxy.ice_facet("f")), ObjectPrx)
        self.assertIs(type(self.proxy.ice_identity(Identity("x"))), ObjectPrx)

    def test_a_proxy_bound_to_a_connection_chooses_none(self) -> None:
        _, live = self.grid.pair()
        connection = self.grid.wait(live.ice_getConnection())
        fixed = live.ice_fixed(connection)
        self.assertTrue(fixed.ice_isFixed())
        self.assertEqual((fixed.ice_getEndpoints(), fixed.ice_getAdapterId()), ((), ""))
        self.assertEqual(fixed, fixed.ice_fixed(connection))
        self.assertEqual(fixed, connection.createProxy(Identity("object")))
        for setter, value in (
            ("ice_adapterId", "x"),
            ("ice_endpoints", live.ice_getEndpoints()),
            ("ice_locator", None),
            ("ice_router", None),
            ("ice_connectionId", "x"),
            ("ice_connectionCached", False),
            ("ice_preferSecure", True),
            ("ice_timeout", 5),
            ("ice_locatorCacheTimeout", 1),
            ("ice_collocationOptimized", True),
        ):
            self.assertRaises(FixedProxyException, getattr(fixed, setter), value)
        self.assertEqual(fixed.ice_oneway().ice_facet("f").ice_context({"a": "b"}).ice_isFixed(), True)

    def test_proxies_have_a_total_order_in_which_equal_ones_are_equal(self) -> None:
        many = [
            self.proxy,
            self.locator,
            self.proxy.ice_facet("f"),
            self.proxy.ice_oneway(),
            self.proxy.ice_compress(True),
            self.proxy.ice_compress(False),
            self.proxy.ice_locator(self.locator),
            self.proxy.ice_router(self.locator),
            self.proxy.ice_context({"a": "b"}),
            self.proxy.ice_adapterId("A"),
            self.proxy.ice_invocationTimeout(5),
        ]
        ordered = sorted(many)
        self.assertEqual(ordered, sorted(many, reverse=True)[::-1])
        for lower, higher in pairwise(ordered):
            self.assertTrue(lower < higher and higher > lower and lower <= higher and higher >= lower)
            self.assertFalse(lower == higher or lower > higher)
        self.assertTrue(self.proxy <= self.grid.proxy("client", TEXT))
        self.assertFalse(self.proxy == 3)
        self.assertRaises(TypeError, lambda: self.proxy < 3)

    def test_numbers_and_switches_are_ordered_as_numbers(self) -> None:
        for lower, higher in (
            (self.proxy.ice_connectionCached(False), self.proxy),
            (self.proxy.ice_collocationOptimized(False), self.proxy),
            (self.proxy.ice_timeout(-1), self.proxy.ice_timeout(9)),
            (self.proxy.ice_timeout(9), self.proxy.ice_timeout(10)),
        ):
            self.assertTrue(lower < higher)

    def test_identities_and_facets_are_compared_without_the_rest(self) -> None:
        facet = self.proxy.ice_facet("f")
        self.assertEqual(proxyIdentityCompare(self.proxy, facet.ice_oneway()), 0)
        self.assertEqual(proxyIdentityCompare(self.proxy, self.locator), 1)
        self.assertEqual(proxyIdentityCompare(None, self.proxy), -1)
        self.assertEqual(proxyIdentityCompare(self.proxy, None), 1)
        self.assertEqual(proxyIdentityCompare(None, None), 0)
        self.assertTrue(proxyIdentityEqual(self.proxy, facet))
        self.assertEqual(proxyIdentityAndFacetCompare(self.proxy, facet), -1)
        self.assertFalse(proxyIdentityAndFacetEqual(self.proxy, facet))
        self.assertTrue(proxyIdentityAndFacetEqual(facet, facet.ice_oneway()))


def changed_timeout(proxy: ObjectPrx) -> Any:
    """The first endpoint without a limit of time."""
    infinite = proxy.ice_getCommunicator().stringToProxy("x:tcp -h a -p 1 -t infinite")
    return infinite.ice_getEndpoints()[0]
