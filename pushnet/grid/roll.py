"""A roll: a new version goes to the nodes of one kind, first to one, then to a few, then to all.

    rolling --all have it and did well--> done
     |  ^                                      |
     |  `--resume-- paused <--pause--.         | rollback
     |                               |         v
     `--a node fails, abort-------> undoing --all are back--> undone

`step` is asked again and again, by whoever leads: it is told how the nodes are, and says which nodes shall
take which version now. It keeps nothing but the `Roll`, a value that can be stored at each change, so that a
roll goes on when who led it is gone. Asking twice does no harm: a node that has its version already is left
alone.

Never are more nodes out than `out_max`, whoever has taken them out; nodes that are out anyway come first,
since the new version may be their cure. After each wave the roll waits (*soaks*) and the gates are asked all
the while. The first failure of a touched node turns the roll round: every touched node goes back to the
version it had. A roll that is done can be turned round too, which is a rollback.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum
from typing import Final

import attrs

from pushnet.grid.gates import Objection

OUT_SHARE_MAX: Final = 0.1
"""Of the nodes of a kind that may be out at a time; one may always."""
FEW_SHARE: Final = 0.25
"""The second wave."""
SOAK_S: Final = 35.0
"""Longer than the half minute after which the slower of the bad patches give up."""
MOVE_LIMIT_S: Final = 20.0
"""From the first moment of the new version to a healthy node; of half a minute 10 s are left to go back."""


class State(Enum):
    """Where a roll is; see the module's text."""

    rolling = "rolling"
    paused = "paused"
    undoing = "undoing"
    done = "done"
    undone = "undone"


@attrs.frozen
class NodeFact:
    """How one node is at this moment."""

    name: str
    version: str
    """What it runs, or ran last; empty: nobody knows, or it never ran."""
    serving: bool
    """It is there and says that it is well."""
    place: str = ""
    """Its machine or zone: neighbours are not taken out one after the other."""
    wanted: str = ""
    """What it is to run; empty: what it runs."""
    preparing: bool = False
    """It fetches the version or drains what it had: its time to start has not begun."""
    trouble: str = ""
    """Why it could not be started or ended where it must not, in words."""
    phase_s: float = 0.0
    """How long it has been as it is."""


@attrs.frozen
class Order:
    """Let a node drain, take this version and serve again."""

    node: str
    version: str


@attrs.frozen
class Roll:
    """One roll, as it is stored. Times are the monotonic seconds of who leads; they do not survive it."""

    kind: str
    version: str
    queue: tuple[str, ...]
    """The nodes in the order of their turn."""
    before: Mapping[str, str]
    """What each node ran when the roll began."""
    waves: tuple[int, ...]
    """How many nodes have the version at the end of each wave."""
    out_max: int
    soak_s: float = SOAK_S
    state: State = State.rolling
    wave: int = 0
    touched: Mapping[str, float] = {}
    """Nodes that were given an order, and when."""
    arrived: frozenset[str] = frozenset()
    """Those of them that have served with the new version."""
    returned: frozenset[str] = frozenset()
    """Those of them that serve again with what they had."""
    soaking_since: float | None = None
    reason: str = ""
    """Why it was turned round."""
    was_out: frozenset[str] = frozenset()
    """Nodes that did not serve when the roll began: nobody waits until they do with what they had."""

    @property
    def over(self) -> bool:
        return self.state in (State.done, State.undone)

    def resumed(self) -> Roll:
        """The same under a new leader, whose clock is another: what was waited for is waited for anew."""
        return attrs.evolve(self, touched=dict.fromkeys(self.touched, math.inf), soaking_since=None)


def begin(
    kind: str,
    version: str,
    nodes: Iterable[NodeFact],
    *,
    canary: bool = False,
    soak_s: float = 0.0,
    out_max: int = 0,
    earlier: Roll | None = None,
) -> Roll:
    """A roll of all `nodes` to `version`; with `canary` only of the first one, to stay.

    Args:
        soak_s: 0: as usual.
        out_max: 0: one, or a tenth.
        earlier: the roll before. The canary of the same version is part of this roll: it goes back with it.
            One that is still being undone ends with this: its nodes would go back to what they had before it.

    Raises:
        ValueError: there is nothing to roll.
    """
    facts = list(nodes)
    if not facts:
        raise ValueError(f"there is no server of the kind {kind!r}")
    if all(_has(each, version) and each.wanted in ("", version) for each in facts):
        raise ValueError(f"every server of {kind!r} has {version} already")
    count = len(facts)
    waves = (1,) if canary else tuple(sorted({1, max(1, math.ceil(count * FEW_SHARE)), count}))
    before = {each.name: each.version or each.wanted for each in facts}
    done: list[str] = []
    if earlier is not None and earlier.state is State.done and earlier.version == version:
        done = [name for name in earlier.touched if before.get(name) == version]
        before |= {name: earlier.before[name] for name in done}
    if earlier is not None and earlier.state is State.undoing:
        before |= {name: earlier.before[name] for name in earlier.touched if name in before}
    return Roll(
        kind=kind,
        version=version,
        queue=tuple(_spread(facts, done)),
        before=before,
        waves=waves,
        out_max=out_max or max(1, int(count * OUT_SHARE_MAX)),
        soak_s=soak_s or SOAK_S,
        touched=dict.fromkeys(done, math.inf),
        arrived=frozenset(done),
        was_out=frozenset(each.name for each in facts if not each.serving),
    )


