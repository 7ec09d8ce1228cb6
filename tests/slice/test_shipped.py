"""Ice's own Slice files are there for every program."""

from __future__ import annotations

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice.locator import AdapterNotFoundException
from pushnet.slice.generator import compile_all, generate
from pushnet.slice.loading import load
from pushnet.slice.shipped import _MEANT, FOLDER, shipped
from pushnet.slice.source import Diagnostics
from pushnet.wire.identity import Identity
from pushnet.wire.versions import EncodingVersion
from tests.house.tree import TOP

PROGRAM = """
#include <Ice/Identity.ice>
#include <Ice/BuiltinSequences.ice>
#include <Ice/Locator.ice>
#include <Ice/Version.ice>
module Test
{
    struct Known { Ice::Identity id; Ice::ByteSeq bytes; Ice::StringSeq names; Ice::EncodingVersion version; }
    interface Finder
    {
        Ice::Context find(Known it, Ice::ObjectSeq values, Ice::Locator* where)
            throws Ice::AdapterNotFoundException;
    }
}
"""


class ShippedTest(SynchronousTestCase):
    def program(self, text: str = PROGRAM) -> Path:
        folder = Path(self.mktemp())
        folder.mkdir()
        path = folder / "program.ice"
        path.write_text("#include <Ice/Current.ice>" + text)
        return path

    def test_each_name_stands_for_a_file_that_compiles(self) -> None:
        text = "".join(f"#include <{name}.ice>\n" for name in sorted(_MEANT))
        diagnostics = Diagnostics()
        compilations = compile_all([self.program(f"\n{text}")], [], {}, diagnostics)
        self.assertIsNotNone(generate(compilations, Path("out"), "mine", diagnostics))
        self.assertEqual([str(item) for item in diagnostics.sorted()], [])

    def test_their_types_are_those_of_the_runtime(self) -> None:
        module = load(self.program())
        known = module.Known(Identity("a"), b"xyz", ["n"], EncodingVersion(1, 1))
        out = bytearray()
        module.write_Known(out, known)
        self.assertEqual(module.read_Known(bytes(out), 0), (known, len(out)))
        self.assertIs(module.AdapterNotFoundException, AdapterNotFoundException)

    def test_a_file_of_ones_own_comes_first(self) -> None:
        path = self.program("\nmodule Test { interface I { Ice::Mine op(); } }")
        own = path.parent / "Ice"
        own.mkdir()
        (own / "Current.ice").write_text('[["ice-prefix"]]\nmodule Ice { struct Mine { int x; } }')
        diagnostics = Diagnostics()
        compile_all([path], [path.parent], {}, diagnostics)
        self.assertFalse(diagnostics.failed)

    def test_what_ice_has_not_is_not_there(self) -> None:
        self.assertIsNone(shipped("Ice/Nope.ice"))
        self.assertIsNone(shipped("ice/nope.ice"))
        self.assertIsNone(shipped(".ice"))

    def test_they_come_along_where_the_package_is_installed(self) -> None:
        self.assertIn("slice/standard/*.ice", (TOP / "setup.cfg").read_text())
        self.assertTrue((FOLDER / "identity.ice").is_file())
