"""Which objects a session may call.

The configuration lists what is allowed: `TagAlias` is the category of that name and also the object of that
name without category; `shard/0` is one object. With no list, every well-known object is allowed, less the
grid's own (categories `Ice`, `IceGrid`, `Glacier2`, `PushNet`), which tell or change what the inside looks
like: these must be listed one by one. Whether an allowed object exists, and where, is the registry's word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pushnet.grid.wellknown import is_name
from pushnet.wire.identity import Identity

INNER: Final = ("Ice", "IceGrid", "Glacier2", "PushNet", "Agent")
"""Categories of which nothing is allowed unless its full name is listed."""


class Doorkeeper:
    """Says of each identity whether it may be called."""

    def __init__(self, allow: Sequence[str]) -> None:
        """Raises `ValueError` for an entry that cannot match anything."""
        wrong = next((entry for entry in allow if not all(map(is_name, entry.split("/", 1)))), None)
        if wrong is not None:
            raise ValueError(f"relay.allow: {wrong!r} is neither a category nor category/name")
        self._categories = frozenset(entry for entry in allow if "/" not in entry)
        self._objects = frozenset(tuple(entry.split("/", 1)) for entry in allow if "/" in entry)

    @property
    def only_well_known(self) -> bool:
        """Whether an object must be well known to be called at all."""
        return not (self._categories or self._objects)

    def admits(self, identity: Identity) -> bool:
        if not is_name(identity.name) or (identity.category and not is_name(identity.category)):
            return False
        if (identity.category, identity.name) in self._objects:
            return True
        if identity.category in INNER:
            return False
        return self.only_well_known or (identity.category or identity.name) in self._categories
