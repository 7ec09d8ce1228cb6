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
    """The folder is new, or a copy, or its machine has been started again; and not settled since."""


def installation_of(world: World) -> Installation:
    """That of the world's folder. Blocking."""
    storage = world.storage
    place = _place(world)
    try:
        known = json.loads(storage.read(FILE))
        if known["place"] == place:
            return Installation(str(known["id"]), new=bool(known.get("new", False)))
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, TypeError) as error:
        _say(f"{FILE} is not understood, and made anew", error)
    made = Installation(world.entropy.token(ID_BYTES).hex(), new=True)
    try:
        storage.replace(FILE, json.dumps({"id": made.id, "place": place, "new": True}).encode())
    except OSError as error:
        _say(
            "the id of this installation cannot be kept: who comes after this process waits for its lease",
            error,
        )
    return made


def settle(world: World, installation: Installation) -> None:
    """Its node has its name, or nobody had it: from now on it is not new. Blocking.

    Until then a copy that is refused, and started again and again, is refused each time.
    """
    place = _place(world)
    try:
        world.storage.replace(FILE, json.dumps({"id": installation.id, "place": place}).encode())
    except OSError as error:
        _say("that this installation has its name cannot be kept", error)


def _place(world: World) -> str:
    return f"{world.machine()} {world.storage.path(FILE)}"


def _say(what: str, error: Exception) -> None:
    Logger(namespace="pushnet.membership").warn("{what}: {error}", what=what, error=f"{error!r}")
