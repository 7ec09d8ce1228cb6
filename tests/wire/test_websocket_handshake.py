"""A WebSocket is opened as the RFC says and stock Ice does; anything else is refused with its reason."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.errors import ProtocolException
from pushnet.wire.websocket_handshake import (
    HEAD_BYTES_MAX,
    Head,
    WebSocketRefusedException,
    accept_of,
    answer,
    check_answer,
    request,
)

KEY = bytes(range(16))
REQUEST = request("host", 4000, "/chat", KEY)


def head_of(message: bytes) -> bytes:
    head = Head().receive(message)
    assert head is not None
    return head


def changed(old: bytes, new: bytes) -> bytes:
    assert old in REQUEST
    return head_of(REQUEST.replace(old, new))


class OpeningTest(SynchronousTestCase):
    def test_the_example_of_the_rfc(self) -> None:
        self.assertEqual(accept_of("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")

    def test_both_sides_agree(self) -> None:
        answered, fields = answer(head_of(REQUEST))
        self.assertEqual(fields["Host"], "host:4000")
        self.assertTrue(REQUEST.startswith(b"GET /chat HTTP/1.1\r\n"))
        agreed = check_answer(head_of(answered), KEY)
        self.assertEqual(agreed["Sec-WebSocket-Protocol"], "ice.zeroc.com")

    def test_a_client_without_a_subprotocol_is_taken_and_told_of_none(self) -> None:
        answered, _ = answer(changed(b"Sec-WebSocket-Protocol: ice.zeroc.com\r\n", b""))
        self.assertNotIn(b"ice.zeroc.com", answered)
        check_answer(head_of(answered), KEY)

    def test_an_ipv6_address_stands_in_brackets(self) -> None:
        self.assertIn(b"Host: [::1]:1\r\n", request("::1", 1, "", KEY))

    @given(st.lists(st.integers(0, 200)))
    def test_any_split_of_the_head_gives_the_same_and_keeps_the_rest(self, cuts: list[int]) -> None:
        sent = REQUEST + b"frames"
        ends = sorted({cut % len(REQUEST) for cut in cuts})
        head, found = Head(), None
        for start, end in zip([0, *ends], [*ends, len(sent)], strict=True):
            self.assertIsNone(found)
            found = head.receive(sent[start:end])
        self.assertEqual(found, head_of(REQUEST))
        self.assertEqual(head.rest, b"frames")

    def test_what_a_server_refuses_and_how(self) -> None:
        for head, status in (
            (b"garbage", 400),
            (b"\xff GET", 400),
            (changed(b"GET", b"POST"), 405),
            (changed(b"HTTP/1.1", b"HTTP/1.0"), 426),
            (changed(b"Upgrade: websocket", b"Upgrade: h2c"), 426),
            (changed(b"Connection: Upgrade", b"Connection: close"), 400),
            (changed(b"Version: 13", b"Version: 8"), 426),
            (changed(b"ice.zeroc.com", b"mqtt"), 400),
            (changed(b"Key: ", b"Key: !"), 400),
            (changed(b"Host: ", b"Host "), 400),
        ):
            refused = self.assertRaises(WebSocketRefusedException, answer, head)
            self.assertTrue(refused.answer.startswith(b"HTTP/1.1 %d " % status), refused.answer)

    def test_only_allowed_origins_come_in_and_who_is_no_browser(self) -> None:
        browser = changed(b"Host:", b"Origin: https://a.example\r\nHost:")
        answer(browser, ["https://a.example"])
        answer(head_of(REQUEST), ["https://b.example"])
        refused = self.assertRaises(WebSocketRefusedException, answer, browser, ["https://b.example"])
        self.assertIn(b" 403 ", refused.answer)

    def test_a_head_without_an_end_is_given_up_at_its_limit(self) -> None:
        head = Head()
        self.assertIsNone(head.receive(b"x" * HEAD_BYTES_MAX))
        self.assertRaises(WebSocketRefusedException, head.receive, b"x")
        self.assertRaises(WebSocketRefusedException, Head().receive, b"x" * HEAD_BYTES_MAX + b"xx\r\n\r\n")

    def test_what_a_client_does_not_take_for_an_agreement(self) -> None:
        answered = head_of(answer(head_of(REQUEST))[0])
        for head in (
            b"SSH-2.0",
            answered.replace(b" 101 ", b" 200 "),
            answered.replace(b"ice.zeroc.com", b"mqtt"),
            answered.replace(b"Accept: ", b"Accept: x"),
            answered.replace(b"Upgrade: websocket\r\n", b""),
        ):
            self.assertNotEqual(head, answered)
            self.assertRaises(WebSocketRefusedException, check_answer, head, KEY)

    @given(st.binary(max_size=100))
    def test_garbage_is_the_peers_fault(self, data: bytes) -> None:
        for read in (lambda: answer(data), lambda: check_answer(data, KEY)):
            self.assertRaises(ProtocolException, read)
