"""Endpoints as text, compared with what stock Ice 3.7 answered to the same texts."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.endpoint_text import EndpointDefaults, parse_endpoint
from pushnet.wire.errors import EndpointParseException

SAME = (
    "tcp -h a -p 0 -t 60000",
    "tcp -h a -p 3 -t infinite -z",
    'tcp -h "::1" -p 1 -t 60000',
    "tcp -h a -p 0 --sourceAddress 127.0.0.1 -t 3",
    "ssl -h h -p 1 -t 60000 -z",
    "ws -h h -p 0 -t 5 -z -r /a",
    "wss -h b -p 0 -t 60000 -r /",
    "udp -h h -p 3 --interface 1.2.3.4 --ttl 3 -c -z",
    "opaque -t 77 -e 1.1 -v AQID",
)


class EndpointTextTests(SynchronousTestCase):
    def parsed(self, text: str, defaults: EndpointDefaults | None = None) -> str:
        return str(parse_endpoint(text, defaults or EndpointDefaults()))

    def test_what_ice_writes_is_read_and_written_alike(self) -> None:
        for text in SAME:
            self.assertEqual(self.parsed(text), text)

    def test_what_is_left_out_is_taken_from_the_defaults(self) -> None:
        defaults = EndpointDefaults(host="d", timeout_ms=5, source="s")
        self.assertEqual(self.parsed("default", defaults), "tcp -h d -p 0 --sourceAddress s -t 5")
        self.assertEqual(self.parsed("  tcp  -h  a"), "tcp -h a -p 0 -t 60000")
        self.assertEqual(self.parsed("ws -h h"), "ws -h h -p 0 -t 60000 -r /")

    def test_opaque_bytes_that_are_known_become_what_they_are(self) -> None:
        text = "opaque -t 1 -e 1.1 -v CTEyNy4wLjAuMRAnAAD/////AA=="
        self.assertEqual(self.parsed(text), "tcp -h 127.0.0.1 -p 10000 -t infinite")

    def test_an_unknown_protocol_is_none(self) -> None:
        self.assertIsNone(parse_endpoint("bt -a x", EndpointDefaults()))

    def test_any_host_is_for_adapters(self) -> None:
        self.assertEqual(self.parsed("tcp -h * -p 1", EndpointDefaults(any_host=True)), "tcp -p 1 -t 60000")
        self.refused("tcp -h * -p 1", "`-h *' not valid for proxy endpoint")

    def test_each_mistake_is_named(self) -> None:
        for text, told in (
            ("", "value has no non-whitespace characters"),
            ("tcp -h", "no argument provided for -h option in endpoint `tcp -h'"),
            ("tcp -h ''", "no argument provided for -h option"),
            ("tcp h", "unrecognized argument `h' in endpoint `tcp h'"),
            ("tcp -q", "unrecognized argument `-q' in endpoint `tcp -q'"),
            ("tcp -h a b", "unrecognized argument `b'"),
            ("tcp -p a", "invalid port value `a'"),
            ("tcp -p 99999", "port value `99999' out of range"),
            ("tcp -t 0", "invalid timeout value `0'"),
            ("tcp -z q", "unexpected argument `q' provided for -z option"),
            ("opaque -t 77", "no -v option"),
            ("opaque -v AA==", "no -t option"),
            ("opaque -t a -v AA==", "invalid type value `a'"),
            ("opaque -t 99999 -v AA==", "type value `99999' out of range"),
            ("opaque -t 7 -v !!", "invalid base64"),
            ("opaque -t 1 -e 1.1 -v AA==", "an endpoint of type tcp is cut off"),
            ("opaque -t 1 -e 1.5 -v AA==", "an endpoint in encoding 1.5"),
            ("tcp -h 'a\"b c'", "no host has quotes in its name"),
            ("opaque -t 7 -e x -v AA==", "invalid encoding version `x'"),
        ):
            self.refused(text, told)

    def refused(self, text: str, told: str) -> None:
        error = self.assertRaises(EndpointParseException, parse_endpoint, text, EndpointDefaults())
        self.assertIn(told, str(error))
