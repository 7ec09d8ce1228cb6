"""Slice text in, and what the compiler makes of it: what most tests of the compiler need."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.compilation import Compilation, compile_file
from pushnet.slice.emit.module import emit_module
from pushnet.slice.files import SourceFiles
from pushnet.slice.generator import generate
from pushnet.slice.model import Entity
from pushnet.slice.source import Diagnostics


class SliceTestCase(SynchronousTestCase):
    """Compiles texts as `test.ice` in a folder of their own, beside the files they include."""

    def compile(self, text: str, files: Mapping[str, str] | None = None) -> tuple[Compilation, Diagnostics]:
        """The compilation of `text`."""
        folder = Path(self.mktemp())
        for name, content in {**(files or {}), "test.ice": text}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        diagnostics = Diagnostics()
        sources = SourceFiles([folder])
        compilation = compile_file(sources.place(folder / "test.ice"), sources, diagnostics, {})
        generate([compilation], folder, "made", diagnostics)
        return compilation, diagnostics

    def said(self, text: str, files: Mapping[str, str] | None = None) -> list[str]:
        """What is said about `text`, as `line:column: severity: message`."""
        compilation, diagnostics = self.compile(text, files)
        folder = f"{compilation.file.path.parent}/"
        return [str(item).replace(folder, "").removeprefix("test.ice:") for item in diagnostics.sorted()]

    def body(self, text: str) -> list[str]:
        """What is said about definitions inside a module `M`, which begins on the line before them."""
        return self.said("module M\n{ " + text + "\n}\n")

    def entities(self, text: str) -> dict[str, Entity]:
        """The entities of a text without errors, by name."""
        compilation, diagnostics = self.compile(text)
        self.assertEqual(list(diagnostics.sorted()), [])
        return {entity.name: entity for entity in compilation.unit.own()}

    def emitted(self, text: str, files: Mapping[str, str] | None = None) -> str:
        """The Python of a text without errors."""
        compilation, diagnostics = self.compile(text, files)
        self.assertFalse(diagnostics.failed, "\n".join(map(str, diagnostics.sorted())))
        return emit_module(compilation, "made")

    def assertEmits(self, text: str, *wanted: str) -> None:
        """Whether the Python of definitions in a module `M` has these pieces."""
        python = self.emitted("module M { " + text + " }")
        for piece in wanted:
            self.assertIn(piece, python)
