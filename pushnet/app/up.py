"""`pushnet up`: a whole cluster of processes from one file, kept running until somebody says stop."""

from __future__ import annotations

import sys

from twisted.internet.defer import Deferred, ensureDeferred

from pushnet.app.board import LEVEL_COLOURS, Board
from pushnet.app.config import read_settings
from pushnet.app.programs import programs
from pushnet.app.running import CommandError, Session
from pushnet.app.supervised import StartFailed
from pushnet.app.supervisor import Supervisor
from pushnet.grid.settings import Settings, SettingsError


async def up(session: Session, config: str, *, machine: bool = False, quiet: bool = False) -> int:
    """Start, watch, stop. The status is 0 when the cluster had started and was stopped in order."""
    board = Board(sys.stdout, machine=machine, loud=tuple(LEVEL_COLOURS) if quiet else ())
    try:
        settings = read_settings(config)
    except SettingsError as error:
        raise CommandError(str(error)) from error
    if not settings.node:
        raise CommandError(f"{config}: there is no [[node]] to start")
    supervisor = Supervisor(session.world, programs(settings, config), board.heard, board.changed)
    board.say(f"starting {len(settings.node)} nodes of cluster {settings.cluster.name}")
    try:
        if await started_or_stopped(session, supervisor):
            _tell_ready(board, settings, supervisor)
            await session.stopping
    except StartFailed as error:
        raise CommandError(str(error)) from error
    finally:
        board.say("stopping")
        await supervisor.stop()
        board.event("stopped", {})
        board.say("stopped")
    return 0


async def started_or_stopped(session: Session, supervisor: Supervisor) -> bool:
    """Start the cluster; False when somebody said stop before it was up. Raises `StartFailed`."""
    result: Deferred[bool] = Deferred()
    start = ensureDeferred(supervisor.start())
    start.addCallbacks(
        lambda _: None if result.called else result.callback(True),
        lambda failure: None if result.called else result.errback(failure),
    )
    session.stopping.addCallback(lambda _: None if result.called else result.callback(False))
    return await result


def _tell_ready(board: Board, settings: Settings, supervisor: Supervisor) -> None:
    nodes = {
        name: {"role": member.program.role, "pid": member.pid, "http": member.http}
        for name, member in supervisor.members.items()
    }
    board.event("ready", {"cluster": settings.cluster.name, "nodes": nodes})
    board.say(f"ready: {len(nodes)} nodes serve")
