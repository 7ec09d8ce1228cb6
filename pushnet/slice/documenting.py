"""`slice2tx doc` as it is called: a reference of interfaces, a page for each Slice file and one for all."""

from __future__ import annotations

from pathlib import Path

import click

from pushnet.slice.generator import compile_all
from pushnet.slice.outputs import Outputs
from pushnet.slice.pages import reference
from pushnet.slice.source import Diagnostics


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "-I",
    "--include-dir",
    "include_dirs",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where #include looks.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where to write; default: here.",
)
@click.option(
    "--format", "kind", type=click.Choice(["html", "markdown"]), default="html", help="What to write."
)
@click.option("--title", default="Interfaces", help="What the first page is called.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and name the pages that are out of date.")
def doc(
    files: tuple[Path, ...],
    include_dirs: tuple[Path, ...],
    output: Path,
    kind: str,
    title: str,
    check: bool,
) -> None:
    """Write a reference of what Slice FILES define, with links between what they name."""
    diagnostics = Diagnostics()
    compilations = compile_all(files, include_dirs, {}, diagnostics)
    for item in diagnostics.sorted():
        click.echo(str(item), err=True)
    if diagnostics.failed:
        raise SystemExit(1)
    pages = reference(compilations, kind, title)
    outputs = Outputs({output / path: text for path, text in pages.items()})
    if check:
        for path in (stale := outputs.stale()):
            click.echo(f"{path} is not up to date", err=True)
        raise SystemExit(1 if stale else 0)
    for path in outputs.write():
        click.echo(str(path))
