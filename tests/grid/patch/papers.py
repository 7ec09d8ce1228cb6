"""Documents and keys for the tests of the rules."""

from __future__ import annotations

from collections.abc import Sequence

from pushnet.grid.patch.documents import FileEntry, Listed, Pack, Release, Root, Rule, Snapshot, Timestamp
from pushnet.grid.patch.signing import SigningKey, digest_of, sign
from pushnet.sim.releases import key

NOW_S = 1_800_000_000
DAY_S = 86_400


ROOT, RELEASE, SNAPSHOT, TIMESTAMP = key("root"), key("release"), key("snapshot"), key("timestamp")


def entry(path: str, content: bytes = b"content", packs: Sequence[Pack] = ()) -> FileEntry:
    return FileEntry(path, len(content), digest_of(content), False, tuple(packs))


def release(
    counter: int = 1, version: str = "1.0.0", files: Sequence[FileEntry] = (), name: str = "broker"
) -> Release:
    return Release(1, NOW_S, NOW_S + DAY_S, name, version, counter, tuple(files) or (entry("a"),))


def root(number: int = 1, **changed: SigningKey) -> Root:
    keys = {"root": ROOT, "release": RELEASE, "snapshot": SNAPSHOT, "timestamp": TIMESTAMP, **changed}
    return Root(
        1, NOW_S, NOW_S + DAY_S, number,
        {each.id: each.public for each in keys.values()},
        {role: Rule((each.id,), 1) for role, each in keys.items()},
    )  # fmt: skip


def listed(each: Release, signer: SigningKey = RELEASE) -> tuple[Listed, bytes]:
    data = sign(each, [signer])
    return Listed(each.name, each.version, each.counter, digest_of(data), len(data)), data


def snapshot(number: int, releases: Sequence[Listed], floors: dict[str, int] | None = None) -> bytes:
    ordered = tuple(sorted(releases, key=lambda each: (each.name, each.counter)))
    return sign(Snapshot(1, NOW_S, NOW_S + DAY_S, number, ordered, floors or {}), [SNAPSHOT])


def timestamp(number: int, told: bytes, of: int | None = None) -> bytes:
    stamp = Timestamp(1, NOW_S, NOW_S + DAY_S, number, of or number, digest_of(told), len(told))
    return sign(stamp, [TIMESTAMP])
