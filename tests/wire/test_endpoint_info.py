"""What an endpoint tells of itself, layer by layer, as stock Ice tells it."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.endpoint_info import (
    EndpointInfo,
    IPEndpointInfo,
    OpaqueEndpointInfo,
    SSLEndpointInfo,
    TCPEndpointInfo,
    UDPEndpointInfo,
    WSEndpointInfo,
)
from pushnet.wire.endpoint_text import EndpointDefaults, parse_endpoint


def layers(text: str) -> list[EndpointInfo]:
    """What the endpoint of that text tells, the uppermost layer first."""
    endpoint = parse_endpoint(text, EndpointDefaults())
    assert endpoint is not None and endpoint.toString() == str(endpoint)
    found: list[EndpointInfo] = []
    info: EndpointInfo | None = endpoint.getInfo()
    while info is not None:
        found.append(info)
        info = info.underlying
    return found


class InfoTests(SynchronousTestCase):
    def test_tcp(self) -> None:
        (info,) = layers("tcp -h tcphost -p 10000 -t 1200 -z --sourceAddress 10.10.10.10")
        self.assertIsInstance(info, TCPEndpointInfo)
        self.assertIsInstance(info, IPEndpointInfo)
        self.assertEqual(
            (info.host, info.port, info.sourceAddress, info.timeout, info.compress),
            ("tcphost", 10_000, "10.10.10.10", 1200, True),
        )
        self.assertEqual((info.type(), info.datagram(), info.secure()), (1, False, False))

    def test_each_layer_has_its_own_and_tells_the_type_of_the_whole(self) -> None:
        for text, kind, secure, kinds in (
            ("ssl -h h -p 2", 2, True, [SSLEndpointInfo, TCPEndpointInfo]),
            ("ws -h h -p 2 -r /foo", 4, False, [WSEndpointInfo, TCPEndpointInfo]),
            ("wss -h h -p 2 -r /foo", 5, True, [WSEndpointInfo, SSLEndpointInfo, TCPEndpointInfo]),
        ):
            infos = layers(text)
            self.assertEqual([type(info) for info in infos], kinds)
            for info in infos:
                self.assertEqual((info.type(), info.secure(), info.datagram()), (kind, secure, False))
                self.assertEqual((info.timeout, info.compress), (60_000, False))
            self.assertEqual(getattr(infos[0], "resource", "/foo"), "/foo")
            self.assertEqual((infos[-1].host, infos[-1].port), ("h", 2))

    def test_udp(self) -> None:
        (info,) = layers("udp -h udphost -p 10001 --interface eth0 --ttl 5 --sourceAddress 10.10.10.10")
        self.assertIsInstance(info, UDPEndpointInfo)
        self.assertEqual(
            (info.host, info.port, info.mcastInterface, info.mcastTtl, info.sourceAddress),
            ("udphost", 10_001, "eth0", 5, "10.10.10.10"),
        )
        self.assertEqual((info.timeout, info.compress), (-1, False))
        self.assertEqual((info.type(), info.datagram(), info.secure()), (3, True, False))
        (plain,) = layers("udp -h h -p 1")
        self.assertEqual((plain.mcastInterface, plain.mcastTtl), ("", -1))

    def test_what_is_not_known(self) -> None:
        (info,) = layers("opaque -e 1.8 -t 100 -v ABCD")
        self.assertIsInstance(info, OpaqueEndpointInfo)
        self.assertEqual((info.rawEncoding.major, info.rawEncoding.minor), (1, 8))
        self.assertEqual((info.rawBytes, info.type(), info.timeout), (b"\x00\x10\x83", 100, -1))
        self.assertEqual((info.datagram(), info.secure()), (False, False))
