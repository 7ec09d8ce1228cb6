"""User exceptions in slices: stock Ice's bytes in both formats, and bases where the type is unknown."""

from __future__ import annotations

from struct import Struct

import attrs
from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.basic import read_string, write_string
from pushnet.wire.errors import MarshalException
from pushnet.wire.slices import (
    ExceptionSlice,
    UnknownSlicesError,
    UserException,
    read_exception,
    write_exception,
)

_INT = Struct("<i")
COMPACT = bytes.fromhex("00 08 3a3a583a3a446572 01 64 20 09 3a3a583a3a42617365 01000000")
SLICED = bytes.fromhex("10 08 3a3a583a3a446572 06000000 01 64 30 09 3a3a583a3a42617365 08000000 01000000")
WITH_OPTIONAL = bytes.fromhex("24 0c 3a3a583a3a576974684f7074 01000000 1d 01 6f ff")


@attrs.frozen
class Base(UserException):
    b: int = 0


@attrs.frozen
class Derived(Base):
    d: str = ""


@attrs.frozen
class WithOpt(UserException):
    a: int = 0


@attrs.frozen
class Other(UserException):
    pass


def _write_base(out: bytearray, value: Base) -> None:
    out += _INT.pack(value.b)


def _read_int(buf: bytes, pos: int, source: object) -> tuple[tuple[int], int]:
    if pos + 4 > len(buf):
        raise MarshalException("cut off")
    return (_INT.unpack_from(buf, pos)[0],), pos + 4


def _write_derived(out: bytearray, value: Derived) -> None:
    write_string(out, value.d)


def _read_derived(buf: bytes, pos: int, source: object) -> tuple[tuple[str], int]:
    value, pos = read_string(buf, pos)
    return (value,), pos


Base.ice_slice = ExceptionSlice("::X::Base", Base, _write_base, _read_int)
Derived.ice_slice = ExceptionSlice("::X::Der", Derived, _write_derived, _read_derived, Base.ice_slice)
WithOpt.ice_slice = ExceptionSlice("::X::WithOpt", WithOpt, _write_base, _read_int)
Other.ice_slice = ExceptionSlice("::X::Other", Other, lambda out, value: None, lambda b, p, s: ((), p))


class SliceTests(SynchronousTestCase):
    def read(self, data: bytes, *expected: type[UserException]) -> tuple[object, ...]:
        value = read_exception(data, 0, None, expected)
        return type(value), *attrs.astuple(value)

    def test_both_formats_are_those_of_stock_ice(self) -> None:
        for sliced, golden in ((False, COMPACT), (True, SLICED)):
            out = bytearray()
            write_exception(out, Derived(1, "d"), sliced)
            self.assertEqual(bytes(out), golden)

    def test_what_derives_from_a_declared_exception_is_known(self) -> None:
        for data in (COMPACT, SLICED):
            self.assertEqual(self.read(data, Other, Base), (Derived, 1, "d"))
            self.assertEqual(self.read(data, Derived), (Derived, 1, "d"))

    def test_an_unknown_type_in_slices_is_read_as_its_base(self) -> None:
        unknown = SLICED.replace(b"Der", b"New")
        self.assertEqual(self.read(unknown, Base), (Base, 1))

    def test_an_unknown_type_without_sizes_is_unknown(self) -> None:
        error = self.assertRaises(UnknownSlicesError, self.read, COMPACT.replace(b"Der", b"New"), Base)
        self.assertEqual(str(error), "::X::New")
        self.assertRaises(UnknownSlicesError, self.read, SLICED, Other)

    def test_optional_members_nobody_declared_are_skipped(self) -> None:
        self.assertEqual(self.read(WITH_OPTIONAL, WithOpt), (WithOpt, 1))

    def test_a_value_cut_off_anywhere_is_refused(self) -> None:
        for data in (COMPACT, SLICED, WITH_OPTIONAL):
            for end in range(len(data)):
                self.assertRaises(MarshalException, self.read, data[:end], Base, WithOpt)

    def test_other_bases_than_declared_are_refused(self) -> None:
        self.assertRaises(MarshalException, self.read, COMPACT.replace(b"Base", b"Bose"), Base)
        self.assertRaises(MarshalException, self.read, b"\x20" + COMPACT[1:], Base)
        self.assertRaises(MarshalException, self.read, SLICED.replace(b"\x06\0\0\0", b"\x03\0\0\0"), Base)

    def test_nothing_need_say_that_a_slice_is_the_last(self) -> None:
        for data in (COMPACT, SLICED):
            bare = data.replace(b"\x20\x09", b"\x00\x09").replace(b"\x30\x09", b"\x10\x09")
            self.assertNotEqual(bare, data)
            self.assertEqual(self.read(bare, Base), (Derived, 1, "d"))
        self.assertRaises(UnknownSlicesError, self.read, bare, Other)

    def test_the_type_id_can_be_asked_for(self) -> None:
        self.assertEqual((Derived.ice_staticId(), Derived().ice_id()), ("::X::Der", "::X::Der"))

    @given(st.binary(max_size=60), st.integers(0, 40))
    def test_garbage_raises_only_the_peers_fault(self, data: bytes, keep: int) -> None:
        for golden in (COMPACT, SLICED):
            try:
                self.read(golden[:keep] + data, Base)
            except (MarshalException, UnknownSlicesError):
                continue
