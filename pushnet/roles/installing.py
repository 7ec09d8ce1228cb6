"""The installation that a node belongs to: a random id in its folder, made where there is none of this place.

The file says where it was made: on which machine, since which of its starts, in which folder. Found anywhere
else it has been copied, or the machine has been started again: then it is another installation, with an id of
its own. See `pushnet.grid.installations` for what that is good for.
"""

from __future__ import annotations

import json
from typing import Final

import attrs
from twisted.logger import Logger

from pushnet.grid.installations import ID_BYTES
from pushnet.world import World

FILE: Final = "installation.json"


@attrs.frozen
class Installation:
    """Which one this is."""

    id: str
    new: bool
    """It was made just now: the folder is new, or a copy, or its machine has been started again."""


def installation_of(world: World) -> Installation:
    """That of the world's folder. Blocking."""
    storage = world.storage
    place = f"{world.machine()} {storage.path(FILE)}"
    try:
        known = json.loads(storage.read(FILE))
        if known["place"] == place:
            return Installation(str(known["id"]), new=False)
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, TypeError) as error:
        _say(f"{FILE} is not understood, and made anew", error)
    made = Installation(world.entropy.token(ID_BYTES).hex(), new=True)
    try:
        storage.replace(FILE, json.dumps({"id": made.id, "place": place}).encode())
    except OSError as error:
        _say(
            "the id of this installation cannot be kept: who comes after this process waits for its lease",
            error,
        )
    return made


def _say(what: str, error: Exception) -> None:
    Logger(namespace="pushnet.membership").warn("{what}: {error}", what=what, error=f"{error!r}")
