"""Which replica a caller gets.

The registry answers a lookup of a replica group with one proxy that carries the endpoints of several
replicas. Two facts about stock Ice clients decide how many and in which order:

* a client tries the endpoints in random order unless it is configured otherwise, so an order with more
  than one endpoint is only a hint, while the *set* is honoured;
* a client whose endpoint refuses the connection goes on with the next at once, while one with a single
  endpoint asks the registry again and, until the lease of the dead replica has run out, may hear the same
  dead endpoint a second time and give up.

So a single endpoint is exact balancing and poor failover, and all of them is the reverse. Decided:

`random`        up to `RANDOM_ANSWERED` replicas, shuffled: the client's own choice is random anyway;
`round-robin`   the next replica in turn and its successor: each is named equally often;
`least-loaded`  the two with the least load, ties shuffled: whichever of the two the client picks is a good
                one, and a herd of clients that ask at the same time is spread over two.

Two endpoints give immediate failover unless both die within one lease.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

RANDOM_ANSWERED: Final = 16
"""More endpoints than this make the answer long and failover no better."""
CHOSEN_ANSWERED: Final = 2
UNKNOWN_LOAD: Final = 1.0
"""Of a replica that has told none: neither preferred nor avoided beside a busy one."""
CHOICES: Final = ("random", "round-robin", "least-loaded")


class Draw(Protocol):
    """The part of a world's random stream that choosing needs."""

    def sample(self, population: Sequence[str], k: int) -> list[str]: ...


class Choice(Protocol):
    """How one group is balanced."""

    def order(self, replicas: Sequence[str], loads: Mapping[str, float]) -> list[str]:
        """The replicas to answer, best first; `replicas` is sorted and not empty."""
        ...


class RandomChoice:
    """Every replica is as good as another."""

    def __init__(self, rng: Draw) -> None:
        self._rng = rng

    def order(self, replicas: Sequence[str], loads: Mapping[str, float]) -> list[str]:
        return self._rng.sample(list(replicas), min(len(replicas), RANDOM_ANSWERED))


class RoundRobin:
    """One after the other, in order of name.

    Keeps the name answered last rather than a count: replicas that come and go do not shift the turn.
    """

    def __init__(self) -> None:
        self._last = ""

    def order(self, replicas: Sequence[str], loads: Mapping[str, float]) -> list[str]:
        start = next((at for at, name in enumerate(replicas) if name > self._last), 0)
        self._last = replicas[start]
        turned = [*replicas[start:], *replicas[:start]]
        return turned[:CHOSEN_ANSWERED]


class LeastLoaded:
    """Those with the least `load`, as told with the last renewal."""

    def __init__(self, rng: Draw) -> None:
        self._rng = rng

    def order(self, replicas: Sequence[str], loads: Mapping[str, float]) -> list[str]:
        shuffled = self._rng.sample(list(replicas), len(replicas))
        shuffled.sort(key=lambda name: loads.get(name, UNKNOWN_LOAD))
        return shuffled[:CHOSEN_ANSWERED]


def choice(kind: str, rng: Draw) -> Choice:
    """The choice that the configuration calls `kind`. Raises `ValueError` naming what there is."""
    if kind == "random":
        return RandomChoice(rng)
    if kind == "round-robin":
        return RoundRobin()
    if kind == "least-loaded":
        return LeastLoaded(rng)
    raise ValueError(f"balance {kind!r} is none of {', '.join(CHOICES)}")
