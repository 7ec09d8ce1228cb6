"""`slice2tx compat` as it is called."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import click

from pushnet.slice.generator import compile_all
from pushnet.slice.model import Entity
from pushnet.slice.source import Diagnostics
from pushnet.slice.succession import compare

_VERSION = click.Path(exists=True, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("old", type=_VERSION)
@click.argument("new", type=_VERSION)
@click.option(
    "-I", "--include-dir", "include_dirs", multiple=True, type=_FOLDER, help="Where #include of NEW looks."
)
@click.option(
    "--old-include-dir", "old_include_dirs", multiple=True, type=_FOLDER, help="Where #include of OLD looks."
)
@click.option("--strict", is_flag=True, help="Caution is a reason to refuse, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array of what was found.")
def compat(
    old: Path,
    new: Path,
    include_dirs: tuple[Path, ...],
    old_include_dirs: tuple[Path, ...],
    strict: bool,
    as_json: bool,
) -> None:
    """Say whether NEW can follow OLD in a roll: each a Slice file, or a folder of them.

    Every change that matters is named, with who breaks: old clients of new servers, or new clients of old
    ones. Exit status 0: a safe successor. 1: something breaks. 2: a file cannot be read or has errors.
    """
    before = _entities(old, old_include_dirs)
    findings = compare(before, _entities(new, include_dirs))
    if as_json:
        click.echo(json.dumps([_row(attrs.asdict(each)) for each in findings], indent=2))
    else:
        for each in findings:
            click.echo(str(each))
    breaks = sum(each.breaks for each in findings)
    cautions = len(findings) - breaks
    if not as_json:
        verdict = "no safe successor" if breaks else "a safe successor"
        click.echo(f"{verdict}: {breaks} break, {cautions} call for caution", err=True)
    if breaks or (strict and cautions):
        raise SystemExit(1)


def _entities(version: Path, include_dirs: tuple[Path, ...]) -> list[Entity]:
    """All that is defined in a file, or in the files of a folder, whose includes are looked for there."""
    paths = sorted(version.rglob("*.ice")) if version.is_dir() else [version]
    if not paths:
        raise click.UsageError(
            f"{version} has no Slice files: name a folder with .ice files in it, or a file"
        )
    folders = (*include_dirs, version) if version.is_dir() else include_dirs
    diagnostics = Diagnostics()
    compilations = compile_all(paths, folders, {}, diagnostics)
    if diagnostics.failed:
        for item in diagnostics.sorted():
            click.echo(str(item), err=True)
        raise SystemExit(2)
    return [entity for compilation in compilations for entity in compilation.unit.entities]


def _row(found: dict[str, object]) -> dict[str, object]:
    place = found.pop("position")
    assert isinstance(place, dict)
    return {**place, **found}
