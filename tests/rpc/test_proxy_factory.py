"""Properties say how the proxies they hold call, and what is usual for all others."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import (
    CommunicatorDestroyedException,
    EndpointSelectionTypeParseException,
    FixedProxyException,
    InitializationException,
    UnsupportedEncodingException,
    VersionParseException,
)
from pushnet.rpc.properties import Properties
from pushnet.rpc.reference import EndpointSelectionType
from pushnet.rpc.stubs import ObjectPrx
from pushnet.wire.identity import Identity
from tests.rpc.given import Grid

WHOLE = {
    "P": "q -t -e 1.0 @ a",
    "P.CollocationOptimized": "0",
    "P.ConnectionCached": "0",
    "P.Context.a.b": "c",
    "P.EndpointSelection": "Ordered",
    "P.InvocationTimeout": "1234",
    "P.Locator": "l -t -e 1.1:tcp -h x -p 1 -t 60000",
    "P.Locator.CollocationOptimized": "1",
    "P.Locator.ConnectionCached": "1",
    "P.Locator.EndpointSelection": "Random",
    "P.Locator.InvocationTimeout": "1500",
    "P.Locator.LocatorCacheTimeout": "-1",
    "P.Locator.PreferSecure": "0",
    "P.LocatorCacheTimeout": "7",
    "P.PreferSecure": "1",
    "P.Router": "r -t -e 1.1:tcp -h x -p 1 -t 60000",
    "P.Router.CollocationOptimized": "1",
    "P.Router.ConnectionCached": "1",
    "P.Router.EndpointSelection": "Random",
    "P.Router.InvocationTimeout": "-1",
    "P.Router.LocatorCacheTimeout": "200",
    "P.Router.PreferSecure": "0",
}


class ProxyFactoryTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.told: list[str] = []

    def communicator(self, **properties: str) -> Communicator:
        named = {key.replace("_", "."): value for key, value in properties.items()}
        return self.of(named)

    def of(self, properties: dict[str, str]) -> Communicator:
        host = f"h{len(self.grid.simulation.hosts)}"
        world = self.grid.simulation.host(host).boot()
        return Communicator(world, Properties(properties, world, self.told.append))

    def proxy(self, communicator: Communicator, text: str = "x:tcp -h h -p 1") -> ObjectPrx:
        proxy = communicator.stringToProxy(text)
        assert proxy is not None
        return proxy

    def test_a_proxy_goes_into_properties_and_comes_out_equal(self) -> None:
        communicator = self.of(WHOLE)
        proxy = communicator.propertyToProxy("P")
        assert proxy is not None
        self.assertEqual(proxy.ice_getContext(), {"a.b": "c"})
        self.assertEqual(proxy.ice_getLocator().ice_getInvocationTimeout(), 1500)
        self.assertEqual(communicator.proxyToProperty(proxy, "P"), WHOLE)
        again = {key.replace("P", "Q", 1): value for key, value in WHOLE.items()}
        for key, value in again.items():
            communicator.properties.setProperty(key, value)
        self.assertEqual(communicator.propertyToProxy("Q"), proxy)
        self.assertEqual(self.told, [])

    def test_no_proxy_makes_no_properties_and_a_fixed_one_cannot(self) -> None:
        _, proxy = self.grid.pair()
        communicator = self.grid.communicators["client"]
        self.assertEqual(communicator.proxyToProperty(None, "P"), {})
        fixed = proxy.ice_fixed(self.grid.wait(proxy.ice_getConnection()))
        self.assertRaises(FixedProxyException, communicator.proxyToProperty, fixed, "P")

    def test_what_a_proxy_cannot_be_told_is_noticed(self) -> None:
        communicator = self.communicator(
            P="x", P_Foo="1", P_Context_a="b", P_LocatorCacheTimeout="-5", P_InvocationTimeout="0"
        )
        proxy = communicator.propertyToProxy("P")
        assert proxy is not None
        self.assertEqual((proxy.ice_getLocatorCacheTimeout(), proxy.ice_getInvocationTimeout()), (-1, -1))
        self.assertEqual(
            self.told,
            [
                "found unknown properties for proxy 'P': P.Foo",
                "invalid value for P.InvocationTimeout `0': defaulting to -1",
                "invalid value for P.LocatorCacheTimeout `-5': defaulting to -1",
            ],
        )

    def test_a_selection_that_there_is_not_is_refused(self) -> None:
        communicator = self.communicator(P="x", P_EndpointSelection="Best")
        self.assertRaises(EndpointSelectionTypeParseException, communicator.propertyToProxy, "P")
        with self.assertRaises(EndpointSelectionTypeParseException):
            self.communicator(Ice_Default_EndpointSelection="Best")

    def test_the_defaults_are_those_of_every_proxy(self) -> None:
        proxy = self.proxy(
            self.communicator(
                Ice_Default_EndpointSelection="Ordered",
                Ice_Default_PreferSecure="1",
                Ice_Default_InvocationTimeout="5",
                Ice_Default_LocatorCacheTimeout="6",
                Ice_Default_CollocationOptimized="0",
                Ice_Default_EncodingVersion="1.0",
                Ice_Default_Locator="l:tcp -h h -p 1",
                Ice_Default_Locator_LocatorCacheTimeout="9",
                Ice_Default_Router="r:tcp -h h -p 1",
            ),
            "x",
        )
        self.assertEqual(proxy.ice_getEndpointSelection(), EndpointSelectionType.Ordered)
        self.assertTrue(proxy.ice_isPreferSecure())
        self.assertEqual(proxy.ice_getInvocationTimeout(), 5)
        self.assertEqual(proxy.ice_getLocatorCacheTimeout(), 6)
        self.assertFalse(proxy.ice_isCollocationOptimized())
        self.assertEqual(proxy.ice_getEncodingVersion(), (1, 0))
        self.assertEqual(str(proxy), "x -t -e 1.0")
        self.assertEqual(proxy.ice_getLocator().ice_getIdentity(), Identity("l"))
        self.assertIsNone(proxy.ice_getLocator().ice_getLocator())
        self.assertEqual(proxy.ice_getRouter().ice_getIdentity(), Identity("r"))

    def test_an_encoding_that_is_not_spoken_is_no_default(self) -> None:
        with self.assertRaises(UnsupportedEncodingException):
            self.communicator(Ice_Default_EncodingVersion="1.3")
        with self.assertRaises(VersionParseException):
            self.communicator(Ice_Default_EncodingVersion="x")

    def test_a_default_set_later_is_for_proxies_made_later(self) -> None:
        communicator = self.communicator()
        before = self.proxy(communicator)
        locator, router = self.proxy(communicator, "l:tcp -h h -p 1"), self.proxy(communicator, "r")
        communicator.setDefaultLocator(locator)
        communicator.setDefaultRouter(router)
        after = self.proxy(communicator)
        self.assertEqual((before.ice_getLocator(), before.ice_getRouter()), (None, None))
        self.assertEqual((after.ice_getLocator(), after.ice_getRouter()), (locator, router))
        self.assertEqual(
            (communicator.getDefaultLocator(), communicator.getDefaultRouter()), (locator, router)
        )

    def test_identities_are_text_in_the_mode_that_is_asked_for(self) -> None:
        identity = Identity("banana \016-\u20ac\U0001f34c", "green \u20ac")
        told = {
            "Unicode": "green \u20ac/banana \\u000e-\u20ac\U0001f34c",
            "ASCII": "green \\u20ac/banana \\u000e-\\u20ac\\U0001f34c",
            "Compat": "green \\342\\202\\254/banana \\016-\\342\\202\\254\\360\\237\\215\\214",
        }
        for mode, text in told.items():
            communicator = self.communicator(Ice_ToStringMode=mode)
            self.assertEqual(communicator.identityToString(identity), text)
            self.assertEqual(communicator.stringToIdentity(text), identity)

    def test_values_that_cannot_be_are_named_at_once(self) -> None:
        for name, value in (
            ("Ice_ToStringMode", "Gothic"),
            ("Ice_ImplicitContext", "Foo"),
            ("Ice_Default_InvocationTimeout", "soon"),
        ):
            with self.assertRaises(InitializationException):
                self.communicator(**{name: value})

    def test_a_communicator_that_is_destroyed_makes_nothing(self) -> None:
        communicator = self.communicator()
        proxy = self.proxy(communicator)
        self.grid.wait(communicator.destroy())
        for make in (
            lambda: communicator.stringToProxy("x"),
            lambda: communicator.createObjectAdapterWithEndpoints("A", ""),
            lambda: communicator.setDefaultLocator(None),
        ):
            self.assertRaises(CommunicatorDestroyedException, make)
        self.failureResultOf(proxy.ice_ping(), CommunicatorDestroyedException)
