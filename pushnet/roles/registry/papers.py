"""Entries of the state that the books keep as they are, for those who write and read them.

What is kept, by the first part of the key:

    settings/<generation>, settings/head    the cluster's settings and which of them hold
    version/<server>                        the version a server is to have
    place/<server>, scale/<set>             where a server of any agent is; how many of a set there are
    roll/<kind>                             how far a roll is
    wave/<kind>                             which servers go by earlier settings until their turn comes
    leading/<what>                          which registry does it, under a lease
    token/<id>                              a token by which nodes join, as a digest
    holder/<name>                           until when somebody has a certificate for that name
    revoked/<name>                          when its certificates were revoked, in seconds since 1970
    list/rules                              white and black lists, all of them
    event/<registry>                        what that registry alone has seen last
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pushnet.stores.registry.state import Entry

SETTINGS: Final = "settings/"
VERSION: Final = "version/"
PLACE: Final = "place/"
SCALE: Final = "scale/"
ROLL: Final = "roll/"
LEADING: Final = "leading/"
EVENT: Final = "event/"
TOKEN: Final = "token/"
LIST: Final = "list/"
WAVE: Final = "wave/"
HOLDER: Final = "holder/"
REVOKED: Final = "revoked/"
KINDS: Final = (SETTINGS, VERSION, PLACE, SCALE, ROLL, LEADING, EVENT, TOKEN, LIST, WAVE, HOLDER, REVOKED)


class Papers:
    """A part of the mirror: changes only when the state tells a change."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self.followers: list[Callable[[str], object]] = []
        """Told the key of each entry that was put or is gone."""

    def put(self, entry: Entry) -> None:
        self._entries[entry.key] = entry
        self._tell(entry.key)

    def gone(self, key: str) -> None:
        if self._entries.pop(key, None) is not None:
            self._tell(key)

    def value(self, key: str) -> str:
        """Empty when there is no such entry."""
        entry = self._entries.get(key)
        return entry.value if entry else ""

    def entry(self, key: str) -> Entry | None:
        return self._entries.get(key)

    def under(self, kind: str) -> dict[str, Entry]:
        """The entries of one kind by the rest of their keys, sorted."""
        found = sorted(key for key in self._entries if key.startswith(kind))
        return {key.removeprefix(kind): self._entries[key] for key in found}

    def entries(self) -> list[Entry]:
        return list(self._entries.values())

    def _tell(self, key: str) -> None:
        for follower in list(self.followers):
            follower(key)
