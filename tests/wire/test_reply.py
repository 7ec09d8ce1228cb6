"""Replies of every status, in stock Ice's bytes."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.errors import MarshalException
from pushnet.wire.identity import Identity
from pushnet.wire.reply import (
    BODY_POS,
    RESULT_POS,
    Status,
    not_exist_message,
    ok_message,
    read_not_exist,
    read_reply_result,
    read_text,
    text_message,
    user_exception_message,
)

RET = "00 0c000000 0101 01 73 05000000"
ROPT_1_0 = "00 06000000 0100"
NO_SUCH_OPERATION = "04 01 69 00 00 06 6e6f73756368"
NO_SUCH_OBJECT = "02 02 7a7a 00 00 02 6f70"
NO_SUCH_FACET = "03 01 69 00 01 02 6666 02 6f70"
USER_EXCEPTION = (
    "01 29000000 0101 10 08 3a3a583a3a446572 06000000 01 64 30 09 3a3a583a3a42617365 08000000 01000000"
)


def tail(message: bytes) -> bytes:
    """What follows the request id; the rest is checked here."""
    assert message[:10].hex() == "49636550010001000200"
    assert int.from_bytes(message[10:14], "little") == len(message)
    assert message[14:18] == b"\1\0\0\0"
    return message[18:]


class ReplyTests(SynchronousTestCase):
    def test_each_status_is_written_as_stock_ice_writes_it(self) -> None:
        exception = bytes.fromhex(USER_EXCEPTION)[7:]
        for made, golden in (
            (ok_message(1, bytes.fromhex("017305000000")), RET),
            (ok_message(1, b"", (1, 0)), ROPT_1_0),
            (user_exception_message(1, exception), USER_EXCEPTION),
            (
                not_exist_message(1, Status.operation_not_exist, Identity("i"), "", "nosuch"),
                NO_SUCH_OPERATION,
            ),
            (not_exist_message(1, Status.object_not_exist, Identity("zz"), "", "op"), NO_SUCH_OBJECT),
            (not_exist_message(1, Status.facet_not_exist, Identity("i"), "ff", "op"), NO_SUCH_FACET),
            (text_message(1, Status.unknown_exception, "ab"), "07 02 6162"),
        ):
            self.assertEqual(tail(made), bytes.fromhex(golden))

    def test_each_status_is_read(self) -> None:
        ok = ok_message(1, b"abc")
        self.assertEqual(read_reply_result(ok), (len(ok), (1, 1)))
        self.assertEqual(ok[RESULT_POS:], b"abc")
        missing = not_exist_message(1, Status.facet_not_exist, Identity("i", "c"), "ff", "op")
        self.assertEqual(read_not_exist(missing), (Identity("i", "c"), "ff", "op"))
        self.assertEqual(read_text(text_message(1, Status.unknown_exception, "ab")), "ab")

    def test_a_result_that_does_not_end_with_the_reply_is_refused(self) -> None:
        ok = ok_message(1, b"abc")
        for wrong in (ok + b"x", ok[:-1], ok[:22]):
            self.assertRaises(MarshalException, read_reply_result, wrong)

    @given(st.binary(max_size=60))
    def test_garbage_raises_only_the_peers_fault(self, data: bytes) -> None:
        for read in (read_reply_result, read_not_exist, read_text):
            try:
                read(bytes(BODY_POS) + data)
            except MarshalException:
                continue
