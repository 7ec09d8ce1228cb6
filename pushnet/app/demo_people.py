"""Who the demonstration's devices are: tags and aliases, drawn by a seed, and who an audience means.

This is the demonstration's own reckoning of JPush's audience algebra, on sets, device by device: what the
cluster answers is held against it, so it shares no code with the cluster.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import attrs

TAGS = ("north", "south", "east", "west", "vip", "beta", "night", "quiet")
TAG_SHARE = 0.35
DEVICES_PER_ALIAS = 2
ALIAS_SHARE = 0.1
"""Of the devices have an alias."""


@attrs.frozen
class Person:
    """One device."""

    key: str
    tags: frozenset[str]
    alias: str


Audience = str | Mapping[str, Sequence[str]]


def draw(devices: int, seed: int) -> list[Person]:
    """The devices of a demonstration: the same for the same numbers."""
    rng = random.Random(seed)
    with_alias = int(devices * ALIAS_SHARE)
    return [
        Person(
            f"demo-{number:05d}",
            frozenset(tag for tag in TAGS if rng.random() < TAG_SHARE),
            f"person{number // DEVICES_PER_ALIAS}" if number < with_alias else "",
        )
        for number in range(devices)
    ]


def meant(people: Sequence[Person], ids: Sequence[str], audience: Audience) -> list[int]:
    """The numbers of the devices that `audience` means; `ids` are their registration ids."""
    if isinstance(audience, str):
        assert audience == "all", audience
        return list(range(len(people)))
    return [
        number
        for number, person in enumerate(people)
        if _matches(person, ids[number], {kind: set(names) for kind, names in audience.items() if names})
    ]


def _matches(person: Person, rid: str, wanted: Mapping[str, set[str]]) -> bool:
    """Whether every kind that is named holds: the kinds are and-ed."""
    return all(_holds(person, rid, kind, names) for kind, names in wanted.items())


def _holds(person: Person, rid: str, kind: str, names: set[str]) -> bool:
    match kind:
        case "tag":
            return bool(names & person.tags)
        case "tag_and":
            return names <= person.tags
        case "tag_not":
            return not names & person.tags
        case "alias":
            return person.alias in names
        case _:
            assert kind == "registration_id", kind
            return rid in names
