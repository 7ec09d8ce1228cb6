"""`pushnet up`: a whole cluster of processes from one file, kept running until somebody says stop."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry
from twisted.internet.defer import Deferred
from twisted.logger import Logger

from pushnet.app.board import LEVEL_COLOURS, Board
from pushnet.app.config import read_settings, tell_folder
from pushnet.app.household import LOCAL, SETTINGS, Household, StartFailed
from pushnet.app.realworld_storage import FolderTaken, claim
from pushnet.app.running import CommandError, Session
from pushnet.app.tending import tending
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.settings import Settings, SettingsError, load_settings
from pushnet.grid.tables import BY_TLS
from pushnet.roles.base import Parts
from pushnet.roles.membership import Membership
from pushnet.rpc.communicator import Communicator

HERE: Final = "."


def home(config: str) -> Path:
    """Where what is kept of the processes of a file has its place: beside the data of its nodes."""
    try:
        return Path(read_settings(config).cluster.data) / LOCAL
    except SettingsError:
        return Path(HERE)  # which is told when it is read again


async def up(session: Session, config: str, *, machine: bool = False, quiet: bool = False) -> int:
    """Start, watch, stop. The status is 0 when the cluster had started and was stopped in order."""
    board = Board(sys.stdout, machine=machine, loud=tuple(LEVEL_COLOURS) if quiet else ())
    try:
        resolved = read_settings(config)
        text = Path(config).read_bytes().decode("utf-8")
        settings = load_settings(text, config)
    except SettingsError as error:
        raise CommandError(str(error)) from error
    if not settings.node:
        raise CommandError(f"{config}: there is no [[node]] to start")
    try:
        claim(home(config))
    except FolderTaken as error:
        raise CommandError(
            f"{config} is up already, or another file with the same `data`: process {error.pid} runs it; "
            f"see `pushnet status {config}`, or stop that process first"
        ) from error
    tell_folder(config)
    household = Household(parts_of(session, settings, resolved), text, board.heard, board.changed)
    household.said = board.say
    shown = LOCAL if settings.cluster.join == BY_TLS else ""
    certificates = tending(session.world, household.parts.communicator, resolved, shown, SETTINGS.role)
    board.say(f"starting {len(settings.node)} nodes of cluster {settings.cluster.name}")
    try:
        if await started_or_stopped(session, household):
            _tell_ready(board, settings, household)
            certificates.start()
            await session.stopping
    except StartFailed as error:
        raise CommandError(str(error)) from error
    finally:
        board.say("stopping")
        certificates.stop()
        await household.close()
        await household.parts.communicator.destroy()
        board.event("stopped", {})
        board.say("stopped")
    return 0


def parts_of(session: Session, settings: Settings, resolved: Settings) -> Parts:
    """What the agent of this file is made of. `resolved`: the same, with paths as this process needs them."""
    world = session.world
    name = LOCAL if settings.cluster.join == BY_TLS else ""
    communicator = Communicator(world, inner_properties(resolved, SETTINGS.role, name))
    membership = Membership(world, communicator, settings, SETTINGS, version("pushnet"), pid=os.getpid())
    log = Logger(namespace="pushnet.up")
    return Parts(world, communicator, settings, SETTINGS, membership, CollectorRegistry(), log)


async def started_or_stopped(session: Session, household: Household) -> bool:
    """Start the cluster; False when somebody said stop before it was up. Raises `StartFailed`."""
    result: Deferred[bool] = Deferred()
    start = Deferred.fromCoroutine(household.open())
    start.addCallbacks(
        lambda _: None if result.called else result.callback(True),
        lambda failure: None if result.called else result.errback(failure),
    )
    session.stopping.addCallback(lambda _: None if result.called else result.callback(False))
    return await result


def _tell_ready(board: Board, settings: Settings, household: Household) -> None:
    nodes = {
        name: {"role": each.role, "pid": each.pid, "http": each.http}
        for name, each in household.standings.items()
    }
    board.event("ready", {"cluster": settings.cluster.name, "nodes": nodes})
    board.say(f"ready: {len(nodes)} nodes serve")
