"""One program that is kept running.

```
 RESTING --start--> STARTING --"serving"--> SERVING
    ^                |     ^                   |
    |              ended   `--- after a pause -+-- ended --> PAUSING
    `---- stopped ---+---------------------------------------'
```
A program that ends before it has ever served cannot be started: trying again would not cure a port in use
or a wrong file. One that has served is started again for ever, after a pause that grows (`Backoff`).
A node tells that it serves by a log line with the message `serving`; it is stopped by SIGTERM, and by
SIGKILL when that has not helped within the limit.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from enum import Enum

from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IDelayedCall

from pushnet.roles.node.backoff import Backoff
from pushnet.app.programs import Program
from pushnet.world import SpawnedProcess, World

_SERVING = b'"message":"serving"'
_CRITICAL = b'"level":"critical"'
LAST_WORDS_CHARACTERS_MAX = 2000


class StartFailed(Exception):
    """A program ended before it served; the text has its name, its status and its last words."""


class State(Enum):
    """Where a program is in its life; see the module's text."""

    RESTING = "resting"
    STARTING = "starting"
    SERVING = "serving"
    PAUSING = "pausing"


class Supervised:
    """Keeps one program running.

    Args:
        heard: gets each line the program writes.
        changed: called after each change of `state`.
    """

    def __init__(
        self,
        world: World,
        program: Program,
        heard: Callable[[Program, bytes], None],
        changed: Callable[[Supervised], None],
    ) -> None:
        self.program = program
        self.state = State.RESTING
        self.pid = 0
        self.http = ""
        """Where its health is; empty before it first served."""
        self.restarts = 0
        self.last_status: int | None = None
        """How the last run ended: exit status, or the signal as a negative number."""
        self._world = world
        self._heard = heard
        self._changed = changed
        self._backoff = Backoff()
        self._process: SpawnedProcess | None = None
        self._began_at = 0.0
        self._last_words = ""
        self._spoke_critically = False
        self._retired = False
        self._started: Deferred[None] | None = None
        self._stopped: Deferred[None] | None = None
        self._timer: IDelayedCall | None = None

    def start(self) -> Deferred[None]:
        """Run it. Fires when it serves, fails with `StartFailed` when it ends before."""
        assert self.state is State.RESTING and not self._retired
        self._started = Deferred()
        started = self._started
        self._run()
        return started

    def retire(self) -> None:
        """Do not start it again when it ends."""
        self._retired = True
        if self.state is State.PAUSING:
            self._stop_timer()
            self._become(State.RESTING)

    def stop(self, limit_s: float) -> Deferred[None]:
        """End it: SIGTERM, and SIGKILL after `limit_s`. Fires when it has ended."""
        self._stop_timer()
        if self._process is None:
            self._become(State.RESTING)
            return succeed(None)
        stopped = self._stopped = Deferred()
        process = self._process
        self._timer = self._world.call_later(limit_s, process.signal, signal.SIGKILL)
        process.signal(signal.SIGTERM)
        return stopped

    def send(self, number: int) -> bool:
        """Send a signal; False when it does not run at this moment."""
        if self._process is None:
            return False
        self._process.signal(number)
        return True

    def _run(self) -> None:
        self._timer = None
        self._began_at = self._world.monotonic()
        self._last_words = ""
        self._spoke_critically = False
        program = self.program
        self._process = self._world.processes.spawn(program.argv, env=program.env, output=self._output)
        self.pid = self._process.pid
        self._become(State.STARTING)
        self._process.exited.addCallback(self._ended)

    def _output(self, data: bytes) -> None:
        for line in data.splitlines():
            if line.strip():
                self._heard(self.program, line)
                self._note(line)
                if _SERVING in line and self.state is State.STARTING:
                    self._serving(line)

    def _note(self, line: bytes) -> None:
        """Keep the last line, for the case that it was the last; a critical one is not outdone by others."""
        critical = _CRITICAL in line
        if critical or not self._spoke_critically:
            self._last_words = line.decode("utf-8", "replace")
            self._spoke_critically = critical

    def _serving(self, line: bytes) -> None:
        self.http = str(json.loads(line).get("http", ""))
        self._become(State.SERVING)
        if self._started is not None:
            started, self._started = self._started, None
            started.callback(None)

    def _ended(self, status: int) -> None:
        self._process = None
        self.pid = 0
        self.last_status = status
        self._stop_timer()
        if self._stopped is not None:
            self._become(State.RESTING)
            self._give_up("was stopped")
            stopped, self._stopped = self._stopped, None
            stopped.callback(None)
        elif self._started is not None:
            self._become(State.RESTING)
            self._give_up(f"ended with {described(status)}")
        elif self._retired:
            self._become(State.RESTING)
        else:
            pause_s = self._backoff.pause_s(self._world.monotonic() - self._began_at)
            self._timer = self._world.call_later(pause_s, self._again)
            self._become(State.PAUSING)

    def _give_up(self, how: str) -> None:
        """Tell who waits for the start, if anybody does, that it will not come."""
        if self._started is not None:
            started, self._started = self._started, None
            started.errback(StartFailed(f"{self.program.name} {how}: {self._told()}"))

    def _stop_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None

    def _again(self) -> None:
        self.restarts += 1
        self._run()

    def _told(self) -> str:
        """The message of the last line it wrote."""
        try:
            words = str(json.loads(self._last_words)["message"])
        except (ValueError, KeyError, TypeError):
            words = self._last_words or "it said nothing"
        return words[:LAST_WORDS_CHARACTERS_MAX]

    def _become(self, state: State) -> None:
        self.state = state
        self._changed(self)


def described(status: int) -> str:
    """An exit status in words."""
    if status >= 0:
        return f"status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
