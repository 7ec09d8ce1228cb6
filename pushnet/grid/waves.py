"""Other settings reach the servers of one kind in waves: no more are out at a time than a roll may take.

A server that other settings start anew is *held*: its plan stays that of the generation it goes by. It is
*told* when its turn has come, and is back when another process of it serves. Those that are out anyway come
first, since the settings may be their cure. One that does not come back in time halts the rest, until it is
back or other settings are applied: then its turn comes again. One that needed no other process, since what it
was told is what it runs, is settled when its time is over.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

import attrs
import msgspec

from pushnet.grid.roll import OUT_SHARE_MAX

MARGIN_S: Final = 10.0
"""Over a server's own limits to end and to start, until it is late."""


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
    settled: bool = False
    """It serves, and nothing is on its way or could not be started."""


class Waits:
    """Since when servers have been told, by the clock of who watches them."""

    def __init__(self) -> None:
        self._since: dict[str, dict[tuple[str, int], float]] = {}
        """Of each kind, by server and the process that it had when it was told."""

    def overdue(self, kind: str, wave: Wave, now: float, limit_s: Callable[[str], float]) -> list[str]:
        """Those that were told too long ago. `limit_s`: by server."""
        known = self._since.get(kind, {})
        since = self._since[kind] = {key: known.get(key, now) for key in wave.told.items()}
        return [name for (name, _), at in since.items() if now - at > MARGIN_S + limit_s(name)]

    def clear(self) -> None:
        """Another watches."""
        self._since.clear()


def read_wave(text: str) -> Wave:
    """Raises `msgspec.MsgspecError`."""
    return msgspec.json.decode(text, type=Wave)


def step(wave: Wave, standings: Sequence[Standing], overdue: Collection[str]) -> Wave:
    """The next state; `overdue`: servers that were told too long ago."""
    known = {each.name: each for each in standings}
    told = {name: pid for name, pid in wave.told.items() if not _is_back(known.get(name), pid)}
    held = {name: generation for name, generation in wave.held.items() if name in known}
    over = [name for name in told if name in overdue and (name in held or known[name].settled)]
    told = {name: pid for name, pid in told.items() if name not in over}
    late = sorted(name for name in told if name in overdue)
    halted = f"{', '.join(late)} did not come back with the settings" if late else ""
    if halted or over:
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
