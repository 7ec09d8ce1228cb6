"""Logs as JSON lines: one object an event, with the fields the caller gave, and no secrets.

The level is looked at before anything is formatted, since most events are dropped. What Twisted says of
itself below a warning counts as debug. A field whose name speaks of a secret is told as `***`, in the
message as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

from twisted.logger import ILogObserver, LogEvent, LogLevel, formatEvent
from zope.interface import implementer

SECRET = re.compile(r"secret|passw|authorization|credential|cookie|private_key", re.IGNORECASE)
VALUE_CHARACTERS_MAX = 2000
"""Of one field: a peer that sends megabytes must not write them into the log."""
_RANK = {level: rank for rank, level in enumerate(LogLevel.iterconstants())}
_TWISTED = ("twisted", "log_legacy", "stdout", "stderr", "-")


@implementer(ILogObserver)
class JsonLines:
    """Writes events to a text file.

    Args:
        out: where to.
        level: the least that is written.
        common: fields that every line has, such as the node's name.
    """

    def __init__(self, out: TextIO, level: Any, common: Mapping[str, object]) -> None:
        self._out = out
        self._rank = _RANK[level]
        self._twisted_rank = max(self._rank, _RANK[LogLevel.warn]) if self._rank else 0
        self._common = dict(common)

    def __call__(self, event: LogEvent) -> None:
        rank = _RANK.get(event.get("log_level", LogLevel.info), 0)
        if rank < self._rank:
            return
        namespace = event.get("log_namespace") or "-"
        if rank < self._twisted_rank and namespace.split(".", 1)[0] in _TWISTED:
            return
        line = self._line(event, namespace) + "\n"
        try:
            self._out.write(line)
            self._out.flush()
        except OSError:
            return  # nobody reads, or the disk is full: no reason for the node to fail

    def _line(self, event: LogEvent, namespace: str) -> str:
        fields = {key: value for key, value in event.items() if _is_field(key)}
        hidden = {key: "***" for key in fields if SECRET.search(key)}
        told = {
            "time": datetime.fromtimestamp(event["log_time"], UTC).isoformat(timespec="milliseconds"),
            "level": event.get("log_level", LogLevel.info).name,
            "room": namespace,
            "message": _short(formatEvent({**event, **hidden})),
            **self._common,
        }
        told.update({key: _plain(value) for key, value in fields.items() if key not in told})
        told.update(hidden)
        failure = event.get("log_failure")
        if failure is not None:
            told["trace"] = failure.getTraceback()
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _is_field(key: str) -> bool:
    """Whether the caller gave it, rather than Twisted's logger."""
    return not key.startswith("log_") and key not in (
        "format",
        "message",
        "isError",
        "time",
        "system",
        "failure",
    )


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    return _short(str(value))


def _short(text: str) -> str:
    return text if len(text) <= VALUE_CHARACTERS_MAX else text[:VALUE_CHARACTERS_MAX] + "…"


def level_of(name: str) -> Any:
    """The level of that name: debug, info, warn, error or critical."""
    return LogLevel.levelWithName(name)
