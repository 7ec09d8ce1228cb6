"""On which agent each process runs whose agent is `any`.

Who has a place keeps it as long as its agent is there. Whoever needs one gets the agent with the fewest of
its kind, then that in the zone with the fewest of its kind, then that with the fewest of all. When an agent
has two more of a kind than another, because that one came back, one moves, and no more before the next look.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import attrs


@attrs.frozen
class Site:
    """An agent that is there, and where it is."""

    name: str
    region: str = ""
    zone: str = ""
    settled: int = 0
    """How many run there that may run nowhere else."""


@attrs.frozen
class Wanderer:
    """A process that may run anywhere. `kind` is what it is spread with."""

    name: str
    kind: str


def spread(
    wanderers: Sequence[Wanderer],
    places: Mapping[str, str],
    sites: Sequence[Site],
    awaited: Collection[str] = (),
) -> dict[str, str]:
    """Process to agent, for all that can have a place; those whose agent is away are moved.

    Args:
        awaited: agents that are not there and may be back in a moment: who was there stays.
    """
    there = {site.name: site for site in sites}
    kept = [each for each in wanderers if each.name in places]
    made = {each.name: places[each.name] for each in kept if places[each.name] in {*there, *awaited}}
    if not sites:
        return made
    for each in wanderers:
        if each.name not in made:
            made[each.name] = min(
                sites, key=lambda site: _fullness(site, each.kind, wanderers, made, there)
            ).name
    return made


def levelled(
    wanderers: Sequence[Wanderer], places: Mapping[str, str], sites: Sequence[Site]
) -> dict[str, str]:
    """The places with one process moved from the fullest agent of its kind to the emptiest, or unchanged."""
    for kind in dict.fromkeys(each.kind for each in wanderers):
        own = [each.name for each in wanderers if each.kind == kind and each.name in places]
        counts = {site.name: sum(places[name] == site.name for name in own) for site in sites}
        if not counts:
            continue
        full = max(sorted(counts), key=lambda name: counts[name])
        empty = min(sorted(counts), key=lambda name: counts[name])
        if counts[full] - counts[empty] >= 2:
            last = [name for name in own if places[name] == full][-1]
            return {**places, last: empty}
    return dict(places)


def _fullness(
    site: Site,
    kind: str,
    wanderers: Sequence[Wanderer],
    places: Mapping[str, str],
    there: Mapping[str, Site],
) -> tuple[int, int, int, str]:
    """The least is chosen."""
    own = [places[each.name] for each in wanderers if each.kind == kind and each.name in places]
    zone = (site.region, site.zone)
    near = sum((there[name].region, there[name].zone) == zone for name in own if name in there)
    return own.count(site.name), near, list(places.values()).count(site.name) + site.settled, site.name
