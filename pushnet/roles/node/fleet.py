"""All servers of one machine: plans come in, processes follow, and what must not be forgotten is on disk."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs
from twisted.internet.defer import Deferred, DeferredList, succeed
from twisted.internet.error import CannotListenError
from twisted.logger import Logger
from twisted.python.failure import Failure

from pushnet.gen.pushnet.server import Readiness, ServerPlan
from pushnet.roles.node import readiness
from pushnet.roles.node.checking import Checking, asked_of
from pushnet.roles.node.filling import FillingError, command_of, environment_of, filled
from pushnet.roles.node.fronting import FrontMaker
from pushnet.roles.node.memory import FILE, Memory
from pushnet.roles.node.output import KEPT_BYTES, Output, last_words, log_name
from pushnet.roles.node.readiness import Registered
from pushnet.roles.node.run import Kept, Life, Run
from pushnet.roles.node.server import CannotStart, Server, Wish
from pushnet.roles.node.standing import Standing
from pushnet.world import HeldSocket, Worker, World

WORDS_BYTES_MAX: Final = 2000


@attrs.frozen
class Ways:
    """What the fleet is given from outside."""

    environment: Mapping[str, str]
    """What every process inherits."""
    known: Mapping[str, str]
    """What can be filled in everywhere: `locator`."""
    prepare: Callable[[ServerPlan], Deferred[str]]
    """Have a release here; fires with its folder, "" where there is none."""
    registered: Registered
    fronts: FrontMaker
    changed: Callable[[Server], object] = lambda server: None
    log_bytes_max: int = KEPT_BYTES
    heard: Callable[[str, bytes], object] | None = None
    """Gets the id of a server with each line that it writes."""
    program: Callable[[str], str] = lambda name: name
    """Where a program is, by its name: twistd is that of our own environment."""


class Fleet:
    """The servers. Implements `Starter` for each of them."""

    def __init__(self, world: World, ways: Ways, worker: Worker) -> None:
        self.servers: dict[str, Server] = {}
        self.output = Output(world, worker, ways.log_bytes_max)
        self.standing = Standing(world, ways.fronts)
        self.generation = 0
        self._settings = ""
        self._world = world
        self._ways = ways
        self._worker = worker
        self._folders: dict[tuple[str, str], str] = {}
        self._held: dict[str, HeldSocket] = {}
        self._adopted: dict[str, None] = {}
        """Addresses whose sockets processes have that an earlier agent has started."""
        self._wishes: dict[str, Wish] = {}
        """What people wanted before everything was ended with this agent."""
        self._saving = False
        self._unsaved = False
        self._log = Logger(namespace="pushnet.node")

    # In and out.

    async def open(self) -> None:
        """Go on where the last agent ended: adopt what runs, follow the last plan."""
        memory = await self._worker.submit(self._load)
        self.generation = memory.generation
        self._settings = memory.settings
        for plan in memory.plans:
            wish = memory.wishes.get(plan.id, Wish.as_planned)
            self._server(plan.id).remember(plan, wish, plan.id in memory.done)
        for kept in memory.runs:
            self._adopt(kept)
        for server in list(self.servers.values()):
            server.settle()

    async def clear(self) -> Sequence[ServerPlan]:
        """End what the last one has left running, instead of taking it over; what its plans were."""
        memory = await self._worker.submit(self._load)
        await DeferredList([self._end(kept) for kept in memory.runs])
        return memory.plans

    def follow(self, generation: int, settings: str, plans: Sequence[ServerPlan]) -> None:
        """From now on this is the plan."""
        self.generation = generation
        self._settings = settings
        self._world.background("writing the settings", self._worker.submit(self._write_settings, settings))
        planned = {plan.id: plan for plan in plans}
        for id in [*planned, *(id for id in self.servers if id not in planned)]:
            self._server(id).take(planned.get(id))
        self._save()

    def states(self) -> list[Server]:
        """Every server that is planned or runs, in the order of the plan."""
        return [server for server in self.servers.values() if server.plan is not None or server.runs]

    async def stop(self) -> None:
        """Drain and end everything. The next agent starts again what was not stopped by somebody."""
        self._wishes = {server.id: server.wish for server in self.servers.values()}
        for server in self.servers.values():
            server.want(Wish.stopped)
        await DeferredList([server.rested() for server in self.servers.values()])

    async def leave(self) -> None:
        """End this agent; its servers go on."""
        self.output.stop()
        for run in [run for server in self.servers.values() for run in server.runs]:
            if run.check is not None:
                run.check.end()
        await self.standing.close()
        for held in self._held.values():
            held.close()
        while self._saving or self._unsaved:
            await self._worker.submit(lambda: None)

    # What servers ask for: `Starter`.

    def prepare(self, plan: ServerPlan) -> Deferred[None]:
        def prepared(folder: str) -> None:
            self._folders[plan.release, plan.version] = folder

        preparing = self._ways.prepare(plan).addCallback(prepared) if plan.release else succeed(None)
        if plan.front:
            preparing.addCallback(lambda _: self.standing.have(plan.id, plan.front))
        return preparing.addCallback(lambda _: None)

    def start(self, plan: ServerPlan, changed: Callable[[Run], object], generation: int) -> Run:
        world = self._world
        try:
            sockets = [self._socket(address) for address in plan.sockets]
            port = self._private_port() if plan.front else 0
            known = self._known(plan, port)
            argv = command_of(plan, known)
            argv[0] = self._ways.program(argv[0])
            environment = environment_of(plan, self._ways.environment, known)
            log_from = self._log_size(plan.id)
            process = world.processes.spawn_apart(
                argv,
                env=environment,
                log=log_name(plan.id),
                folder=known["data"],
                sockets=sockets,
                gently=self._serves(plan.id),
            )
        except (FillingError, OSError, CannotListenError) as error:
            raise CannotStart(f"{error}") from error
        run = Run(world, plan, process, changed, generation=generation, log_from=log_from, port=port)
        run.check = self._check_of(run)
        self._attend(run)
        return run

    def turn_to(self, run: Run) -> Deferred[None]:
        plan = run.plan
        if not plan.front:
            return succeed(None)
        having = self.standing.have(plan.id, plan.front)
        turned: Deferred[None] = having.addCallback(lambda front: front.turn_to("127.0.0.1", run.port))
        return turned

    def turn_away(self, id: str) -> Deferred[None]:
        front = self.standing.of(id)
        return front.turn_away() if front is not None else succeed(None)

    def last_words(self, run: Run) -> str:
        end = self._log_size(run.plan.id)
        first = max(run.log_from, end - WORDS_BYTES_MAX)
        return last_words(self._world.storage.read(log_name(run.plan.id), first) if end > first else b"")

    # Inside.

    def _serves(self, id: str) -> bool:
        """Whether callers have somebody to call meanwhile."""
        server = self.servers.get(id)
        return server is not None and any(run.life is Life.serving for run in server.runs)

    def _server(self, id: str) -> Server:
        if id not in self.servers:
            self.servers[id] = Server(self._world, id, self, self._changed)
        return self.servers[id]

    def _changed(self, server: Server) -> None:
        if server.plan is None and not server.runs:
            self.servers.pop(server.id, None)
            self._world.background(f"closing the front of {server.id}", self.standing.drop(server.id))
        if not any(run.life is Life.starting for run in server.runs) and self._ways.heard is None:
            self.output.end(server.id)
        self._save()
        self._ways.changed(server)

    def _attend(self, run: Run) -> None:
        """Hear what it writes, and look whether it serves."""
        self.output.tend(run.plan.id)
        waits = run.life is Life.starting and run.plan.readiness is Readiness.SaysServing
        if waits or self._ways.heard is not None:
            self.output.follow(run.plan.id, run.log_from, lambda line: self._heard(run, line))
        readiness.watch(self._world, run, self._ways.registered)

    def _heard(self, run: Run, line: bytes) -> None:
        if self._ways.heard is not None:
            self._ways.heard(run.plan.id, line)
        readiness.heard(run, line)

    def _check_of(self, run: Run) -> Checking | None:
        """Whoever asks this process whether its answers are right; None: nobody does."""
        plan = run.plan
        if not plan.check:
            return None
        known = self._known(plan, run.port)
        try:
            argv = [filled(word, known) for word in plan.check]
            environment = environment_of(plan, self._ways.environment, known)
        except FillingError as error:
            self._log.error("{id} is not checked: {error}", id=plan.id, error=str(error))
            return None
        argv[0] = self._ways.program(argv[0])
        return Checking(
            self._world,
            argv,
            lambda: {**environment, **asked_of(run)},
            every_s=plan.checkEveryMs / 1000,
            limit_s=plan.checkLimitMs / 1000,
            told=run.checked,
        )

    def _check_adopted(self, run: Run) -> None:
        """Ask on: its release has to be found first, as the check may be a part of it."""

        def found(folder: str) -> None:
            if folder:
                self._folders[run.plan.release, run.plan.version] = folder
            run.check = self._check_of(run)
            if run.check is not None and run.life is Life.serving:
                run.check.begin()

        if run.plan.check:
            work = self._ways.prepare(run.plan) if run.plan.release else succeed("")
            self._world.background(f"checking {run.plan.id}", work.addCallback(found))

    def _adopt(self, kept: Kept) -> None:
        process = self._world.processes.adopt(kept.pid, kept.began)
        server = self._server(kept.plan.id)
        if process is None:
            server.missed(kept.plan)
            return
        run = Run(
            self._world,
            kept.plan,
            process,
            server.run_changed,
            log_from=kept.log_from,
            port=kept.port,
        )
        server.adopt(run)
        self._adopted.update(dict.fromkeys(kept.plan.sockets))
        if kept.served:
            run.served_before(kept.http)
        self._check_adopted(run)
        self._attend(run)
        self._log.info("{id} goes on as process {pid}", id=kept.plan.id, pid=kept.pid)

    def _end(self, kept: Kept) -> Deferred[None]:
        process = self._world.processes.adopt(kept.pid, kept.began)
        if process is None:
            return succeed(None)
        limit = self._world.call_later(kept.plan.stopLimitMs / 1000, process.signal, signal.SIGKILL)
        process.signal(signal.SIGTERM)
        return process.exited.addCallback(lambda _: limit.cancel() if limit.active() else None)

    def _known(self, plan: ServerPlan, port: int) -> dict[str, str]:
        path = self._world.storage.path
        data = f"data/{plan.id}"
        self._world.storage.make_folder(data)
        return {
            **self._ways.known,
            "id": plan.id,
            "version": plan.version,
            "release": self._folders.get((plan.release, plan.version), ""),
            "data": path(data),
            "settings": path(SETTINGS),
            "port": str(port),
        }

    def _socket(self, address: str) -> HeldSocket:
        held = self._held.get(address)
        if held is None:
            host, _, port = address.rpartition(":")
            shared = self._adopted.pop(address, False) is None
            held = self._world.processes.hold(host, int(port), shared=shared)
            self._held[address] = held
        return held

    def _private_port(self) -> int:
        held = self._world.processes.hold("127.0.0.1", 0)
        try:
            return held.address()[1]
        finally:
            held.close()

    def _log_size(self, id: str) -> int:
        try:
            return self._world.storage.size(log_name(id))
        except OSError:
            return 0

    # On disk.

    def _load(self) -> Memory:
        try:
            return Memory.from_bytes(self._world.storage.read(FILE))
        except FileNotFoundError:
            return Memory()
        except ValueError as error:
            self._log.error("what the last agent kept is lost: {error}", error=str(error))
            return Memory()

    def _write_settings(self, settings: str) -> None:
        self._world.storage.replace(SETTINGS, settings.encode())

    def _save(self) -> None:
        """Soon, and not twice at a time."""
        self._unsaved = True
        if not self._saving:
            self._saving = True
            self._world.call_later(0, self._save_now)

    def _save_now(self) -> None:
        self._unsaved = False
        data = self._memory().to_bytes()
        saving = self._worker.submit(self._world.storage.replace, FILE, data)
        self._world.background("keeping what runs", saving.addBoth(self._saved))

    def _saved(self, result: object) -> None:
        self._saving = False
        if isinstance(result, Failure):
            self._log.error("what runs cannot be kept: {error}", error=result.getErrorMessage())
        if self._unsaved:
            self._save()

    def _memory(self) -> Memory:
        servers = list(self.servers.values())
        return Memory(
            self.generation,
            self._settings,
            [server.plan for server in servers if server.plan is not None],
            {server.id: self._wishes.get(server.id, server.wish) for server in servers},
            [server.id for server in servers if server.done],
            [run.kept() for server in servers for run in server.runs if run.life is not Life.over],
        )


SETTINGS: Final = "settings.toml"
