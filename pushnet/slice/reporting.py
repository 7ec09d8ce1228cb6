"""What a run can tell instead of writing modules: dependencies for build tools, and the preprocessed text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from pushnet.slice.compilation import Compilation
from pushnet.slice.files import SourceFiles
from pushnet.slice.preprocessor import Preprocessor
from pushnet.slice.source import Diagnostics


def depend(compilations: Sequence[Compilation], output: Path) -> Iterator[str]:
    """A rule of make for each file: what its module depends on."""
    for compilation in compilations:
        target = output.joinpath(*compilation.file.module_parts).with_suffix(".py")
        yield f"{target}: " + " \\\n  ".join(_read(compilation))


def depend_xml(compilations: Sequence[Compilation]) -> Iterator[str]:
    """The same as XML, in the words of ZeroC's compilers."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield "<dependencies>"
    for compilation in compilations:
        own, *others = _read(compilation)
        yield f"  <source name={quoteattr(own)}>"
        for path in others:
            yield f"    <dependsOn name={quoteattr(path)}/>"
        yield "  </source>"
    yield "</dependencies>"


def _read(compilation: Compilation) -> list[str]:
    """All files that were read, the compiled one first."""
    return list(dict.fromkeys(str(file.path) for file in compilation.sources.values()))


def preprocessed(
    paths: Sequence[Path],
    include_dirs: Sequence[Path],
    defines: Mapping[str, str | None],
    diagnostics: Diagnostics,
) -> Iterator[str]:
    """The lines that the parser would see; `#line` says where one comes from that does not follow."""
    files = SourceFiles(include_dirs)
    for path in paths:
        file, number = "", 0
        for line in Preprocessor(files, diagnostics, defines).run(files.place(path)):
            number += 1
            if (line.file, line.number) != (file, number):
                file, number = line.file, line.number
                yield f'#line {number} "{file}"'
            yield line.text
