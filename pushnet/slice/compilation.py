"""From a file to its checked model: preprocessor, lexer, parser and checker in line."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from pushnet.slice.checker import check
from pushnet.slice.files import SourceFile, SourceFiles
from pushnet.slice.lexer import tokenize
from pushnet.slice.metadata import ignored_rules
from pushnet.slice.model import Unit
from pushnet.slice.parser import parse
from pushnet.slice.preprocessor import Inclusion, Preprocessor
from pushnet.slice.source import Diagnostics


@attrs.frozen
class Compilation:
    """One file, read and understood with all that it includes."""

    file: SourceFile
    unit: Unit
    inclusions: tuple[Inclusion, ...]
    sources: Mapping[str, SourceFile]
    """The files that were read, by the name positions give them."""
    lint_ignored: frozenset[str] = frozenset()
    """The rules of lint that the file takes out of force for itself."""

    def circle(self) -> frozenset[str]:
        """The keys of included files that include this one in turn, by whatever way."""
        includers: dict[str, set[str]] = {}
        for inclusion in self.inclusions:
            includer = self.sources[inclusion.position.file].key
            includers.setdefault(inclusion.file.key, set()).add(includer)
        found: set[str] = set()
        waiting = [self.file.key]
        while waiting:
            for key in includers.get(waiting.pop(), set()) - found:
                found.add(key)
                waiting.append(key)
        return frozenset(found - {self.file.key})


def compile_file(
    file: SourceFile, files: SourceFiles, diagnostics: Diagnostics, defines: Mapping[str, str | None]
) -> Compilation:
    """Read `file`. The result is good for output only when `diagnostics` has no errors."""
    preprocessor = Preprocessor(files, diagnostics, defines)
    lines = preprocessor.run(file)
    tree = parse(tokenize(lines, diagnostics), diagnostics)
    unit = check(tree, diagnostics)
    sources = preprocessor.sources
    own = [item.text for name, item in tree.file_metadata if sources[name].key == file.key]
    ignored = frozenset(rule for text in own for rule in ignored_rules(text))
    return Compilation(file, unit, tuple(preprocessor.inclusions), sources, ignored)