def pause(roll: Roll) -> Roll:
    """Nothing more is taken out; what is on its way arrives."""
    return attrs.evolve(roll, state=State.paused) if roll.state is State.rolling else roll


def resume(roll: Roll) -> Roll:
    return attrs.evolve(roll, state=State.rolling) if roll.state is State.paused else roll


def undo(roll: Roll, reason: str) -> Roll:
    """Give every touched node back what it had; also when the roll is done, as a rollback."""
    if roll.state in (State.undoing, State.undone):
        return roll
    return attrs.evolve(roll, state=State.undoing, reason=reason, returned=frozenset(), soaking_since=None)


def without(roll: Roll, gone: Collection[str]) -> Roll:
    """The same when some nodes are no more."""
    left = tuple(name for name in roll.queue if name not in gone)
    waves = tuple(sorted({min(count, len(left)) for count in roll.waves}))
    return attrs.evolve(
        roll,
        queue=left,
        waves=waves,
        wave=min(roll.wave, len(waves) - 1),
        touched={name: at for name, at in roll.touched.items() if name not in gone},
        arrived=roll.arrived.difference(gone),
        returned=roll.returned.difference(gone),
    )


def waits_for(roll: Roll, facts: Iterable[NodeFact]) -> str:
    """Why nothing moves though something should; empty when all is well."""
    known = {each.name: each for each in facts}
    if roll.state is State.undoing:
        return _undo_waits_for(roll, known)
    if roll.state is not State.rolling:
        return ""
    missing = [
        name for name in roll.queue[: roll.waves[roll.wave]] if not _has(known.get(name), roll.version)
    ]
    out = [name for name in roll.queue if name not in known or not known[name].serving]
    still = [name for name in out if name not in roll.touched]
    if not missing or not still or any(name in roll.touched for name in missing):
        return ""
    return f"waits for {', '.join(still)}: as many are out as may be"


def _undo_waits_for(roll: Roll, known: Mapping[str, NodeFact]) -> str:
    left = [known[name] for name in roll.touched if name in known and name not in roll.returned]
    stuck = [each for each in left if each.wanted == roll.before[each.name] and each.trouble]
    if not stuck:
        return ""
    told = ", ".join(f"{each.name} to serve with {roll.before[each.name]} again" for each in stuck)
    return f"waits for {told}, which cannot be started either: deploy a version that can"


def step(
    roll: Roll,
    facts: Sequence[NodeFact],
    found: Sequence[Objection],
    now: float,
    *,
    doubted: bool = False,
) -> tuple[Roll, list[Order]]:
    """What is to be done now.

    Args:
        facts: every node of the kind. One that is not among them is out.
        found: what the gates say against nodes of the new version.
        now: monotonic seconds.
        doubted: the gates have something against the new version that may pass: no wave begins meanwhile.
    """
    known = {each.name: each for each in facts}
    preparing = [each.name for each in facts if each.preparing]
    touched = {name: now if at == math.inf or name in preparing else at for name, at in roll.touched.items()}
    roll = attrs.evolve(roll, touched=touched)
    if roll.state in (State.rolling, State.paused):
        why = _failure(roll, known, found, now)
        here = [name for name in roll.touched if _has(known.get(name), roll.version)]
        roll = undo(roll, why) if why else attrs.evolve(roll, arrived=roll.arrived.union(here))
    if roll.state is State.undoing:
        return _back(roll, known, now)
    if roll.over:
        return roll, []
    return _forward(roll, known, now, doubted)


def _failure(roll: Roll, known: Mapping[str, NodeFact], found: Sequence[Objection], now: float) -> str:
    """What has gone wrong with a touched node; empty when nothing has."""
    for objection in found:
        if objection.node in roll.touched:
            return f"{objection.node}: {objection.reason}"
    for name, since in roll.touched.items():
        fact = known.get(name)
        if fact is not None and fact.trouble and fact.phase_s <= now - since:
            return f"{name}: {fact.trouble}"
        if _has(fact, roll.version):
            continue
        if name in roll.arrived:
            return f"{name} serves no more"
        if now - since > MOVE_LIMIT_S:
            return f"{name} does not serve {MOVE_LIMIT_S:.0f} s after it began to start {roll.version}"
    return ""


