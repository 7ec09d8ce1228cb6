"""`PushNet/Deployer`: rolls begin, stop and turn round here, at any registry; who leads carries them out.

What is asked for is decided on the roll as it stands and written with a comparison, so two operators at two
registries cannot both begin one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall

from pushnet.gen.pushnet.deploy import DeployerServant, DeployOptions, DeployRefusedException, RollStatus
from pushnet.gen.pushnet.server import ServerState
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.roll import Roll, State, begin, pause, resume, undo
from pushnet.grid.versions import is_older
from pushnet.grid.waves import read_wave
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.papers import ROLL, WAVE
from pushnet.roles.registry.rolling import Rolling
from pushnet.roles.registry.rolling_facts import Facts
from pushnet.roles.registry.rolling_record import RollRecord, begun
from pushnet.roles.registry.writing import NotSaved
from pushnet.rpc.stubs import Current
from pushnet.stores.registry.state import Change, Put
from pushnet.world import World

WAIT_S_MAX: Final = 30.0
WATCHERS_MAX: Final = 1000
"""Terminals that wait at one registry; more are answered at once."""
SOAK_S_MAX: Final = 24 * 3600.0
WHO_CHARACTERS_MAX: Final = 200

_FURTHER: Final = {
    State.done: "`pushnet rollback {kind}` takes it back",
    State.undone: "`pushnet deploy {kind} VERSION --older` goes further back",
}
"""What can be done about a roll that is over."""


class Catalogue(Protocol):
    """What is published."""

    async def objection(self, release: str, version: str) -> str:
        """Why that version cannot be fetched by anybody; empty when it can, or nobody knows."""
        ...


class DeployerI(DeployerServant):
    """Serves `Deployer`.

    Args:
        release_of: the release that a server is run from; empty: what is installed on its machine.
    """

    def __init__(
        self,
        world: World,
        ledger: Ledger,
        rolling: Rolling,
        facts: Facts,
        release_of: Callable[[str], str],
        catalogue: Catalogue,
    ) -> None:
        self._world = world
        self._ledger = ledger
        self._rolling = rolling
        self._facts = facts
        self._release_of = release_of
        self._catalogue = catalogue
        self._watchers: dict[Deferred[None], tuple[str, IDelayedCall]] = {}
        ledger.books.papers.followers.append(self._told)

    async def deploy(
        self, kind: str, version: str, options: DeployOptions, who: str, current: Current | None = None
    ) -> None:
        def decide(known: RollRecord | None) -> RollRecord:
            _check_free(known, version, options)
            self._check_settled(kind)
            servers = self._servers(kind)
            self._check_age(servers, version, options)
            earlier = known.roll() if known is not None else None
            number = known.number + 1 if known is not None else 1
            return begun(_begin(self._facts, servers, version, options, earlier), number, _short(who), now_s)

        now_s = self._world.wall()
        decide(self._rolling.record(kind))  # what is refused anyway is not asked around for
        for release in dict.fromkeys(self._release_of(state.id) for state in self._servers(kind)):
            objection = await self._catalogue.objection(release, version)
            if objection:
                raise _refused(objection)
        await self._write(kind, decide)

    async def watch(self, kind: str, change: int, waitMs: int, current: Current | None = None) -> RollStatus:
        if self._change(kind) == change and waitMs > 0 and len(self._watchers) < WATCHERS_MAX:
            await self._wait(kind, min(waitMs / 1000, WAIT_S_MAX))
        record = self._rolling.record(kind)
        if record is None:
            known = ", ".join(self._ledger.books.papers.under(ROLL)) or "none"
            raise _refused(f"{kind!r} was never rolled; kinds that were: {known}")
        return record.status(self._change(kind), self._world.wall())

    async def rolls(self, current: Current | None = None) -> list[RollStatus]:
        now_s = self._world.wall()
        kinds = self._ledger.books.papers.under(ROLL)
        records = [(kind, self._rolling.record(kind)) for kind in kinds]
        return [record.status(self._change(kind), now_s) for kind, record in records if record is not None]

    async def pause(self, kind: str, who: str, current: Current | None = None) -> None:
        await self._turn(kind, pause, f"paused by {_short(who)}", State.rolling)

    async def resume(self, kind: str, who: str, current: Current | None = None) -> None:
        await self._turn(kind, resume, f"resumed by {_short(who)}", State.paused)

    async def abort(self, kind: str, who: str, current: Current | None = None) -> None:
        why = f"aborted by {_short(who)}"
        await self._turn(kind, lambda roll: undo(roll, why), why, State.rolling, State.paused)

    async def rollback(
        self, kind: str, options: DeployOptions, who: str, current: Current | None = None
    ) -> None:
        why = f"rolled back by {_short(who)}"

        def turned(roll: Roll) -> Roll:
            return attrs.evolve(undo(roll, why), out_max=options.outMax or roll.out_max)

        await self._turn(kind, turned, why, State.done, State.rolling, State.paused)

    def close(self) -> None:
        """Answer all who watch with what there is."""
        for watcher in list(self._watchers):
            self._answer(watcher)

    # Beginning.

    def _servers(self, kind: str) -> list[ServerState]:
        """Those that can be rolled. Raises `DeployRefusedException`."""
        servers = self._facts.states(kind)
        if not servers:
            known = ", ".join(dict.fromkeys(state.kind for state in self._facts.states())) or "none"
            raise _refused(f"there is no server of the kind {kind!r}; there are: {known}")
        bare = [state.id for state in servers if not self._release_of(state.id)]
        if bare:
            raise _refused(
                f"what is installed on the machine is run by {', '.join(bare)}: give servers of the kind "
                f"{kind!r} a `release` and a `version` in the cluster's file, and `pushnet apply` it"
            )
        return servers

    def _check_settled(self, kind: str) -> None:
        """Not two changes of a kind at a time, or two servers could be out."""
        value = self._ledger.books.papers.value(WAVE + kind)
        wave = read_wave(value) if value else None
        if wave is not None and not wave.over and not wave.halted:
            left = ", ".join([*wave.told, *wave.held])
            raise _refused(f"other settings are on their way to {kind} ({left}): deploy when all have them")

    def _check_age(self, servers: Sequence[ServerState], version: str, options: DeployOptions) -> None:
        newer = [state for state in servers if is_older(version, state.version)]
        if newer and not options.older:
            raise _refused(
                f"{version} is older than {newer[0].version}, which {newer[0].id} runs: `--older` allows it, "
                f"`pushnet rollback {newer[0].kind}` goes back to what was before"
            )

    # Writing.

    async def _turn(self, kind: str, turned: Callable[[Roll], Roll], what: str, *states: State) -> None:
        """Change a roll that is in one of these states; no harm when it has been done."""

        def decide(known: RollRecord | None) -> RollRecord:
            if known is None:
                raise _refused(f"{kind!r} was never rolled")
            roll = known.roll()
            made = turned(roll)
            if known.state not in states:
                if made.state is known.state and not known.over:
                    return known
                told = f"the roll of {kind} to {known.version} is {known.state.value}"
                raise _refused(f"{told}; {_FURTHER[known.state].format(kind=kind)}" if known.over else told)
            return known.turned(made).noted([what], self._world.wall())

        await self._write(kind, decide)

    async def _write(self, kind: str, decide: Callable[[RollRecord | None], RollRecord]) -> None:
        def changes() -> Sequence[Change]:
            known = self._rolling.record(kind)
            made = decide(known)
            return [] if made == known else [Put(ROLL + kind, made.to_json())]

        try:
            await self._ledger.submit(changes, [ROLL + kind])
        except NotSaved as unable:
            raise UnavailableException(str(unable)) from unable

    # Watching.

    def _change(self, kind: str) -> int:
        entry = self._ledger.books.papers.entry(ROLL + kind)
        return entry.revision if entry is not None else 0

    async def _wait(self, kind: str, wait_s: float) -> None:
        watcher: Deferred[None] = Deferred()
        self._watchers[watcher] = (kind, self._world.call_later(wait_s, self._answer, watcher))
        await watcher

    def _told(self, key: str) -> None:
        for watcher, (kind, _) in list(self._watchers.items()):
            if key == ROLL + kind:
                self._answer(watcher)

    def _answer(self, watcher: Deferred[None]) -> None:
        _, due = self._watchers.pop(watcher, ("", None))
        if due is not None:
            if due.active():
                due.cancel()
            watcher.callback(None)


def _begin(
    facts: Facts, servers: Sequence[ServerState], version: str, options: DeployOptions, earlier: Roll | None
) -> Roll:
    """Raises `DeployRefusedException`."""
    try:
        return begin(
            servers[0].kind,
            version,
            [facts.fact(state) for state in servers],
            canary=options.canary,
            soak_s=min(max(options.soakMs, 0) / 1000, SOAK_S_MAX),
            out_max=max(options.outMax, 0),
            earlier=earlier,
        )
    except ValueError as error:
        raise _refused(str(error)) from error


def _check_free(known: RollRecord | None, version: str, options: DeployOptions) -> None:
    """One roll of a kind at a time. Raises `DeployRefusedException`.

    One that is being undone gives way to another version for all: what they had may not start any more, and
    then there is no other way out.
    """
    if known is None or known.over:
        return
    undoing = known.state is State.undoing
    if undoing and version != known.version and not options.canary:
        return
    kind = known.kind
    cure = f"`--abort` turns it round, `pushnet rollback {kind}` too"
    if undoing:
        cure = f"`pushnet deploy {kind} VERSION`, without --canary, gives all of them another version"
    raise _refused(
        f"{kind} is being rolled to {known.version} by {known.who} ({known.state.value}): "
        f"`pushnet deploy {kind} --status` shows it, {cure}"
    )


def _refused(reason: str) -> DeployRefusedException:
    return DeployRefusedException(reason)


def _short(who: str) -> str:
    return who[:WHO_CHARACTERS_MAX] or "somebody"
