"""By what it is known that a process serves: a line of its log, its port, its adapters, or that it runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Final

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Factory, Protocol

from pushnet.gen.pushnet.server import Readiness, ServerPlan
from pushnet.roles.node.run import Life, Run
from pushnet.world import World

LOOK_S: Final = 0.1
CONNECT_LIMIT_S: Final = 2.0
RUNS_S: Final = 0.3
"""A program of which nothing else is known serves when it has not ended by then."""
_SERVING: Final = b'"serving"'

Registered = Callable[[Sequence[str]], Deferred[bool]]
"""Whether the registry knows all of these adapters, as those of a process that has just registered them."""


def heard(run: Run, line: bytes) -> None:
    """A line of its log: one of ours says that it serves, and where its health is."""
    if run.plan.readiness is Readiness.SaysServing and _SERVING in line and run.life is Life.starting:
        try:
            told = json.loads(line)
        except ValueError:
            return
        if isinstance(told, dict) and told.get("message") == "serving":
            run.ready(str(told.get("http", "")))


def watch(world: World, run: Run, registered: Registered) -> None:
    """Look until the process serves or ends."""
    plan = run.plan
    if plan.readiness is Readiness.Runs:
        world.call_later(RUNS_S, run.ready)
    elif plan.readiness is Readiness.Listens:
        knocking = _Knocking(world, run, *_address(plan, run.port))
        if run.port:
            knocking.look()
        else:  # the agent's own socket accepts whoever runs: what ends at once must not pass for serving
            world.call_later(RUNS_S, knocking.look)
    elif plan.readiness is Readiness.Registered:
        _Asking(world, run, registered).look()


def _address(plan: ServerPlan, port: int) -> tuple[str, int]:
    if port:
        return "127.0.0.1", port
    host, _, number = plan.sockets[0].rpartition(":")
    return host or "127.0.0.1", int(number)


class _Knocking:
    """Connects until somebody listens."""

    def __init__(self, world: World, run: Run, host: str, port: int) -> None:
        self._world = world
        self._run = run
        self._endpoint = world.client_endpoint(host, port, timeout_s=CONNECT_LIMIT_S)

    def look(self) -> None:
        if self._run.life is Life.starting:
            knocking: Deferred[None] = self._endpoint.connect(Factory.forProtocol(Protocol)).addCallbacks(
                self._opened, self._refused
            )
            self._world.background(f"waiting for {self._run.plan.id}", knocking)

    def _opened(self, protocol: Protocol) -> None:
        assert protocol.transport is not None
        protocol.transport.loseConnection()
        self._run.ready()

    def _refused(self, reason: object) -> None:
        self._world.call_later(LOOK_S, self.look)


class _Asking:
    """Asks the registry until the adapters are there."""

    def __init__(self, world: World, run: Run, registered: Registered) -> None:
        self._world = world
        self._run = run
        self._registered = registered

    def look(self) -> None:
        if self._run.life is Life.starting:
            asking = self._registered(self._run.plan.adapters).addCallbacks(
                self._told, lambda _: self._told(False)
            )
            self._world.background(f"waiting for {self._run.plan.id}", asking)

    def _told(self, there: bool) -> None:
        if there:
            self._run.ready()
        else:
            self._world.call_later(LOOK_S, self.look)
