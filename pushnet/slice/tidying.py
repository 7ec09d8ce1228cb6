"""`slice2tx fmt` and `slice2tx lint` as they are called."""

from __future__ import annotations

from pathlib import Path

import click

from pushnet.slice.formatting import formatted
from pushnet.slice.generator import compile_all
from pushnet.slice.linting import lint as findings
from pushnet.slice.metadata import LINT_RULES
from pushnet.slice.source import Diagnostics

_FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


@click.command()
@_FILES
@click.option("--check", is_flag=True, help="Change nothing; exit 1 and name the files that would change.")
def fmt(files: tuple[Path, ...], check: bool) -> None:
    """Bring Slice FILES into one form: indentation and spacing. Line breaks and words stay."""
    untidy = False
    for path in files:
        try:
            text = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            click.echo(f"{path}: cannot be read: {error}", err=True)
            raise SystemExit(1) from None
        tidy = formatted(text)
        if tidy == text:
            continue
        untidy = True
        if not check:
            path.write_bytes(tidy.encode("utf-8"))
        click.echo(str(path))
    if check and untidy:
        raise SystemExit(1)


@click.command()
@_FILES
@click.option(
    "-I",
    "--include-dir",
    "include_dirs",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where #include looks.",
)
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    type=click.Choice(LINT_RULES),
    help="A rule that need not be kept; may be given several times.",
)
def lint(files: tuple[Path, ...], include_dirs: tuple[Path, ...], ignored: tuple[str, ...]) -> None:
    """Say what should be tidied up in Slice FILES: docs, names, includes, form. If anything, exit 1."""
    diagnostics = Diagnostics()
    compilations = compile_all(files, include_dirs, {}, diagnostics)
    said = [str(item) for item in diagnostics.sorted()]
    if not diagnostics.failed:
        for compilation in compilations:
            text = compilation.file.path.read_text(encoding="utf-8-sig")
            said += [str(item) for item in findings(compilation, text) if item.rule not in ignored]
    for line in said:
        click.echo(line)
    if said:
        raise SystemExit(1)
