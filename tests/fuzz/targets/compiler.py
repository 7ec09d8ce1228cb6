"""The Slice compiler from preprocessor to checked model. Its peer writes Slice: errors are diagnostics."""

from __future__ import annotations

from pathlib import Path

from pushnet.slice.compilation import compile_file
from pushnet.slice.conditions import ConditionError, evaluate
from pushnet.slice.docs import read_doc
from pushnet.slice.files import SourceFile, SourceFiles
from pushnet.slice.source import ERRORS_MAX, Diagnostics
from tests.fuzz.target import Target

NAME = "fuzz.ice"
OTHERS = {
    "once.ice": b"#pragma once\nmodule Once { struct S { int a; } interface I {} enum E { A, B } }\n",
    "again.ice": b"module Again { const int N = 3; }\n",
    "loop.ice": b'#include "loop.ice"\n',
}


class Files(SourceFiles):
    """Files that are not on disk."""

    def __init__(self, text: bytes) -> None:
        super().__init__([Path("idl")])
        self._contents = {**OTHERS, NAME: text}

    def find(self, name: str, includer: SourceFile, quoted: bool) -> SourceFile | None:
        return SourceFile(Path("idl") / name, Path("idl")) if name in self._contents else None

    def read(self, file: SourceFile) -> bytes:
        return self._contents[file.path.name]


def compile_slice(data: bytes) -> None:
    diagnostics = Diagnostics()
    files = Files(data)
    compilation = compile_file(SourceFile(Path("idl") / NAME, Path("idl")), files, diagnostics, {})
    told = diagnostics.sorted()
    assert len([item for item in told if item.severity == "error"]) <= ERRORS_MAX
    assert all(item.position.line > 0 and item.position.column > 0 for item in told)
    for entity in compilation.unit.own():
        read_doc(entity.doc)


def condition(data: bytes) -> None:
    evaluate(data.decode("utf-8", "replace"), {"A": "1", "B": "A", "C": "C"})


TOKENS = tuple(
    token.encode()
    for token in (
        "module M { ", "struct S { ", "class C ", "class C(7) extends D { ", "interface I { ", "exception E ",
        "enum E { A, B = 3 }", "sequence<", "dictionary<string, ", "const int N = ", "> X;", "} ", "};",
        ";", "{", "[\"", "\"]", "[[\"python:package:a\"]]", "optional(1) ", "out ", "throws ",
        "idempotent ", "void ", "::", "Object* ", "Value ", "LocalObject ", "#if ", "#ifdef A\n",
        "#else\n", "#endif\n", "#define A B\n", "\n", "#define B A A\n", "#include \"once.ice\"\n",
        "#include \"loop.ice\"\n", "#pragma once\n", "/*", "*/", "/**", "//", "@param a ", "{@link A}",
        "\\", "\"", "0x7fffffff", "1e999", "-", "077", "'", "int a = 1;",
    )
)  # fmt: skip
CONDITIONS = (
    b"defined",
    b"(",
    b")",
    b"!",
    b"&&",
    b"||",
    b"==",
    b"<",
    b"+",
    b"-",
    b"A",
    b"B",
    b"C",
    b"0x1",
    b"~",
)

TARGETS = (
    Target("slice", compile_slice, (), TOKENS, share=5, bytes_per_byte=600),
    Target("condition", condition, (ConditionError,), CONDITIONS, share=5, bytes_per_byte=100),
)
