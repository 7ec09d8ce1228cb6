"""`pushnet demo`: a cluster, a crowd of devices, pushes of every kind, a killed Broker, and what arrived.

What must arrive is reckoned from the tags and aliases the demonstration itself gave out (`demo_people`), and
held against what the devices say they got (`demo_ledger`). The status is 0 only when every message arrived
exactly once. Latency is from the start of the REST call to the arrival at the device.
"""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from twisted.internet.defer import CancelledError, ensureDeferred, gatherResults
from twisted.internet.task import deferLater

from pushnet.app.board import Board, PatientConsole
from pushnet.app.config import read_settings
from pushnet.app.demo_config import DemoCluster, write_cluster
from pushnet.app.demo_crowd import Crowd
from pushnet.app.demo_ledger import Ledger
from pushnet.app.demo_load import AppServer
from pushnet.app.demo_people import draw
from pushnet.app.demo_progress import Step
from pushnet.app.demo_report import KILL, machine_form, table
from pushnet.app.programs import Program, programs
from pushnet.app.rest import RestClient, RestFailed
from pushnet.app.running import CommandError, Session
from pushnet.app.supervised import StartFailed, State, Supervised
from pushnet.app.supervisor import Supervisor

PUSHES = {"all": 5, "tags": 10, "alias": 20, "single": 60}
VICTIM = "broker-1"
LOAD_BEFORE_S, LOAD_AFTER_S = 1.5, 2.0
"""Pushes flow for so long before the Broker dies, and after it serves again."""
LOAD_PAUSE_S = {"all": 0.5, "tags": 0.3, "alias": 0.05, "single": 0.05}
ARRIVE_LIMIT_S = 60.0
CONNECT_LIMIT_S = 90.0
PLAIN_WIDTH = 110
SETTLE_S = 1.0
"""After the last arrival, so that a late duplicate is seen."""


async def demo(session: Session, devices: int, seed: int, *, stay: bool, machine: bool) -> int:
    """Show it. With `machine`, only the last line of stdout is ours; progress goes to stderr."""
    folder = Path(tempfile.mkdtemp(prefix="pushnet-demo-"))
    show = Demonstration(session, folder, devices, seed, sys.stderr if machine else sys.stdout)
    work = ensureDeferred(show.run())
    session.stopping.addCallback(lambda _: work.cancel())
    try:
        status = await work
        if machine:
            print(machine_form(show.ledger), flush=True)
        if stay:
            show.tell_where()
            await session.stopping
        return status
    except CancelledError:
        return 1
    except (StartFailed, RestFailed) as error:
        raise CommandError(str(error)) from error
    finally:
        await show.close()
        shutil.rmtree(folder, ignore_errors=True)


