"""The seam to durable topics with consumer groups. The embedded one is `pushnet.stores.queue_log`.

A topic is a row of messages; a group is a set of consumers that share it, each message going to one of them.
A group comes to be with its first `take` and begins with the oldest message that is still kept. For a group
a message is in one of these states:

    fresh --take--> leased --acknowledge--> gone
                      |  \\--lease runs out, or retry after its delay--> taken again, attempt + 1
                      \\--attempts used up, or park--> parked --replay--> taken again, as attempt 1

A message is kept until every group of its topic is done with it. Every answer is given after the change is
on disk. What is leased when the queue dies is delivered again when its lease has run out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

import attrs
from twisted.internet.defer import Deferred

KEY_KEPT_S = 24 * 3600
"""How long a key is remembered: whoever repeats a publish does so within a day."""
KEY_BYTES_MAX = 256
ANSWER_BYTES_MAX = 16 * 1024
"""Keys and answers are kept for a day, so a million of them must fit on the disk."""
REASON_CHARACTERS_MAX = 1_000
TAKE_MAX = 1_000
"""Messages in one answer, and in one list of ids."""
TAKE_BYTES_MAX = 512 * 1024
"""Of bodies in one answer, unless the first alone is larger: stock Ice refuses messages above 1 MiB."""
WAIT_MAX_S = 60.0
LEASE_MIN_S, LEASE_MAX_S = 0.1, 3600.0
DELAY_MAX_S = 24 * 3600.0
PARKED_MAX = 10_000
"""Parked messages of a group; an older one that must make room is reported in the log."""
TOPICS_MAX, GROUPS_MAX = 1_000, 100
"""Topics, and groups of one topic: names are for programs, not for data."""
WAITERS_MAX = 1_000
"""Consumers that may wait for one group's messages."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


class QueueRefused(Exception):
    """The caller's fault: a name that cannot be, or something too large. Says which."""


class QueueFull(Exception):
    """The topic has as many messages as it may keep. Try later."""


@attrs.frozen
class Limits:
    """What a queue is set up with."""

    attempts_max: int = 5
    waiting_max: int = 100_000
    """Messages of one topic that are kept, whatever their state."""
    body_bytes_max: int = 512 * 1024


@attrs.frozen
class Published:
    """What became of a publish."""

    id: int
    duplicate: bool
    answer: bytes


@attrs.frozen
class Taken:
    """A message in the hands of a consumer. `attempt` counts from 1."""

    id: int
    attempt: int
    body: bytes


@attrs.frozen
class ParkedMessage:
    """A message that was given up, and why."""

    id: int
    attempts: int
    reason: str
    body: bytes


@attrs.frozen
class Stats:
    """Of a topic and one group of it."""

    published: int = 0
    """Ever."""
    waiting: int = 0
    """Fresh, delayed, or with a lease that has run out."""
    in_flight: int = 0
    parked: int = 0


class QueueStore(Protocol):
    """Durable topics. Ids that a group does not hold are ignored. Every Deferred fires after the disk has it.

    Besides what is told at each operation, all raise `QueueRefused` for names that cannot be, and
    `StoreBusyException` or `StoreFailedException` (`pushnet.stores.sqlite`) when the store is not able.
    """

    async def open(self) -> None: ...

    async def close(self) -> None:
        """Let those who wait go with nothing, finish what was submitted."""
        ...

    def publish(self, topic: str, body: bytes, key: str = "", answer: bytes = b"") -> Deferred[Published]:
        """Add a message. A key used within a day adds nothing and gives the first answer; "" is no key.

        Raises: QueueFull, QueueRefused.
        """
        ...

    def take(self, topic: str, group: str, most: int, wait_s: float, lease_s: float) -> Deferred[list[Taken]]:
        """Lease up to `most` messages, oldest first; wait up to `wait_s` for the first one.

        Cancelling gives back what was on its way to the caller, at the same attempt.
        """
        ...

    def acknowledge(self, topic: str, group: str, ids: Sequence[int]) -> Deferred[None]: ...

    def retry(self, topic: str, group: str, id: int, delay_s: float, reason: str) -> Deferred[None]:
        """Deliver it again after `delay_s`; park it when its attempts are used up."""
        ...

    def release(self, topic: str, group: str, attempts: Mapping[int, int]) -> Deferred[None]:
        """End the leases of these messages now, each at the attempt given: their consumer is gone.

        The attempt counts; a message that has been settled or leased anew since is left alone.
        """
        ...

    def park(self, topic: str, group: str, id: int, reason: str) -> Deferred[None]: ...

    def parked(self, topic: str, group: str, most: int) -> Deferred[list[ParkedMessage]]:
        """The oldest parked ones."""
        ...

    def replay(self, topic: str, group: str, ids: Sequence[int]) -> Deferred[int]:
        """Put parked messages back in line, as new; fires with how many."""
        ...

    def stats(self, topic: str, group: str) -> Deferred[Stats]: ...


def check_name(what: str, name: str) -> None:
    """Raise `QueueRefused` unless `name` may name a topic or a group."""
    if not _NAME.fullmatch(name):
        shown = name if len(name) <= 80 else name[:80] + "…"
        rule = "1 to 63 letters, digits, '.', '_' or '-', the first a letter or digit"
        raise QueueRefused(f"{shown!r} is no name of a {what}: {rule}")


def check_line(topic: str, group: str) -> None:
    """Raise `QueueRefused` unless both names may be."""
    check_name("topic", topic)
    check_name("group", group)


def check_publish(limits: Limits, topic: str, body: bytes, key: str, answer: bytes) -> None:
    """Raise `QueueRefused` unless the message may be published."""
    check_name("topic", topic)
    if len(body) > limits.body_bytes_max:
        raise QueueRefused(f"the body has {len(body)} bytes; at most {limits.body_bytes_max} are taken")
    if len(key.encode()) > KEY_BYTES_MAX:
        raise QueueRefused(f"the key is longer than {KEY_BYTES_MAX} bytes")
    if len(answer) > ANSWER_BYTES_MAX:
        raise QueueRefused(f"the answer has {len(answer)} bytes; at most {ANSWER_BYTES_MAX} are kept")
