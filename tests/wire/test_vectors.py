"""Bytes that stock Ice was seen to send, both ways: values, classes and exceptions, in both encodings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

import pushnet.slice
from pushnet.wire.slices import read_exception, write_exception
from pushnet.wire.slices10 import read_exception10, write_exception10

V: Any = pushnet.slice.load(Path(__file__).parent / "vectors.ice")

OP_CLASS = "01 01 06 3a3a573a3a44 02000000 20 01000000"
OP_CLASS_SLICED = "01 11 06 3a3a573a3a44 08000000 02000000 31 06 3a3a573a3a42 08000000 01000000"
OP_CLASS_10 = (
    "ffffffff 01 01000000 00 06 3a3a573a3a44 08000000 02000000 00 06 3a3a573a3a42 08000000 01000000"
    " 00 0d 3a3a4963653a3a4f626a656374 05000000 00 00"
)
OP_NODE = "01 21 06 3a3a573a3a4e 02"
OP_NODE_SLICED = "01 39 06 3a3a573a3a4e 05000000 01 01 02"
OP_NODE_10 = (
    "ffffffff 01 01000000 00 06 3a3a573a3a4e 08000000 ffffffff"
    " 00 0d 3a3a4963653a3a4f626a656374 05000000 00 00"
)
OP_CID = "01 23 05 07000000"
OP_O = "01 25 06 3a3a573a3a4f 0a 01000000 f5 28 01 73 ff"
OP_O_SLICED = "01 35 06 3a3a573a3a4f 0e000000 0a 01000000 f5 28 01 73 ff"
OP_OPT = "0a 01000000 15 03 616263 1d 09 02 01000000 02000000 24 c8"

DER = "00 08 3a3a583a3a446572 01 64 20 09 3a3a583a3a42617365 01000000"
DER_SLICED = "10 08 3a3a583a3a446572 06000000 01 64 30 09 3a3a583a3a42617365 08000000 01000000"
DER_10 = "00 08 3a3a583a3a446572 06000000 01 64 09 3a3a583a3a42617365 08000000 01000000"
OPT = "24 0c 3a3a583a3a576974684f7074 01000000 1d 01 6f ff"
CLS = "20 0e 3a3a583a3a57697468436c617373 01 21 06 3a3a583a3a43 09000000"


class Caught(V.W_IPrx):  # type: ignore[misc]
    """Keeps what it should send."""

    def __init__(self, old: bool = False) -> None:
        self._ice_old = old
        self.params = b""

    def _ice_call(self, operation: Any, params: bytes | bytearray, context: Any) -> Any:
        self.params = bytes(params)


class CaughtSliced(V.SlicedPrx):  # type: ignore[misc]
    __init__ = Caught.__init__
    _ice_call = Caught._ice_call


class Form:
    """A servant that returns what it is called with."""

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: arguments[:-1]


def sent(prx: Any, operation: str, *arguments: Any) -> str:
    getattr(prx, operation)(*arguments)
    params: bytes = prx.params
    return params.hex()


def served(operation: str, data: str, old: bool = False) -> Any:
    entry = V.W_IServant.ice_operations[operation.encode()]
    return (entry.old if old else entry).serve(Form(), bytes.fromhex(data), 0, None)


def bare(data: str) -> str:
    return data.replace(" ", "")


class ParameterVectors(SynchronousTestCase):
    def assertSends(self, data: str, prx: Any, operation: str, *arguments: Any) -> Any:
        """What is sent, and what is received from the same bytes."""
        self.assertEqual(sent(prx, operation, *arguments), bare(data))
        received = served(operation, data, prx._ice_old)
        return received[0] if len(received) == 1 else received

    def test_a_derived_instance_where_its_base_is_declared(self) -> None:
        for prx, data in (
            (Caught(), OP_CLASS),
            (CaughtSliced(), OP_CLASS_SLICED),
            (Caught(old=True), OP_CLASS_10),
        ):
            received = self.assertSends(data, prx, "opClass", V.D(1, 2))
            self.assertIs(type(received), V.D)
            self.assertEqual((received.x, received.y), (1, 2))

    def test_an_instance_that_names_itself(self) -> None:
        node = V.N()
        node.next = node
        for prx, data in (
            (Caught(), OP_NODE),
            (CaughtSliced(), OP_NODE_SLICED),
            (Caught(old=True), OP_NODE_10),
        ):
            received = self.assertSends(data, prx, "opNode", node)
            self.assertIs(received.next, received)

    def test_no_instance(self) -> None:
        self.assertIsNone(self.assertSends("00", Caught(), "opNode", None))
        self.assertIsNone(self.assertSends("00000000 00", Caught(old=True), "opNode", None))

    def test_a_compact_id(self) -> None:
        self.assertEqual(self.assertSends(OP_CID, Caught(), "opCid", V.C5(7)).z, 7)

    def test_optional_members(self) -> None:
        for prx, data in ((Caught(), OP_O), (CaughtSliced(), OP_O_SLICED)):
            received = self.assertSends(data, prx, "opO", V.O(1, "s"))
            self.assertEqual((received.i, received.s), (1, "s"))
        self.assertEqual(sent(Caught(), "opO", V.O()), bare("01 21 06 3a3a573a3a4f"))

    def test_optional_members_stay_behind_in_encoding_10(self) -> None:
        received = served("opO", sent(Caught(old=True), "opO", V.O(1, "s")), old=True)[0]
        self.assertEqual((received.i, received.s), (None, None))

    def test_optional_parameters(self) -> None:
        arguments = (1, "abc", [1, 2], V.E.b, None)
        self.assertEqual(self.assertSends(OP_OPT, Caught(), "opOpt", *arguments), arguments)
        self.assertEqual(self.assertSends("", Caught(old=True), "opOpt", *arguments), (None,) * 5)

    def test_enums(self) -> None:
        self.assertEqual(self.assertSends("ff 2c010000", Caught(), "opE", V.E.c), V.E.c)
        self.assertEqual(self.assertSends("2c01", Caught(old=True), "opE", V.E.c), V.E.c)

    def test_what_does_not_differ_is_the_same_in_both_encodings(self) -> None:
        self.assertEqual(served("op", "01000000", old=True), served("op", "01000000"))

    def test_results(self) -> None:
        for name, value, data in (
            ("ret", (5, "s"), "01 73 05000000"),
            ("ropt", (5, "s"), "0d 01 73 12 05000000"),
        ):
            entry = V.X_IServant.ice_operations[name.encode()]
            self.assertEqual(bytes(entry.write_result(value)).hex(), bare(data))
            operation = getattr(V, f"_OP_X_I_{name}")
            self.assertEqual(operation.read_result(bytes.fromhex(data), 0, None), value)
        old = V.X_IServant.ice_operations[b"ropt"].old
        self.assertEqual(bytes(old.write_result((5, "s"))), b"")
        self.assertEqual(V._OP_X_I_ropt.old.read_result(b"", 0, None), (None, None))


class ExceptionVectors(SynchronousTestCase):
    def assertTravels(self, data: str, value: Any, sliced: bool = False, old: bool = False) -> Any:
        out = bytearray()
        if old:
            write_exception10(out, value)
        else:
            write_exception(out, value, sliced)
        self.assertEqual(out.hex(), bare(data))
        read = read_exception10 if old else read_exception
        return read(bytes(out), 0, None, (V.Base, V.WithOpt, V.WithClass))

    def test_in_each_format_and_encoding(self) -> None:
        value = V.Der(1, "d")
        self.assertEqual(repr(self.assertTravels(DER, value)), repr(value))
        self.assertEqual(repr(self.assertTravels(DER_SLICED, value, sliced=True)), repr(value))
        self.assertEqual(repr(self.assertTravels(DER_10, value, old=True)), repr(value))

    def test_optional_members(self) -> None:
        self.assertEqual(self.assertTravels(OPT, V.WithOpt(1, "o")).o, "o")
        data = "00 0c 3a3a583a3a576974684f7074 08000000 01000000"
        received = self.assertTravels(data, V.WithOpt(1, "o"), old=True)
        self.assertEqual((received.a, received.o), (1, None))

    def test_members_that_are_instances(self) -> None:
        self.assertEqual(self.assertTravels(CLS, V.WithClass(V.C(9))).c.x, 9)
