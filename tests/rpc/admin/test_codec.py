"""Arguments and results of the facets as bytes; the facets' own tests have peers with generated code."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.admin.codec import (
    RemoteLoggerAlreadyAttached,
    UnknownView,
    dictionary,
    message_types,
    operation,
    text,
    write_dictionary,
)
from pushnet.wire.errors import MarshalException

NOBODY: Any = None


class CodecTest(SynchronousTestCase):
    def test_a_dictionary_comes_back_from_its_bytes(self) -> None:
        value = {"a": "1", "": "two"}
        out = bytes(write_dictionary(value))
        self.assertEqual(dictionary(out, 0, NOBODY), (value, len(out)))

    def test_kinds_of_messages_that_are_none_are_refused(self) -> None:
        self.assertEqual(message_types(b"\2\0\3", 0, NOBODY), ([0, 3], 3))
        self.assertRaises(MarshalException, message_types, b"\1\4", 0, NOBODY)
        self.assertRaises(MarshalException, message_types, b"\5\0", 0, NOBODY)

    def test_an_operation_calls_the_method_of_its_name_with_what_it_reads(self) -> None:
        class Asked:
            def ask(self, one: str, two: str, current: Any) -> tuple[str, str]:
                return one, two

        name, described = operation("ask", text, text)
        self.assertEqual(name, b"ask")
        self.assertEqual(described.serve(Asked(), b"\1a\1b", 0, None), ("a", "b"))

    def test_exceptions_have_the_type_ids_of_stock_ice(self) -> None:
        self.assertEqual(
            RemoteLoggerAlreadyAttached().ice_id(), "::Ice::RemoteLoggerAlreadyAttachedException"
        )
        self.assertEqual(UnknownView().ice_id(), "::IceMX::UnknownMetricsView")