def _forward(
    roll: Roll, known: Mapping[str, NodeFact], now: float, doubted: bool
) -> tuple[Roll, list[Order]]:
    goal = roll.queue[: roll.waves[roll.wave]]
    missing = [name for name in goal if not _has(known.get(name), roll.version)]
    if not missing:
        return _soak(roll, now, doubted), []
    if roll.state is State.paused:
        return roll, []
    turn = [name for name in missing if name not in roll.touched and name in known]
    broken = [name for name in turn if not known[name].serving][: _at_once(roll, known)]
    fine = [name for name in turn if known[name].serving][: _room(roll, known)]
    orders = [Order(name, roll.version) for name in broken or fine]
    touched = {**roll.touched, **{order.node: now for order in orders}}
    return attrs.evolve(roll, touched=touched, soaking_since=None), orders


def _soak(roll: Roll, now: float, doubted: bool) -> Roll:
    """The wave has arrived: wait, then begin the next or be done."""
    if roll.soaking_since is None:
        return attrs.evolve(roll, soaking_since=now)
    if doubted or now - roll.soaking_since < roll.soak_s or roll.state is State.paused:
        return roll
    if roll.wave + 1 < len(roll.waves):
        return attrs.evolve(roll, wave=roll.wave + 1, soaking_since=None)
    return attrs.evolve(roll, state=State.done)


def _back(roll: Roll, known: Mapping[str, NodeFact], now: float) -> tuple[Roll, list[Order]]:
    """Touched nodes go back, those that do not serve first: they are out anyway.

    Who was told to and still serves counts as out for a while: an agent that was away may begin at any time.
    """
    here = [
        name
        for name in roll.touched
        if _is_back(known.get(name), roll.before[name]) or _is_out_as_before(roll, known.get(name))
    ]
    roll = attrs.evolve(roll, returned=frozenset(here))
    left = [name for name in roll.touched if name not in roll.returned]
    if not left:
        return attrs.evolve(roll, state=State.undone), []
    broken = [name for name in left if name not in known or not known[name].serving]
    stayed = [name for name in left if name not in broken and known[name].version == roll.before[name]]
    fine = [name for name in left if name not in broken and name not in stayed]
    told = [name for name in fine if known[name].wanted == roll.before[name]]
    leaving = [name for name in told if now - roll.touched[name] <= MOVE_LIMIT_S]
    others = [name for name in fine if name not in told]
    chosen = [*broken, *stayed, *told, *others[: max(0, _room(roll, known) - len(leaving))]]
    fresh = [name for name in chosen if name not in known or known[name].wanted != roll.before[name]]
    roll = attrs.evolve(roll, touched={**roll.touched, **dict.fromkeys(fresh, now)})
    return roll, [Order(name, roll.before[name]) for name in chosen]


def _at_once(roll: Roll, known: Mapping[str, NodeFact]) -> int:
    """How many more may be given the version, if they are out anyway."""
    return max(0, roll.out_max - sum(not _has(known.get(name), roll.version) for name in roll.touched))


def _room(roll: Roll, known: Mapping[str, NodeFact]) -> int:
    """How many more nodes may go out: whoever is out counts, for whatever reason."""
    out = [name for name in roll.queue if name not in known or not known[name].serving]
    leaving = [
        name
        for name in roll.touched
        if name not in out and roll.state is State.rolling and not _has(known.get(name), roll.version)
    ]
    return max(0, roll.out_max - len(out) - len(leaving))


def _has(fact: NodeFact | None, version: str) -> bool:
    return fact is not None and fact.serving and fact.version == version


def _is_back(fact: NodeFact | None, version: str) -> bool:
    if not version:  # it had none before its first roll: nobody wants anything of it again
        return fact is not None and not fact.wanted
    return fact is not None and _has(fact, version) and fact.wanted in ("", version)


def _is_out_as_before(roll: Roll, fact: NodeFact | None) -> bool:
    """It did not serve before the roll, has what it had then, and cannot be started with it."""
    if fact is None or fact.serving or fact.name not in roll.was_out:
        return False
    return fact.wanted == roll.before[fact.name] and bool(fact.trouble)


def _spread(facts: Sequence[NodeFact], done: Sequence[str]) -> list[str]:
    """Those that are done, then those that are out, then the others by turns from each place.

    So two of one place are as far apart as can be.
    """
    rest = [each for each in facts if each.name not in done]
    out = sorted(each.name for each in rest if not each.serving)
    return [*done, *out, *_by_turns([each for each in rest if each.serving])]


def _by_turns(facts: Sequence[NodeFact]) -> list[str]:
    places: dict[str, list[str]] = {}
    for each in sorted(facts, key=lambda fact: fact.name):
        places.setdefault(each.place, []).append(each.name)
    rows = sorted(places.values(), key=lambda names: (-len(names), names))
    longest = max(map(len, rows), default=0)
    return [names[index] for index in range(longest) for names in rows if index < len(names)]
