"""One app's devices as bitmaps of ordinals, and the audiences made of them.

JPush's algebra: the parts of an audience that are not empty must all hold. `tag`, `alias` and
`registration_id` each mean any of theirs, `tag_and` all, `tag_not` none; `platforms` any.

No bitmap here is ever empty: what loses its last device is dropped, so `tags` lists those in use. An alias
has few devices, mostly one, which is then kept as a bare number: a million bitmaps would be a waste.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from pyroaring import BitMap

from pushnet.gen.pushnet.dbagent import Change, ChangeKind
from pushnet.gen.pushnet.push import Audience
from pushnet.grid.placement import ordinal_in, ranges_of_shard

Holders = int | BitMap
"""Who has an alias."""


class AppIndex:
    """One app. Changes go in, audiences come out."""

    def __init__(self) -> None:
        self.devices = BitMap()
        self.platforms: dict[str, BitMap] = {}
        self.tags: dict[str, BitMap] = {}
        self.aliases: dict[str, Holders] = {}

    def apply(self, change: Change) -> None:
        """Take in one change. Taking in a row of changes again, in order, changes nothing."""
        _APPLY[change.kind](self, change.value, change.ordinal)

    def select(self, wanted: Audience) -> BitMap:
        """The devices of an audience, as a bitmap of the caller's own. An audience without any part: none."""
        if any(tag not in self.tags for tag in wanted.tagAnd):
            return BitMap()
        needed = [self.tags[tag] for tag in dict.fromkeys(wanted.tagAnd)]
        if wanted.tag:
            needed.append(_union(self.tags, wanted.tag))
        if wanted.alias:
            needed.append(self._with_alias(wanted.alias))
        if wanted.registrationId:
            needed.append(self._with_id(wanted.registrationId))
        if not (needed or wanted.all or wanted.tagNot):
            return BitMap()
        if wanted.platforms:
            needed.append(_union(self.platforms, wanted.platforms))
        needed.sort(key=len)
        chosen = BitMap.intersection(*needed) if needed else BitMap(self.devices)
        if wanted.tagNot:
            chosen -= _union(self.tags, wanted.tagNot)
        return chosen

    def has_tag(self, tag: str, ordinal: int) -> bool:
        return tag in self.tags and ordinal in self.tags[tag]

    def forget_shard(self, shard: int) -> None:
        """Take out every device of a shard."""
        gone = BitMap()
        for first, end in ranges_of_shard(shard):
            gone.add_range(first, end)
        self.devices -= gone
        self.platforms = _without(self.platforms, gone)
        self.tags = _without(self.tags, gone)
        left = {alias: _left(holders, gone) for alias, holders in self.aliases.items()}
        self.aliases = {alias: holders for alias, holders in left.items() if holders is not None}

    def _with_alias(self, aliases: Iterable[str]) -> BitMap:
        single: list[int] = []
        several: list[BitMap] = []
        for alias in aliases:
            holders = self.aliases.get(alias)
            if isinstance(holders, int):
                single.append(holders)
            elif holders is not None:
                several.append(holders)
        return BitMap.union(BitMap(single), *several)

    def _with_id(self, registration_ids: Iterable[str]) -> BitMap:
        ordinals = [ordinal_in(rid) for rid in registration_ids]
        return BitMap([ordinal for ordinal in ordinals if ordinal is not None]) & self.devices

    def _add_device(self, platform: str, ordinal: int) -> None:
        self.devices.add(ordinal)
        _add(self.platforms, platform, ordinal)

    def _remove_device(self, platform: str, ordinal: int) -> None:
        self.devices.discard(ordinal)
        _discard(self.platforms, platform, ordinal)

    def _set_alias(self, alias: str, ordinal: int) -> None:
        holders = self.aliases.get(alias)
        if holders is None:
            self.aliases[alias] = ordinal
        elif holders != ordinal:
            self.aliases[alias] = _bitmap(holders) | BitMap([ordinal])

    def _clear_alias(self, alias: str, ordinal: int) -> None:
        holders = self.aliases.get(alias)
        if holders is None:
            return
        left = _holders(_bitmap(holders) - BitMap([ordinal]))
        if left is None:
            del self.aliases[alias]
        else:
            self.aliases[alias] = left


_APPLY: Final[Mapping[ChangeKind, Callable[[AppIndex, str, int], None]]] = MappingProxyType(
    {
        ChangeKind.DeviceAdded: AppIndex._add_device,
        ChangeKind.DeviceRemoved: AppIndex._remove_device,
        ChangeKind.TagAdded: lambda app, tag, ordinal: _add(app.tags, tag, ordinal),
        ChangeKind.TagRemoved: lambda app, tag, ordinal: _discard(app.tags, tag, ordinal),
        ChangeKind.AliasSet: AppIndex._set_alias,
        ChangeKind.AliasCleared: AppIndex._clear_alias,
    }
)


def _add(bitmaps: dict[str, BitMap], name: str, ordinal: int) -> None:
    bitmap = bitmaps.get(name)
    if bitmap is None:
        bitmap = bitmaps[name] = BitMap()
    bitmap.add(ordinal)


def _discard(bitmaps: dict[str, BitMap], name: str, ordinal: int) -> None:
    bitmap = bitmaps.get(name)
    if bitmap is not None:
        bitmap.discard(ordinal)
        if not bitmap:
            del bitmaps[name]


def _union(bitmaps: dict[str, BitMap], names: Iterable[str]) -> BitMap:
    return BitMap.union(BitMap(), *[bitmaps[name] for name in dict.fromkeys(names) if name in bitmaps])


def _without(bitmaps: dict[str, BitMap], gone: BitMap) -> dict[str, BitMap]:
    left = {name: bitmap - gone for name, bitmap in bitmaps.items()}
    return {name: bitmap for name, bitmap in left.items() if bitmap}


def _left(holders: Holders, gone: BitMap) -> Holders | None:
    """Those who have an alias and are not gone."""
    if isinstance(holders, int):
        return None if holders in gone else holders
    return _holders(holders - gone)


def _bitmap(holders: Holders) -> BitMap:
    return BitMap([holders]) if isinstance(holders, int) else holders


def _holders(bitmap: BitMap) -> Holders | None:
    """The shortest form of those who have an alias; None for nobody."""
    if not bitmap:
        return None
    return int(bitmap[0]) if len(bitmap) == 1 else bitmap
