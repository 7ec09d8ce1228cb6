"""Optional parameters and results."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.emit.optionals import optional_format
from pushnet.slice.model import Builtin, Proxy
from pushnet.wire.errors import MarshalException
from tests.golden import optionals, values


class Caught(optionals.FormPrx):
    """Keeps what it should send."""

    def __init__(self) -> None:
        self.params = b""

    def _ice_call(self, op: Any, params: bytes | bytearray, context: Any) -> Any:
        self.params = bytes(params)


class Form:
    """Answers with its arguments."""

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: arguments[:-1]


def served(name: str, params: bytes) -> Any:
    return optionals.FormServant.ice_operations[name.encode()].serve(Form(), params, 0, None)  # type: ignore[arg-type]


class OptionalsTest(SynchronousTestCase):
    def test_formats_are_those_of_ice(self) -> None:
        names = ("byte", "bool", "short", "int", "float", "long", "double", "string")
        self.assertEqual([optional_format(Builtin(name)) for name in names], [0, 0, 1, 2, 2, 3, 3, 5])
        self.assertEqual(optional_format(Proxy(None)), 6)

    def test_tags_decide_the_order_and_large_ones_follow_their_header(self) -> None:
        prx = Caught()
        prx.fill(7, "abc", 1, "n")
        self.assertEqual(prx.params.hex(), "070000000a010000002d03616263f528016e")
        self.assertEqual(served("fill", prx.params), (7, "abc", 1, "n"))

    def test_what_is_left_out_is_not_sent(self) -> None:
        prx = Caught()
        prx.fill(7, None, None, None)
        self.assertEqual(prx.params.hex(), "07000000")
        self.assertEqual(served("fill", prx.params), (7, None, None, None))

    def test_every_kind_of_type_comes_through(self) -> None:
        arguments = (
            *(True, 255, -1, 2**40, 0.5, optionals.Format.VSize, "text", values.Point(1, 2)),
            *(values.Defaults(name="x"), b"bytes", [1, 2, 3], [True, False], ["a", ""], {1: 2}, {"g": 0.5}),
            *([values.Point(3, 4)],),
        )
        prx = Caught()
        prx.all(*arguments, None, None)
        self.assertEqual(served("all", prx.params), (*arguments, None, None))

    def test_long_sequences_know_their_length(self) -> None:
        numbers = list(range(300))
        prx = Caught()
        prx.all(*[None] * 10, numbers, *[None] * 7)
        self.assertEqual(prx.params[:11].hex(), "5dffb5040000ff2c010000", "1200 bytes and 5 for the count")
        self.assertEqual(served("all", prx.params)[10], numbers)

    def test_unknown_tags_are_passed_over(self) -> None:
        self.assertEqual(
            served("fill", bytes.fromhex("070000000a010000001c052d03616263")), (7, "abc", 1, None)
        )

    def test_an_instance_that_only_the_peer_knows_is_passed_over(self) -> None:
        instance = "17" + "01210e" + b"::Graphs::Leaf".hex() + "05000000"
        again = "1f" + "02"
        params = bytes.fromhex("07000000" + instance + again + "2d03616263")
        self.assertEqual(served("fill", params), (7, "abc", None, None))

    def test_another_format_is_the_peers_fault(self) -> None:
        self.assertRaises(MarshalException, served, "fill", bytes.fromhex("070000000801"))

    def test_results(self) -> None:
        entry = optionals.FormServant.ice_operations[b"both"]
        assert entry.write_result is not None
        for value in ((5, "s", [1]), (None, "s", None)):
            written = bytes(entry.write_result(value))
            self.assertEqual(optionals._OP_Form_both.read_result(written, 0, None), value)  # type: ignore[misc]
        self.assertEqual(bytes(entry.write_result((5, "s", None))).hex(), "01731205000000")
