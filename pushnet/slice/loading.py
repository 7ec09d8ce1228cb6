"""Slice files as Python modules without a build step: compiled in memory when they are loaded.

For scripts, tests and trying things out. What is to be read, checked by mypy or installed elsewhere should be
written to files by `slice2tx`.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

from pushnet.slice.compilation import Compilation, compile_file
from pushnet.slice.emit.names import module_name
from pushnet.slice.files import SourceFile, SourceFiles
from pushnet.slice.generator import generate
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
    _package(package)
    for compilation in compilations:
        text = outputs.texts[Path(*compilation.file.module_parts).with_suffix(".py")]
        _run(module_name(compilation.file, package), text, compilation.file)
    return sys.modules[wanted]


def _with_includes(
    file: SourceFile, files: SourceFiles, diagnostics: Diagnostics, defines: Mapping[str, str]
) -> list[Compilation]:
    """The compilations of a file and of all it includes, each behind those it needs."""
    whole = compile_file(file, files, diagnostics, defines)
    needed = {source.key: source for source in whole.sources.values() if source.key != file.key}
    found = {key: compile_file(source, files, diagnostics, defines) for key, source in needed.items()}
    ordered = sorted(found.values(), key=lambda compilation: len(compilation.sources))
    return [*ordered, whole]


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


def _package(name: str) -> None:
    """An empty package of that name, and those around it."""
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        module = ModuleType(".".join(parts[:count]))
        module.__path__ = []
        sys.modules.setdefault(module.__name__, module)


def _run(name: str, text: str, file: SourceFile) -> None:
    """Make the module of that name from its text."""
    _package(name.rpartition(".")[0])
    module = ModuleType(name)
    module.__file__ = f"<{file.title}>"
    sys.modules[name] = module
    try:
        exec(compile(text, module.__file__, "exec", dont_inherit=True), module.__dict__)
    except BaseException:
        del sys.modules[name]
        raise
