"""The `slice2tx` command: compiles, unless its first word is one of its other commands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import click

from pushnet.slice.comparing import compat
from pushnet.slice.documenting import doc
from pushnet.slice.generator import compile_all, generate
from pushnet.slice.outputs import Outputs
from pushnet.slice.reporting import depend, depend_xml, preprocessed
from pushnet.slice.source import Diagnostics
from pushnet.slice.tidying import fmt, lint

_PACKAGE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")
_OF_ALL = ("-h", "--help", "--version")


def _defines(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for value in values:
        name, equals, body = value.partition("=")
        if not name.isidentifier():
            raise click.BadParameter(f"{value!r} is no NAME or NAME=VALUE")
        found[name] = body if equals else "1"
    return found


def _package(context: click.Context, option: click.Parameter, value: str) -> str:
    if value and _PACKAGE.match(value) is None:
        raise click.BadParameter(f"{value!r} is no dotted Python name")
    return value


class _Commands(click.Group):
    """Its first command needs not be named."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if args and args[0] == "--compat":
            args = ["compat", *args[1:]]
        if not args or (args[0] not in self.commands and args[0] not in _OF_ALL):
            args = ["compile", *args]
        return super().parse_args(context, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pushnet")
def main() -> None:
    """Work with Slice files: `slice2tx FILES` compiles them."""


main.add_command(fmt)
main.add_command(lint)
main.add_command(doc)
main.add_command(compat)


@main.command(name="compile")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where to write; default: here.",
)
@click.option(
    "--package", callback=_package, default="", help="The Python package that the output directory is."
)
@click.option(
    "-I",
    "--include-dir",
    "include_dirs",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where #include looks. A file's output path is its path below the directory that contains it.",
)
@click.option(
    "-D", "--define", "defines", multiple=True, callback=_defines, help="Define a macro: NAME or NAME=VALUE."
)
@click.option("-U", "--undefine", "undefines", multiple=True, help="Undefine a macro, a predefined one too.")
@click.option(
    "--check",
    "mode",
    flag_value="check",
    help="Write nothing; exit 1 and name the files that are not up to date.",
)
@click.option("--validate", "mode", flag_value="validate", help="Write nothing; only say what is wrong.")
@click.option(
    "--depend",
    "mode",
    flag_value="depend",
    help="Write nothing; print each file's includes, as make would have them.",
)
@click.option("--depend-xml", "mode", flag_value="depend-xml", help="The same as XML.")
@click.option(
    "-E", "mode", flag_value="preprocess", help="Write nothing; print what the preprocessor makes of FILES."
)
def compile_files(
    files: tuple[Path, ...],
    output: Path,
    package: str,
    include_dirs: tuple[Path, ...],
    defines: dict[str, str],
    undefines: tuple[str, ...],
    mode: str | None,
) -> None:
    """Compile Slice FILES to Python for Twisted.

    Errors go to standard error as file:line:column: error: text. Then nothing is written, and the exit
    status is 1.
    """
    diagnostics = Diagnostics()
    macros: dict[str, str | None] = {**defines, **dict.fromkeys(undefines)}
    if mode == "preprocess":
        _print(preprocessed(files, include_dirs, macros, diagnostics))
        _report(diagnostics)
        raise SystemExit(int(diagnostics.failed))
    compilations = compile_all(files, include_dirs, macros, diagnostics)
    outputs = generate(compilations, output, package, diagnostics)
    _report(diagnostics)
    if outputs is None:
        count = diagnostics.errors
        click.echo(f"{count} error{'s' if count != 1 else ''}; nothing was written", err=True)
        raise SystemExit(1)
    if mode == "depend":
        _print(depend(compilations, output))
    elif mode == "depend-xml":
        _print(depend_xml(compilations))
    elif mode == "check":
        _check(outputs)
    elif mode is None:
        _write(outputs)


def _report(diagnostics: Diagnostics) -> None:
    for item in diagnostics.sorted():
        click.echo(str(item), err=True)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _check(outputs: Outputs) -> None:
    stale = outputs.stale()
    for path in stale:
        click.echo(f"{path} is not up to date", err=True)
    if stale:
        raise SystemExit(1)


def _write(outputs: Outputs) -> None:
    try:
        for path in outputs.write():
            click.echo(str(path))
    except OSError as error:
        click.echo(f"cannot write {error.filename}: {error.strerror}", err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
