"""Operations: what proxies send and skeletons read is the same, in Ice's order."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.golden import calls, collections, values
from tests.slice.sources import SliceTestCase


class Caught(calls.EverythingPrx):
    """Keeps what it should send."""

    def __init__(self) -> None:
        self.sent: list[tuple[Any, bytes]] = []

    def _ice_call(self, op: Any, params: bytes | bytearray, context: Any) -> Any:
        self.sent.append((op, bytes(params)))


class Echo:
    """A servant that answers with what it was called with."""

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: (name, arguments)


class OperationsTest(SynchronousTestCase):
    def through(self, name: str, *arguments: Any) -> tuple[bytes, Any]:
        """What a call sends, and what the skeleton makes of it."""
        prx = Caught()
        getattr(prx, name)(*arguments)
        ((operation, params),) = prx.sent
        entry = calls.EverythingServant.ice_operations[operation.name.encode()]
        self.assertEqual((entry.name, entry.mode), (operation.name, operation.mode))
        current = object()
        called, received = entry.serve(Echo(), b"1234" + params, 4, current)  # type: ignore[arg-type]
        self.assertEqual(called, name)
        self.assertIs(received[-1], current)
        return params, received[:-1]

    def back(self, name: str, value: Any) -> tuple[bytes, Any]:
        """What a result is sent as, and what the caller makes of it."""
        entry = calls.EverythingServant.ice_operations[name.encode()]
        assert entry.write_result is not None
        prx = Caught()
        written = bytes(entry.write_result(*(value if name in ("add", "one") else (value,))))
        operation = getattr(calls, f"_OP_Everything_{name}")
        self.assertEqual(prx.sent, [])
        return written, operation.read_result(b"12" + written, 2, None)

    def test_arguments_arrive_as_they_were_given(self) -> None:
        line = values.Line(values.Point(1, 2), values.Point(3, 4), 0.5)
        for name, arguments in (
            ("nothing", ()),
            ("add", (1, -2)),
            ("mixed", ("a", 1, 2, "d")),
            ("line", (line,)),
            ("light", (values.Light.Green,)),
            ("bytes", (b"\x00\xff",)),
            ("long1", (values.Point(1, 2), values.Point(3, 4), {"x": 1.5})),
        ):
            self.assertEqual(self.through(name, *arguments)[1], arguments, name)

    def test_parameters_are_bare(self) -> None:
        self.assertEqual(self.through("nothing")[0], b"")
        self.assertEqual(self.through("add", 1, 2)[0].hex(), "0100000002000000")

    def test_out_parameters_travel_before_the_result(self) -> None:
        written, value = self.back("divide", (3, 1))
        self.assertEqual(written.hex(), "0100000003000000", "remainder, then quotient")
        self.assertEqual(value, (3, 1))

    def test_results_come_back(self) -> None:
        line = values.Line(values.Point(1, 2), values.Point(3, 4), 0.5)
        for name, value in (
            ("outs", ("first", 2, 3)),
            ("mixed", ("result", "e", line)),
            ("line", line),
            ("light", values.Light.Amber),
            ("bytes", b"abc"),
            ("asked", True),
        ):
            self.assertEqual(self.back(name, value)[1], value, name)

    def test_a_result_of_a_basic_type_is_one_pack(self) -> None:
        self.assertEqual(self.back("add", (5,)), (b"\x05\0\0\0", 5))

    def test_modes(self) -> None:
        modes = {name: entry.mode for name, entry in calls.EverythingServant.ice_operations.items()}
        self.assertEqual((modes[b"nothing"], modes[b"one"], modes[b"asked"]), (0, 2, 1))

    def test_void_has_no_reader_and_no_writer(self) -> None:
        self.assertIsNone(calls._OP_Everything_nothing.read_result)
        self.assertIsNone(calls.EverythingServant.ice_operations[b"nothing"].write_result)

    def test_a_mapping_and_a_sequence_of_any_kind_can_be_sent(self) -> None:
        out = bytearray()
        collections.write_Strings(out, ("a", "b"))
        self.assertEqual(bytes(out), b"\x02\x01a\x01b")


class SlicedTest(SliceTestCase):
    def test_where_slice_says_nothing_the_communicator_says_it(self) -> None:
        self.assertEmits(
            'class C { } interface I { C a(C c); ["format:sliced"] C b(C c); }',
            "        values = ValueWriter(self._ice_sliced)\n",
            "def _write_result_I_a(value: C | None, sliced: bool = False) -> bytearray:",
            "    values = ValueWriter(sliced)\n",
            "_serve_I_a, _write_result_I_a, either_format=True, old=_OLD_I_a)",
            "def _write_result_I_b(value: C | None) -> bytearray:",
            "    values = ValueWriter(sliced=True)\n",
        )

    def test_the_format_is_the_operations_else_the_interfaces(self) -> None:
        self.assertEmits(
            '["format:sliced"] interface I { void a(); ["format:compact"] void b(); }'
            ' interface J { ["format:sliced"] void c(); }',
            'ServantOperation("a", 0, _serve_I_a, None, sliced=True)',
            'ServantOperation("b", 0, _serve_I_b, None, sliced=False)',
            'ServantOperation("c", 0, _serve_J_c, None, sliced=True)',
        )
