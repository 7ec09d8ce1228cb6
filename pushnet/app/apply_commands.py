"""The commands for the settings of a running cluster: `apply`, `diff`, `history`, `restored` and others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from pushnet.app import applying, balancing, scales
from pushnet.app.applying import Wanted
from pushnet.app.asking import file_settings, registry_options, settings_of
from pushnet.app.running import CommandError, Session, run
from pushnet.grid.balance import KINDS, SAMPLES
from pushnet.grid.settings import Settings

T = TypeVar("T", int, float)
MACHINE = click.option("--json", "machine", is_flag=True, help="One JSON object, for programs.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False), required=False)
@click.option("--generation", type=click.IntRange(min=1), help="Take an earlier one back, instead of FILE.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--why", default="", metavar="TEXT", help="For the history.")
@registry_options
@MACHINE
def apply(
    file: str | None,
    generation: int | None,
    yes: bool,
    why: str,
    config: str | None,
    registry: str | None,
    machine: bool,
) -> None:
    """Show what FILE would change in the running cluster, then make it so."""
    if (file is None) == (generation is None):
        raise click.UsageError("either FILE or --generation")
    wanted = _file(file) if file else Wanted(f"generation {generation}", generation=generation or 0)
    where = _where(config, registry, [wanted])
    _run(lambda session: applying.apply(session, where, wanted, yes=yes, why=why, machine=machine))


@click.command()
@click.argument("first", metavar="FILE|GENERATION")
@click.argument("second", metavar="[FILE|GENERATION]", required=False)
@registry_options
@MACHINE
def diff(first: str, second: str | None, config: str | None, registry: str | None, machine: bool) -> None:
    """Show what applying a file or an earlier generation would change; or what is between two."""
    wanted = [_wanted(each) for each in (first, second) if each is not None]
    where = _where(config, registry, wanted)
    other = wanted[1] if len(wanted) > 1 else None
    _run(lambda session: applying.diff(session, where, wanted[0], other, machine=machine))


@click.command()
@click.argument("config_file", metavar="[CONFIG]", type=click.Path(dir_okay=False), required=False)
@click.option("--most", type=click.IntRange(1, 100), default=20, show_default=True)
@click.option("--show", type=click.IntRange(min=1), metavar="GENERATION", help="Print the text of that one.")
@registry_options
@MACHINE
def history(
    config_file: str | None,
    most: int,
    show: int | None,
    config: str | None,
    registry: str | None,
    machine: bool,
) -> None:
    """Show which settings were applied, when, by whom and why."""
    where = settings_of(config_file or config, registry)
    _run(lambda session: applying.history(session, where, most, show or 0, machine=machine))


@click.command()
@click.argument("config_file", metavar="[CONFIG]", type=click.Path(dir_okay=False), required=False)
@click.option("--yes", is_flag=True, help="Do not ask.")
@registry_options
@MACHINE
def restored(
    config_file: str | None, yes: bool, config: str | None, registry: str | None, machine: bool
) -> None:
    """Say that the registry's state was restored from a backup: agents that know later plans follow it again.

    Without it they go on with what they have, and `agent.ahead` is in the log of events.
    """
    where = settings_of(config_file or config, registry)
    _run(lambda session: applying.restored(session, where, yes=yes, machine=machine))


@click.command()
@click.argument("config_file", metavar="[CONFIG]", type=click.Path(dir_okay=False), required=False)
@registry_options
@MACHINE
def scaling(config_file: str | None, config: str | None, registry: str | None, machine: bool) -> None:
    """Show the sets of which as many run as their load needs, and what was decided about them."""
    where = settings_of(config_file or config, registry)
    _run(lambda session: scales.show(session, where, machine=machine))


@click.group()
def group() -> None:
    """Replica groups: how calls are balanced over them."""


@group.command("show")
@click.argument("name", metavar="[GROUP]", default="")
@registry_options
@MACHINE
def group_show(name: str, config: str | None, registry: str | None, machine: bool) -> None:
    """How GROUP is balanced, or each that is not left to the default."""
    where = settings_of(config, registry)
    _run(lambda session: balancing.show(session, where, name, machine=machine))


@group.command("set")
@click.argument("name", metavar="GROUP")
@click.option("--choice", type=click.Choice(list(KINDS)))
@click.option(
    "--n", type=click.IntRange(min=-1), help="Replicas in an answer; 0: all, -1: as the choice says."
)
@click.option("--load-sample", type=click.Choice([str(sample) for sample in SAMPLES]), help="Minutes.")
@click.option("--split", multiple=True, metavar="SITE=PARTS", help="A region or region/zone and its parts.")
@click.option("--weight", multiple=True, metavar="ADAPTER=WEIGHT")
@click.option("--priority", multiple=True, metavar="ADAPTER=NUMBER", help="The lowest first.")
@registry_options
@MACHINE
def group_set(
    name: str,
    choice: str | None,
    n: int | None,
    load_sample: str | None,
    split: tuple[str, ...],
    weight: tuple[str, ...],
    priority: tuple[str, ...],
    config: str | None,
    registry: str | None,
    machine: bool,
) -> None:
    """Balance GROUP otherwise, at once; what is not named stays as it is.

    It holds until it is set again, or until the group's table is applied otherwise.
    """
    changes: dict[str, Any] = {
        "choice": choice or ("split" if split else "weighted" if weight else "ordered" if priority else None),
        "n": n,
        "loadSample": int(load_sample) if load_sample else None,
        "split": _pairs(split, int, "--split") or None,
        "weights": _pairs(weight, float, "--weight") or None,
        "priorities": _pairs(priority, int, "--priority") or None,
    }
    changes = {key: value for key, value in changes.items() if value is not None}
    if not changes:
        raise click.UsageError("say what is to change, such as --split east=7 --split west=3")
    where = settings_of(config, registry)
    _run(lambda session: balancing.change(session, where, name, changes, machine=machine))


def _pairs(given: Sequence[str], kind: Callable[[str], T], option: str) -> dict[str, T]:
    made: dict[str, T] = {}
    for pair in [part for each in given for part in each.split(",")]:
        key, _, value = pair.rpartition("=")
        try:
            made[key.strip()] = kind(value)
        except ValueError:
            key = ""
        if not key.strip():
            raise click.UsageError(f"{option} wants NAME=NUMBER, not {pair!r}")
    return made


def _file(path: str) -> Wanted:
    try:
        return Wanted(path, applying.read_text(path))
    except CommandError as error:
        raise click.ClickException(str(error)) from error


def _wanted(word: str) -> Wanted:
    return Wanted(f"generation {word}", generation=int(word)) if word.isdigit() else _file(word)


def _where(config: str | None, registry: str | None, wanted: Sequence[Wanted]) -> Settings:
    """The registries that are asked: as the options say, else those of the first file."""
    if not config and not registry:
        for each in wanted:
            if each.text:
                return file_settings(each.told)
    return settings_of(config, registry)


def _run(work: Callable[[Session], Any]) -> None:
    sys.exit(run(work))
