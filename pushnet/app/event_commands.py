"""`pushnet events [--since 1h] [--kind K] [-f]`: what happened in the grid, from the registries' log."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

import click
from rich.console import Console
from rich.markup import escape
from twisted.internet.defer import CancelledError, ensureDeferred
from twisted.internet.task import deferLater

from pushnet.app.agent_calls import Grid, with_grid
from pushnet.app.asking import registry_options, settings_of
from pushnet.app.running import Session, run
from pushnet.gen.pushnet.event import EventFilter, EventPage, EventsPrx, GridEvent
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.settings import Settings
from pushnet.rpc.exceptions import LocalException

AT_ONCE: Final = 500
WAIT_MS: Final = 20_000
ANSWER_LIMIT_MS: Final = 30_000
AGAIN_S: Final = 1.0
UNITS_S: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
BAD: Final = re.compile(r"\.(lapsed|dead|refused|failed|pausing|undone|undoing)$")
CHANGED: Final = re.compile(r"\.(left|removed|draining|gone|taken|started)$")
Read = Callable[[int, int], Awaitable[EventPage]]
"""After a position, waiting so many milliseconds for something new."""


@click.command()
@click.option(
    "--since", default="1h", show_default=True, metavar="WHEN", help="90s, 10m, 1h, 2d, a time, all."
)
@click.option("--until", default="", metavar="WHEN", help="Likewise; default: now.")
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", help="node, server.failed, roll, …; repeatable."
)
@click.option("--who", default="", metavar="NAME", help="A name, or a pattern such as 'broker-*'.")
@click.option("-f", "--follow", is_flag=True, help="Go on with what happens, until Ctrl-C.")
@click.option("--json", "machine", is_flag=True, help="One JSON object a line, for programs.")
@registry_options
def events(
    since: str,
    until: str,
    kinds: tuple[str, ...],
    who: str,
    follow: bool,
    machine: bool,
    config: str | None,
    registry: str | None,
) -> None:
    """Show what happened in the grid: nodes, servers, settings, rolls, refusals, in order."""
    where = settings_of(config, registry)
    for told, option in ((since, "--since"), (until, "--until")):
        if moment(told, 0.0) is None:
            raise click.UsageError(f"{option} wants 90s, 10m, 1h, 2d or 2026-01-31T12:00, not {told!r}")
    if follow and until:
        raise click.UsageError("either --until or --follow")

    def asked(now_s: float) -> EventFilter:
        return EventFilter(list(kinds), who, moment(since, now_s) or 0, moment(until, now_s) or 0)

    sys.exit(run(lambda session: show(session, where, asked, follow=follow, machine=machine)))


def moment(told: str, now_s: float) -> int | None:
    """Milliseconds since 1970 of `1h` (ago) or `2026-01-31T12:00` (UTC when no zone is told); 0 of `all`.

    None: it is no time.
    """
    if told in ("", "all"):
        return 0
    ago = re.fullmatch(r"(\d+(?:\.\d+)?)([smhdw])", told)
    if ago:
        return max(int((now_s - float(ago[1]) * UNITS_S[ago[2]]) * 1000), 0)
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


async def show(
    session: Session,
    settings: Settings,
    asked: Callable[[float], EventFilter],
    *,
    follow: bool,
    machine: bool,
) -> int:
    """Print what fits, and what follows."""
    wanted = asked(session.world.wall())

    async def work(grid: Grid) -> int:
        proxy = EventsPrx.uncheckedCast(
            grid.communicator.stringToProxy(":".join(["PushNet/Events", *grid.registries]))
        )
        assert proxy is not None
        log = proxy.ice_invocationTimeout(ANSWER_LIMIT_MS)

        async def read(after: int, wait_ms: int) -> EventPage:
            return await log.read(wanted, after, AT_ONCE, wait_ms)

        after = await print_all(read, 0, machine=machine)
        while follow and not session.stopping.called:
            after = await _next(session, read, after, machine=machine)
        return 0

    working = ensureDeferred(with_grid(session, settings, work))
    session.stopping.addCallback(lambda _: working.cancel())
    try:
        return await working
    except (CancelledError, BrokenPipeError):
        return 0


async def print_all(read: Read, after: int, *, machine: bool) -> int:
    """Print page after page; the position to go on from."""
    more = True
    while more:
        page = await read(after, 0)
        _print(page, machine=machine)
        after, more = page.next, page.more
    return after


async def _next(session: Session, read: Read, after: int, *, machine: bool) -> int:
    """Print what comes next, after waiting for it. While no registry answers, they are asked again."""
    try:
        page = await read(after, WAIT_MS)
    except (LocalException, UnavailableException) as error:
        if session.stopping.called:
            return after
        print(
            f"pushnet: no registry answers ({type(error).__name__}); trying again",
            file=sys.stderr,
            flush=True,
        )
        await deferLater(session.world.clock, AGAIN_S)
        return after
    _print(page, machine=machine)
    return page.next


def _print(page: EventPage, *, machine: bool) -> None:
    if machine:
        for event in page.events:
            print(json.dumps(row(event)))
        sys.stdout.flush()
        return
    console = Console(highlight=False, soft_wrap=True)
    for event in page.events:
        console.print(line(event))


def row(event: GridEvent) -> dict[str, object]:
    """An event for programs."""
    at = datetime.fromtimestamp(event.atMs / 1000, UTC)
    return {
        "time": at.isoformat(timespec="milliseconds"),
        "position": event.position,
        "kind": event.kind,
        "who": event.who,
        "text": event.text,
    }


def line(event: GridEvent) -> str:
    """An event for people, with rich's marks: time (UTC), kind, who, words."""
    at = datetime.fromtimestamp(event.atMs / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    colour = "red" if BAD.search(event.kind) else "yellow" if CHANGED.search(event.kind) else "green"
    told = f"[dim]{at}Z[/] [{colour}]{escape(event.kind):<17}[/] {escape(event.who)}"
    return f"{told}  {escape(event.text)}" if event.text else told
