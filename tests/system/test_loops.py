"""Kill -9 and SIGSTOP, over and over, of registries, servers and agents, under calls that go on.

A call that may run only once fails at most when its server was killed, or stood still for longer than a
lease, while it had the call; it never runs twice, and never is answered without having run. One that may be
repeated never fails. A name that was taken over is not kept or given up by an earlier epoch, whoever was
killed meanwhile. `PUSHNET_LOOPS` says how often, instead of 50 times each.

The registry that leads a roll is stopped for longer than its lease, over and over: of what it writes when it
wakes nothing is accepted.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from itertools import cycle, islice

from twisted.trial.unittest import SkipTest, TestCase

from pushnet.app.realworld import RealWorld
from pushnet.roles.registry.papers import LEADING, ROLL, VERSION
from pushnet.roles.registry.rolling_record import read_record
from tests.stores.registry.real_etcd import PROGRAM, RealEtcd
from tests.system.cluster import reactor
from tests.system.history import Written, history
from tests.system.paper_agent import KIND, PaperAgent
from tests.system.yard import CALLERS, LEASE_S, Yard

ROUNDS = int(os.environ.get("PUSHNET_LOOPS", "50"))
COUNTERS = ["counter-1", "counter-2", "counter-3"]
SHORT_S = 0.1
LONG_EVERY = 10
LONG_S = 1.5 * LEASE_S
ANSWERED = 10
"""Calls between one blow and the next."""
FENCED_EVERY = 5
LEADERS_PAUSED = max(3, ROUNDS // 10)


class LoopsCase(TestCase):
    timeout = 60 + 4 * ROUNDS

    async def loop(self, yard: Yard, victims: list[str], blow: Callable[[str, int], Awaitable[None]]) -> None:
        for number, name in enumerate(islice(cycle(victims), ROUNDS)):
            await blow(name, number)
            await yard.answered(ANSWERED)
            if number % FENCED_EVERY == 0:
                await yard.fence()

    async def killed(self, yard: Yard, victims: list[str]) -> None:
        async def blow(name: str, number: int) -> None:
            await yard.kill_and_boot(name)

        await self.loop(yard, victims, blow)

    async def paused(self, yard: Yard, victims: list[str]) -> None:
        async def blow(name: str, number: int) -> None:
            await yard.pause(name, LONG_S if number % LONG_EVERY == LONG_EVERY - 1 else SHORT_S)

        await self.loop(yard, victims, blow)

    async def judge(self, yard: Yard, blows: int) -> None:
        """`blows`: so many may have cost the calls that one server had, each caller one."""
        answered, twice, never, failed, repeatable = await yard.reckoned()
        self.assertGreater(answered, ROUNDS * ANSWERED)
        self.assertEqual((twice, never, repeatable), ([], [], []), repeatable)
        self.assertLessEqual(len(failed), blows * CALLERS, failed)
        epochs = yard.epochs
        self.assertEqual(len(epochs), -(-ROUNDS // FENCED_EVERY))
        self.assertEqual(epochs, sorted(set(epochs)))


class EmbeddedLoopsTest(LoopsCase):
    """One registry on SQLite: while it is gone everything goes on."""

    async def setUp(self) -> None:
        self.yard = Yard(self.mktemp(), ["registry-1"])
        self.addCleanup(self.yard.stop)
        await self.yard.start(["registry-1", "m1", *COUNTERS])

    async def test_kills(self) -> None:
        victims = ["registry-1", COUNTERS[0], "m1", COUNTERS[1], COUNTERS[2]]
        await self.killed(self.yard, victims)
        await self.judge(self.yard, ROUNDS * 3 // 5 + 1)

    async def test_pauses(self) -> None:
        victims = ["registry-1", COUNTERS[0], "m1", COUNTERS[1]]
        await self.paused(self.yard, victims)
        await self.judge(self.yard, ROUNDS // LONG_EVERY)


class OverEtcdCase(LoopsCase):
    """Two registries over etcd."""

    async def setUp(self) -> None:
        if PROGRAM is None and os.environ.get("PUSHNET_WITHOUT_ETCD"):
            raise SkipTest("etcd is missing, and PUSHNET_WITHOUT_ETCD is set")
        self.assertIsNotNone(PROGRAM, "apt-get install etcd-server, or set PUSHNET_WITHOUT_ETCD=1")
        self.etcd = RealEtcd()
        self.etcd.start()
        self.addCleanup(self.etcd.close)
        self.yard = Yard(self.mktemp(), ["registry-1", "registry-2"], self.etcd.client)
        self.addCleanup(self.yard.stop)


class EtcdLoopsTest(OverEtcdCase):
    """Callers, and lookups, do not notice that one is gone."""

    async def setUp(self) -> None:
        await super().setUp()
        await self.yard.start(["registry-1", "registry-2", *COUNTERS])

    async def test_kills(self) -> None:
        victims = ["registry-1", COUNTERS[0], "registry-2", COUNTERS[1]]
        await self.killed(self.yard, victims)
        await self.judge(self.yard, ROUNDS // 2 + 1)

    async def test_pauses(self) -> None:
        victims = ["registry-1", COUNTERS[0], "registry-2", COUNTERS[1]]
        await self.paused(self.yard, victims)
        await self.judge(self.yard, ROUNDS // LONG_EVERY)


class PausedLeaderTest(OverEtcdCase):
    """Whoever leads a roll stands still for longer than its lease, in the midst of it, and wakes up."""

    async def test_what_it_writes_then_is_not_accepted(self) -> None:
        yard = self.yard
        for name in yard.registries:
            await yard.boot(name)
        agent = PaperAgent(yard.communicator, yard.settings.registries, yard.data("registry-1"))
        self.addCleanup(agent.stop)
        await agent.start(yard.file.read_text())
        await agent.until_heard()
        for number in range(LEADERS_PAUSED):
            await agent.deploy(str(2 + number))
            await agent.until(lambda status: any(each.how == "arrived" for each in status.members))
            await yard.pause(await self._leader(), LONG_S)
            status = await agent.until(lambda status: status.state in ("done", "undone"))
            self.assertEqual((status.state, status.version), ("done", str(2 + number)), status.journal)
        orders, leaders = 0, dict[int, str]()
        epoch = 0
        for commit in await self._history():
            epoch = commit.epoch_of(LEADING + "rolls", epoch)
            leaders[epoch] = commit.put.get(LEADING + "rolls", leaders.get(epoch, ""))
            given = [key for key in commit.put if key.startswith(VERSION)]
            if given:
                orders += len(given)
                record = read_record(commit.put[ROLL + KIND])
                self.assertEqual(record.epoch, epoch, f"{given} at revision {commit.revision}: {leaders}")
        self.assertGreaterEqual(orders, 4 * LEADERS_PAUSED)
        self.assertGreater(len([epoch for epoch in leaders if epoch]), LEADERS_PAUSED)

    async def _leader(self) -> str:
        commits = await self._history()
        return [commit.put[LEADING + "rolls"] for commit in commits if LEADING + "rolls" in commit.put][-1]

    async def _history(self) -> list[Written]:
        return await history(RealWorld(reactor, self.yard.folder / "history"), self.etcd.client)
