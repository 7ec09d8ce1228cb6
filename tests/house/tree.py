"""What the house tests look at: the files of the working tree that belong to the project."""

from __future__ import annotations

from pathlib import Path

TOP = Path(__file__).parent.parent.parent
TEXT_ENDINGS = (".py", ".md", ".toml", ".cfg", ".ice", ".cpp", ".h", ".json", ".js", ".html", "")


def relative(path: Path) -> str:
    return path.relative_to(TOP).as_posix()


def modules(*folders: str, generated: bool = False) -> list[Path]:
    """The Python files below `folders`, sorted; those written by slice2tx only when `generated`."""
    found = [path for folder in folders for path in sorted((TOP / folder).rglob("*.py"))]
    if generated:
        return found
    return [path for path in found if not relative(path).startswith(("pushnet/gen/", "tests/golden/"))]


def texts() -> list[Path]:
    """Every text file of the project, sorted."""
    folders = ("pushnet", "tests", "twisted", "idl", "etc", "docs", "scripts", ".ci")
    inside = [path for folder in folders for path in (TOP / folder).rglob("*")]
    found = [*inside, *TOP.glob("*")]
    return sorted(
        path
        for path in found
        if path.is_file() and path.suffix in TEXT_ENDINGS and "__pycache__" not in path.parts
    )
