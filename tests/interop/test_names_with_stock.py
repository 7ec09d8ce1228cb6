"""Each name of stock Ice for Python is in `pushnet.ice`, or compatibility.md says why not."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any, get_args

from twisted.trial.unittest import SynchronousTestCase

import pushnet.ice as ours
from tests.interop.stock import HERE, ROOT, SYSTEM_PYTHON, require_ice

ELSEWHERE = {"name", "value"}
"""Members of enumerators, which their classes do not show."""


def left_out() -> set[str]:
    """What the table of names in compatibility.md says is not here."""
    text = (ROOT / "docs" / "reference" / "compatibility.md").read_text(encoding="utf-8")
    table = text.partition("## Names")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([\w.]+)`", row.split("|")[1])}


class NamesTest(SynchronousTestCase):
    maxDiff = None

    def setUp(self) -> None:
        require_ice(self)
        command = [SYSTEM_PYTHON, "stock_names.py"]
        told = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True, env={})
        self.stock: dict[str, Any] = json.loads(told.stdout)
        self.left_out = left_out()

    def common(self, what: str) -> list[tuple[str, Any, Any]]:
        """Name, our class and what stock tells of its own, for those of which it tells that."""
        return [
            (name, getattr(ours, name), told[what])
            for name, told in self.stock.items()
            if told and what in told and hasattr(ours, name)
        ]

    def test_what_is_missing_is_listed_with_a_reason_and_what_is_listed_is_missing(self) -> None:
        missing = {name for name in self.stock if not hasattr(ours, name)}
        for name, mine, members in self.common("members"):
            for kind in get_args(mine) or (mine,):
                known = {*dir(kind), *ELSEWHERE}
                known |= {field.name for field in getattr(kind, "__attrs_attrs__", ())}
                known |= {operation.decode() for operation in getattr(kind, "ice_operations", ())}
                missing |= {f"{name}.{member}" for member in members if member not in known}
        self.assertEqual(sorted(missing), sorted(self.left_out))

    def test_what_is_offered_is_exported(self) -> None:
        self.assertEqual(
            [name for name in self.stock if hasattr(ours, name) and name not in ours.__all__], []
        )

    def test_exceptions_have_the_fields_and_bases_of_stock(self) -> None:
        for name, mine, fields in self.common("fields"):
            if name in ("Exception", "LocalException", "UserException"):
                continue
            for field in fields:
                self.assertTrue(hasattr(mine(), field), f"{name}.{field}")
            self.assertEqual((mine().ice_id(), mine().ice_name()), (f"::Ice::{name}", f"Ice::{name}"))
        for name, mine, bases in self.common("bases"):
            for base in bases:
                self.assertTrue(issubclass(mine, getattr(ours, base)), f"{name} is no {base}")

    def test_enumerators_have_the_values_of_stock(self) -> None:
        for name, mine, enumerators in self.common("enumerators"):
            self.assertEqual({each.name: each.value for each in mine}, enumerators, name)
            for text, value in enumerators.items():
                self.assertEqual(str(mine.valueOf(value)), text)
