"""Views of the metrics: which things are measured, by what they are grouped, and the groups themselves.

    IceMX.Metrics.<view>.GroupBy=operation           of every map of the view; "id" when nothing is said
    IceMX.Metrics.<view>.Map.Dispatch.GroupBy=...    of that map, and of no others but those named like this
    ....Accept.<attribute>=REGEX  ....Reject.<attribute>=REGEX   which things count
    ....RetainDetached=10                            groups kept in which nothing is under way
    ....Map.Invocation.Map.Remote.GroupBy=...        of the groups below each group
    IceMX.Metrics.<view>.Disabled=1                  to be enabled later

`GroupBy` names attributes, with any other characters between them: `identity [operation]`. A thing has its
attributes when it begins; those it has not, it is not counted by.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping

from pushnet.rpc.admin.values import (
    CollocatedMetrics,
    ConnectionMetrics,
    DispatchMetrics,
    InvocationMetrics,
    Metrics,
    RemoteMetrics,
    ThreadMetrics,
)
from pushnet.rpc.properties import Properties

PREFIX = "IceMX.Metrics."
RETAINED = 10
MAPS: Mapping[str, type[Metrics]] = {
    "Connection": ConnectionMetrics,
    "ConnectionEstablishment": Metrics,
    "Dispatch": DispatchMetrics,
    "EndpointLookup": Metrics,
    "Invocation": InvocationMetrics,
    "Thread": ThreadMetrics,
}
_BELOW: Mapping[str, Mapping[str, type[Metrics]]] = {
    "Invocation": {"Remote": RemoteMetrics, "Collocated": CollocatedMetrics}
}
_PARTS = re.compile(r"([A-Za-z0-9.]+)|([^A-Za-z0-9.]+)")

Attributes = Callable[[str], str | None]
"""The value of an attribute; None when the thing has no such attribute."""


class Entry:
    """One group: its numbers, its failures by kind, and the groups below it."""

    def __init__(self, metrics: Metrics, below: dict[str, Map]) -> None:
        self.metrics = metrics
        self.failures: dict[str, int] = {}
        self.below = below

    def failed(self, kind: str) -> None:
        self.metrics.failures += 1
        self.failures[kind] = self.failures.get(kind, 0) + 1

    def snapshot(self) -> Metrics:
        copy = self.metrics.copy()
        if isinstance(copy, InvocationMetrics):
            for name, where in (("Remote", copy.remotes), ("Collocated", copy.collocated)):
                if name in self.below:
                    where[:] = self.below[name].snapshot()
        return copy


class Map:
    """The groups of one kind of things in one view."""

    def __init__(
        self, kind: str, cls: type[Metrics], properties: Properties, prefixes: tuple[str, ...]
    ) -> None:
        """`prefixes`: below which properties speak of it, the one that counts most first."""
        self._cls = cls
        self._properties = properties
        self._prefix, self._of_view = prefixes[0], prefixes[-1]
        self._kind = kind
        text = _said(properties, prefixes, "GroupBy") or "id"
        self._group_by = [] if text == "none" else _PARTS.findall(text)
        self._retained = int(_said(properties, prefixes, "RetainDetached") or RETAINED)
        self._accept = _patterns(properties, prefixes, "Accept")
        self._reject = _patterns(properties, prefixes, "Reject")
        self._entries: dict[str, Entry] = {}
        self._detached: deque[Entry] = deque()

    def begin(self, attributes: Attributes) -> Entry | None:
        """Something has begun; None when it does not count here."""
        for name, pattern in self._accept:
            value = attributes(name)
            if value is None or not pattern.fullmatch(value):
                return None
        for name, pattern in self._reject:
            value = attributes(name)
            if value is not None and pattern.fullmatch(value):
                return None
        key = self._key(attributes)
        if key is None:
            return None
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = Entry(self._cls(key), self._below())
        entry.metrics.total += 1
        entry.metrics.current += 1
        return entry

    def end(self, entry: Entry, lifetime_us: int) -> None:
        """What has begun has ended."""
        entry.metrics.current -= 1
        entry.metrics.totalLifetime += lifetime_us
        if entry.metrics.current == 0:
            self._detach(entry)

    def snapshot(self) -> list[Metrics]:
        return [entry.snapshot() for entry in self._entries.values()]

    def failures(self) -> list[tuple[str, dict[str, int]]]:
        return [(key, dict(entry.failures)) for key, entry in self._entries.items() if entry.failures]

    def failures_of(self, id: str) -> tuple[str, dict[str, int]]:
        entry = self._entries.get(id)
        return (id, dict(entry.failures)) if entry is not None else ("", {})

    def _key(self, attributes: Attributes) -> str | None:
        parts: list[str] = []
        for name, between in self._group_by:
            value = attributes(name) if name else between
            if value is None:
                return None
            parts.append(value)
        return "".join(parts)

    def _below(self) -> dict[str, Map]:
        """Fresh maps for a new group."""
        kinds = _BELOW.get(self._kind, {})
        named = {
            name: cls
            for name, cls in kinds.items()
            if self._properties.getPropertiesForPrefix(f"{self._prefix}Map.{name}.")
        }
        return {
            name: Map(name, cls, self._properties, (f"{self._prefix}Map.{name}.", self._of_view))
            for name, cls in (named or kinds).items()
        }

    def _detach(self, entry: Entry) -> None:
        """Keep the last groups in which nothing is under way, and forget older ones."""
        self._detached = deque(
            each for each in self._detached if each is not entry and not each.metrics.current
        )
        self._detached.append(entry)
        while len(self._detached) > max(0, self._retained):
            self._entries.pop(self._detached.popleft().metrics.id, None)


class Views:
    """All views that properties describe."""

    def __init__(self, properties: Properties) -> None:
        self._properties = properties
        self._views: dict[str, dict[str, Map]] = {}
        self._enabled: dict[str, bool] = {}
        self.changed(dict.fromkeys(properties.getPropertiesForPrefix(PREFIX), ""))

    def changed(self, keys: Mapping[str, str]) -> None:
        """Properties have changed: views they speak of begin anew."""
        for name in sorted(
            {key.removeprefix(PREFIX).split(".")[0] for key in keys if key.startswith(PREFIX)}
        ):
            prefix = f"{PREFIX}{name}."
            self._views.pop(name, None)
            self._enabled.pop(name, None)
            if self._properties.getPropertiesForPrefix(prefix):
                self._enabled[name] = self._properties.getPropertyAsInt(f"{prefix}Disabled") <= 0
                self._views[name] = self._maps(prefix) if self._enabled[name] else {}

    def names(self) -> tuple[list[str], list[str]]:
        """Those enabled, and those disabled."""
        names = sorted(self._enabled)
        return [n for n in names if self._enabled[n]], [n for n in names if not self._enabled[n]]

    def enable(self, name: str, enabled: bool) -> bool:
        """Switch a view; whether there is one. Switched on, it begins with nothing."""
        if name not in self._enabled:
            return False
        if self._enabled[name] is not enabled:
            self._enabled[name] = enabled
            self._views[name] = self._maps(f"{PREFIX}{name}.") if enabled else {}
        return True

    def view(self, name: str) -> dict[str, Map] | None:
        """Its maps by name: none while it is disabled. None: there is no such view."""
        return self._views.get(name)

    def maps(self, kind: str) -> list[Map]:
        """The maps of that kind in all views."""
        return [view[kind] for view in self._views.values() if kind in view]

    def _maps(self, prefix: str) -> dict[str, Map]:
        named = {
            kind: cls
            for kind, cls in MAPS.items()
            if self._properties.getPropertiesForPrefix(f"{prefix}Map.{kind}.")
        }
        return {
            kind: Map(kind, cls, self._properties, (f"{prefix}Map.{kind}.", prefix))
            for kind, cls in (named or MAPS).items()
        }


def _said(properties: Properties, prefixes: tuple[str, ...], key: str) -> str:
    found = (properties.getProperty(prefix + key) for prefix in prefixes)
    return next((value for value in found if value), "")


def _patterns(
    properties: Properties, prefixes: tuple[str, ...], key: str
) -> list[tuple[str, re.Pattern[str]]]:
    """Attributes and what they must match. What is no regular expression matches nothing but itself."""
    for prefix in prefixes:
        found = properties.getPropertiesForPrefix(f"{prefix}{key}.")
        if found:
            start = len(f"{prefix}{key}.")
            return [(name[start:], _pattern(value)) for name, value in found.items()]
    return []


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error:
        return re.compile(re.escape(text))
