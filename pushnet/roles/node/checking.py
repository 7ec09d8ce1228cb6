"""Whether what a server answers is right: its own check says so, a program that the settings name.

Whatever else is known of a server, nobody sees from outside that its answers are wrong. Its check asks it
something, and ends with status 0 when the answer is as it should be. It is asked once the process is ready,
before callers are led to it, and again and again while it serves. One failure may be chance: it is asked once
more soon; what it says then holds until it says otherwise.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from twisted.internet.interfaces import IDelayedCall

from pushnet.roles.node.run import Run, described
from pushnet.world import SpawnedProcess, World

FAILURES: Final = 2
"""In a row: then it holds."""
AGAIN_S: Final = 1.0
WORDS_CHARACTERS_MAX: Final = 300
OUTPUT_BYTES_KEPT: Final = 4096


class Checking:
    """The check of one process, asked as long as that one is there.

    Args:
        env: its environment, at each question.
        told: gets what each check says: why the answer is wrong, or "" when it is right.
    """

    def __init__(
        self,
        world: World,
        argv: Sequence[str],
        env: Callable[[], Mapping[str, str]],
        *,
        every_s: float,
        limit_s: float,
        told: Callable[[str], object],
    ) -> None:
        self._world = world
        self._argv = argv
        self._env = env
        self._every_s = every_s
        self._limit_s = limit_s
        self._told = told
        self._failures = 0
        self._asked: _Asked | None = None
        self._timer: IDelayedCall | None = None
        self._over = False

    def begin(self) -> None:
        """Ask at once, and go on asking. Again: nothing."""
        if self._asked is None and self._timer is None and not self._over:
            self._ask()

    def end(self) -> None:
        """Ask no more."""
        self._over = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._asked is not None:
            self._asked.kill()

    def _ask(self) -> None:
        self._timer = None
        try:
            self._asked = _Asked(self._world, self._argv, self._env(), self._limit_s, self._answered)
        except OSError as error:
            self._answered(f"its check cannot be run: {error}")

    def _answered(self, why: str) -> None:
        self._asked = None
        if self._over:
            return
        self._failures = self._failures + 1 if why else 0
        fails_first = 0 < self._failures < FAILURES
        self._timer = self._world.call_later(AGAIN_S if fails_first else self._every_s, self._ask)
        if not fails_first:
            self._told(why)


def asked_of(run: Run) -> dict[str, str]:
    """What a check finds in its environment: whom it is to ask, and where."""
    plan = run.plan
    first = plan.sockets[0] if plan.sockets else ""
    return {
        "PUSHNET_ID": plan.id,
        "PUSHNET_VERSION": plan.version,
        "PUSHNET_ADDRESS": f"127.0.0.1:{run.port}" if run.port else first,
        "PUSHNET_HTTP": run.http,
        "PUSHNET_PID": str(run.process.pid),
    }


class _Asked:
    """One run of the check."""

    def __init__(
        self,
        world: World,
        argv: Sequence[str],
        env: Mapping[str, str],
        limit_s: float,
        answered: Callable[[str], object],
    ) -> None:
        self._output = b""
        self._late = False
        self._limit_s = limit_s
        self._answered = answered
        self._process: SpawnedProcess = world.processes.spawn(argv, env=env, output=self._heard)
        self._timer = world.call_later(limit_s, self._too_late)
        self._process.exited.addCallback(self._ended)

    def kill(self) -> None:
        self._process.signal(signal.SIGKILL)

    def _heard(self, data: bytes) -> None:
        self._output = (self._output + data)[-OUTPUT_BYTES_KEPT:]

    def _too_late(self) -> None:
        self._late = True
        self.kill()

    def _ended(self, status: int) -> None:
        if self._timer.active():
            self._timer.cancel()
        lines = self._output.decode(errors="replace").split("\n")
        words = next((line.strip() for line in reversed(lines) if line.strip()), "")[:WORDS_CHARACTERS_MAX]
        if self._late:
            self._answered(f"its check took longer than {self._limit_s:g} s")
        elif status:
            self._answered(f"its check ended with {described(status)}{': ' if words else ''}{words}")
        else:
            self._answered("")
