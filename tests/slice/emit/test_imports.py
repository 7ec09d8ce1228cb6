"""The import block."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.emit.imports import Imports


class ImportsTest(SynchronousTestCase):
    def test_sections_and_order(self) -> None:
        imports = Imports([])
        imports.support("pushnet.wire.basic", "write_size")
        imports.support("typing", "Final")
        imports.module("attrs")
        imports.support("twisted.internet.defer", "Deferred")
        imports.support("collections.abc", "Sequence")
        imports.support("collections.abc", "Mapping")
        self.assertEqual(
            imports.lines(),
            [
                "from __future__ import annotations",
                "",
                "from collections.abc import Mapping, Sequence",
                "from typing import Final",
                "",
                "import attrs",
                "from twisted.internet.defer import Deferred",
                "",
                "from pushnet.wire.basic import write_size",
            ],
        )

    def test_taken_names_are_imported_under_another(self) -> None:
        imports = Imports(["Struct", "int", "attrs"])
        self.assertEqual(imports.support("struct", "Struct"), "_Struct")
        self.assertEqual((imports.builtin("int"), imports.builtin("str")), ("_int", "str"))
        self.assertEqual(imports.module("attrs"), "_attrs")
        self.assertEqual(
            imports.lines()[2:],
            [
                "from builtins import int as _int",
                "from struct import Struct as _Struct",
                "",
                "import attrs as _attrs",
            ],
        )

    def test_constants_come_before_classes_and_functions_and_numbers_count(self) -> None:
        imports = Imports([])
        for name in ("write_B", "T10", "T9", "LIMIT", "alpha", "Zeta"):
            imports.support("made.x", name)
        self.assertEqual(imports.lines()[-1], "from made.x import LIMIT, T9, T10, Zeta, alpha, write_B")
