"""The contract of the registry's state on a real etcd, kills and pauses of it included."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import LoopingCall, deferLater
from twisted.trial.unittest import SkipTest, TestCase

from pushnet.app.realworld import RealWorld
from pushnet.stores.registry.etcd import EtcdState
from pushnet.stores.registry.state import Put, RegistryState, StateUnavailable
from tests.stores.registry.contract import TTL_S, SharedStateContract, Told
from tests.stores.registry.real_etcd import PROGRAM, RealEtcd

CLOCK: Any = reactor


class RealEtcdTests(SharedStateContract, TestCase):
    timeout = 60
    lapse_s = 1.5

    def setUp(self) -> None:
        if PROGRAM is None and os.environ.get("PUSHNET_WITHOUT_ETCD"):
            raise SkipTest("etcd is missing, and PUSHNET_WITHOUT_ETCD is set")
        self.assertIsNotNone(
            PROGRAM, "etcd is missing: apt-get install etcd-server, or set PUSHNET_WITHOUT_ETCD=1"
        )
        self.etcd = RealEtcd()
        self.etcd.start()
        self.open: dict[str, EtcdState] = {}
        self.ticking = LoopingCall(self.tick)
        clock: IReactorTime = CLOCK
        self.ticking.clock = clock
        self.ticking.start(0.25, now=False).addErrback(lambda failure: None)
        self.addCleanup(self.end)

    def tick(self) -> None:
        for state in self.open.values():
            state.tick()

    async def end(self) -> None:
        self.ticking.stop()
        for state in self.open.values():
            await state.close()
        self.etcd.close()
        await deferLater(CLOCK, 0.05)

    async def result_of(self, work: Any) -> Any:
        return await work

    async def state(self, name: str) -> tuple[RegistryState, Told]:
        world = RealWorld(reactor, self.mktemp())
        state, told = EtcdState(world, [self.etcd.client], "test", name, TTL_S), Told()
        self.open[name] = state
        await state.open(told)
        return state, told

    async def again(self, name: str) -> tuple[RegistryState, Told]:
        await self.open.pop(name).close()
        return await self.state(name)

    async def pass_time(self, seconds: float) -> None:
        passed: Deferred[None] = deferLater(CLOCK, seconds)
        await passed

    async def test_what_cannot_reach_the_store_says_so_and_recovers(self) -> None:
        """Killed, etcd brings back what it acknowledged, and its leases begin anew."""
        one, told = await self.state("one")
        await self.commit(one, Put("node/a", "A", TTL_S))
        self.etcd.kill()
        with self.assertRaises(StateUnavailable):
            await one.commit([Put("node/b", "B")])
        with self.assertRaises(StateUnavailable):
            await one.renew([told.entries["node/a"].lease])
        self.assertIn("node/a", told.entries)
        self.etcd.start()
        await self.pass_time(1.5)
        lease = told.entries["node/a"].lease
        self.assertEqual(await one.renew([lease]), {lease: True})
        await self.commit(one, Put("node/d", "D"))

    async def test_while_etcd_stands_still_nobody_is_told_that_all_is_well(self) -> None:
        one, told = await self.state("one")
        await self.commit(one, Put("node/a", "A", TTL_S))
        assert self.etcd.process is not None
        self.etcd.process.send_signal(signal.SIGSTOP)
        while not _stands_still(self.etcd.process.pid):
            await self.pass_time(0.01)
        try:
            with self.assertRaises(StateUnavailable):
                await one.renew([told.entries["node/a"].lease])
        finally:
            self.etcd.process.send_signal(signal.SIGCONT)
        await self.pass_time(2.0)
        await self.commit(one, Put("node/b", "B"))
        self.assertIn("node/b", told.entries)


def _stands_still(pid: int) -> bool:
    """Whether a stop has reached every thread of a process: a busy system takes its time."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return all((task / "stat").read_text().rpartition(")")[2].split()[0] == "T" for task in tasks)
