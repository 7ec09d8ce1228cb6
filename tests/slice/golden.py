"""The golden files: `case.ice` beside the `case.py` it becomes, or beside the `case.err` that it provokes.

`python -m tests.slice.golden` writes them anew; read the difference before you commit it.
"""

from __future__ import annotations

from pathlib import Path

from pushnet.slice.generator import compile_all, generate
from pushnet.slice.source import Diagnostics

FOLDER = Path(__file__).parent.parent / "golden"
ERRORS = FOLDER / "errors"


def golden_outputs() -> dict[Path, str]:
    """What the compiler makes of the good cases, by path."""
    diagnostics = Diagnostics()
    compilations = compile_all(sorted(FOLDER.glob("*.ice")), [FOLDER], {}, diagnostics)
    outputs = generate(compilations, FOLDER, "tests.golden", diagnostics)
    if outputs is None:
        raise AssertionError("\n".join(map(str, diagnostics.sorted())))
    return dict(outputs.texts)


def golden_errors() -> dict[Path, str]:
    """What the compiler says to the bad cases, by the path of the `.err` file."""
    return {path.with_suffix(".err"): said_about(path) for path in sorted(ERRORS.glob("*.ice"))}


def said_about(path: Path) -> str:
    """All diagnostics of one file, without the way to its folder."""
    diagnostics = Diagnostics()
    compilations = compile_all([path], [path.parent], {}, diagnostics)
    generate(compilations, path.parent, "", diagnostics)
    return "".join(f"{item}\n" for item in diagnostics.sorted()).replace(f"{path.parent}/", "")


def main() -> None:
    """Write all golden files."""
    for path, text in {**golden_outputs(), **golden_errors()}.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
