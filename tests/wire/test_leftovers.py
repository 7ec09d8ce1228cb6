"""What stands behind the known parameters."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import INT
from pushnet.wire.errors import MarshalException
from pushnet.wire.leftovers import pass_over
from pushnet.wire.slices import read_exception, write_exception
from pushnet.wire.slices10 import read_exception10, write_exception10
from tests.golden import graphs
from tests.golden.graphs import GraphServant


class Old:
    encoding = (1, 0)


class LeftoversTest(SynchronousTestCase):
    def refused(self, *args: Any) -> str:
        return str(self.assertRaises(MarshalException, pass_over, *args))

    def test_optional_values_nobody_knows_are_passed_over(self) -> None:
        pass_over(b"", 0, None)
        pass_over(bytes.fromhex("0a01000000 1503616263 f5280173"), 0, None)
        pass_over(b"?" + bytes.fromhex("0a01000000"), 1, None)

    def test_an_instance_among_them_is_passed_over_too(self) -> None:
        pass_over(bytes.fromhex("0f 01 21 0e") + b"::Graphs::Leaf" + bytes(4), 0, None)
        pass_over(bytes.fromhex("0f 05"), 0, None)

    def test_the_mark_that_ends_optional_members_may_end_them(self) -> None:
        pass_over(b"\xff", 0, None)
        pass_over(bytes.fromhex("0a01000000 ff"), 0, None)

    def test_anything_else_is_the_peers_fault(self) -> None:
        self.assertEqual(self.refused(b"\1\2\xff\0", 2, None), "1 bytes follow the parameters")
        self.assertIn("cut off", self.refused(b"\x0a\1\0\0", 0, None))
        self.assertIn("missing", self.refused(b"\xf5", 0, None))

    def test_encoding_1_0_has_no_optional_values(self) -> None:
        self.assertEqual(self.refused(bytes.fromhex("0a01000000"), 0, Old()), "5 bytes follow the parameters")
        call = Call10("op", (INT,), (INT,), returns=True)
        self.assertRaises(MarshalException, call.read_result, b"\1\0\0\0\0", 0, None)

    def test_generated_servants_and_proxies_refuse_what_follows(self) -> None:
        serve = GraphServant.ice_operations[b"plain"].serve
        self.assertRaises(MarshalException, serve, None, bytes(13), 0, Old())
        self.assertRaises(MarshalException, graphs._read_result_Graph_paint, b"\1\xff\0", 0, None)
        self.assertEqual(graphs._read_result_Graph_paint(b"\1\x0a\1\0\0\0", 0, None), 1)

    def test_nothing_follows_an_exception_but_the_byte_that_old_ice_sent(self) -> None:
        thrown = (graphs.Broken,)
        error = graphs.Broken(None, "a")
        told, told10 = bytearray(), bytearray()
        write_exception(told, error)
        write_exception10(told10, error)
        self.assertIsInstance(read_exception(bytes(told) + b"\xff", 0, None, thrown), graphs.Broken)
        self.assertRaises(MarshalException, read_exception, bytes(told) + b"\xff\xff", 0, None, thrown)
        self.assertIsInstance(read_exception10(bytes(told10) + b"\0", 0, None, thrown), graphs.Broken)
        self.assertRaises(MarshalException, read_exception10, bytes(told10) + b"\0\0", 0, None, thrown)
