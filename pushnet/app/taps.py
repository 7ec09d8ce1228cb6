"""From `twistd pushnet-<role>` to a node: options, log, signals, and how the process ends.

A node writes its log as JSON lines to stdout, or to twistd's log file when it goes to the background. It
ends with status 0 after SIGTERM or SIGINT, however often they come, and with status 1 after one clear line
when it cannot start, or cannot go on because its disk failed. `--with-parent` ends it, gracefully, together
with the process that started it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from types import FrameType
from typing import Any, TextIO

from twisted.application.service import IService, MultiService
from twisted.logger import ILogObserver, Logger
from twisted.python import usage
from twisted.python.failure import Failure
from twisted.python.logfile import LogFile

from pushnet.app.config import FOLDER, data_folder, read_settings, tell_folder
from pushnet.app.logs import JsonLines, level_of
from pushnet.app.node import NodeService, make_node
from pushnet.app.realworld import RealWorld, steady_timers
from pushnet.app.realworld_storage import FolderTaken, claim
from pushnet.grid.places import settled
from pushnet.grid.settings import AGENT, Settings, SettingsError
from pushnet.rpc.exceptions import InitializationException

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that tells of the parent's end. Linux only."""
_log = Logger(namespace="pushnet.node")


class NodeOptions(usage.Options):
    """What every node is told."""

    optParameters = [
        ["config", "c", None, "The cluster's TOML file."],
        ["node", "n", None, "The node's name in it; may be left out when it is the only one of its role."],
        ["agent", "a", None, "Who runs it, where the file leaves that open: it has that agent's host."],
    ]
    optFlags = [
        ["with-parent", None, "Stop when the process that started this one ends (Linux)."],
        ["take-over", None, "Have the node's name although another installation has it, and lives."],
    ]

    def __init__(self, role: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.role = role
        self.settings: Settings | None = None

    def getSynopsis(self) -> str:
        return f"Usage: twistd [options] pushnet-{self.role} --config FILE [--node NAME]"

    def postOptions(self) -> None:
        """Read the file now: what is wrong with it is a usage error, with status 1."""
        if not self["config"]:
            raise usage.UsageError("--config FILE is missing")
        try:
            self.settings = read_settings(self["config"], os.environ.get(FOLDER, ""))
            self["node"] = self["node"] or self._only_one(self.settings)
            if self["agent"]:
                self.settings = settled(self.settings, {self["node"]: self["agent"]})
            node = self.settings.named(self["node"])
        except SettingsError as error:
            raise usage.UsageError(str(error)) from error
        if node.role != self.role:
            raise usage.UsageError(f"{node.name} is a {node.role}: start it with twistd pushnet-{node.role}")

    def _only_one(self, settings: Settings) -> str:
        names = [node.name for node in settings.node if node.role == self.role]
        if len(names) != 1:
            raise SettingsError(f"--node is missing; there are: {', '.join(names) or 'none'}")
        return names[0]


class Process(MultiService):
    """A node as the one service of a process: it brings its log along and decides the exit status."""

    def __init__(self, node: NodeService, observer: ILogObserver, reactor: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.node = node
        self._observer = observer
        self._reactor = reactor
        self._stopping = False
        node.setServiceParent(self)  # type: ignore[no-untyped-call]

    def setServiceParent(self, parent: Any) -> None:
        """Join the application, and have twistd log through us."""
        parent.setComponent(ILogObserver, self._observer)
        super().setServiceParent(IService(parent))  # type: ignore[no-untyped-call]

    def startService(self) -> None:
        self._reactor.callWhenRunning(self._listen_to_signals)
        self.node.started.addErrback(self._give_up)
        self.node.role.doomed.addCallback(self._end)
        self.node.asked_to_drain.addCallback(lambda _: self._reactor.callWhenRunning(self._stop))
        super().startService()  # type: ignore[no-untyped-call]

    def _listen_to_signals(self) -> None:
        """Twisted's own handlers end the process by the signal, and stumble over the second one."""

        def on_signal(number: int, frame: FrameType | None) -> None:
            self._reactor.callFromThread(self._stop)

        signal.signal(signal.SIGTERM, on_signal)
        signal.signal(signal.SIGINT, on_signal)

    def _give_up(self, failure: Failure) -> None:
        """Say in one line why the node cannot be; the traceback only to who debugs."""
        _log.critical("cannot start: {reason}", reason=failure.getErrorMessage() or repr(failure.value))
        _log.debug("where it failed: {trace}", trace=failure.getTraceback())
        self._end()

    def _end(self, reason: str = "") -> None:
        """Stop in order, with status 1: whoever supervises starts it again."""
        self._reactor.addSystemEventTrigger("after", "shutdown", _leave, 1)
        self._reactor.callWhenRunning(self._stop)

    def _stop(self) -> None:
        if not self._stopping:
            self._stopping = True
            self._reactor.stop()


def make_service(options: NodeOptions) -> Process:
    """What twistd calls: the node, ready to start."""
    from twisted.internet import reactor

    settings = options.settings
    assert settings is not None
    if options["with-parent"]:
        _end_with_parent()
    node = settings.named(options["node"])
    if node.role == AGENT:
        tell_folder(options["config"])
        _claim(settings, node.name)
    steady_timers(reactor)
    observer = JsonLines(_log_file(options), level_of(settings.cluster.log_level), {"node": node.name})
    world = RealWorld(reactor, data_folder(settings, node))
    try:
        made = make_node(world, settings, node.name)
        made.parts.membership.take_over = bool(options["take-over"])
    except InitializationException as error:
        cure = f"; `pushnet join {node.name}` has one made by a token" if settings.cluster.tls else ""
        raise SystemExit(f"{node.name} cannot start: {error.reason}{cure}") from error
    except SettingsError as error:
        raise SystemExit(f"{node.name} cannot start: {error}") from error
    return Process(made, observer, reactor)


def _claim(settings: Settings, name: str) -> None:
    """Two agents of one name on one disk would end and start each other's servers."""
    folder = data_folder(settings, settings.named(name))
    try:
        claim(folder)
    except FolderTaken as error:
        raise SystemExit(
            f"{name} cannot start: process {error.pid} is the agent of this name and has {folder}; "
            f"each agent needs a name, and a folder, of its own"
        ) from error


def _log_file(options: NodeOptions) -> TextIO:
    """Stdout, or twistd's log file."""
    twistd: Any = getattr(options, "parent", None) or {}
    name = twistd.get("logfile") or ("-" if twistd.get("nodaemon", True) else "twistd.log")
    if name == "-":
        return sys.stdout
    opened: Any = LogFile.fromFullPath(name)  # type: ignore[no-untyped-call]
    return opened  # type: ignore[no-any-return]


def _end_with_parent() -> None:
    """Have the kernel send us SIGTERM when our parent is gone.

    In a process group of our own, Ctrl-C in a terminal reaches the parent alone, which stops us in order.
    """
    if os.getpgrp() != os.getpid():
        os.setpgrp()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _leave(status: int) -> None:
    """End with this status: twistd has none of its own to set."""
    sys.stdout.flush()
    os._exit(status)
