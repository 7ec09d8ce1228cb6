"""The preprocessor: from files to lines of Slice, every one of which knows where it stands.

It does what C's does as far as Slice needs it: includes, conditions, macros, `#pragma once`, `#error`.
Comments stay, because doc comments are wanted later. Macros hold for a translation unit, so a line's meaning
depends on what stood before it: one `Preprocessor` reads one unit, from first line to last.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress

import attrs

from pushnet.slice.conditions import ConditionError, evaluate
from pushnet.slice.files import SourceFile, SourceFiles
from pushnet.slice.macros import PIECE, MacroError, Macros
from pushnet.slice.source import Diagnostics, Position

INCLUDE_DEPTH_MAX = 64
"""A chain of includes longer than this is taken for a loop."""

INCLUSIONS_MAX = 5000
"""Files that include two others each, and those two others, soon are more than anybody waits for."""

PREDEFINED: Mapping[str, str] = {"ICE_VERSION": "30711", "__ICE_VERSION__": "30711", "__SLICE2TX__": "1"}
"""The version says which language is understood: that of Ice 3.7."""

_DIRECTIVE = re.compile(r"\s*#\s*([A-Za-z_]\w*)?[ \t]*(.*)", re.DOTALL)
_INCLUDE = re.compile(r'(?:<([^>]*)>|"([^"]*)")\s*$')
_DEFINE = re.compile(r"([A-Za-z_]\w*)(\()?\s*(.*)$", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w*$")
_OPEN_COMMENT = re.compile(r'^(?:"(?:\\.|[^"\\])*"|[^"])*?(/\*)', re.DOTALL)
_COMMENT = re.compile(r'("(?:\\.|[^"\\])*"?)|//.*|/\*.*?\*/', re.DOTALL)


@attrs.frozen
class SourceLine:
    """One line of what is left after preprocessing."""

    text: str
    file: str
    number: int
    level: int
    """0 in the file being compiled, 1 in what it includes, and so on."""

    columns: tuple[int, ...] | None = None
    """The column in the file of each character, where macros have moved them."""

    def position(self, index: int) -> Position:
        """Where the character at `index` came from."""
        if self.columns is None:
            return Position(self.file, self.number, index + 1)
        return Position(self.file, self.number, self.columns[min(index, len(self.columns) - 1)])


@attrs.frozen
class Inclusion:
    """One `#include` that was followed."""

    file: SourceFile
    level: int
    position: Position


class _Abandoned(Exception):
    """Going on would not end. What is wrong has been reported."""


@attrs.define
class _Branch:
    """An `#if` that is open: whether its present part counts, and whether a part has counted yet."""

    position: Position
    outer: bool
    active: bool
    taken: bool
    has_else: bool = False


class Preprocessor:
    """Reads one translation unit."""

    def __init__(
        self, files: SourceFiles, diagnostics: Diagnostics, defines: Mapping[str, str | None]
    ) -> None:
        """A macro whose definition is None is undefined, though it be one of those that always are."""
        self.inclusions: list[Inclusion] = []
        self.lines: list[SourceLine] = []
        self.sources: dict[str, SourceFile] = {}
        self._files = files
        self._diagnostics = diagnostics
        known = {**PREDEFINED, **defines}
        self.macros = Macros({name: body for name, body in known.items() if body is not None})
        """Those known at this point."""
        self._once: set[str] = set()

    def run(self, file: SourceFile) -> list[SourceLine]:
        """The lines of `file`, with those of its includes where they were included."""
        with suppress(_Abandoned):
            self._read(file, 0)
        return self.lines

    def _read(self, file: SourceFile, level: int) -> None:
        self.sources[str(file.path)] = file
        try:
            text = self._files.read(file).decode("utf-8-sig")
        except OSError as error:
            reason = error.strerror or str(error)
            self._diagnostics.error(Position(str(file.path), 1, 1), f"cannot read the file: {reason}")
            return
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            line = before.count(b"\n") + 1
            column = error.start - (before.rfind(b"\n") + 1) + 1
            self._diagnostics.error(
                Position(str(file.path), line, column), "the file is not UTF-8: save it as UTF-8"
            )
            return
        _FileReading(self, file, level, text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).run()

    # What a `_FileReading` asks of the unit:

    def seen_once(self, file: SourceFile) -> bool:
        """Whether the file has said `#pragma once`, and must not be read again."""
        return file.key in self._once

    def mark_once(self, file: SourceFile) -> None:
        """`#pragma once`."""
        self._once.add(file.key)

    def error(self, position: Position, message: str) -> None:
        """Report a fault."""
        self._diagnostics.error(position, message)

    def warning(self, position: Position, message: str) -> None:
        """Report a doubt."""
        self._diagnostics.warning(position, message)

    def include(self, name: str, quoted: bool, includer: SourceFile, level: int, position: Position) -> None:
        """`#include`."""
        found = self._files.find(name, includer, quoted)
        if found is None:
            self.error(position, f"`{name}` is in none of the include directories: add its directory with -I")
            return
        self.inclusions.append(Inclusion(found, level + 1, position))
        if self.seen_once(found):
            return
        if level + 1 > INCLUDE_DEPTH_MAX:
            self.error(
                position, f"includes nest deeper than {INCLUDE_DEPTH_MAX}: does `{name}` lack `#pragma once`?"
            )
            raise _Abandoned
        if len(self.inclusions) > INCLUSIONS_MAX:
            self.error(position, f"more than {INCLUSIONS_MAX} includes: does `{name}` lack `#pragma once`?")
            raise _Abandoned
        self._read(found, level + 1)


class _FileReading:
    """One file on its way through: its conditions, and whether a comment is open."""

    def __init__(self, unit: Preprocessor, file: SourceFile, level: int, lines: list[str]) -> None:
        self._unit = unit
        self._file = file
        self._name = str(file.path)
        self._level = level
        self._lines = lines
        self._branches: list[_Branch] = []
        self._comment: Position | None = None

    def run(self) -> None:
        """Read the file to its end."""
        index = 0
        while index < len(self._lines):
            number = index + 1
            line = self._lines[index]
            index += 1
            if self._comment is None and line.lstrip().startswith("#"):
                while line.endswith("\\") and index < len(self._lines):
                    line = line[:-1] + " " + self._lines[index]
                    index += 1
                self._directive(line, number)
            else:
                self._text(line, number)
        if self._comment is not None:
            self._unit.warning(self._comment, "the comment is never closed: `*/` is missing")
            self._unit.lines.append(SourceLine("*/", self._name, len(self._lines), self._level))
        for branch in self._branches:
            self._unit.error(branch.position, "`#endif` is missing for this condition")

    @property
    def _active(self) -> bool:
        return not self._branches or self._branches[-1].active

    def _text(self, line: str, number: int) -> None:
        """A line that is no directive: replace macros outside comments and strings."""
        pieces: list[tuple[str, int, bool]] = []
        index = 0
        while index < len(line):
            stop = self._piece_end(line, index, number)
            piece = line[index:stop]
            replaced = self._active and piece in self._unit.macros
            if replaced:
                piece, stop = self._expanded(line, index, stop, number)
            pieces.append((piece, index, replaced))
            index = stop
        if not self._active:
            return
        columns: list[int] | None = None
        if any(replaced for _, _, replaced in pieces):
            columns = []
            for piece, start, replaced in pieces:
                columns.extend(start + 1 + (0 if replaced else offset) for offset in range(len(piece)))
            columns.append(len(line) + 1)
        text = "".join(piece for piece, _, _ in pieces)
        where = tuple(columns) if columns is not None else None
        self._unit.lines.append(SourceLine(text, self._name, number, self._level, where))

    def _piece_end(self, line: str, index: int, number: int) -> int:
        """Where the comment, string, name or other text at `index` ends. Opens and closes block comments."""
        if self._comment is None:
            match = PIECE.match(line, index)
            assert match is not None, "every character is a piece of something"
            if match.group() == "//":
                return len(line)
            if match.group() == "/*":
                self._comment = Position(self._name, number, index + 1)
            return match.end()
        end = line.find("*/", index)
        if end < 0:
            return len(line)
        self._comment = None
        return end + 2

    def _expanded(self, line: str, index: int, stop: int, number: int) -> tuple[str, int]:
        """What the macro whose name begins at `index` becomes, and where its use ends."""
        name = line[index:stop]
        try:
            end = self._unit.macros.use_end(line, name, stop)
            if end is None:
                return name, stop
            return self._unit.macros.expand(line[index:end]), end
        except MacroError as error:
            self._unit.error(Position(self._name, number, index + 1), f"macro `{name}` {error}")
            return "", stop

    def _directive(self, line: str, number: int) -> None:
        position = Position(self._name, number, len(line) - len(line.lstrip()) + 1)
        bare = _COMMENT.sub(lambda match: match.group(1) or " ", line)
        if (opening := _OPEN_COMMENT.search(bare)) is not None:
            self._comment = position
            bare = bare[: opening.start(1)]
        match = _DIRECTIVE.match(bare)
        assert match is not None, "the line begins with #"
        word, rest = match.group(1), match.group(2).strip()
        if word in ("if", "ifdef", "ifndef"):
            self._open(word, rest, position)
        elif word in ("elif", "else", "endif"):
            self._turn(word, rest, position)
        elif not self._active:
            return
        elif word == "include":
            self._include(rest, position)
        elif word in ("define", "undef"):
            self._define(word, rest, position)
        elif word == "error":
            self._unit.error(position, f"#error {rest}".rstrip())
        elif word == "warning":
            self._unit.warning(position, f"#warning {rest}".rstrip())
        elif word == "pragma":
            if rest.split() == ["once"]:
                self._unit.mark_once(self._file)
        elif match.group(1) is not None or rest:
            self._unit.error(position, f"`#{word or rest}` is no directive that is known here")

    def _open(self, word: str, rest: str, position: Position) -> None:
        outer = self._active
        holds = outer and self._holds(word, rest, position)
        self._branches.append(_Branch(position, outer, holds, holds))

    def _holds(self, word: str, rest: str, position: Position) -> bool:
        if word in ("if", "elif"):
            try:
                return evaluate(self._condition(rest), self._unit.macros.plain)
            except MacroError as error:
                self._unit.error(position, f"#{word}: a macro {error}")
                return False
            except ConditionError as error:
                self._unit.error(position, f"#{word}: {error}")
                return False
        if _NAME.match(rest) is None:
            self._unit.error(position, f"`#{word}` wants one name")
            return False
        return (rest in self._unit.macros) == (word == "ifdef")

    def _condition(self, text: str) -> str:
        """The condition with its uses of macros with parameters replaced; the others it replaces itself."""
        macros = self._unit.macros
        out: list[str] = []
        index = 0
        while index < len(text):
            match = PIECE.match(text, index)
            assert match is not None, "every character is a piece of something"
            end = None
            if match.group() not in macros.plain:
                end = macros.use_end(text, match.group(), match.end())
            out.append(match.group() if end is None else f"({macros.expand(text[index:end])})")
            index = match.end() if end is None else end
        return "".join(out)

    def _turn(self, word: str, rest: str, position: Position) -> None:
        if not self._branches:
            self._unit.error(position, f"`#{word}` without `#if`")
            return
        if word == "endif":
            self._branches.pop()
            return
        branch = self._branches[-1]
        if branch.has_else:
            self._unit.error(position, f"`#{word}` after `#else`")
        free = branch.outer and not branch.taken
        branch.active = free and (word == "else" or self._holds(word, rest, position))
        branch.taken = branch.taken or branch.active
        branch.has_else = branch.has_else or word == "else"

    def _include(self, rest: str, position: Position) -> None:
        match = _INCLUDE.match(rest)
        if not match:
            with suppress(MacroError):
                match = _INCLUDE.match(self._unit.macros.expand(rest))
        name = match and (match.group(1) or match.group(2))
        if not match or not name:
            self._unit.error(position, "`#include` wants a name in `<...>` or quotes")
            return
        self._unit.include(name, match.group(1) is None, self._file, self._level, position)

    def _define(self, word: str, rest: str, position: Position) -> None:
        match = _DEFINE.match(rest)
        if match is None or match.group(1) == "defined":
            self._unit.error(position, f"`#{word}` wants a name")
        elif word == "undef":
            self._unit.macros.undefine(match.group(1))
        elif match.group(2) is None:
            self._unit.macros.define(match.group(1), None, match.group(3).strip())
        else:
            self._define_function(match.group(1), match.group(3), position)

    def _define_function(self, name: str, rest: str, position: Position) -> None:
        """`#define name(a, b) body`; `rest` is what follows the parenthesis that opens."""
        listed, closing, body = rest.partition(")")
        parameters = [part.strip() for part in listed.split(",")] if listed.strip() else []
        if not closing or not all(_NAME.match(part) for part in parameters):
            self._unit.error(position, f"the parameters of macro `{name}` must be names with commas between")
        elif len(set(parameters)) < len(parameters):
            self._unit.error(position, f"macro `{name}` has a parameter twice")
        else:
            self._unit.macros.define(name, parameters, body.strip())
