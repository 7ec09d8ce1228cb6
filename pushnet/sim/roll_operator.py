"""Who applies settings and deploys versions in a simulated roll, at random moments, at any registry."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

from twisted.internet.defer import ensureDeferred
from twisted.internet.task import deferLater

from pushnet.gen.pushnet.cluster import ClusterPrx, GenerationException
from pushnet.gen.pushnet.deploy import DeployerPrx, DeployOptions, DeployRefusedException, RollStatus
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException

if TYPE_CHECKING:
    from pushnet.sim.rolls import RollScenario

CHANGED: Final = "tagalias-2"
"""The server that is moved."""
CHANGED_KIND: Final = "tagalias"
"""The kind that other settings start anew, one after the other."""
HOST: Final = "operator"
WHO: Final = "simulated operator"
SOAK_MS: Final = 10_000
"""Longer than a bad version takes to show, and than the gates are patient."""
LIMIT_MS: Final = 3000
PAUSE_S: Final = 0.5
ACTIONS: Final = ("pause", "abort", "rollback", "again", "apply", "move", "nothing", "nothing")


class RollOperator:
    """One operator."""

    def __init__(self, scenario: RollScenario, rng: random.Random) -> None:
        self.log: list[str] = []
        self.applied_at = 0.0
        self.moves = False
        """A server goes to another machine: who calls it by its name has to look it up again."""
        self.interferes = False
        """It ends the roll."""
        self._scenario = scenario
        self._rng = rng
        self._kind = rng.choice(("tagalias", "tagalias", "pusher"))
        self._statuses: list[RollStatus] = []
        self._cluster: Any = None
        self._deployer: Any = None

    async def apply_first(self) -> None:
        """The settings of the beginning."""
        await self._apply(0)

    def begin(self) -> None:
        """Deploy, and then something else."""
        self._scenario.simulation.host(HOST).world.background("operating", ensureDeferred(self._operate()))

    async def all_over(self) -> bool:
        """Whether every roll is; what is paused goes on."""
        try:
            self._statuses = await self._deployer.rolls()
            for status in self._statuses:
                if status.state == "paused":
                    await self._deployer.resume(status.kind, WHO)
        except (LocalException, DeployRefusedException, UnavailableException):
            return False
        return all(status.state in ("done", "undone") for status in self._statuses)

    def told(self) -> list[str]:
        """How each roll is."""
        return [f"{each.kind} {each.version} {each.state} {each.reason}" for each in self._statuses]

    def judge(self) -> list[str]:
        """All servers run what is wanted of them, once."""
        wrong: list[str] = []
        wanted = {server: "1" for kind in self._scenario.kinds for server in kind.servers}
        for status in self._statuses:
            for member in status.members:
                undone = status.state == "undone"
                wanted[member.server] = member.versionBefore if undone else member.version
        wrong += self._undone_for_nothing()
        for server, version in wanted.items():
            running = [process.version for process in self._scenario.watch.alive(server)]
            if running != [version]:
                wrong.append(f"at the end {server} runs {running}, wanted is {version}: {self.told()}")
        return wrong

    def _undone_for_nothing(self) -> list[str]:
        """Where nothing fails and the version is good, nobody but an operator turns its roll round."""
        scenario = self._scenario
        if not scenario.faults.calm or scenario.bad["2"] or self.interferes or self.moves:
            return []
        return [f"undone for nothing: {each}" for each in self.told() if " undone " in each]

    async def _operate(self) -> None:
        rng = self._rng
        await self._wait(rng.uniform(0.0, 4.0))
        await self._deploy("2")
        await self._wait(rng.uniform(0.5, 18.0))
        action = rng.choice(ACTIONS)
        self._note(action)
        self.interferes = action in ("abort", "rollback")
        if action == "pause":
            await self._until_done("pause", self._kind, WHO)
            await self._wait(rng.uniform(1.0, 6.0))
            await self._until_done("resume", self._kind, WHO)
        elif action == "abort":
            await self._until_done("abort", self._kind, WHO)
        elif action == "rollback":
            await self._until_done("rollback", self._kind, DeployOptions(), WHO)
        elif action == "again":
            await self._deploy("3")
        elif action in ("apply", "move"):
            self.moves = action == "move"
            await self._apply(1)

    async def _deploy(self, version: str) -> None:
        self._note(f"deploy {self._kind} {version}")
        await self._until_done("deploy", self._kind, version, DeployOptions(soakMs=SOAK_MS), WHO)

    async def _until_done(self, operation: str, *arguments: Any) -> None:
        """Until a registry has taken it or refuses it, which it also does when it has taken it before."""
        self._connect()
        while True:
            try:
                await getattr(self._deployer, operation)(*arguments)
                return
            except DeployRefusedException as refused:
                self._note(f"{operation} refused: {refused.reason}")
                return
            except (LocalException, UnavailableException):
                await self._wait(PAUSE_S)

    async def _apply(self, remark: int) -> None:
        self._connect()
        expected = 1 if remark else 0
        text = self._scenario.text(remark, moved=self.moves)
        while True:
            self.applied_at = self._scenario.simulation.now_s
            if remark:
                self._scenario.watch.ordered(CHANGED)
            try:
                await self._cluster.apply(text, expected, WHO, "")
                return
            except GenerationException:
                return
            except (LocalException, UnavailableException):
                await self._wait(PAUSE_S)

    def _connect(self) -> None:
        host = self._scenario.simulation.host(HOST)
        if host.is_up:
            return
        communicator = Communicator(host.boot())
        places = ":".join(self._scenario.settings.registries)

        def at(kind: Any, name: str) -> Any:
            proxy = kind.uncheckedCast(communicator.stringToProxy(f"PushNet/{name}:{places}"))
            return proxy.ice_invocationTimeout(LIMIT_MS)

        self._cluster, self._deployer = at(ClusterPrx, "Cluster"), at(DeployerPrx, "Deployer")

    async def _wait(self, seconds: float) -> None:
        await deferLater(self._scenario.simulation.host(HOST).world.clock, seconds)

    def _note(self, what: str) -> None:
        self.log.append(f"{self._scenario.simulation.now_s:.3f} operator: {what}")
