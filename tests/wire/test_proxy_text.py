"""Proxies as text, compared with what stock Ice 3.7 answered to the same texts."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.endpoint_text import EndpointDefaults
from pushnet.wire.errors import LocalException, ParseException
from pushnet.wire.identity import IllegalIdentityException
from pushnet.wire.proxies import ProxyData
from pushnet.wire.proxy_text import parse_adapter_endpoints, parse_endpoints, parse_proxy, proxy_text
from tests.wire.test_proxies import proxies

READ = (
    ("x", "x -t -e 1.1"),
    ("'a b' -f 'f f'", '"a b" -f "f f" -t -e 1.1'),
    ("x -t -e 1.0", "x -t -e 1.0"),
    ("x:tcp", "x -t -e 1.1:tcp -p 0 -t 60000"),
    (
        "x:tcp -h a:tcp -h b -p 3 -z",
        "x -t -e 1.1:tcp -h a -p 0 -t 60000:tcp -h b -p 3 -t 60000 -z",
    ),
    ("x@A", "x -t -e 1.1 @ A"),
    ("x @ A", "x -t -e 1.1 @ A"),
    ("x@'a b' ", 'x -t -e 1.1 @ "a b"'),
    ("x@A:tcp", 'x -t -e 1.1 @ "A:tcp"'),
    ("x'", "x\\' -t -e 1.1"),
    ('"a\\"b"', 'a\\"b -t -e 1.1'),
    ("x:foo:tcp", "x -t -e 1.1:tcp -p 0 -t 60000"),
    ("x -p 2.0", "x -t -p 2.0 -e 1.1"),
    ("x -e 9.9", "x -t -e 9.9"),
    ("x -o -s", "x -o -s -e 1.1"),
    ("x -d:udp -h h -p 1", "x -d -e 1.1:udp -h h -p 1"),
    ("x -O", "x -O -e 1.1"),
    ("x -D", "x -D -e 1.1"),
    ("x -t -o", "x -o -e 1.1"),
    ("x -f f -f g", "x -f g -t -e 1.1"),
    ('x -f "a@b"@c', 'x -f "a@b" -t -e 1.1 @ c'),
    ("/a", "a -t -e 1.1"),
    ("-t", "-t -t -e 1.1"),
    ("x -s:tcp -h a", "x -t -s -e 1.1:tcp -h a -p 0 -t 60000"),
    ("x  :  tcp  -h  a", "x -t -e 1.1:tcp -h a -p 0 -t 60000"),
)
REFUSED = (
    (" ", "no non-whitespace characters found in ` '"),
    ("a b", "expected a proxy option but found `b' in `a b'"),
    ("'x'y", "expected a proxy option but found `y' in `'x'y'"),
    ("x -q", "unknown option `-q' in `x -q'"),
    ("x -f", "no argument provided for -f option in `x -f'"),
    ("x -f ''", "no argument provided for -f option in `x -f '''"),
    ("x -t 1", "unexpected argument `1' provided for -t option in `x -t 1'"),
    ("'x", "mismatched quotes around identity in `'x'"),
    ("x -f 'a b", "mismatched quotes around value for -f option in `x -f 'a b'"),
    ("x@'a", "mismatched quotes around adapter id in `x@'a'"),
    ("x@", "missing adapter id in `x@'"),
    ("x@ ", "missing adapter id in `x@ '"),
    ("x@a b", "invalid trailing characters after `x@a ' in `x@a b'"),
    ("x -e a", "invalid encoding version `a' in `x -e a'"),
    ("x -p a.b", "invalid protocol version `a.b' in `x -p a.b'"),
    (":tcp", "no identity in `:tcp'"),
    ("@a", "no identity in `@a'"),
    ("x:", "value has no non-whitespace characters"),
    ("x:tcp:", "value has no non-whitespace characters"),
    ("x:foo -h a", "invalid endpoint `foo -h a' in `x:foo -h a'"),
    ("a/b/c", "unescaped '/' in identity `a/b/c'"),
)


class ProxyTextTests(SynchronousTestCase):
    def test_texts_are_read_as_ice_reads_them(self) -> None:
        for text, expected in READ:
            self.assertEqual(proxy_text(parse_proxy(text)), expected, text)

    def test_the_empty_text_is_the_null_proxy(self) -> None:
        self.assertIsNone(parse_proxy(""))
        self.assertEqual(proxy_text(None), "")

    def test_each_mistake_is_told_as_ice_tells_it(self) -> None:
        for text, told in REFUSED:
            error = self.assertRaises(ParseException, parse_proxy, text)
            self.assertEqual(str(error), told)

    def test_a_category_alone_is_no_identity(self) -> None:
        told = self.assertRaises(IllegalIdentityException, parse_proxy, "a/@b")
        self.assertEqual(told.id.category, "a")

    def test_an_endpoint_of_unknown_kind_is_left_out_and_told(self) -> None:
        told: list[str] = []
        data = parse_proxy("x:bt -a 1:tcp -h a", ignored=told.append)
        assert data is not None
        self.assertEqual((len(data.endpoints), told), (1, ["bt -a 1"]))

    def test_an_adapters_endpoints_must_all_be_known_and_a_colon_may_follow(self) -> None:
        adapter = EndpointDefaults(any_host=True)
        read = parse_adapter_endpoints("tcp -p 1:ssl -h b -p 2:", adapter)
        self.assertEqual([endpoint.type for endpoint in read], [1, 2])
        for text, said in (
            (":", "invalid empty object adapter endpoint"),
            (":tcp", "invalid empty object adapter endpoint"),
            ("tcp::tcp", "invalid empty object adapter endpoint"),
            ("tcp : ", "invalid empty object adapter endpoint"),
            ("tcp -p 1:foo -h x", "invalid object adapter endpoint `foo -h x'"),
            ("udp --sourceAddress 10.0.0.1", "`--sourceAddress' not valid for object adapter endpoint"),
        ):
            told = self.assertRaises(ParseException, parse_adapter_endpoints, text, adapter)
            self.assertIn(said, str(told))
        published = parse_adapter_endpoints("tcp -p 1 --sourceAddress 10.0.0.1", EndpointDefaults())
        self.assertEqual(str(published[0]), "tcp -p 1 --sourceAddress 10.0.0.1 -t 60000")

    def test_an_adapters_endpoints_are_read_alone(self) -> None:
        found = parse_endpoints("tcp -h * -p 1:tcp -h b", EndpointDefaults(any_host=True))
        self.assertEqual(
            [str(endpoint) for endpoint in found], ["tcp -p 1 -t 60000", "tcp -h b -p 0 -t 60000"]
        )

    @given(proxies)
    def test_every_indirect_proxy_comes_back(self, data: ProxyData) -> None:
        if not data.endpoints:
            self.assertEqual(parse_proxy(proxy_text(data)), data)

    @given(st.text(alphabet="ax/:@ -tfopeh'\"\\.1", max_size=30))
    def test_garbage_raises_only_what_names_the_text(self, text: str) -> None:
        try:
            data = parse_proxy(text)
        except LocalException:
            return
        if data is not None:
            self.assertEqual(parse_proxy(proxy_text(data)), data)
