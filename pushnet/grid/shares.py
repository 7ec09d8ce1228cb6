"""The choices that give each its share: by distance, by weight, by a ratio between sites, by key.

Shares are exact, not only likely: weights and ratios take smooth turns (who has waited longest for its
share is next), so `7:3` is seven and three of every ten answers. A ring is rendezvous hashing: each replica
draws a number for the key and the highest wins, so a replica that goes moves its own keys only, and one
that comes takes the keys it wins and no others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Final

from pushnet.grid.balance import Asker, Draw, Policy, Replica

_DRAWN_BITS: Final = 64


class SmoothTurns:
    """Names in turn by weight: over every full turn each has exactly its share, evenly spread."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._owed: dict[str, float] = {}

    def next(self, names: Sequence[str]) -> str:
        """The next of `names`; those of weight 0 only when there is nobody else."""
        weights = {name: self._weights.get(name, 1.0) for name in names}
        total = sum(weights.values())
        if total <= 0:
            weights, total = dict.fromkeys(names, 1.0), float(len(names))
        owed = self._owed = {name: self._owed.get(name, 0.0) + weights[name] for name in names}
        chosen = max(names, key=lambda name: (weights[name] > 0, owed[name]))
        owed[chosen] -= total
        return chosen


class Weighted:
    """Each replica first as often as its weight says; the others stand by, the heaviest first."""

    by_load = False
    by_asker = False

    def __init__(self, policy: Policy) -> None:
        self._weights = policy.weights
        self._turns = SmoothTurns(policy.weights)

    def order(self, replicas: Sequence[Replica], asker: Asker) -> list[Replica]:
        first = self._turns.next([replica.name for replica in replicas])
        return sorted(
            replicas, key=lambda replica: (replica.name != first, -self._weights.get(replica.name, 1.0))
        )

    def turn(self, count: int) -> int:
        """Nothing is kept: a turn may be as long as all weights together."""
        return 0


class Split:
    """A ratio between sites: an answer has replicas of one site only, in an order drawn by chance.

    A site without live replicas gives its parts to the others; replicas at no named site are answered
    only when there is nobody else.
    """

    by_load = False
    by_asker = False

    def __init__(self, policy: Policy, rng: Draw) -> None:
        self._parts = policy.parts
        self._turns = SmoothTurns({site: float(parts) for site, parts in policy.parts.items()})
        self._rng = rng

    def order(self, replicas: Sequence[Replica], asker: Asker) -> list[Replica]:
        sites: dict[str, list[Replica]] = {}
        for replica in replicas:
            site = self._site(replica)
            if self._parts.get(site, 0) > 0:
                sites.setdefault(site, []).append(replica)
        chosen = sites[self._turns.next(sorted(sites))] if sites else list(replicas)
        return self._rng.sample(chosen, len(chosen))

    def _site(self, replica: Replica) -> str:
        """The narrowest name under which the policy knows where the replica is."""
        narrow = f"{replica.region}/{replica.zone}"
        return narrow if narrow in self._parts else replica.region

    def turn(self, count: int) -> int:
        return 0


class Nearest:
    """Those in the asker's zone, then in its region, then the others; by chance among equals."""

    by_load = False
    by_asker = True

    def __init__(self, rng: Draw) -> None:
        self._rng = rng

    def order(self, replicas: Sequence[Replica], asker: Asker) -> list[Replica]:
        """An answer stays as near as it can: farther ones only when nobody is nearer.

        A caller chooses by chance among what it is answered, so a far replica beside a near one would get
        half of the calls.
        """
        distances = [_distance(replica, asker) for replica in replicas]
        least = min(distances)
        near = [replica for replica, far in zip(replicas, distances, strict=True) if far == least]
        return self._rng.sample(near, len(near))

    def turn(self, count: int) -> int:
        return 0


def _distance(replica: Replica, asker: Asker) -> int:
    if not asker.region or replica.region != asker.region:
        return 2
    return 0 if asker.zone and replica.zone == asker.zone else 1


class Ring:
    """Consistent hashing: a key's replica, and who takes it over, by rendezvous. Weights shift shares."""

    by_load = False
    by_asker = True

    def __init__(self, policy: Policy) -> None:
        self._weights = policy.weights

    def order(self, replicas: Sequence[Replica], asker: Asker) -> list[Replica]:
        return sorted(replicas, key=lambda replica: (-self._drawn(replica.name, asker.key), replica.name))

    def _drawn(self, name: str, key: str) -> float:
        """The replica's number for the key: the highest has it, more often by weight."""
        weight = self._weights.get(name, 1.0)
        digest = blake2b(f"{name}\0{key}".encode(), digest_size=_DRAWN_BITS // 8).digest()
        fraction = (int.from_bytes(digest, "big") + 0.5) / 2.0**_DRAWN_BITS
        return weight / -math.log(fraction) if weight > 0 else 0.0

    def turn(self, count: int) -> int:
        return 0
