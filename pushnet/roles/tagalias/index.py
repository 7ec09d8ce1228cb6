"""The whole index: every app, and how far each shard's change log has been followed.

Both live in one object because they are one fact: the apps are what the logs say up to these positions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
from pyroaring import BitMap

from pushnet.gen.pushnet.dbagent import Change, ChangePage
from pushnet.gen.pushnet.push import Audience
from pushnet.roles.tagalias.app_index import AppIndex


@attrs.frozen
class Followed:
    """Read up to `position` of the change log with this number; 0 and 0 before the first page."""

    log: int = 0
    position: int = 0


class Index:
    """What TagAlias knows."""

    def __init__(
        self, apps: Mapping[str, AppIndex] | None = None, followed: Mapping[int, Followed] | None = None
    ) -> None:
        self.apps: dict[str, AppIndex] = dict(apps or {})
        self.followed: dict[int, Followed] = dict(followed or {})
        self.rebuilds = 0
        """How often a shard was put out to be read anew."""

    def at(self, shard: int) -> Followed:
        return self.followed.get(shard, Followed())

    @property
    def positions(self) -> dict[int, int]:
        return {shard: followed.position for shard, followed in sorted(self.followed.items())}

    def take(self, shard: int, since: int, page: ChangePage) -> bool:
        """Take in a page of a shard's log, read after `since`.

        Returns:
            Whether it follows what is here. If not, the shard's log is not the one that was followed (it has
            lost its disk, or was set back): all of the shard's devices are out, and its log is to be read
            from 0 again.
        """
        at = self.at(shard)
        assert since == at.position, (since, at)
        begins = at.log in (0, page.log)
        follows = not page.changes or page.changes[0].position == since + 1
        if not (begins and follows and page.head >= since):
            self._forget(shard)
            return False
        self._apply(page.changes)
        end = page.changes[-1].position if page.changes else since
        self.followed[shard] = Followed(page.log, end)
        return True

    def select(self, app: str, wanted: Audience) -> BitMap:
        """The devices of an audience; none in an app that is not known."""
        known = self.apps.get(app)
        return known.select(wanted) if known is not None else BitMap()

    def tags(self, app: str) -> list[str]:
        """The app's tags that have devices, sorted."""
        known = self.apps.get(app)
        return sorted(known.tags) if known is not None else []

    def has_tag(self, app: str, tag: str, ordinal: int) -> bool:
        known = self.apps.get(app)
        return known is not None and known.has_tag(tag, ordinal)

    def counts(self) -> dict[str, float]:
        """How much there is of everything."""
        return {
            "devices": sum(len(app.devices) for app in self.apps.values()),
            "tags": sum(len(app.tags) for app in self.apps.values()),
            "aliases": sum(len(app.aliases) for app in self.apps.values()),
        }

    def _apply(self, changes: Sequence[Change]) -> None:
        for change in changes:
            app = self.apps.get(change.app)
            if app is None:
                app = self.apps[change.app] = AppIndex()
            app.apply(change)

    def _forget(self, shard: int) -> None:
        self.rebuilds += 1
        self.followed.pop(shard, None)
        for app in self.apps.values():
            app.forget_shard(shard)
