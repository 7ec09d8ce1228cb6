"""How a push travels: decided by its audience alone, so that every attempt decides alike.

Whoever is named by alias or registration id gets the message in their own streams; everything else is one
row of the app's group log. Deciding by the number of devices found would let a second attempt choose the
other way and show the message twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from pushnet.gen.pushnet.broker import Target
from pushnet.gen.pushnet.dbagent import Placement
from pushnet.gen.pushnet.push import Audience


def names_devices(audience: Audience) -> bool:
    """Whether devices are named one by one: at most 1,000 ids, or 1,000 aliases of ten devices."""
    return bool(audience.alias or audience.registrationId)


def names_ids_only(audience: Audience) -> bool:
    """Whether the shards alone can say who is meant, without the tag index."""
    others = audience.tag or audience.tagAnd or audience.tagNot or audience.alias
    return bool(audience.registrationId) and not others and not audience.all


def names_nobody(audience: Audience) -> bool:
    """Whether it is no audience at all: no gateway makes one."""
    kinds = audience.tag or audience.tagAnd or audience.tagNot or audience.alias or audience.registrationId
    return not audience.all and not kinds


def in_pages(ordinals: Sequence[int], size: int) -> list[list[int]]:
    """The ordinals in pages of at most `size`."""
    return [list(ordinals[first : first + size]) for first in range(0, len(ordinals), size)]


def targets_by_broker(placements: Sequence[Placement]) -> dict[str, list[Target]]:
    """What each Broker has to deliver, by its name; the devices that are offline are left out."""
    parts: dict[str, list[Target]] = {}
    for place in placements:
        if place.broker:
            target = Target(place.ordinal, place.epoch, place.prev, place.seq)
            parts.setdefault(place.broker, []).append(target)
    return dict(sorted(parts.items()))
