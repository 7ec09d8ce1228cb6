"""`pushnet demo`: a cluster, devices, pushes of every kind, a killed Broker, a patch under load, the sum.

What must arrive is reckoned from the tags and aliases the demonstration itself gave out (`demo_people`), and
held against what the devices say they got (`demo_ledger`). The status is 0 only when every message arrived
exactly once. Latency is from the start of the REST call to the arrival at the device.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TextIO

from twisted.internet.defer import CancelledError, ensureDeferred, gatherResults
from twisted.internet.defer import TimeoutError as DeadlineMissed
from twisted.internet.task import deferLater

from pushnet.app.board import Board, PatientConsole
from pushnet.app.config import read_settings
from pushnet.app.demo_config import DemoCluster, write_cluster
from pushnet.app.demo_crowd import Crowd
from pushnet.app.demo_grid import Grid
from pushnet.app.demo_ledger import Ledger
from pushnet.app.demo_load import AppServer
from pushnet.app.demo_people import draw
from pushnet.app.demo_progress import Step
from pushnet.app.demo_report import KILL, ROLL, cost, machine_form, table
from pushnet.app.rest import RestClient, RestFailed
from pushnet.app.running import CommandError, Session
from pushnet.gen.pushnet.server import ServerPhase
from pushnet.rpc.exceptions import LocalException
from pushnet.rpc.stubs import UserException

PUSHES = {"all": 5, "tags": 10, "alias": 20, "single": 60}
VICTIM = "broker-1"
PATCH = "1.1"
SOAK_S = 2.0
"""A demonstration: in earnest each wave is watched for half a minute."""
LOAD_BEFORE_S, LOAD_AFTER_S = 1.5, 2.0
"""Pushes flow for so long before the Broker dies, or is patched, and after it serves again."""
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
    except RestFailed as error:
        raise CommandError(str(error)) from error
    except (LocalException, UserException, DeadlineMissed) as error:
        raise CommandError(f"{type(error).__name__}: {error}") from error
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
        self.cluster: DemoCluster = write_cluster(folder, agent=True)
        settings = read_settings(self.cluster.file)
        self._board = Board(out, loud=("error", "critical"))
        self._grid = Grid(session, self.cluster, settings, folder)
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
        await self._under_load(KILL, self._kill_a_broker)
        await self._under_load(ROLL, self._patch_the_brokers)
        await deferLater(self._world.clock, SETTLE_S)
        self._console.print(table(f"{len(self._people)} devices", self.ledger))
        return self.verdict()

    async def close(self) -> None:
        """End everything that was started."""
        await self._rest.close()
        await self._crowd.stop()
        await self._grid.stop()

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
        with self._step("starting the nodes", self._grid.count) as step:
            await self._grid.start(step.reach)

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

    async def _under_load(self, when: str, deed: Callable[[], Awaitable[str]]) -> None:
        """Do it while pushes of all kinds flow, and tell what it returns when all have arrived."""
        given_up = self.ledger.missing
        flowing = [True]
        loops = [ensureDeferred(self._flow(when, kind, flowing)) for kind in PUSHES]
        await deferLater(self._world.clock, LOAD_BEFORE_S)
        moved_before = sum(self._crowd.connections)
        began_at = self._world.monotonic()
        said = await deed()
        took_s = self._world.monotonic() - began_at
        await deferLater(self._world.clock, LOAD_AFTER_S)
        flowing.clear()
        await gatherResults(loops)
        await self._crowd.until(lambda: self.ledger.missing <= given_up, ARRIVE_LIMIT_S)
        logins = sum(self._crowd.connections) - moved_before
        self._say(said or cost(self.ledger, len(self.cluster.broker_ports), took_s, logins))

    async def _kill_a_broker(self) -> str:
        """SIGKILL, and wait until it is back."""
        victim = await self._grid.state(VICTIM)
        self._say(f"killing {VICTIM}, process {victim.pid}, with SIGKILL while pushes flow")
        killed_at = self._world.monotonic()
        await self._grid.kill(VICTIM)
        now = victim
        while now.restarts == victim.restarts or now.phase is not ServerPhase.Serving:
            await deferLater(self._world.clock, 0.1)
            now = await self._grid.state(VICTIM)
        return f"{VICTIM} served again after {self._world.monotonic() - killed_at:.1f} s"

    async def _patch_the_brokers(self) -> str:
        """Publish a patch and have the registry roll it over the Brokers."""
        await self._grid.publish_patch(PATCH)
        self._say(f"rolling {PATCH} over the Brokers while pushes flow")
        status = await self._grid.roll("broker", PATCH, SOAK_S, lambda line: self._say(f"  {line}"))
        if status.state != "done":
            raise CommandError(f"the roll was turned round: {status.reason}")
        return ""

    async def _flow(self, when: str, kind: str, flowing: list[bool]) -> None:
        while flowing:
            await self._server.push(kind, when + kind)
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
