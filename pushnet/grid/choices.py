"""The choices among equals: by chance, in turn, by place, by load. `choice` makes what a policy asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from pushnet.grid.balance import SAMPLES, Asker, Choice, Draw, Policy, Replica
from pushnet.grid.shares import Nearest, Ring, Split, Weighted

SHUFFLES: Final = 64
"""Orders drawn by chance before the first is given again: enough that no replica leads noticeably more."""


class RandomChoice:
    """Every replica is as good as another."""

    by_load = False
    by_asker = False

    def __init__(self, rng: Draw) -> None:
        self._rng = rng

    def order(self, replicas: Sequence[Replica], asker: Asker) -> list[Replica]:
        return self._rng.sample(replicas, len(replicas))

    def turn(self, count: int) -> int:
        return SHUFFLES * count


class RoundRobin:
    """One after the other, in order of name.

    Keeps the name answered last rather than a count: replicas that come and go do not shift the turn.
    """

    by_load = False
    by_asker = False

    def __init__(self) -> None:
        self._last = ""

    def order(self, replicas: Sequence[Replica], asker: Asker) -> list[Replica]:
        start = next((at for at, replica in enumerate(replicas) if replica.name > self._last), 0)
        self._last = replicas[start].name
        return [*replicas[start:], *replicas[:start]]

    def turn(self, count: int) -> int:
        return count


class Ordered:
    """By priority, the lowest number first: the others stand by."""

    by_load = False
    by_asker = False

    def __init__(self, policy: Policy) -> None:
        self._priorities = policy.priorities

    def order(self, replicas: Sequence[Replica], asker: Asker) -> list[Replica]:
        return sorted(replicas, key=lambda replica: (self._priorities.get(replica.name, 0), replica.name))

    def turn(self, count: int) -> int:
        return 1


class LeastLoaded:
    """Those with the least load, ties by chance. A herd that asks at one time is spread over an answer."""

    by_load = True
    by_asker = False

    def __init__(self, rng: Draw, load: Callable[[Replica], float]) -> None:
        self._rng = rng
        self._load = load

    def order(self, replicas: Sequence[Replica], asker: Asker) -> list[Replica]:
        shuffled = self._rng.sample(replicas, len(replicas))
        shuffled.sort(key=self._load)
        return shuffled

    def turn(self, count: int) -> int:
        return SHUFFLES


class LeastConnections:
    """Those with the fewest connections, where every answer given since the last report counts as one."""

    by_load = True
    by_asker = False

    def __init__(self) -> None:
        self._given: dict[str, tuple[int, int]] = {}

    def order(self, replicas: Sequence[Replica], asker: Asker) -> list[Replica]:
        ordered = sorted(replicas, key=lambda replica: (self._expected(replica), replica.name))
        first = ordered[0]
        self._given[first.name] = (first.report, self._since(first) + 1)
        return ordered

    def _expected(self, replica: Replica) -> float:
        return replica.connections + self._since(replica)

    def _since(self, replica: Replica) -> int:
        report, given = self._given.get(replica.name, (replica.report, 0))
        return given if report == replica.report else 0

    def turn(self, count: int) -> int:
        return 0


class TwoChoices:
    """Two by chance, the one with less load first: nearly as even as the least of all, and no herd."""

    by_load = True
    by_asker = False

    def __init__(self, rng: Draw) -> None:
        self._rng = rng

    def order(self, replicas: Sequence[Replica], asker: Asker) -> list[Replica]:
        drawn = self._rng.sample(replicas, min(2, len(replicas)))
        better = min(drawn, key=lambda replica: replica.load)
        return [better, *(replica for replica in drawn if replica is not better)]

    def turn(self, count: int) -> int:
        return SHUFFLES * count


def choice(policy: Policy, rng: Draw) -> Choice:
    """The policy at work. Keeps turns and counts: one for each group."""
    sample = SAMPLES.index(policy.sample)
    makers: dict[str, Callable[[], Choice]] = {
        "random": lambda: RandomChoice(rng),
        "round-robin": RoundRobin,
        "ordered": lambda: Ordered(policy),
        "adaptive": lambda: LeastLoaded(rng, lambda replica: replica.loads[sample]),
        "least-loaded": lambda: LeastLoaded(rng, lambda replica: replica.load),
        "least-connections": LeastConnections,
        "two-choices": lambda: TwoChoices(rng),
        "nearest": lambda: Nearest(rng),
        "weighted": lambda: Weighted(policy),
        "split": lambda: Split(policy, rng),
        "ring": lambda: Ring(policy),
    }
    return makers[policy.kind]()
