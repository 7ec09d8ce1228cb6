"""Change logs for tests, and an index told naively: one set of facts per device."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as some

from pushnet.gen.pushnet.dbagent import Change, ChangeKind, ChangePage
from pushnet.gen.pushnet.push import Audience
from pushnet.grid.placement import ordinal_at, ordinal_in, registration_id

APP = "app"
LOG = 77
PLATFORMS = ("android", "ios")
LABELS = ("a", "b", "c")
ORDINALS = tuple(ordinal_at(counter, shard) for counter in (0, 1, 0x10000) for shard in (0, 1, 5))


def page(*changes: Change, since: int = 0, head: int | None = None, log: int = LOG) -> ChangePage:
    """A page of a log: the changes get their positions."""
    placed = [
        Change(since + place, change.kind, change.app, change.ordinal, change.value)
        for place, change in enumerate(changes, 1)
    ]
    return ChangePage(placed, since + len(changes) if head is None else head, log)


def added(ordinal: int, platform: str = "android", app: str = APP) -> Change:
    return Change(0, ChangeKind.DeviceAdded, app, ordinal, platform)


def tagged(ordinal: int, tag: str, app: str = APP) -> Change:
    return Change(0, ChangeKind.TagAdded, app, ordinal, tag)


def untagged(ordinal: int, tag: str) -> Change:
    return Change(0, ChangeKind.TagRemoved, APP, ordinal, tag)


def named(ordinal: int, alias: str) -> Change:
    return Change(0, ChangeKind.AliasSet, APP, ordinal, alias)


def unnamed(ordinal: int, alias: str) -> Change:
    return Change(0, ChangeKind.AliasCleared, APP, ordinal, alias)


def rid(ordinal: int) -> str:
    return registration_id(ordinal, b"12345")


class NaiveDevice:
    """What is so of one device."""

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self.tags: dict[str, None] = {}
        self.alias = ""


class NaiveIndex:
    """An audience is asked device by device."""

    def __init__(self) -> None:
        self.devices: dict[int, NaiveDevice] = {}

    def wants(self, wanted: Audience, ordinal: int, device: NaiveDevice) -> bool:
        named = [wanted.tag, wanted.tagAnd, wanted.tagNot, wanted.alias, wanted.registrationId]
        if not (wanted.all or any(named)):
            return False
        return (
            (not wanted.platforms or device.platform in wanted.platforms)
            and (not wanted.tag or any(tag in device.tags for tag in wanted.tag))
            and all(tag in device.tags for tag in wanted.tagAnd)
            and not any(tag in device.tags for tag in wanted.tagNot)
            and (not wanted.alias or device.alias in wanted.alias)
            and (not wanted.registrationId or ordinal in map(ordinal_in, wanted.registrationId))
        )

    def select(self, wanted: Audience) -> list[int]:
        return sorted(o for o, device in self.devices.items() if self.wants(wanted, o, device))

    def changes(self, steps: Iterable[tuple[str, int, str]]) -> list[Change]:
        """What a shard would note for these steps, which are taken here at once."""
        noted: list[Change] = []
        for what, ordinal, value in steps:
            device = self.devices.get(ordinal)
            if what == "add" and device is None:
                platform = PLATFORMS[value == "a"]
                self.devices[ordinal] = NaiveDevice(platform)
                noted.append(added(ordinal, platform))
            elif device is not None:
                noted += self._change(what, ordinal, value, device)
        return noted

    def _change(self, what: str, ordinal: int, value: str, device: NaiveDevice) -> list[Change]:
        if what == "tag" and value not in device.tags:
            device.tags[value] = None
            return [tagged(ordinal, value)]
        if what == "untag" and value in device.tags:
            del device.tags[value]
            return [untagged(ordinal, value)]
        if what == "alias" and value != device.alias:
            noted = [unnamed(ordinal, device.alias)] if device.alias else []
            device.alias = value
            return [*noted, named(ordinal, value)]
        if what == "unalias" and device.alias:
            before, device.alias = device.alias, ""
            return [unnamed(ordinal, before)]
        return []


STEPS = some.lists(
    some.tuples(
        some.sampled_from(["add", "add", "tag", "tag", "untag", "alias", "unalias"]),
        some.sampled_from(ORDINALS),
        some.sampled_from(LABELS),
    ),
    max_size=60,
)
_LABEL_LISTS = some.lists(some.sampled_from([*LABELS, "nobody's"]), max_size=3)
AUDIENCES = some.builds(
    Audience,
    all=some.booleans(),
    tag=_LABEL_LISTS,
    tagAnd=_LABEL_LISTS,
    tagNot=_LABEL_LISTS,
    alias=_LABEL_LISTS,
    registrationId=some.lists(
        some.one_of(some.sampled_from(ORDINALS).map(rid), some.just("no id")), max_size=3
    ),
    platforms=some.lists(some.sampled_from([*PLATFORMS, "hmos"]), max_size=2),
)
