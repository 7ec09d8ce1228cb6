"""Slice files as Python modules without a build step: compiled in memory when they are loaded.

For scripts, tests and trying things out. What is to be read, checked by mypy or installed elsewhere should be
written to files by `slice2tx`.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType

from pushnet.slice.compilation import Compilation, compile_file
from pushnet.slice.emit.names import module_name
from pushnet.slice.files import SourceFile, SourceFiles
from pushnet.slice.generator import generate
from pushnet.slice.shipped import is_shipped
from pushnet.slice.source import Diagnostics

_PACKAGE = "pushnet_loaded_slice"


class SliceLoadException(Exception):
    """A Slice file cannot be loaded; the text is what the compiler says about it, one line for each fault."""


def load(
    path: str | Path, include_dirs: Sequence[str | Path] = (), defines: Mapping[str, str] | None = None
) -> ModuleType:
    """Compile a Slice file and what it includes, and import the result.

    The same text gives the same module, however often it is loaded.

    Args:
        path: the Slice file.
        include_dirs: where `#include` looks.
        defines: macros, by name.

    Raises:
        SliceLoadException: something is wrong with the file or with what it includes.
    """
    diagnostics = Diagnostics()
    files = SourceFiles([Path(directory) for directory in include_dirs])
    compilations = _with_includes(files.place(Path(path)), files, diagnostics, dict(defines or {}))
    package = f"{_PACKAGE}_{_fingerprint(compilations, files, defines or {})}"
    wanted = module_name(compilations[-1].file, package)
    if wanted in sys.modules:
        return sys.modules[wanted]
    outputs = generate(compilations, Path(), package, diagnostics)
    if outputs is None:
        raise SliceLoadException("\n".join(str(item) for item in diagnostics.sorted()))
    texts = _Texts(package)
    for compilation in compilations:
        text = outputs.texts[Path(*compilation.file.module_parts).with_suffix(".py")]
        texts.add(module_name(compilation.file, package), text, f"<{compilation.file.title}>")
    sys.meta_path.append(texts)
    try:
        return importlib.import_module(wanted)
    finally:
        sys.meta_path.remove(texts)


class _Texts(MetaPathFinder, Loader):
    """Modules that are texts, and the packages around them, while they are being imported."""

    def __init__(self, package: str) -> None:
        self._packages = {package}
        self._texts: dict[str, tuple[str, str]] = {}

    def add(self, name: str, text: str, title: str) -> None:
        """A module, and what tracebacks call its file."""
        self._texts[name] = (text, title)
        package = name.rpartition(".")[0]
        while package and package not in self._packages:
            self._packages.add(package)
            package = package.rpartition(".")[0]

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        if name in self._texts:
            return spec_from_loader(name, self)
        return spec_from_loader(name, self, is_package=True) if name in self._packages else None

    def exec_module(self, module: ModuleType) -> None:
        if module.__name__ in self._texts:
            text, title = self._texts[module.__name__]
            exec(compile(text, title, "exec", dont_inherit=True), module.__dict__)


def _with_includes(
    file: SourceFile, files: SourceFiles, diagnostics: Diagnostics, defines: Mapping[str, str]
) -> list[Compilation]:
    """The compilations of all that a file includes, and of the file itself, which is the last."""
    whole = compile_file(file, files, diagnostics, defines)
    needed = {
        source.key: source
        for source in whole.sources.values()
        if source.key != file.key and not is_shipped(source.root)
    }
    return [*(compile_file(source, files, diagnostics, defines) for source in needed.values()), whole]


def _fingerprint(compilations: Sequence[Compilation], files: SourceFiles, defines: Mapping[str, str]) -> str:
    digest = hashlib.sha256(repr(sorted(defines.items())).encode())
    for compilation in compilations:
        for source in compilation.sources.values():
            digest.update(source.key.encode() + b"\0" + _text(source, files) + b"\0")
    return digest.hexdigest()[:16]


def _text(source: SourceFile, files: SourceFiles) -> bytes:
    try:
        return files.read(source)
    except OSError:
        return b""
