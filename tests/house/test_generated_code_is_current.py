"""House rule: `pushnet/gen` is what slice2tx makes of `idl/` today, and nothing else is in it."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.generator import compile_all, generate
from pushnet.slice.source import Diagnostics
from tests.house.tree import TOP, modules, relative


class GeneratedCodeTest(SynchronousTestCase):
    def test_generated_code_is_current(self) -> None:
        idl, gen = TOP / "idl", TOP / "pushnet" / "gen"
        diagnostics = Diagnostics()
        compilations = compile_all(sorted(idl.rglob("*.ice")), [idl], {}, diagnostics)
        outputs = generate(compilations, gen, "pushnet.gen", diagnostics)
        self.assertEqual([str(item) for item in diagnostics.sorted()], [])
        assert outputs is not None
        stale = [relative(path) for path in outputs.stale()]
        self.assertEqual(stale, [], "not what idl/ gives: run scripts/regenerate")
        orphans = set(modules("pushnet/gen", generated=True)) - set(outputs.texts) - {gen / "__init__.py"}
        self.assertEqual([relative(path) for path in sorted(orphans)], [], "no Slice file gives these")
