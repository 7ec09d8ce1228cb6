"""Texts at the edges, held to what stock Ice 3.7.8 answered to the same texts."""

from __future__ import annotations

from hypothesis import given
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.endpoints import UDP, WS, StreamEndpoint
from pushnet.wire.errors import EndpointParseException, ParseException, ProxyParseException
from pushnet.wire.identity import Identity
from pushnet.wire.proxies import ProxyData
from pushnet.wire.proxy_text import parse_proxy, proxy_text
from tests.wire.values import proxies


class StockTextTests(SynchronousTestCase):
    def test_an_empty_quotation_is_the_null_proxy(self) -> None:
        for text in ('""', "''", '"" '):
            self.assertIsNone(parse_proxy(text), text)

    def test_nothing_may_follow_an_empty_quotation(self) -> None:
        error = self.assertRaises(ProxyParseException, parse_proxy, '"" -t')
        self.assertEqual(str(error), 'invalid characters after identity in `"" -t\'')

    def test_a_quoted_adapter_id_that_is_empty_is_not_called_missing(self) -> None:
        error = self.assertRaises(ProxyParseException, parse_proxy, 'a @ ""')
        self.assertEqual(str(error), 'empty adapter id in `a @ ""\'')

    def test_a_multicast_interface_of_ipv6_stays_in_quotes(self) -> None:
        text = 'a -d -e 1.1:udp -h h -p 1 --interface "::1" --ttl 3 -c'
        data = parse_proxy(text)
        assert data is not None
        self.assertEqual([endpoint.type for endpoint in data.endpoints], [UDP])
        self.assertEqual(proxy_text(data), text)

    def test_an_endpoint_of_unknown_kind_may_have_any_words(self) -> None:
        told: list[str] = []
        data = parse_proxy("a:foo bar:tcp -h h", ignored=told.append)
        self.assertEqual(proxy_text(data), "a -t -e 1.1:tcp -h h -p 0 -t 60000")
        self.assertEqual(told, ["foo bar"])
        error = self.assertRaises(EndpointParseException, parse_proxy, "a:foo bar")
        self.assertEqual(str(error), "invalid endpoint `foo bar' in `a:foo bar'")

    def test_a_websocket_endpoint_without_resource_is_written_without_it(self) -> None:
        data = ProxyData(Identity("a"), endpoints=(StreamEndpoint(WS, "h", 1),))
        self.assertEqual(proxy_text(data), "a -t -e 1.1:ws -h h -p 1 -t 60000")

    def test_a_number_may_have_a_sign_but_no_underscore(self) -> None:
        self.assertEqual(proxy_text(parse_proxy("a:tcp -p +5")), "a -t -e 1.1:tcp -p 5 -t 60000")
        error = self.assertRaises(EndpointParseException, parse_proxy, "a:tcp -p 1_0")
        self.assertEqual(str(error), "invalid port value `1_0' in endpoint `tcp -p 1_0'")

    def test_numbers_of_any_length_are_refused_as_text(self) -> None:
        long = "9" * 5000
        for text in (
            f"a:tcp -p {long}",
            f"a:tcp -t {long}",
            f"a -e {long}.1",
            f"a -p 1.{long}",
            f"a:opaque -t 99 -e {long}.1 -v AA==",
        ):
            self.assertRaises(ParseException, parse_proxy, text)

    def test_base64_beyond_ascii_is_refused_as_text(self) -> None:
        self.assertRaises(EndpointParseException, parse_proxy, "a:opaque -t 99 -v é")

    def test_a_facet_that_begins_with_a_dash_comes_back(self) -> None:
        data = ProxyData(Identity("a"), facet="-x", adapter_id="-y")
        self.assertEqual(parse_proxy(proxy_text(data)), data)

    @given(data=proxies())
    def test_proxies_with_endpoints_of_every_kind_come_back(self, data: ProxyData) -> None:
        self.assertEqual(parse_proxy(proxy_text(data)), data)
