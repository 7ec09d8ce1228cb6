"""`pushnet logs ID [-f] [-n LINES]`: what a server has written, read from its agent, wherever that is."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import BinaryIO, Final

import click
from twisted.internet.defer import CancelledError, ensureDeferred
from twisted.internet.task import deferLater

from pushnet.app.agent_calls import LOOK_LIMIT_MS, AgentSilent, Grid, with_grid
from pushnet.app.asking import registry_options, settings_of
from pushnet.app.running import CommandError, Session, run
from pushnet.gen.pushnet.agent import LogPart
from pushnet.grid.settings import Settings
from pushnet.rpc.exceptions import LocalException

PART_BYTES: Final = 256 * 1024
WAIT_MS: Final = 20_000
AGAIN_S: Final = 1.0
"""While an agent or the registries do not answer, they are asked again after so long."""
Read = Callable[[int, int], Awaitable[LogPart]]
"""From an offset (below 0: from the end), waiting so many milliseconds for something new."""


@click.command()
@click.argument("name", metavar="ID")
@click.option("-f", "--follow", is_flag=True, help="Go on with what it writes, until Ctrl-C.")
@click.option("-n", "--lines", type=click.IntRange(0), default=100, show_default=True, help="The last ones.")
@registry_options
def logs(name: str, follow: bool, lines: int, config: str | None, registry: str | None) -> None:
    """Print what server ID has written to stdout and stderr."""
    where = settings_of(config, registry)
    sys.exit(run(lambda session: show(session, where, name, lines, sys.stdout.buffer, follow=follow)))


async def show(
    session: Session, settings: Settings, name: str, lines: int, out: BinaryIO, *, follow: bool
) -> int:
    """Write the last lines to `out`, and what follows."""

    async def work(grid: Grid) -> int:
        async def read(offset: int, wait_ms: int) -> LogPart:
            return await grid.at_server(
                name, lambda agent: agent.log(name, offset, PART_BYTES, wait_ms), LOOK_LIMIT_MS
            )

        data, end = await tail(read, lines)
        _write(out, data)
        while follow and not session.stopping.called:
            end = await _next(session, read, end, out)
        return 0

    working = ensureDeferred(with_grid(session, settings, work))
    session.stopping.addCallback(lambda _: working.cancel())
    try:
        return await working
    except (CancelledError, BrokenPipeError):
        return 0


async def tail(read: Read, lines: int) -> tuple[bytes, int]:
    """The last lines that are there, and the offset behind them."""
    part = await read(-PART_BYTES, 0)
    data, begin = part.data, part.offset
    end = begin + len(data)
    while data.count(b"\n") <= lines and begin > 0:
        earlier = await read(max(begin - PART_BYTES, 0), 0)
        if earlier.offset >= begin or earlier.offset + len(earlier.data) < begin:
            break
        data = earlier.data[: begin - earlier.offset] + data
        begin = earlier.offset
    return last_lines(data, lines), end


def last_lines(data: bytes, lines: int) -> bytes:
    """The last lines of `data`; one that has not ended counts."""
    return b"".join(data.splitlines(keepends=True)[-lines:]) if lines else b""


async def _next(session: Session, read: Read, end: int, out: BinaryIO) -> int:
    """Write what comes behind `end`, after waiting for it; the new end."""
    try:
        part = await read(end, WAIT_MS)
    except (AgentSilent, LocalException) as error:
        if session.stopping.called:
            return end
        told = str(error) if isinstance(error, CommandError) else "the registry does not answer"
        print(f"pushnet: {told}; trying again", file=sys.stderr, flush=True)
        await deferLater(session.world.clock, AGAIN_S)
        return end
    if part.offset > end and part.data:
        gone = part.offset - end
        print(f"pushnet: {gone} bytes are kept no more", file=sys.stderr, flush=True)
    _write(out, part.data)
    return part.offset + len(part.data) if part.data else end


def _write(out: BinaryIO, data: bytes) -> None:
    out.write(data)
    out.flush()
