"""What one machine believes about releases, and how it comes to believe more.

It starts with a root document that somebody has put there (the anchor). From then on each new word is
checked against what is believed already, in TUF's order: roots one by one, the timestamp, its snapshot, a
release of that snapshot. Numbers only go up; what was said under one number is never said otherwise; what
has expired is not believed. So each of the attacks TUF names ends in a `Refused` that tells it by name.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final, TypeVar

import attrs

from pushnet.grid.patch.documents import Document, Listed, Release, Root, Snapshot, Timestamp
from pushnet.grid.patch.limits import DOCUMENT_BYTES_MAX, ROOT_BYTES_MAX, SKEW_S
from pushnet.grid.patch.refusals import Expired, Malformed, NotListed, RolledBack
from pushnet.grid.patch.signing import check_signatures, digest_of, read_as, take_apart, verify

D = TypeVar("D", bound=Document)
FIRST: Final = 1
"""The root document that all later ones are signed by."""


@attrs.frozen
class Trust:
    """What is believed. Each `with_…` gives what is believed after one more document, or raises `Refused`."""

    root: Root
    timestamp: Timestamp | None = None
    snapshot: Snapshot | None = None

    @classmethod
    def anchored(cls, data: bytes) -> Trust:
        """Believe a root because it was put there; it must be signed by its own keys all the same."""
        signed = take_apart(data, "the root document", ROOT_BYTES_MAX)
        root = read_as(signed, Root, "the root document")
        own = attrs.evolve(
            signed, signatures=tuple(each for each in signed.signatures if each.key in root.keys)
        )
        check_signatures(own, root.keys, [root.rules["root"]], "the root document")
        return cls(root)

    def with_root(self, data: bytes) -> Trust:
        """The next root: signed by enough keys of this one and of its own."""
        what = f"root {self.root.number + 1}"
        signed = take_apart(data, what, ROOT_BYTES_MAX)
        root = read_as(signed, Root, what)
        if root.number != self.root.number + 1:
            raise RolledBack(f"{what} was asked for and root {root.number} came")
        rules = [self.root.rules["root"], root.rules["root"]]
        check_signatures(signed, {**root.keys, **self.root.keys}, rules, what)
        if _online(root) != _online(self.root):
            # Whoever had stolen those keys may have counted up to the highest number (fast-forward).
            return Trust(root)
        return attrs.evolve(self, root=root)

    def with_timestamp(self, data: bytes, now_s: float) -> Trust:
        """The word of today."""
        fresh(self.root, f"root {self.root.number}", now_s)
        timestamp = fresh(verify(data, Timestamp, self.root, "the timestamp"), "the timestamp", now_s)
        known = self.timestamp
        if known is not None:
            _not_older(timestamp.number, known.number, timestamp == known, "the timestamp")
            same = (timestamp.sha256, timestamp.size) == (known.sha256, known.size)
            _not_older(timestamp.snapshot, known.snapshot, same, "the snapshot that the timestamp names")
        return attrs.evolve(self, timestamp=timestamp)

    def with_snapshot(self, data: bytes, now_s: float) -> Trust:
        """The snapshot that the timestamp names."""
        told = self.timestamp
        if told is None:
            raise NotListed("a snapshot came before a timestamp was believed")
        if len(data) != told.size or digest_of(data) != told.sha256:
            raise NotListed(f"this is not snapshot {told.snapshot}, which the timestamp names")
        what = f"snapshot {told.snapshot}"
        snapshot = fresh(verify(data, Snapshot, self.root, what), what, now_s)
        if snapshot.number != told.snapshot:
            raise NotListed(f"{what} calls itself {snapshot.number}")
        if self.snapshot is not None:
            _follows(snapshot, self.snapshot)
        return attrs.evolve(self, snapshot=snapshot)

    def find(self, name: str, version: str = "") -> Listed:
        """The release of that name and version as today's snapshot lists it; the newest without a version."""
        assert self.snapshot is not None, "a snapshot is believed before releases are looked for"
        found = [each for each in self.snapshot.releases if each.name == name]
        chosen = [each for each in found if each.version == (version or each.version)]
        if not chosen:
            known = ", ".join(each.version for each in found) or "none"
            raise NotListed(f"there is no release {name} {version} today; there is: {known}")
        return chosen[-1]

    def release(self, listed: Listed, data: bytes, now_s: float) -> Release:
        """The document of a release that was found."""
        return fresh(self.checked(listed, data), f"release {listed.name} {listed.version}", now_s)

    def checked(self, listed: Listed, data: bytes) -> Release:
        """As `release`, whatever the date: for what this machine has taken already."""
        what = f"release {listed.name} {listed.version}"
        if len(data) != listed.size or digest_of(data) != listed.sha256:
            raise NotListed(f"the document is not that of {what}, which the snapshot lists")
        release = verify(data, Release, self.root, what)
        if (release.name, release.version, release.counter) != (listed.name, listed.version, listed.counter):
            raise NotListed(f"{what} calls itself {release.name} {release.version}")
        return release


def fresh(document: D, what: str, now_s: float) -> D:
    """The document, unless it is out of date by this machine's wall clock, give or take `SKEW_S`."""
    if now_s > document.expires + SKEW_S:
        late_h = (now_s - document.expires) / 3600
        raise Expired(
            f"{what} expired {late_h:.1f} h ago: its publisher must sign it anew (pushnet patch refresh)"
        )
    if now_s < document.created - SKEW_S:
        early_h = (document.created - now_s) / 3600
        raise Expired(f"{what} was signed {early_h:.1f} h from now: set this machine's clock right")
    return document


def fingerprint(root: bytes) -> str:
    """Of a root document, as `cluster.releases_root` has it."""
    return f"sha256:{sha256(root).hexdigest()}"


def check_document_size(size: int, what: str) -> None:
    """Raises `Malformed` before anything of that size is asked for."""
    if size > DOCUMENT_BYTES_MAX:
        raise Malformed(f"{what} has {size} bytes and may have {DOCUMENT_BYTES_MAX}")


def _follows(snapshot: Snapshot, known: Snapshot) -> None:
    """Raises `RolledBack` when a snapshot takes back what an earlier one said."""
    _not_older(snapshot.number, known.number, snapshot == known, "the snapshot")
    listed = {(each.name, each.version): each for each in snapshot.releases}
    for name, floor in known.floors.items():
        if snapshot.floors.get(name, 0) < floor:
            raise RolledBack(f"the snapshot brings withdrawn releases of {name} back")
    for each in known.releases:
        now = listed.get((each.name, each.version))
        what = f"release {each.name} {each.version}"
        if now is not None:
            _not_older(now.counter, each.counter, now.sha256 == each.sha256, what)
        elif each.counter >= snapshot.floors.get(each.name, 0):
            raise RolledBack(f"{what} is gone from the snapshot without having been withdrawn")


def _not_older(number: int, known: int, same: bool, what: str) -> None:
    if number < known:
        raise RolledBack(f"{what} has number {number}, and {known} was seen before")
    if number == known and not same:
        raise RolledBack(f"{what} has number {number}, which said something else before")


def _online(root: Root) -> list[object]:
    return [(root.rules[role].keys, root.rules[role].threshold) for role in ("snapshot", "timestamp")]
