"""Rolls under faults: registries over one etcd, or one alone, agents, servers of two versions, load.

Three machines run servers of two kinds: one whose successor starts first, one whose predecessor stops first.
While callers call all the time, a new version is deployed, which may be bad; an operator pauses, aborts,
rolls back and deploys again; registries, etcd, agents, servers and their connections fail. When all is whole
again every roll must come to its end, and what was promised must have been kept: see `roll_watch`, `_judge`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

import attrs
from prometheus_client import CollectorRegistry
from twisted.internet.defer import Deferred, ensureDeferred, succeed
from twisted.logger import Logger

from pushnet.gen.pushnet.server import ServerPlan
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.settings import load_settings
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.membership import Membership
from pushnet.roles.node.service import NodeService, program_of
from pushnet.rpc.communicator import Communicator
from pushnet.sim.etcd import SimEtcd
from pushnet.sim.programs import Run
from pushnet.sim.releases import publish
from pushnet.sim.roll_callers import Callers
from pushnet.sim.roll_faults import ROUGH, RollFaults
from pushnet.sim.roll_operator import CHANGED, CHANGED_KIND, RollOperator
from pushnet.sim.roll_servers import BAD, GROUP, Executions, Process, ProgramParts
from pushnet.sim.roll_watch import WRONG_MAX, Kind, RollWatch, WatchedRegistry
from pushnet.sim.simulation import Simulation, SimulationFailed
from pushnet.sim.world import STARTED_AT_S, SimWorld

KINDS: Final = (
    Kind("tagalias", ("tagalias-1", "tagalias-2", "tagalias-3"), False),
    Kind("pusher", ("pusher-1", "pusher-2"), True),
)
RELEASE: Final = "sums"
VERSIONS: Final = ("1", "2", "3")
MACHINES: Final = ("m1", "m2", "m3")
CLIENT: Final = "client"
LEASE_S: Final = 3.0
LOOK_S: Final = 0.1
RESTART_S: Final = 1.0
"""After which an agent or a registry that has ended is started again."""
FAULTS_S: Final = 25
END_LIMIT_S: Final = 150.0
"""For rolls to come to their end, by the steps of `END_STEP_S`."""
END_STEP_S: Final = 5.0
REST_S: Final = 4.0
FETCH_S: Final = 0.1
SETTLED_S: Final = 12.0
"""Since a server was moved: until then one more may be out."""


class SimAgent(NodeService):
    """An agent that has every release at once: fetching them has tests of its own."""

    def _prepare(self, plan: ServerPlan) -> Deferred[str]:
        told: Deferred[str] = Deferred()
        self.parts.world.call_later(FETCH_S, told.callback, f"/releases/{plan.release}/{plan.version}")
        return told if plan.release else succeed("")


@attrs.frozen
class Makers:
    """What the scenario is made of; a planted bug puts something else in a place."""

    registry: type[WatchedRegistry] = WatchedRegistry
    agent: type[SimAgent] = SimAgent
    client: Callable[[SimWorld, dict[str, str]], Communicator] = Communicator
    program: ProgramParts = attrs.Factory(ProgramParts)


@attrs.frozen
class Verdict:
    """What became of a run."""

    seed: int
    wrong: list[str]
    faults: list[str]
    calls: int
    answered: int
    more: int
    """Calls of what only the newer version has that were answered."""
    orders: int
    """Versions that registries gave to servers."""
    rolls: list[str]
    """How each roll ended."""
    virtual_s: float
    trace_hash: str


class RollScenario:
    """Builds and plays one run."""

    def __init__(
        self,
        seed: int,
        makers: Makers | None = None,
        faults: Collection[str] | None = None,
        *,
        brief: bool = False,
    ) -> None:
        """`faults`: their kinds, from `pushnet.sim.roll_faults`; otherwise the seed draws them.

        `brief`: end as soon as something is wrong.
        """
        self._brief = brief
        self.simulation = Simulation(f"rolls/{seed}")
        self.kinds = KINDS
        self._makers = makers or Makers()
        self._seed = seed
        rng = self.simulation.rng("plan")
        self.registries = ("registry-1", "registry-2") if rng.random() < 0.8 else ("registry-1",)
        self.etcd = SimEtcd(self.simulation) if len(self.registries) > 1 else None
        self.rough = rng.random() < 0.4 if faults is None else any(kind in ROUGH for kind in faults)
        """Whether servers, machines and the callers' connections fail too: then calls may fail."""
        self.bad = {"2": rng.choice(BAD) if rng.random() < 0.5 else ""}
        self.watch = RollWatch(lambda: self.simulation.now_s, KINDS, self.etcd)
        self.settings = load_settings(self.text(), "simulated.toml")
        self.executions = Executions()
        self.services: dict[str, RoleService] = {}
        self.simulation.programs[program_of("twistd")] = self._started
        self.operator = RollOperator(self, rng)
        self.faults = RollFaults(self, self.simulation.rng("faults"), faults)
        self._callers: Callers | None = None
        self._looking = True

    def play(self) -> Verdict:
        """Run it to its end."""
        try:
            self._prepare()
            self.faults.begin()
            self.operator.begin()
            self._play_on()
        except SimulationFailed as failed:
            self.watch.say(str(failed).splitlines()[0])
        verdict = self._verdict()
        self.simulation.close()
        return verdict

    def _play_on(self) -> None:
        for _ in range(FAULTS_S):
            self.simulation.run_for(1.0)
            if self._brief and self.watch.wrong:
                return
        self.faults.heal()
        self._await_the_end()
        self._judge()

    # What takes part.

    def text(self, remark: int = 0, *, moved: bool = False) -> str:
        """The cluster's file; another remark starts a kind anew, or one server `moved` to another machine."""
        etcd = f'etcd = ["{self.etcd.url}"]' if self.etcd is not None else ""
        tables = [f'[cluster]\nsecret = "simulated secret"\nhost = "registry-1"\nlease_s = {LEASE_S}\n{etcd}']
        tables += [_table(name, "registry", f'host = "{name}"') for name in self.registries]
        tables += [_table(name, "node", f'host = "{name}"') for name in MACHINES]
        for kind in KINDS:
            for at, name in enumerate(kind.servers):
                machine, port = MACHINES[at], 7000 + at + 100 * kind.stop_first
                if moved and name == CHANGED:
                    machine = MACHINES[0]
                changed = remark if name == CHANGED or (kind.name == CHANGED_KIND and not moved) else 0
                rest = f'agent = "{machine}"\nhost = "{machine}"\nport = {port}\nrelease = "{RELEASE}"\n'
                rest += 'version = "1"\nstart_limit_s = 15.0\nstop_limit_s = 8.0\n'
                rest += f'environment = {{ REMARK = "{changed}" }}\n'
                rest += 'handover = "stop-first"' if kind.stop_first else ""
                tables.append(_table(name, kind.name, rest))
        return "\n\n".join(tables)

    def boot(self, name: str) -> None:
        """Start a registry or an agent, if it does not run."""
        if self.simulation.host(name).is_up:
            return
        world = self.simulation.host(name).boot()
        if name in self.registries:
            publish(world.storage, RELEASE, VERSIONS, STARTED_AT_S)
        node = self.settings.named(name)
        communicator = Communicator(world, inner_properties(self.settings, node.role))
        membership = Membership(world, communicator, self.settings, node, "1")
        log = Logger(namespace=f"pushnet.{node.role}")
        parts = Parts(world, communicator, self.settings, node, membership, CollectorRegistry(), log)
        service: RoleService
        if name in self.registries:
            registry = self._makers.registry(parts)
            registry.heard = self.watch.wrote
            service = registry
        else:
            service = self._makers.agent(parts)
        self.services[name] = service
        service.startService()
        service.started.addErrback(lambda _: self._boot_again(name, world))
        service.doomed.addCallback(lambda _: self._boot_again(name, world))

    def _boot_again(self, name: str, world: SimWorld) -> None:
        """It has ended by itself, and is started again as by systemd."""
        host = self.simulation.host(name)
        if host.is_up and host.world is world:
            host.kill()
            self.simulation.later(RESTART_S, self.boot, name)

    def runs(self, name: str) -> bool:
        """It is up, not stopped, and the process that we know."""
        host = self.simulation.host(name)
        return host.is_up and not host.is_paused and host.world is self.services[name].parts.world

    def _started(self, run: Run) -> None:
        version = run.env["PUSHNET_VERSION"]
        bad, now = self.bad.get(version, ""), self.simulation.now_s
        process = Process(run, self.settings, self.executions, bad, self._makers.program, now, self._drains)
        self.watch.started(process)
        process.start()

    def _drains(self, process: Process) -> None:
        """Whoever sends to it now must be heard."""
        if self._callers is not None and self._callers.calling:
            world = self.simulation.host(CLIENT).world
            world.background("a storm", ensureDeferred(self._callers.storm(process.id)))

    def _prepare(self) -> None:
        if self.etcd is not None:
            self.simulation.run_until(self.etcd.boot())
        for name in (*self.registries, *MACHINES):
            self.boot(name)
        self.simulation.run_until(self.operator.apply_first(), 60.0)
        self._until(lambda: self._serving() == sum(len(kind.servers) for kind in KINDS), 60.0)
        self.simulation.run_for(1.5)
        world = self.simulation.host(CLIENT).boot()
        communicator = self._makers.client(world, inner_properties(self.settings))
        self._callers = Callers(
            world, communicator, self.simulation.rng("callers"), lambda: self.simulation.now_s
        )
        for name in (*[server for kind in KINDS for server in kind.servers], GROUP):
            world.background(f"calling {name}", ensureDeferred(self._callers.call_on(name)))
        self._look()
        self.simulation.run_for(1.5)

    def _serving(self) -> int:
        return sum(process.accepts for process in self.watch.processes)

    def _until(self, reached: Callable[[], bool], limit_s: float) -> None:
        end = self.simulation.now_s + limit_s
        while not reached():
            if self.simulation.now_s > end:
                raise SimulationFailed(f"not all servers serve after {limit_s} s")
            self.simulation.run_for(0.2)

    # What must hold.

    def _look(self) -> None:
        if not self._looking:
            return
        registries = [self.services[name] for name in self.registries if self.runs(name)]
        self.watch.leading([each for each in registries if isinstance(each, WatchedRegistry)])
        for name in MACHINES:
            service = self.services[name]
            if self.runs(name) and isinstance(service, NodeService):
                self.watch.follows(service)
        if self._calls_must_succeed():
            self.watch.found()
            applied_s = self.simulation.now_s - self.operator.applied_at
            self.watch.out(1 + (self.operator.moves and applied_s < SETTLED_S))
        self.simulation.later(LOOK_S, self._look)

    def _calls_must_succeed(self) -> bool:
        """No process of a server has ended by anything but its agent's will."""
        return not self.rough and self.bad["2"] not in ("crashes", "wrong")

    def _well(self) -> list[str]:
        """Whom calls must reach all the time.

        Who stops before its successor starts is away for longer when that cannot start or join.
        """
        if not self._calls_must_succeed() or self.operator.moves:
            return []
        gap = self.bad["2"] in ("hangs", "does not start") or not self.faults.calm
        steady = [kind for kind in self.kinds if not (gap and kind.stop_first)]
        group = [GROUP] if len(steady) == len(self.kinds) else []
        return [*[server for kind in steady for server in kind.servers], *group]

    def _await_the_end(self) -> None:
        """Everything is whole: what was begun comes to an end."""
        self.simulation.run_for(REST_S)
        end = self.simulation.now_s + END_LIMIT_S
        while self.simulation.now_s < end:
            if self._brief and self.watch.wrong:
                return
            if self.simulation.run_until(self.operator.all_over(), 60.0):
                self.simulation.run_for(REST_S)
                return
            self.simulation.run_for(END_STEP_S)
        self.watch.say(f"after {END_LIMIT_S:.0f} s these are not over: {self.operator.told()}")

    def _judge(self) -> None:
        assert self._callers is not None
        self._callers.calling = False
        self.simulation.run_for(REST_S)
        self.watch.wrong += self.operator.judge()
        lossy = self.rough or self.bad["2"] in ("crashes", "wrong")
        verdict = self._callers.verdict(self.executions, well=self._well(), none_lost=not lossy)
        self.watch.wrong += verdict[:WRONG_MAX]
        silent = [
            name for name, at in self._callers.answered_at.items() if self.simulation.now_s - at > 3 * REST_S
        ]
        if silent:
            self.watch.say(f"callers do not reach {', '.join(silent)}")
        if self.bad["2"] and len(self.watch.begun.get("2", ())) > 1:
            self.watch.say(f"a version that {self.bad['2']!r} ran on {sorted(self.watch.begun['2'])}")

    def _verdict(self) -> Verdict:
        self._looking = False
        callers = self._callers
        requests = callers.requests if callers is not None else []
        return Verdict(
            self._seed,
            self.watch.wrong + self.simulation.failures[:5],
            [*self.faults.log, *self.operator.log],
            len(requests),
            sum(request.outcome == "ok" for request in requests),
            callers.more if callers is not None else 0,
            self.watch.steps,
            self.operator.told(),
            round(self.simulation.now_s, 3),
            self.simulation.trace_hash,
        )


def _table(name: str, role: str, rest: str) -> str:
    return f'[[node]]\nname = "{name}"\nrole = "{role}"\n{rest}'
