"""Which replicas of a group a caller gets: the vocabulary, and what a policy may be.

The registry answers a lookup of a replica group with one proxy that carries the endpoints of several
replicas. Two facts about stock Ice clients decide how many and in which order:

* a client tries the endpoints in random order unless it is configured otherwise, so an order with more
  than one endpoint is only a hint, while the *set* is honoured;
* a client whose endpoint refuses the connection goes on with the next at once, while one with a single
  endpoint asks the registry again.

So a single endpoint is exact balancing, and several are the faster failover. How many are answered can be
set for each group (`n`, as IceGrid's `n-replicas`; 0: all); what each kind does when nothing is set stands
in `KINDS`. Where the share is the point (weights, a ring) it is one, elsewhere two or more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol, TypeVar

import attrs

T = TypeVar("T")

ALL: Final = 0
RANDOM_ANSWERED: Final = 16
"""More endpoints than this make the answer long and failover no better."""
UNKNOWN_LOAD: Final = 1.0
"""Of a replica that has told none: neither preferred nor avoided beside a busy one. IceGrid's rule, too."""
SAMPLES: Final = (1, 5, 15)
"""The minutes over which load is averaged, as IceGrid's `load-sample` names them."""
KINDS: Final[Mapping[str, int]] = {
    "random": RANDOM_ANSWERED,
    "round-robin": 2,
    "ordered": ALL,
    "adaptive": 2,
    "least-loaded": 2,
    "least-connections": 2,
    "two-choices": 2,
    "nearest": 2,
    "weighted": 1,
    "split": 2,
    "ring": 1,
}
"""Each kind of choice, and how many replicas it answers when the policy does not say."""
PARTS_MAX: Final = 1000
"""Of one site in a split: `7:3` needs no more, and the turn of a split is as long as all parts together."""


class Draw(Protocol):
    """The part of a world's random stream that choosing needs."""

    def sample(self, population: Sequence[T], k: int) -> list[T]: ...

    def random(self) -> float: ...


@attrs.frozen
class Replica:
    """One replica as the registry knows it at the moment."""

    name: str
    """Its adapter id."""
    region: str = ""
    zone: str = ""
    load: float = UNKNOWN_LOAD
    """As told last."""
    loads: tuple[float, float, float] = (UNKNOWN_LOAD,) * 3
    """Averaged over the minutes in `SAMPLES`."""
    connections: float = 0.0
    """As told last."""
    report: int = 0
    """Changes when the node has told its readings again."""


@attrs.frozen
class Asker:
    """Who asks, as far as it matters: where it is, and for which key when a group is sharded."""

    region: str = ""
    zone: str = ""
    key: str = ""


ANYBODY: Final = Asker()


@attrs.frozen
class Policy:
    """How one group is balanced. Raises `ValueError` when it cannot be.

    Args:
        kind: one of `KINDS`.
        n: replicas an answer has; 0: all; None: as the kind says.
        sample: minutes over which `adaptive` averages load: 1, 5 or 15.
        weights: `weighted`, `ring`: replica to its weight; 1 for who is not named.
        priorities: `ordered`: replica to its place, the lowest first; 0 for who is not named.
        parts: `split`: region, or `region/zone`, to its parts of the whole: `{"east": 7, "west": 3}`.
    """

    kind: str = "random"
    n: int | None = None
    sample: int = 1
    weights: Mapping[str, float] = {}
    priorities: Mapping[str, int] = {}
    parts: Mapping[str, int] = {}

    def __attrs_post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"choice {self.kind!r} is none of {', '.join(KINDS)}")
        if self.n is not None and self.n < 0:
            raise ValueError(f"n must be 0 or more, not {self.n}")
        if self.sample not in SAMPLES:
            raise ValueError(f"the load sample must be 1, 5 or 15 minutes, not {self.sample}")
        for name, weight in self.weights.items():
            if not 0 <= weight <= PARTS_MAX:
                raise ValueError(f"the weight of {name} must be 0 to {PARTS_MAX}, not {weight}")
        for site, parts in self.parts.items():
            if not 0 <= parts <= PARTS_MAX:
                raise ValueError(f"the parts of {site} must be 0 to {PARTS_MAX}, not {parts}")
        if self.kind == "split" and not any(self.parts.values()):
            raise ValueError("a split needs parts: at least one site with more than 0")

    @property
    def answered(self) -> int:
        """How many replicas an answer has at most; 0: all."""
        return KINDS[self.kind] if self.n is None else self.n


class Choice(Protocol):
    """How one group is balanced: a policy at work."""

    by_load: bool
    """Whether other readings make another order."""
    by_asker: bool
    """Whether it matters who asks."""

    def order(self, replicas: Sequence[Replica], asker: Asker) -> list[Replica]:
        """Those that may be answered, best first; `replicas` is sorted by name and not empty."""
        ...

    def turn(self, count: int) -> int:
        """After how many orders of `count` replicas, all else unchanged, they may be given again."""
        ...
