"""A run of the compiler: many files in, the texts of a Python package out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pushnet.slice.compilation import Compilation, compile_file
from pushnet.slice.emit.limits import check_limits
from pushnet.slice.emit.module import emit_module
from pushnet.slice.files import SourceFile, SourceFiles
from pushnet.slice.outputs import Outputs
from pushnet.slice.source import Diagnostics, Position


def compile_all(
    paths: Sequence[Path],
    include_dirs: Sequence[Path],
    defines: Mapping[str, str | None],
    diagnostics: Diagnostics,
) -> list[Compilation]:
    """Read the files, each as a unit of its own."""
    files = SourceFiles(include_dirs)
    return [compile_file(files.place(path), files, diagnostics, defines) for path in paths]


def generate(
    compilations: Sequence[Compilation], output: Path, package: str, diagnostics: Diagnostics
) -> Outputs | None:
    """The texts of all modules, and of the packages around them; `None` when there were errors."""
    for compilation in compilations:
        _check_path(compilation.file, diagnostics)
    if not diagnostics.failed:
        for compilation in compilations:
            check_limits(compilation.unit, diagnostics)
    if diagnostics.failed:
        return None
    texts: dict[Path, str] = {}
    origins: dict[Path, SourceFile] = {}
    for compilation in compilations:
        file = compilation.file
        path = output.joinpath(*file.module_parts).with_suffix(".py")
        if path in origins and origins[path].key != file.key:
            message = f"its output {path} is that of {origins[path].path}, too: rename one"
            diagnostics.error(Position(str(file.path), 1, 1), message)
            return None
        origins[path] = file
        text = emit_module(compilation, package)
        compile(text, str(path), "exec", dont_inherit=True)
        texts[path] = text
        for depth in range(1, len(file.module_parts)):
            folder = output.joinpath(*file.module_parts[:depth])
            source = "/".join(file.title.split("/")[: depth + 1])
            texts[folder / "__init__.py"] = (
                f'"""Written by slice2tx: one module for each Slice file of {source}/."""\n'
            )
    return Outputs(texts)


def _check_path(file: SourceFile, diagnostics: Diagnostics) -> None:
    part = file.unusable_part
    if part is not None:
        message = f"`{part}` cannot be the name of a Python module: rename the file or folder"
        diagnostics.error(Position(str(file.path), 1, 1), message)
