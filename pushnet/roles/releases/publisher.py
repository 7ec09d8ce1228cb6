"""Makes and changes what a store publishes: releases, snapshots, timestamps, and the roots that say who may.

Everything that a new word needs is on the disk before the word: objects, release documents, the snapshot,
and last the timestamp, by one replace. A publisher that stops anywhere has published all of it or nothing,
and doing it again does the rest. Blocking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import attrs
import msgspec

from pushnet.grid.patch import names
from pushnet.grid.patch.countersigning import laid_together, read_paper
from pushnet.grid.patch.documents import (
    Listed,
    Release,
    Root,
    Rule,
    Snapshot,
    Timestamp,
    same_content,
)
from pushnet.grid.patch.refusals import Malformed, NotSigned
from pushnet.grid.patch.signing import SigningKey, digest_of, read_as, sign, take_apart
from pushnet.grid.patch.trust import Trust
from pushnet.roles.releases.packer import Found, Packer, PublishRefused, Told
from pushnet.roles.releases.shelf import Shelf
from pushnet.stores.releases.trees import Tree

DAY_S = 86_400
KEEP_MIN = 2
"""Releases of a name that a store keeps at least: the one that runs and the one to go back to."""


@attrs.frozen
class Lifetimes:
    """For how long documents are signed, in days."""

    root: int = 365
    release: int = 365
    snapshot: int = 30
    timestamp: int = 7


@attrs.frozen
class Published:
    """What a publish has done."""

    release: Release
    files_new: int = 0
    """Contents that the store did not have."""
    stored_bytes: int = 0
    """What the store has grown by."""
    already: bool = False
    """The same files were published under this version before: nothing was done."""
    signatures_missing: int = 0
    """More than none: it waits as a draft for that many more signatures."""


class KnownKey(Protocol):
    """A key, or its public part."""

    @property
    def id(self) -> str: ...

    @property
    def public(self) -> str: ...


class Publisher:
    """The publishing side of one store."""

    def __init__(self, shelf: Shelf, now_s: int, lifetimes: Lifetimes | None = None) -> None:
        self._shelf = shelf
        self._now = now_s
        self._lifetimes = lifetimes or Lifetimes()

    def begin(self, rules: Mapping[str, tuple[Sequence[KnownKey], int]]) -> Root:
        """Make the first root: of each role the keys and how many of them it takes.

        Those of the root sign it, so they are here; of the others the public parts are enough.
        """
        if self._shelf.papers.roots():
            raise PublishRefused("this store has a root already: rotate its keys, or begin another store")
        keys = {key.id: key.public for made, _ in rules.values() for key in made}
        root = Root(
            spec=1,
            created=self._now,
            expires=self._now + self._lifetimes.root * DAY_S,
            number=1,
            keys=keys,
            rules={role: Rule(tuple(key.id for key in made), count) for role, (made, count) in rules.items()},
        )
        root.check()
        self._shelf.papers.save_root(
            1, sign(root, [key for key in rules["root"][0] if isinstance(key, SigningKey)])
        )
        return root

    def publish(
        self,
        name: str,
        version: str,
        files: Iterable[Found],
        folders: Iterable[str],
        keys: Sequence[SigningKey],
        told: Told = lambda path, size: None,
    ) -> Published:
        """Publish these files; with too few signatures, keep them as a draft for `countersign`."""
        names.check_name(name)
        names.check_version(version)
        trust = self._shelf.trust()
        found = sorted(files, key=lambda file: file.path)
        empty = tuple(sorted(folders))
        names.check_tree([file.path for file in found], empty)
        earlier = self._earlier(trust, name)
        packer = Packer(self._shelf, earlier, told)
        same = next((each for each in earlier if each.version == version), None)
        if same is not None:
            described = tuple(packer.described(file) for file in found)
            if not same_content(same, msgspec.structs.replace(same, files=described, folders=empty)):
                raise PublishRefused(f"{name} {version} is published with other files: take another version")
            return Published(same, already=True)
        release = Release(
            spec=1,
            created=self._now,
            expires=self._now + self._lifetimes.release * DAY_S,
            name=name,
            version=version,
            counter=_after(trust, name),
            files=tuple(packer.store(file) for file in found),
            folders=empty,
        )
        release.check()
        missing = self._offer(release, sign(release, _of(trust.root, "release", keys)), keys)
        return Published(release, packer.contents_new, packer.stored_bytes, False, missing)

    def countersign(
        self, name: str, version: str, keys: Sequence[SigningKey], papers: Sequence[bytes] = ()
    ) -> Published:
        """Add signatures to a draft: of keys here, of papers that came back. With enough it is published."""
        data = self._shelf.papers.draft(name, version)
        if data is None:
            raise PublishRefused(f"no draft of {name} {version} waits for signatures here")
        root = self._shelf.trust().root
        for paper in papers:
            (data,) = laid_together([data], read_paper(paper), root)
        signed = take_apart(data, f"the draft of {name} {version}")
        release = read_as(signed, Release, f"the draft of {name} {version}")
        more = sign(release, _of(root, "release", keys), signed.signatures)
        return Published(release, signatures_missing=self._offer(release, more, keys))

    def renew(self, name: str, version: str, keys: Sequence[SigningKey]) -> Release:
        """Sign a release anew, as the newest word on its name: so an older version counts again."""
        trust = self._shelf.trust()
        release = next((each for each in self._earlier(trust, name) if each.version == version), None)
        if release is None:
            raise PublishRefused(f"{name} {version} is not published here")
        again = self._renewed(release, _after(trust, name))
        _enough(trust.root, "release", keys)
        self._offer(again, sign(again, _of(trust.root, "release", keys)), keys)
        return again

    def refresh(self, keys: Sequence[SigningKey]) -> Timestamp:
        """Sign anew what runs out or what the newest root does not believe: the timestamp always."""
        trust = self._shelf.published()
        if trust.snapshot is None or trust.timestamp is None:
            return self._show(trust, (), {}, keys)
        try:
            believed = self._shelf.trust().snapshot == trust.snapshot
        except NotSigned:
            believed = False
        releases = self._all_believed(trust, keys)
        half_s = self._lifetimes.snapshot * DAY_S / 2
        if not believed or tuple(releases) != trust.snapshot.releases:
            return self._show(trust, releases, trust.snapshot.floors, keys)
        if trust.snapshot.expires - self._now < half_s:
            return self._show(trust, releases, trust.snapshot.floors, keys)
        told = trust.timestamp
        return self._stamp(trust, told.snapshot, told.sha256, told.size, keys)

    def withdraw(self, keep: int, keys: Sequence[SigningKey]) -> list[Listed]:
        """Take all but the newest `keep` releases of each name out of the snapshot, and their documents."""
        if keep < KEEP_MIN:
            raise PublishRefused(f"at least {KEEP_MIN} releases are kept: one to go back to")
        trust = self._shelf.trust()
        if trust.snapshot is None:
            return []
        floors = dict(trust.snapshot.floors)
        counters: dict[str, list[int]] = {}
        for each in trust.snapshot.releases:
            counters.setdefault(each.name, []).append(each.counter)
        floors |= {name: sorted(known)[-keep] for name, known in counters.items() if len(known) > keep}
        left = [each for each in trust.snapshot.releases if each.counter >= floors.get(each.name, 0)]
        gone = [each for each in trust.snapshot.releases if each not in left]
        if gone:
            self._show(trust, left, floors, keys)
        return gone

    def clear(self) -> tuple[int, int]:
        """Delete documents that no longer count, and objects that no release names; objects and bytes."""
        trust, papers = self._shelf.trust(), self._shelf.papers
        listed = {(each.name, each.version, each.counter): None for each in _releases(trust)}
        for number in papers.snapshots():
            if trust.timestamp is not None and number != trust.timestamp.snapshot:
                papers.delete_snapshot(number)
        for known in papers.releases():
            if known not in listed:
                papers.delete_release(*known)
        kept = [self._document(each) for each in _releases(trust)]
        for name, version in papers.drafts():
            draft = take_apart(papers.draft(name, version) or b"", f"the draft of {name} {version}")
            kept.append(read_as(draft, Release, f"the draft of {name} {version}"))
        return self._shelf.clear_objects(kept)

    def change_root(
        self,
        keys: Mapping[str, str],
        rules: Mapping[str, Rule],
        signers: Sequence[SigningKey],
        online: Sequence[SigningKey],
    ) -> Root:
        """Make the next root, and sign everything anew that the changed keys had signed."""
        documents = self.propose(keys, rules, [*signers, *online])
        return self.carry_out(documents, online)

    def propose(
        self, keys: Mapping[str, str], rules: Mapping[str, Rule], signers: Sequence[SigningKey]
    ) -> list[bytes]:
        """The next root, and the releases that it wants signed anew, with the signatures that there are."""
        trust = self._shelf.trust()
        used = {key: None for rule in rules.values() for key in rule.keys}
        root = Root(
            spec=1,
            created=self._now,
            expires=self._now + self._lifetimes.root * DAY_S,
            number=trust.root.number + 1,
            keys={key: public for key, public in keys.items() if key in used},
            rules=dict(rules),
        )
        root.check()
        either = {**dict.fromkeys(trust.root.rules["root"].keys), **dict.fromkeys(root.rules["root"].keys)}
        made = [sign(root, [key for key in signers if key.id in either])]
        for listed, counter in self._counted(attrs.evolve(trust, root=root)):
            if counter:
                again = self._renewed(self._document(listed), counter)
                made.append(sign(again, _of(root, "release", signers)))
        return made

    def carry_out(self, documents: Sequence[bytes], online: Sequence[SigningKey]) -> Root:
        """Let a proposed root count, with the releases that were signed anew. Again: the rest of it.

        Raises `NotSigned` when signatures are missing.
        """
        trust, papers = self._shelf.published(), self._shelf.papers
        if papers.root(trust.root.number) == documents[0]:
            root = trust.root
        else:
            root = trust.with_root(documents[0]).root
        _enough(root, "snapshot", online)
        _enough(root, "timestamp", online)
        after = attrs.evolve(trust, root=root)
        given: dict[tuple[str, str, int], bytes] = {}
        for data in documents[1:]:
            release = read_as(take_apart(data, "a release signed anew"), Release, "a release signed anew")
            names_it = (release.name, release.version, release.counter)
            after.checked(Listed(*names_it, digest_of(data), len(data)), data)
            given[names_it] = data
        wanted = [(each.name, each.version, counter) for each, counter in self._counted(after) if counter]
        if any(each not in given for each in wanted):
            raise PublishRefused("releases were published since this change was proposed: propose it again")
        papers.save_root(root.number, documents[0])
        for names_it, data in given.items():
            papers.save_release(*names_it, data)
        if trust.timestamp is not None:
            self.refresh(online)
        return root

    def documents(self) -> list[Release]:
        """Every release that counts, by name and counter."""
        trust = self._shelf.trust()
        return [self._document(each) for each in _releases(trust)]

    def _offer(self, release: Release, data: bytes, keys: Sequence[SigningKey]) -> int:
        """Publish a signed release, or keep it as a draft; how many signatures it lacks."""
        trust, papers = self._shelf.trust(), self._shelf.papers
        have = len(take_apart(data, "the release").signatures)
        missing = trust.root.rules["release"].threshold - have
        if missing > 0:
            papers.save_draft(release.name, release.version, data)
            return missing
        listed = Listed(release.name, release.version, release.counter, digest_of(data), len(data))
        if release.counter < _after(trust, release.name):
            raise PublishRefused(f"another release of {release.name} was published since: publish it again")
        trust.checked(listed, data)
        papers.save_release(release.name, release.version, release.counter, data)
        others = [
            each for each in _releases(trust) if (each.name, each.version) != (release.name, release.version)
        ]
        self._show(trust, [*others, listed], trust.snapshot.floors if trust.snapshot else {}, keys)
        papers.delete_draft(release.name, release.version)
        return 0

    def _all_believed(self, trust: Trust, keys: Sequence[SigningKey]) -> list[Listed]:
        """The releases, signed anew where the newest root does not believe their signatures."""
        return [
            self._signed_anew(trust, each, counter, keys) if counter else each
            for each, counter in self._counted(trust)
        ]

    def _counted(self, trust: Trust) -> list[tuple[Listed, int]]:
        """The releases with the counter that they get when they are signed anew; 0: they are believed.

        Of a name all that follow are signed anew too: a counter says which release is the newest.
        """
        found: list[tuple[Listed, int]] = []
        next_counter: dict[str, int] = {}
        for each in _releases(trust):
            data = self._shelf.papers.release(each.name, each.version, each.counter) or b""
            if each.name not in next_counter and _believes(trust, each, data):
                found.append((each, 0))
                continue
            counter = next_counter.setdefault(each.name, _after(trust, each.name))
            next_counter[each.name] = counter + 1
            found.append((each, counter))
        return found

    def _signed_anew(self, trust: Trust, listed: Listed, counter: int, keys: Sequence[SigningKey]) -> Listed:
        """As it was signed under that counter already, or now."""
        data = self._shelf.papers.release(listed.name, listed.version, counter)
        again = _listed(listed, counter, data or b"")
        if data is None or not _believes(trust, again, data):
            release = self._renewed(self._document(listed), counter)
            data = sign(release, _enough(trust.root, "release", keys))
            again = _listed(listed, counter, data)
            trust.checked(again, data)
            self._shelf.papers.save_release(again.name, again.version, counter, data)
        return again

    def _renewed(self, release: Release, counter: int) -> Release:
        expires = self._now + self._lifetimes.release * DAY_S
        return msgspec.structs.replace(release, counter=counter, created=self._now, expires=expires)

    def _show(
        self,
        trust: Trust,
        releases: Iterable[Listed],
        floors: Mapping[str, int],
        keys: Sequence[SigningKey],
    ) -> Timestamp:
        """Make these the releases of today: a snapshot, then the timestamp that names it."""
        known = trust.snapshot.number if trust.snapshot is not None else 0
        number = max([*self._shelf.papers.snapshots(), known]) + 1
        snapshot = Snapshot(
            spec=1,
            created=self._now,
            expires=self._now + self._lifetimes.snapshot * DAY_S,
            number=number,
            releases=tuple(sorted(releases, key=lambda each: (each.name, each.counter))),
            floors=dict(floors),
        )
        snapshot.check()
        data = sign(snapshot, _enough(trust.root, "snapshot", keys))
        _enough(trust.root, "timestamp", keys)
        self._shelf.papers.save_snapshot(number, data)
        timestamp = self._stamp(trust, number, digest_of(data), len(data), keys)
        for earlier in self._shelf.papers.snapshots():
            if earlier < known:
                self._shelf.papers.delete_snapshot(earlier)  # the last one may be on its way to somebody
        return timestamp

    def _stamp(
        self, trust: Trust, snapshot: int, sha256: str, size: int, keys: Sequence[SigningKey]
    ) -> Timestamp:
        timestamp = Timestamp(
            spec=1,
            created=self._now,
            expires=self._now + self._lifetimes.timestamp * DAY_S,
            number=(trust.timestamp.number if trust.timestamp else 0) + 1,
            snapshot=snapshot,
            sha256=sha256,
            size=size,
        )
        timestamp.check()
        self._shelf.papers.save_timestamp(sign(timestamp, _enough(trust.root, "timestamp", keys)))
        return timestamp

    def _document(self, listed: Listed) -> Release:
        data = self._shelf.papers.release(listed.name, listed.version, listed.counter) or b""
        if digest_of(data) != listed.sha256:
            raise Malformed(f"the document of {listed.name} {listed.version} is gone or changed in the store")
        return self._shelf.release(Tree(listed.name, listed.counter, listed.version))

    def _earlier(self, trust: Trust, name: str) -> list[Release]:
        return [self._document(each) for each in _releases(trust) if each.name == name]


def _listed(listed: Listed, counter: int, data: bytes) -> Listed:
    """The same release as another document says it."""
    return Listed(listed.name, listed.version, counter, digest_of(data), len(data))


def _releases(trust: Trust) -> tuple[Listed, ...]:
    return trust.snapshot.releases if trust.snapshot is not None else ()


def _after(trust: Trust, name: str) -> int:
    """The counter of the next release of that name."""
    floor = trust.snapshot.floors.get(name, 0) if trust.snapshot else 0
    return max([each.counter for each in _releases(trust) if each.name == name], default=floor) + 1


def _believes(trust: Trust, listed: Listed, data: bytes) -> bool:
    """Whether the newest root believes that document's signatures."""
    try:
        trust.checked(listed, data)
    except NotSigned:
        return False
    return True


def _of(root: Root, role: str, keys: Iterable[SigningKey]) -> list[SigningKey]:
    """Those of the keys that may sign that."""
    return [key for key in keys if key.id in root.rules[role].keys]


def _enough(root: Root, role: str, keys: Iterable[SigningKey]) -> list[SigningKey]:
    """As `_of`. Raises `PublishRefused` when they are too few."""
    found, rule = _of(root, role, keys), root.rules[role]
    if len(found) < rule.threshold:
        known = ", ".join(key[:12] for key in rule.keys)
        raise PublishRefused(
            f"the {role} takes {rule.threshold} signatures of the keys {known}; here are {len(found)}"
        )
    return found
