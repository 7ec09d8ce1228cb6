"""What properties say about an adapter, and which of them say nothing."""

from __future__ import annotations

from typing import Any

from twisted.logger import globalLogPublisher
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.adapter_settings import adapter_settings, unknown_properties
from pushnet.rpc.exceptions import InitializationException
from pushnet.rpc.properties import Properties
from pushnet.wire.proxies import Mode
from tests.rpc.given import Grid


def given(**values: str) -> Properties:
    return Properties({f"A.{key}": value for key, value in values.items()})


class AdapterSettingsTest(SynchronousTestCase):
    def test_without_properties_there_is_nothing_special(self) -> None:
        settings = adapter_settings(given(), "A", 99)
        self.assertEqual(
            (settings.adapter_id, settings.message_bytes_max, settings.connections_max), ("", 99, 0)
        )

    def test_its_proxies_have_the_options_it_is_given(self) -> None:
        settings = adapter_settings(given(ProxyOptions="-o -s -e 1.0"), "A", 99)
        template = settings.template
        self.assertEqual((template.mode, template.secure, template.encoding), (Mode.oneway, True, (1, 0)))

    def test_options_that_are_none_are_told(self) -> None:
        self.assertRaises(InitializationException, adapter_settings, given(ProxyOptions="-nonsense"), "A", 99)

    def test_its_messages_may_have_another_size_than_others(self) -> None:
        self.assertEqual(adapter_settings(given(MessageSizeMax="2"), "A", 99).message_bytes_max, 2048)
        self.assertEqual(adapter_settings(given(MessageSizeMax="0"), "A", 99).message_bytes_max, 2**31 - 1)

    def test_what_means_nothing_is_found(self) -> None:
        known = {
            "Endpoints": "tcp",
            "ThreadPool.Size": "1",
            "Locator": "x",
            "Locator.Context.a": "b",
            "Router.EndpointSelection": "Ordered",
            "ACM.Timeout": "1",
            "MaxConnections": "1",
        }
        properties = given(**known, Foo="1", **{"Locator.Foo": "1"})
        self.assertEqual(unknown_properties(properties, "A"), ["A.Foo", "A.Locator.Foo"])

    def test_adapters_of_ices_services_share_their_beginning_with_others(self) -> None:
        properties = Properties({"IceGrid.Node.Name": "n"})
        self.assertEqual(unknown_properties(properties, "IceGrid.Node"), [])

    def test_it_is_logged_unless_nobody_wants_to_know(self) -> None:
        events: list[dict[str, Any]] = []
        globalLogPublisher.addObserver(events.append)
        self.addCleanup(globalLogPublisher.removeObserver, events.append)
        for host, warn in (("one", "1"), ("two", "0")):
            communicator = Grid(self).communicator(host, Ice_Warn_UnknownProperties=warn, A_Foo="1")
            communicator.createObjectAdapter("A")
        told = [event for event in events if "A.Foo" in event.get("told", "")]
        self.assertEqual(len(told), 1)
        self.assertIn("found unknown properties for object adapter `A'", told[0]["told"])
