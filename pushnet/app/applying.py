"""`pushnet apply`, `diff` and `history`: the settings of a running cluster, shown before they are changed."""

from __future__ import annotations

import getpass
import json
import os
import platform
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import attrs
from rich.console import Console
from rich.table import Table

from pushnet.app.asking import ask
from pushnet.app.confirming import at_terminal, confirmed
from pushnet.app.running import CommandError, Session
from pushnet.gen.pushnet.cluster import (
    BadSettingsException,
    ClusterPrx,
    Difference,
    Generation,
    GenerationException,
)
from pushnet.grid.differences import differences
from pushnet.grid.settings import Settings, SettingsError, load_settings
from pushnet.roles.registry.cluster_reports import AHEAD

T = TypeVar("T")
PLAIN_WIDTH = 160
_COLOURS = {"added": "green", "removed": "red", "moved": "cyan", "restarted": "yellow", "changed": "blue"}


@attrs.frozen
class Wanted:
    """What is to be applied: the text of a file, or that of an earlier generation."""

    told: str
    text: str = ""
    generation: int = 0


def read_text(path: str) -> str:
    """The text of a cluster file that can be applied. Raises `CommandError`."""
    try:
        text = Path(path).read_bytes().decode("utf-8")
        load_settings(text, path)
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path}: not UTF-8 at byte {error.start}") from error
    except SettingsError as error:
        raise CommandError(str(error)) from error
    return text


async def apply(
    session: Session, settings: Settings, wanted: Wanted, *, yes: bool, why: str, machine: bool
) -> int:
    """Show what would change, ask, and make it so."""

    async def at(cluster: ClusterPrx) -> int:
        newest = await cluster.history(1)
        expected = newest[0].number if newest else 0
        text = wanted.text or await cluster.settings(wanted.generation)
        if newest and text == await cluster.settings(0):
            return _said(machine, expected, [], f"generation {expected} is {wanted.told} already")
        found = await cluster.compare(text)
        if not machine:
            show(found, f"{wanted.told} over generation {expected}" if expected else wanted.told)
        if not yes and (machine or not at_terminal()):
            raise CommandError("nothing is applied: there is nobody to ask, and --yes was not given")
        if not yes and not await confirmed(session, "Apply it?"):
            raise CommandError("nothing is applied")
        try:
            made = await cluster.apply(text, expected, whoami(), why or _usual_why(wanted))
        except GenerationException as other:
            told = f"generation {other.current} was applied meanwhile by somebody else"
            raise CommandError(f"nothing is applied: {told}; look at the difference again") from other
        status = _said(machine, made, found, f"generation {made} is applied")
        ahead = sorted({state.agent for state in await cluster.servers() if AHEAD in state.resources})
        if ahead:
            print(
                f"pushnet: {', '.join(ahead)} go by a later plan than this registry has, and do not follow; "
                "if its state was lost or restored from a backup, say `pushnet restored`",
                file=sys.stderr,
            )
        return status

    return await _asked(session, settings, at)


async def restored(session: Session, settings: Settings, *, yes: bool, machine: bool) -> int:
    """Have every agent follow what the registry says now, though it has heard of later plans."""

    async def at(cluster: ClusterPrx) -> int:
        newest = await cluster.history(1)
        if not newest:
            raise CommandError("the registry has no settings at all: `pushnet apply` the cluster file first")
        if not machine:
            print(f"the registry has generation {newest[0].number} of {_when(newest[0].atS)}")
        if not yes and (machine or not at_terminal()):
            raise CommandError("nothing is changed: there is nobody to ask, and --yes was not given")
        if not yes and not await confirmed(session, "Shall every agent follow that?"):
            raise CommandError("nothing is changed")
        added = await cluster.restored(whoami())
        print(json.dumps({"added": added}) if machine else "agents follow the registry again")
        return 0

    return await _asked(session, settings, at)


async def diff(
    session: Session, settings: Settings, first: Wanted, second: Wanted | None, *, machine: bool
) -> int:
    """Show what would change with `first`; or from `first` to `second`."""

    if second is None:
        found = await _asked(session, settings, lambda cluster: _compared(cluster, first))
        title = f"{first.told}, over what is applied"
    else:
        old, new = await _read(session, settings, first), await _read(session, settings, second)
        found = differences(old, new, {}, {})
        title = f"from {first.told} to {second.told}"
    if machine:
        print(json.dumps({"differences": [attrs.asdict(each) for each in found]}))
    else:
        show(found, title)
    return 0


async def _compared(cluster: ClusterPrx, wanted: Wanted) -> list[Difference]:
    return await cluster.compare(wanted.text or await cluster.settings(wanted.generation))


async def _read(session: Session, settings: Settings, wanted: Wanted) -> Settings:
    text = wanted.text
    if not text:
        text = await _asked(session, settings, lambda cluster: cluster.settings(wanted.generation))
    return load_settings(text, wanted.told)


async def history(session: Session, settings: Settings, most: int, shown: int, *, machine: bool) -> int:
    """Show who applied what and when, the newest first; or the text of generation `shown`."""

    async def at(cluster: ClusterPrx) -> int:
        if shown:
            text = await cluster.settings(shown)
            print(
                json.dumps({"generation": shown, "text": text}) if machine else text,
                end="\n" if machine else "",
            )
            return 0
        found = await cluster.history(most)
        if machine:
            print(json.dumps({"generations": [_row(each) for each in found]}))
        else:
            _print(_history_table(found))
        return 0

    return await _asked(session, settings, at)


def show(found: Sequence[Difference], title: str) -> None:
    """The differences for people."""
    if not found:
        print(f"{title}: nothing that anybody reads is different")
        return
    table = Table(title=title)
    for column in ("what", "name", "how", "details"):
        table.add_column(column, no_wrap=column != "details")
    for each in found:
        colour = _COLOURS.get(each.how, "white")
        table.add_row(each.what, each.name, f"[{colour}]{each.how}[/]", each.details.replace("[", "\\["))
    _print(table)


def whoami() -> str:
    """Who is at this terminal, for the history."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # nobody of that number is known
        name = str(os.getuid())
    return f"{name}@{platform.node()}"


async def _asked(session: Session, settings: Settings, at: Callable[[ClusterPrx], Awaitable[T]]) -> T:
    try:
        return await ask(session, settings, ClusterPrx, at)
    except BadSettingsException as bad:
        raise CommandError(bad.reason) from bad
    except SettingsError as error:
        raise CommandError(str(error)) from error


def _usual_why(wanted: Wanted) -> str:
    return f"back to generation {wanted.generation}" if wanted.generation else ""


def _said(machine: bool, generation: int, found: Sequence[Difference], told: str) -> int:
    if machine:
        rows = [attrs.asdict(each) for each in found]
        print(json.dumps({"generation": generation, "differences": rows}))
    else:
        print(told)
    return 0


def _row(each: Generation) -> dict[str, Any]:
    return {"generation": each.number, "at": _when(each.atS), "who": each.who, "why": each.why}


def _when(at_s: int) -> str:
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _history_table(found: Sequence[Generation]) -> Table:
    table = Table(title="settings, the newest first")
    for column in ("generation", "applied", "who", "why"):
        table.add_column(column, no_wrap=column != "why")
    for each in found:
        table.add_row(str(each.number), _when(each.atS), each.who, each.why)
    return table


def _print(table: Table) -> None:
    console = Console()
    Console(width=None if console.is_terminal else PLAIN_WIDTH).print(table)
