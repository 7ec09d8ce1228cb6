"""Requests and batches: stock Ice's bytes, and hostile ones."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.errors import MarshalException
from pushnet.wire.identity import Identity
from pushnet.wire.request import (
    batch_message,
    batched_request,
    encapsulated,
    head_bytes,
    raw_request_message,
    read_batch,
    read_encapsulation,
    read_request,
    request_message,
    target_bytes,
)

TARGET = (Identity("id", "cat"), "fac")
PING = "496365500100010000002f00000001000000026964036361740103666163086963655f70696e670100060000000101"
PING_AB = (
    "496365500100010000003300000001000000026964036361740103666163086963655f70696e67010101610162060000000101"
)
ONE_WAY = "496365500100010000002d00000000000000026964036361740103666163026f7000000a000000010101000000"
BATCH = (
    "496365500100010001004800000002000000026964036361740103666163026f7000000a000000010101000000"
    "026964036361740103666163026f7000000a000000010102000000"
)
IDEM = "496365500100010000002b00000001000000026964036361740103666163046964656d0200060000000101"


def head(operation: str, mode: int = 0, context: dict[str, str] | None = None) -> bytes:
    return head_bytes(target_bytes(*TARGET, operation, mode), context or {})


class GoldenTests(SynchronousTestCase):
    def test_requests_are_those_of_stock_ice(self) -> None:
        one = b"\1\0\0\0"
        for made, golden in (
            (request_message(1, head("ice_ping", 1), b""), PING),
            (request_message(1, head("ice_ping", 1, {"a": "b"}), b""), PING_AB),
            (request_message(0, head("op"), one), ONE_WAY),
            (request_message(1, head("idem", 2), b""), IDEM),
            (raw_request_message(0, head("op"), encapsulated(one)), ONE_WAY),
        ):
            self.assertEqual(made.hex(), golden)

    def test_batches_are_those_of_stock_ice(self) -> None:
        made = batch_message([batched_request(head("op"), bytes([n, 0, 0, 0])) for n in (1, 2)])
        self.assertEqual(made.hex(), BATCH)

    def test_requests_of_stock_ice_are_read(self) -> None:
        message = bytes.fromhex(PING_AB)
        request_id, read, pos = read_request(message)
        self.assertEqual((request_id, pos), (1, len(message) - 6))
        self.assertEqual((read.identity, read.facet, read.operation, read.mode), (*TARGET, "ice_ping", 1))
        self.assertEqual(read.context, {"a": "b"})
        self.assertEqual(read.head, message[18:pos])
        self.assertEqual(read.target, read.head[:-5])

    def test_batches_of_stock_ice_are_read(self) -> None:
        requests = read_batch(bytes.fromhex(BATCH))
        self.assertEqual([each.operation for each, _ in requests], ["op", "op"])
        self.assertEqual([data[6] for _, data in requests], [1, 2])


class HostileTests(SynchronousTestCase):
    def refused(self, *messages: bytes) -> None:
        for message in messages:
            self.assertRaises(MarshalException, read_request, message)

    def test_a_request_cut_off_anywhere_is_refused(self) -> None:
        message = bytes.fromhex(PING_AB)
        self.refused(*[message[:end] for end in range(14, len(message))])

    def test_bytes_behind_a_request_are_refused(self) -> None:
        self.refused(bytes.fromhex(PING) + b"x")

    def test_what_no_request_can_have_is_refused(self) -> None:
        message = bytes.fromhex(PING)
        at_facet, at_mode, at_size = 25, 39, 41
        self.assertEqual((message[at_facet], message[at_mode], message[at_size]), (1, 1, 6))
        for at, value in ((at_facet, 2), (at_mode, 3), (at_mode, 255), (at_size, 5), (at_size, 7)):
            self.refused(message[:at] + bytes([value]) + message[at + 1 :])
        self.refused(message[:18] + b"\xff\xff\xff\xff\x7f" + message[18:])
        self.refused(message[:40] + b"\xff\xff\xff\xff\x7f" + message[41:])

    def test_requests_in_a_row_share_what_they_have_in_common(self) -> None:
        names = ["one", "one", "two", "one"]
        read = read_batch(batch_message([batched_request(head(name), b"") for name in names]))
        self.assertEqual([each.operation for each, _ in read], names)
        self.assertIs(read[0][0], read[1][0])

    def test_a_batch_cannot_claim_more_requests_than_it_has_bytes(self) -> None:
        batch = bytes.fromhex(BATCH)
        for count in (-1, 1, 3, 5, 2**31 - 1):
            claimed = batch[:14] + count.to_bytes(4, "little", signed=True) + batch[18:]
            self.assertRaises(MarshalException, read_batch, claimed)
        self.assertRaises(MarshalException, read_batch, batch[:16])

    def test_encapsulations_that_do_not_fit_are_refused(self) -> None:
        for data in ("0500000001", "050000000101", "070000000101", "ffffffff0101", "00000080 0101"):
            self.assertRaises(MarshalException, read_encapsulation, bytes.fromhex(data), 0)

    @given(st.binary(max_size=80), st.integers(0, 60))
    def test_garbage_raises_only_the_peers_fault(self, data: bytes, keep: int) -> None:
        for read, golden in ((read_request, PING_AB), (read_batch, BATCH)):
            try:
                read(bytes.fromhex(golden)[:keep] + data)
            except MarshalException:
                continue

    @given(
        st.text(min_size=1), st.text(), st.text(), st.text(), st.integers(0, 2),
        st.dictionaries(st.text(), st.text(), max_size=3), st.binary(), st.integers(0, 2**31 - 1),
    )  # fmt: skip
    def test_every_request_comes_back(
        self, name: str, category: str, facet: str, operation: str, mode: int, context: dict[str, str],
        params: bytes, request_id: int,
    ) -> None:  # fmt: skip
        identity = Identity(name, category)
        sent = head_bytes(target_bytes(identity, facet, operation, mode), context)
        message = request_message(request_id, sent, params)
        got_id, read, pos = read_request(message)
        self.assertEqual(
            (got_id, read.identity, read.facet, read.operation, read.mode, read.context),
            (request_id, identity, facet, operation, mode, context),
        )
        self.assertEqual(message[pos + 6 :], params)