class Demonstration:
    """One run of it, in `folder`."""

    def __init__(self, session: Session, folder: Path, devices: int, seed: int, out: TextIO) -> None:
        self._session = session
        self._world = session.world
        self._folder = folder
        self._out = out
        self._console = PatientConsole(file=out, highlight=False)
        if not self._console.is_terminal:
            self._console.width = PLAIN_WIDTH
        self.cluster: DemoCluster = write_cluster(folder)
        settings = read_settings(self.cluster.file)
        self._board = Board(out, loud=("error", "critical"))
        cluster = programs(settings, self.cluster.file)
        self._supervisor = Supervisor(session.world, cluster, self._heard, self._changed)
        self._starting: Step | None = None
        self.ledger = Ledger()
        self._people = draw(devices, seed)
        self._crowd = Crowd(session.world, self._people, self.ledger, self._say)
        cluster_app = (self.cluster.key, self.cluster.secret)
        self._rest = RestClient(session.reactor, self.cluster.rest, *cluster_app)
        self._server = AppServer(session.world, self._rest, self._people, self._crowd, self.ledger, seed)

    async def run(self) -> int:
        """From nothing to the table. Returns the exit status."""
        await self._start_cluster()
        await self._connect()
        await self._set_up()
        for kind, count in PUSHES.items():
            await self._push(kind, count)
        await self._kill_a_broker()
        await deferLater(self._world.clock, SETTLE_S)
        self._console.print(table(f"{len(self._people)} devices", self.ledger))
        return self.verdict()

    async def close(self) -> None:
        """End everything that was started."""
        await self._rest.close()
        await self._crowd.stop()
        await self._supervisor.stop()

    def verdict(self) -> int:
        """Say whether everything arrived exactly once; returns the exit status."""
        facts = self.ledger.facts()
        if facts.exactly_once and not self._crowd.missed:
            self._say("every message arrived exactly once")
            return 0
        self._say(
            f"NOT exactly once: {facts.lost} lost, {facts.duplicates} duplicates, "
            f"{facts.unasked} for others, {self._crowd.missed} told as gone"
        )
        return 1

    def tell_where(self) -> None:
        """For `--stay`: where the cluster is, and something to try."""
        cluster = self.cluster
        self._say(f"\nREST API   {cluster.rest}")
        self._say(f"app key    {cluster.key}\nsecret     {cluster.secret}")
        self._say(f"devices    {', '.join(f'{host}:{port}' for host, port in cluster.brokers)}")
        self._say(f"file       {cluster.file} (pushnet status {cluster.file})\n")
        push = '{"platform":"all","audience":{"tag":["vip"]},"notification":{"alert":"hello"}}'
        self._say(f"curl -u {cluster.key}:{cluster.secret} {cluster.rest}/v3/push \\\n  -d '{push}'")
        self._say(f"curl -u {cluster.key}:{cluster.secret} {cluster.rest}/v3/devices/{self._crowd.ids[0]}")
        self._say("\nCtrl-C stops it.")

    async def _start_cluster(self) -> None:
        total = len(self._supervisor.members)
        with self._step("starting the nodes", total) as step:
            self._starting = step
            await self._supervisor.start()
        self._starting = None

    async def _connect(self) -> None:
        total = len(self._people)
        with self._step("connecting devices", total) as step:
            self._crowd.start(self._folder, self.cluster.key, self.cluster.brokers)
            if not await self._arrive(step, lambda: self._crowd.online, total, CONNECT_LIMIT_S):
                raise CommandError(f"only {self._crowd.online} of {total} devices could log in")

    async def _set_up(self) -> None:
        aliases = sum(1 for person in self._people if person.alias)
        with self._step("giving out tags and aliases", aliases) as step:
            await self._server.set_tags()
            await self._server.set_aliases(step.advance)

    async def _push(self, kind: str, count: int) -> None:
        """Some pushes, one after the other, and wait for them to arrive."""
        given_up = self.ledger.missing
        with self._step(f"pushing {kind}", count) as step:
            for _ in range(count):
                await self._server.push(kind)
                step.advance()
            await self._crowd.until(lambda: self.ledger.missing <= given_up, ARRIVE_LIMIT_S)

    async def _kill_a_broker(self) -> None:
        """SIGKILL while pushes of all kinds flow, until some time after it is back."""
        victim = self._supervisor.members[VICTIM]
        given_up = self.ledger.missing
        flowing = [True]
        loops = [ensureDeferred(self._flow(kind, flowing)) for kind in PUSHES]
        moved_before = sum(self._crowd.connections)
        await deferLater(self._world.clock, LOAD_BEFORE_S)
        self._say(f"killing {VICTIM}, process {victim.pid}, with SIGKILL while pushes flow")
        killed_at = self._world.monotonic()
        restarts = victim.restarts
        assert self._supervisor.kill(VICTIM, signal.SIGKILL), "the victim lives"
        while victim.restarts == restarts or victim.state is not State.SERVING:
            await deferLater(self._world.clock, 0.1)
        self._say(f"{VICTIM} serves again after {self._world.monotonic() - killed_at:.1f} s")
        await deferLater(self._world.clock, LOAD_AFTER_S)
        flowing.clear()
        await gatherResults(loops)
        await self._crowd.until(lambda: self.ledger.missing <= given_up, ARRIVE_LIMIT_S)
        self._say(f"{sum(self._crowd.connections) - moved_before} logins of devices that had lost it")

    async def _flow(self, kind: str, flowing: list[bool]) -> None:
        while flowing:
            await self._server.push(kind, KILL + kind)
            await deferLater(self._world.clock, LOAD_PAUSE_S[kind])

    async def _arrive(self, step: Step, count: Callable[[], int], total: int, limit_s: float) -> bool:
        """Wait for `count()` to reach `total`, showing it."""

        def reached() -> bool:
            step.reach(count())
            return count() >= total

        return await self._crowd.until(reached, limit_s)

    def _step(self, what: str, total: int) -> Step:
        return Step(self._out, what, total, self._world.monotonic)

    def _say(self, text: str) -> None:
        self._board.say(text)

    def _heard(self, program: Program, line: bytes) -> None:
        self._board.heard(program, line)

    def _changed(self, member: Supervised) -> None:
        if self._starting is not None:
            self._starting.reach(self._supervisor.serving)
        elif member.state in (State.PAUSING, State.SERVING):
            self._board.changed(member)
