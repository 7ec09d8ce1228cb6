"""Frames become a stream of bytes however they are cut; each thing a peer may not send is told."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.websocket import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    PROTOCOL_ERROR,
    TOO_LARGE,
    UNSUPPORTED,
    WebSocket,
    masked_with,
)

MASK = b"\x12\x34\x56\x78"


def mask() -> bytes:
    return MASK


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    ends = sorted({cut % (len(data) + 1) for cut in cuts})
    return [data[start:end] for start, end in zip([0, *ends], [*ends, len(data)], strict=True)]


def fragment(socket: WebSocket, payload: bytes, opcode: int, last: bool) -> bytes:
    frame = bytearray(socket.frame(payload, opcode))
    frame[0] = frame[0] if last else frame[0] & 0x7F
    return bytes(frame)


class FramesTest(SynchronousTestCase):
    @given(st.lists(st.binary(min_size=1, max_size=300), max_size=6), st.lists(st.integers(0, 10_000)))
    def test_any_split_gives_the_same_bytes_in_both_directions(
        self, payloads: list[bytes], cuts: list[int]
    ) -> None:
        for sender, receiver in (
            (WebSocket(True, mask), WebSocket(False, mask)),
            (WebSocket(False, mask), WebSocket(True, mask)),
        ):
            sent = b"".join(map(sender.frame, payloads))
            received = b"".join(map(receiver.receive, pieces(sent, cuts)))
            self.assertEqual(received, b"".join(payloads))
            self.assertIsNone(receiver.error)

    @given(st.binary(max_size=200), st.lists(st.integers(0, 1000)), st.booleans())
    def test_garbage_raises_nothing_and_is_the_peers_fault(
        self, data: bytes, cuts: list[int], client: bool
    ) -> None:
        whole, split = WebSocket(client, mask), WebSocket(client, mask)
        received = whole.receive(data)
        self.assertEqual(b"".join(map(split.receive, pieces(data, cuts))), received)
        self.assertEqual((repr(whole.error), whole.closed), (repr(split.error), split.closed))
        self.assertEqual(whole.take(), split.take())

    def test_each_length_has_its_form(self) -> None:
        for size, head in ((125, 2), (126, 4), (65_535, 4), (65_536, 10)):
            payload = bytes(size)
            frame = WebSocket(False, mask).frame(payload)
            self.assertEqual(len(frame), head + size)
            self.assertEqual(WebSocket(True, mask).receive(frame), payload)

    def test_what_a_client_sends_is_masked(self) -> None:
        frame = WebSocket(True, mask).frame(b"hello")
        self.assertEqual(frame, b"\x82\x85" + MASK + masked_with(b"hello", MASK))
        self.assertNotIn(b"hello", frame)
        self.assertEqual(masked_with(masked_with(b"hello", MASK), MASK), b"hello")

    def test_what_is_large_is_masked_byte_by_byte_alike(self) -> None:
        for size in (0, 1, 3, 4, 16_383, 16_384, 16_385, 32_768, 50_001):
            data = bytes(index * 7 % 256 for index in range(size))
            self.assertEqual(
                masked_with(data, MASK), bytes(byte ^ MASK[index % 4] for index, byte in enumerate(data))
            )

    def test_a_fragmented_message_is_read_with_a_ping_in_between(self) -> None:
        client, server = WebSocket(True, mask), WebSocket(False, mask)
        parts = (
            fragment(client, b"one", BINARY, False)
            + client.frame(b"are you there", PING)
            + fragment(client, b"two", CONTINUATION, False)
            + fragment(client, b"three", CONTINUATION, True)
        )
        self.assertEqual(server.receive(parts), b"onetwothree")
        self.assertEqual(server.take(), server.frame(b"are you there", PONG))
        self.assertEqual(server.take(), b"")

    def test_a_pong_is_no_news(self) -> None:
        server = WebSocket(False, mask)
        self.assertEqual(server.receive(WebSocket(True, mask).frame(b"", PONG)), b"")
        self.assertEqual((server.take(), server.error), (b"", None))

    def test_a_close_is_answered_with_its_code_and_ends_it(self) -> None:
        client, server = WebSocket(True, mask), WebSocket(False, mask)
        self.assertEqual(server.receive(client.close(1001) + client.frame(b"late")), b"")
        self.assertTrue(server.closed)
        self.assertEqual(server.take(), server.frame(b"\x03\xe9", CLOSE))
        bare = WebSocket(False, mask)
        bare.receive(client.frame(b"", CLOSE))
        self.assertTrue(bare.closed)

    def test_what_a_peer_may_not_send(self) -> None:
        client = WebSocket(True, mask)
        head: Callable[..., bytes] = lambda *values: bytes(values) + MASK  # noqa: E731
        for what, sent, code in (
            ("an unmasked frame", WebSocket(False, mask).frame(b"x"), PROTOCOL_ERROR),
            ("text", client.frame(b"x", 1), UNSUPPORTED),
            ("no data", client.frame(b""), PROTOCOL_ERROR),
            ("a reserved bit", head(0xC2, 0x81) + b"x", PROTOCOL_ERROR),
            ("an unknown type", client.frame(b"x", 3), PROTOCOL_ERROR),
            ("a large control frame", client.frame(bytes(126), PING), PROTOCOL_ERROR),
            ("a fragmented control frame", fragment(client, b"x", PING, False), PROTOCOL_ERROR),
            ("a continuation of nothing", client.frame(b"x", CONTINUATION), PROTOCOL_ERROR),
            ("half a close code", client.frame(b"x", CLOSE), PROTOCOL_ERROR),
            ("too much", b"\x82\xff" + (2**63).to_bytes(8, "big") + MASK, TOO_LARGE),
            (
                "a message within a message",
                fragment(client, b"x", BINARY, False) + client.frame(b"y"),
                PROTOCOL_ERROR,
            ),
        ):
            server = WebSocket(False, mask)
            server.receive(sent)
            assert server.error is not None, what
            self.assertEqual(server.error.code, code, what)
            self.assertEqual(server.take(), server.close(code), what)
            self.assertEqual(server.receive(client.frame(b"more")), b"", what)

    def test_a_masked_frame_from_a_server_is_refused(self) -> None:
        client = WebSocket(True, mask)
        client.receive(WebSocket(True, mask).frame(b"x"))
        self.assertEqual(str(client.error), "invalid masking")
