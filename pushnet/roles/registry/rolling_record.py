"""A roll as it stands in the state, under `roll/<kind>`: what survives whoever leads it.

Times of the leader's clock are not in it. What it tells of itself (`status`) is made of it alone, so every
registry tells the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import inf
from typing import Final

import attrs
import msgspec

from pushnet.gen.pushnet.deploy import RollMember, RollStatus
from pushnet.grid.roll import Order, Roll, State

JOURNAL_LINES_MAX: Final = 100


@attrs.frozen
class RollRecord:
    """See `pushnet.grid.roll.Roll` for what is not told here."""

    number: int
    """Of the roll, among those of its kind."""
    kind: str
    version: str
    who: str
    begun_at_s: int
    queue: tuple[str, ...]
    before: dict[str, str]
    waves: tuple[int, ...]
    out_max: int
    soak_s: float
    state: State = State.rolling
    wave: int = 0
    touched: tuple[str, ...] = ()
    arrived: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    reason: str = ""
    waits: str = ""
    """Why nothing moves at the moment; empty when all is well."""
    soaks_until_s: float = 0.0
    """By the wall clock, to be shown; 0: no wave is watched."""
    journal: tuple[str, ...] = ()
    epoch: int = 0
    """Of the leader that took the last step."""
    was_out: tuple[str, ...] = ()

    def to_json(self) -> str:
        return msgspec.json.encode(self).decode()

    @property
    def over(self) -> bool:
        return self.state in (State.done, State.undone)

    def roll(self, known: Roll | None = None) -> Roll:
        """The value to decide with; `known`: the same as this leader had it last, with its times."""
        times: Mapping[str, float] = known.touched if known is not None else {}
        same_wave = known is not None and known.wave == self.wave
        return Roll(
            kind=self.kind,
            version=self.version,
            queue=self.queue,
            before=self.before,
            waves=self.waves,
            out_max=self.out_max,
            soak_s=self.soak_s,
            state=self.state,
            wave=self.wave,
            touched={name: times.get(name, inf) for name in self.touched},
            arrived=frozenset(self.arrived),
            returned=frozenset(self.returned),
            soaking_since=known.soaking_since if known is not None and same_wave else None,
            reason=self.reason,
            was_out=frozenset(self.was_out),
        )

    def after(self, roll: Roll, waits: str, lines: Sequence[str], now_s: float) -> RollRecord:
        """What is to be stored when the roll has become `roll`; `now_s`: by the wall clock."""
        soaks = roll.soaking_since is not None and not roll.over
        until_s = self.soaks_until_s if self.soaks_until_s and roll.wave == self.wave else now_s + roll.soak_s
        made = attrs.evolve(
            self,
            queue=roll.queue,
            waves=roll.waves,
            state=roll.state,
            wave=roll.wave,
            touched=tuple(roll.touched),
            arrived=tuple(sorted(roll.arrived)),
            returned=tuple(sorted(roll.returned)),
            reason=roll.reason,
            waits=waits,
            soaks_until_s=until_s if soaks else 0.0,
        )
        if made.waits and not any(line.endswith(made.waits) for line in self.journal):
            lines = [*lines, made.waits]
        return made.noted(lines, now_s)

    def turned(self, roll: Roll) -> RollRecord:
        """What is to be stored when an operator has made `roll` of it."""
        goes_on = roll.state in (State.rolling, State.paused)
        return attrs.evolve(
            self,
            state=roll.state,
            reason=roll.reason,
            out_max=roll.out_max,
            returned=tuple(sorted(roll.returned)),
            waits="",
            soaks_until_s=self.soaks_until_s if goes_on else 0.0,
        )

    def noted(self, lines: Sequence[str], now_s: float) -> RollRecord:
        """With these lines in the journal."""
        at = datetime.fromtimestamp(now_s, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        journal = (*self.journal, *(f"{at} {line}" for line in lines))
        return attrs.evolve(self, journal=journal[-JOURNAL_LINES_MAX:])

    def status(self, change: int, now_s: float) -> RollStatus:
        """For those who watch it."""
        left_s = self.soaks_until_s - now_s if self.soaks_until_s else 0.0
        return RollStatus(
            change=change,
            kind=self.kind,
            version=self.version,
            state=self.state.value,
            reason=self.reason or self.waits,
            waves=list(self.waves),
            wave=self.wave,
            soakLeftMs=max(0, int(left_s * 1000)),
            begunAtS=self.begun_at_s,
            who=self.who,
            members=[
                RollMember(name, self.before.get(name, ""), self.version, self._how(name))
                for name in self.queue
            ],
            journal=list(self.journal),
        )

    def _how(self, name: str) -> str:
        if name not in self.touched:
            return "waiting"
        if self.state in (State.undoing, State.undone):
            return "back" if name in self.returned else "going back"
        return "arrived" if name in self.arrived else "moving"


def begun(roll: Roll, number: int, who: str, now_s: float) -> RollRecord:
    """The record of a roll that begins."""
    record = RollRecord(
        number=number,
        kind=roll.kind,
        version=roll.version,
        who=who,
        begun_at_s=int(now_s),
        queue=roll.queue,
        before=dict(roll.before),
        waves=roll.waves,
        out_max=roll.out_max,
        soak_s=roll.soak_s,
        touched=tuple(roll.touched),
        arrived=tuple(sorted(roll.arrived)),
        was_out=tuple(sorted(roll.was_out)),
    )
    waves = ", then ".join(map(str, roll.waves))
    return record.noted([f"{who} rolls {roll.version} over {len(roll.queue)} servers: {waves}"], now_s)


def read_record(text: str) -> RollRecord:
    """Raises `msgspec.MsgspecError`."""
    return msgspec.json.decode(text, type=RollRecord)


def news(before: Roll, after: Roll, orders: Sequence[Order]) -> list[str]:
    """What has happened from one step to the next, in words."""
    lines: list[str] = []
    lines += [f"{name} serves with {after.version}" for name in sorted(after.arrived - before.arrived)]
    if after.state is State.undoing and before.state is not State.undoing:
        lines.append(f"turned round: {after.reason}")
    if after.wave != before.wave:
        lines.append(f"{before.waves[before.wave]} did well for {before.soak_s:g} s: on to {_goal(after)}")
    lines += [f"{name} is back at {after.before[name]}" for name in sorted(after.returned - before.returned)]
    lines += [f"{order.node} is given {order.version or 'what the settings say'}" for order in orders]
    if after.soaking_since is not None and before.soaking_since is None:
        lines.append(f"{_goal(after)} of {len(after.queue)} have it: watched for {after.soak_s:g} s")
    if after.over and not before.over:
        lines.append("done" if after.state is State.done else "undone: every touched server has what it had")
    return lines


def _goal(roll: Roll) -> int:
    return roll.waves[roll.wave]
