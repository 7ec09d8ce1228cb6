"""Lines and lists of properties, thrown together at random, are read by us as by stock Ice.

But for two oddities of stock Ice: it warns of a list with an open quote and says the default is returned, and
returns what there is; and it repeats escaped blanks behind a lone backslash that ends a value.
"""

import json
import random
from pathlib import Path

from twisted.trial.unittest import TestCase

from pushnet.rpc.properties import Properties
from pushnet.rpc.property_text import split_list
from tests.interop.stock import Program, require_ice

LINES = 1500
VALUES = 1500
LINE_PIECES = (
    "a",
    "B.c",
    "x",
    " ",
    "\t",
    "\\",
    "#",
    "=",
    "'",
    '"',
    ",",
    "é",
    "\\#",
    "\\=",
    "\\ ",
    "\\\\",
    "\r",
)
VALUE_PIECES = ("a", "b", " ", "\t", ",", "'", '"', "\\", "\\'", '\\"', "\n", "é", ";")


def thrown(rng: random.Random, pieces: tuple[str, ...], count: int) -> list[str]:
    return ["".join(rng.choices(pieces, k=rng.randrange(1, 12))) for _ in range(count)]


def ends_oddly(ours: dict[str, str], told: dict[str, str]) -> bool:
    """Whether they differ in blanks behind a lone backslash at the end only."""
    return all(value.endswith("\\") and told.get(key, "").rstrip() == value for key, value in ours.items())


class OneFile(dict[str, str]):
    def read_file(self, path: str) -> bytes:
        return self[path].encode()


class PropertiesTest(TestCase):
    timeout = 60

    async def setUp(self) -> None:
        require_ice(self)
        rng = random.Random(2026)
        self.lines = thrown(rng, LINE_PIECES, LINES)
        self.values = thrown(rng, VALUE_PIECES, VALUES)
        path = Path(self.mktemp())
        path.write_text(json.dumps([self.lines, self.values]))
        program = Program("stock_properties.py", str(path.absolute()))
        self.addCleanup(program.finish)
        self.told, self.elements = json.loads(await program.line())

    def ours(self, line: str) -> dict[str, str]:
        properties = Properties(None, OneFile(file=line), lambda _: None)
        properties.load("file")
        return properties.getPropertiesForPrefix("")

    def test_a_line_sets_what_it_sets_in_stock_ice(self) -> None:
        different = [
            (line, ours, told)
            for line, told in zip(self.lines, self.told, strict=True)
            if (ours := self.ours(line)) != told and not ends_oddly(ours, told)
        ]
        self.assertEqual(different[:10], [])
        self.assertGreater(sum(map(bool, self.told)), LINES // 10)

    def test_a_list_has_the_elements_that_it_has_in_stock_ice(self) -> None:
        different = [
            (value, ours, told)
            for value, told in zip(self.values, self.elements, strict=True)
            if (ours := split_list(value)) is not None and ours != told
        ]
        self.assertEqual(different[:10], [])
