"""Where devices go that a Broker gives away: those of one that ends, and those of one that has too many.

They are dealt out one by one to whoever has the fewest, as long as that has room, so that in the end all
have about as many. Brokers of the same region come first; the others only when there is no room there.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from typing import Final

import attrs

EVEN: Final = 1.05
"""A Broker that has so many times the average keeps its devices: moving costs each of them a login."""


@attrs.frozen
class Place:
    """A Broker that takes devices in, as the registry knows it."""

    name: str
    host: str
    port: int
    devices: int
    room: int
    """How many it may have."""
    near: bool = True
    """Whether it is in the region of who gives."""


def deal(count: int, places: Sequence[Place]) -> list[Place]:
    """For each of `count` devices the place it goes to; fewer when there is no room for all."""
    dealt: list[Place] = []
    for near in (True, False):
        some = [place for place in places if place.near is near]
        heap = [(place.devices, number) for number, place in enumerate(some) if place.devices < place.room]
        heapify(heap)
        while heap and len(dealt) < count:
            devices, number = heappop(heap)
            dealt.append(some[number])
            if devices + 1 < some[number].room:
                heappush(heap, (devices + 1, number))
    return dealt


def surplus(devices: int, places: Sequence[Place]) -> int:
    """How many of `devices` a Broker has more than its share, given the others near it."""
    others = [place.devices for place in places if place.near]
    average = (devices + sum(others)) / (len(others) + 1)
    return int(devices - average) if others and devices > average * EVEN else 0
