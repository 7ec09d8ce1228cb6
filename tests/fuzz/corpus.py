"""Inputs that are kept, a file a target in `corpus/`: a bytes literal a line, told by the `#` line ahead."""

from __future__ import annotations

import ast
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"


def read_corpus(name: str) -> list[bytes]:
    """The kept inputs of a target, in the file's order."""
    inputs: list[bytes] = []
    for line in (FOLDER / f"{name}.txt").read_text(encoding="ascii").splitlines():
        if line and not line.startswith("#"):
            value = ast.literal_eval(line)
            assert isinstance(value, bytes), line
            inputs.append(value)
    return inputs


def keep(name: str, data: bytes, why: str) -> None:
    """Add an input."""
    with (FOLDER / f"{name}.txt").open("a", encoding="ascii") as file:
        file.write(f"# {why}\n{data!r}\n")
