"""Other settings reach the servers of one kind in waves: no more are out at a time than a roll may take.

A server that other settings start anew is *held*: its plan stays that of the generation it goes by. It is
*told* when its turn has come, and is back when another process of it serves. Those that are out anyway come
first, since the settings may be their cure. One that does not come back in time halts the rest.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import attrs
import msgspec

from pushnet.grid.roll import OUT_SHARE_MAX


@attrs.frozen
class Wave:
    """How far it is."""

    held: dict[str, int]
    """Server to the generation that it goes by, of those whose turn has not come."""
    told: dict[str, int] = attrs.Factory(dict)
    """Server to the process that it had when it was told, of those that are not back."""
    halted: str = ""
    """Why nobody else is told; empty: it goes on."""

    @property
    def over(self) -> bool:
        return not self.held and not self.told

    def to_json(self) -> str:
        return msgspec.json.encode(self).decode()


@attrs.frozen
class Standing:
    """How one server of the kind is."""

    name: str
    pid: int
    serving: bool
    resting: bool = False
    """Nobody wants it to run: its next process will be started with what holds then."""


def read_wave(text: str) -> Wave:
    """Raises `msgspec.MsgspecError`."""
    return msgspec.json.decode(text, type=Wave)


def step(wave: Wave, standings: Sequence[Standing], overdue: Collection[str]) -> Wave:
    """The next state; `overdue`: servers that were told too long ago."""
    known = {each.name: each for each in standings}
    told = {name: pid for name, pid in wave.told.items() if not _is_back(known.get(name), pid)}
    late = sorted(name for name in told if name in overdue)
    halted = f"{', '.join(late)} did not come back with the settings" if late else ""
    held = {name: generation for name, generation in wave.held.items() if name in known}
    if halted:
        return Wave(held, told, halted)
    most = max(1, math.floor(len(standings) * OUT_SHARE_MAX))
    out = {each.name: None for each in standings if not (each.serving or each.resting) or each.name in told}
    for name in _in_turn(held, known):
        each = known[name]
        if each.resting:
            del held[name]
        elif name not in told and (name in out or len(out) < most):
            del held[name]
            told[name] = each.pid
            out[name] = None
    return Wave(held, told)


def _is_back(standing: Standing | None, pid: int) -> bool:
    return standing is None or standing.resting or (standing.serving and standing.pid != pid)


def _in_turn(held: Mapping[str, int], known: Mapping[str, Standing]) -> list[str]:
    return sorted(held, key=lambda name: known[name].serving)
