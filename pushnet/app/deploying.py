"""`pushnet deploy`, `rollback` and `rolls`: asking for a roll, and following it from any terminal.

A roll goes on without whoever looks at it. Following begins with all that the journal holds and ends with the
roll, or when somebody says stop; then it is told how to look again.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Final, TextIO

import attrs
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from twisted.internet.defer import CancelledError, Deferred, ensureDeferred
from twisted.internet.task import deferLater

from pushnet.app.applying import whoami
from pushnet.app.asking import ask
from pushnet.app.board import PatientConsole
from pushnet.app.running import CommandError, Session
from pushnet.gen.pushnet.deploy import DeployerPrx, DeployOptions, DeployRefusedException, RollStatus
from pushnet.grid.settings import Settings

DONE, CANNOT, TURNED_ROUND, GOES_ON = 0, 1, 3, 4
"""Exit statuses: as it was wanted; it could not be asked for; the opposite came of it; nobody waited."""
WATCH_MS: Final = 5000
LIMIT_MS: Final = WATCH_MS + 5000
AGAIN_S: Final = 0.5
"""After a registry did not answer."""
SILENT_S_MAX: Final = 60.0
"""For so long no registry need answer whoever follows."""
OVER: Final = ("done", "undone")
PLAIN_WIDTH: Final = 160
ARRIVED: Final = {"done": "arrived", "undone": "back", "undoing": "back"}


class RollRefused(CommandError):
    """A registry has answered, and there is no such roll, or it cannot be done to it."""


@attrs.frozen
class Asked:
    """How a roll is asked about, and how its news is told."""

    session: Session
    settings: Settings
    kind: str
    machine: bool = False

    async def of(self, call: Callable[[DeployerPrx], Awaitable[None]]) -> None:
        """Ask for something. Raises `CommandError` with what was refused."""
        try:
            await ask(self.session, self.settings, DeployerPrx, call)
        except DeployRefusedException as refused:
            raise RollRefused(refused.reason) from refused

    async def status(self, change: int = 0, wait_ms: int = 0) -> RollStatus:
        """How the last roll is. Raises `CommandError`."""

        def watch(deployer: DeployerPrx) -> Awaitable[RollStatus]:
            return deployer.watch(self.kind, change, wait_ms)

        try:
            return await ask(self.session, self.settings, DeployerPrx, watch, LIMIT_MS)
        except DeployRefusedException as refused:
            raise RollRefused(refused.reason) from refused


async def deploy(asked: Asked, version: str, options: DeployOptions, *, detach: bool) -> int:
    """Begin a roll and follow it; follow the one that is under way when it is to the same version."""
    try:
        running = await asked.status()
    except CommandError:  # there was none yet, or nobody answers: that is told next
        running = RollStatus()
    if running.state in ("", *OVER) or running.version != version:
        await asked.of(lambda deployer: deployer.deploy(asked.kind, version, options, whoami()))
    return _detached(asked) if detach else await follow(asked, "done")


async def pause(asked: Asked) -> int:
    await asked.of(lambda deployer: deployer.pause(asked.kind, whoami()))
    return await show(asked)


async def resume(asked: Asked) -> int:
    await asked.of(lambda deployer: deployer.resume(asked.kind, whoami()))
    return await follow(asked, "done")


async def abort(asked: Asked) -> int:
    await asked.of(lambda deployer: deployer.abort(asked.kind, whoami()))
    return await follow(asked, "undone")


async def rollback(asked: Asked, options: DeployOptions, *, detach: bool) -> int:
    """Take the last roll back and follow that."""
    await asked.of(lambda deployer: deployer.rollback(asked.kind, options, whoami()))
    return _detached(asked) if detach else await follow(asked, "undone")


async def show(asked: Asked) -> int:
    """Print how the last roll is; the exit status tells it too."""
    status = await asked.status()
    if asked.machine:
        print(json.dumps(told(status)), flush=True)
    else:
        console = Console()
        print(f"{headline(status)} (by {status.who})")
        Console(width=None if console.is_terminal else PLAIN_WIDTH).print(table(status))
        for line in status.journal[-10:]:
            print(f"  {line}")
    return {"done": DONE, "undone": TURNED_ROUND}.get(status.state, GOES_ON)


async def rolls(session: Session, settings: Settings, *, machine: bool) -> int:
    """Print the last roll of each kind."""
    found = await ask(session, settings, DeployerPrx, lambda deployer: deployer.rolls())
    if machine:
        print(json.dumps([told(status) for status in found]), flush=True)
        return DONE
    if not found:
        print("nothing was rolled yet")
        return DONE
    made = Table(title="rolls")
    for column in ("kind", "version", "state", "servers", "by"):
        made.add_column(column, no_wrap=True)
    made.add_column("why")
    for status in found:
        made.add_row(
            status.kind, status.version, status.state, _share(status), status.who, escape(status.reason)
        )
    console = Console()
    Console(width=None if console.is_terminal else PLAIN_WIDTH).print(made)
    return DONE


async def follow(asked: Asked, wanted: str, *, begun: bool = True) -> int:
    """Tell what happens until the roll is over, or somebody says stop.

    `begun`: one has been begun just now, of which the registry that is asked need not have heard yet.
    """
    work = ensureDeferred(_follow(asked, begun))
    asked.session.stopping.addCallback(lambda _: work.cancel())
    try:
        status = await work
    except CancelledError:
        if not asked.machine:
            print(f"\nthe roll goes on; `pushnet deploy {asked.kind} --follow` shows it again", flush=True)
        return GOES_ON
    return DONE if status.state == wanted else TURNED_ROUND


async def _follow(asked: Asked, begun: bool) -> RollStatus:
    with News(sys.stdout, asked.machine) as news:
        status = await _patiently(asked, 0, 0, begun=begun)
        news.hear(status)
        while status.state not in OVER:
            wait_ms = min(WATCH_MS, 1000) if news.counts_down(status) else WATCH_MS
            status = await _patiently(asked, status.change, wait_ms)
            news.hear(status)
        return status


async def _patiently(asked: Asked, change: int, wait_ms: int, *, begun: bool = True) -> RollStatus:
    """Registries may be lost meanwhile: another answers soon. Cancelled, it asks no more."""
    world = asked.session.world
    until = world.monotonic() + SILENT_S_MAX
    while not asked.session.stopping.called:
        try:
            return await asked.status(change, wait_ms)
        except CommandError as error:
            if world.monotonic() > until or (isinstance(error, RollRefused) and not begun):
                raise
            waiting: Deferred[None] = deferLater(world.clock, AGAIN_S)
            await waiting
    raise CancelledError


class News:
    """What is shown of a roll: a bar under the journal on a terminal, the journal elsewhere, or JSON."""

    def __init__(self, out: TextIO, machine: bool) -> None:
        self._out = out
        self._machine = machine
        self._console = PatientConsole(file=out, highlight=False, soft_wrap=True)
        self._journal: list[str] = []
        self._change = -1
        self._bar: Progress | None = None
        if self._console.is_terminal and not machine:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
            self._bar = Progress(*columns, console=self._console, auto_refresh=False, transient=True)
            self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> News:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def counts_down(self, status: RollStatus) -> bool:
        """Whether it is to be told again soon, though nothing changes."""
        return self._bar is not None and status.soakLeftMs > 0

    def hear(self, status: RollStatus) -> None:
        """Tell what is new."""
        if self._machine:
            if status.change != self._change:
                self._out.write(json.dumps(told(status)) + "\n")
                self._out.flush()
        else:
            for line in _unheard(self._journal, status.journal):
                self._console.print(escape(line))
        self._journal, self._change = list(status.journal), status.change
        if self._bar is not None:
            done = sum(member.how == ARRIVED.get(status.state, "arrived") for member in status.members)
            total = _goal(status)
            self._bar.update(
                self._task, description=headline(status), completed=done, total=total, refresh=True
            )


def headline(status: RollStatus) -> str:
    """A roll in a line."""
    text = f"{status.kind} to {status.version}: {status.state}"
    if status.soakLeftMs and status.state in ("rolling", "paused"):
        text += f", watched for {(status.soakLeftMs + 999) // 1000} s more"
    elif status.reason:
        text += f", {status.reason}"
    return text


def told(status: RollStatus) -> dict[str, object]:
    """For programs."""
    return attrs.asdict(status)


def table(status: RollStatus) -> Table:
    """For people."""
    made = Table()
    for column in ("server", "had", "gets", "is"):
        made.add_column(column, no_wrap=True)
    for member in status.members:
        made.add_row(member.server, member.versionBefore, member.version, member.how)
    return made


def _detached(asked: Asked) -> int:
    if not asked.machine:
        print(f"it has begun; `pushnet deploy {asked.kind} --follow` shows it")
    return DONE


def _goal(status: RollStatus) -> int:
    if status.state in ("undoing", "undone"):
        return sum(member.how != "waiting" for member in status.members)
    return status.waves[-1] if status.waves else len(status.members)


def _share(status: RollStatus) -> str:
    done = sum(member.how == ARRIVED.get(status.state, "arrived") for member in status.members)
    if status.state == "done":
        done = sum(member.how == "arrived" for member in status.members)
    return f"{done} of {_goal(status)}"


def _unheard(known: list[str], journal: list[str]) -> list[str]:
    """The lines at the end of a journal, of which the oldest may be dropped, that are not known yet."""
    for start in range(len(known) + 1):
        tail = known[start:]
        if journal[: len(tail)] == tail:
            return journal[len(tail) :]
    return journal
