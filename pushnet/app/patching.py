"""What the commands `pushnet patch …` do, once their arguments are read.

The store is a folder; the commands run in it as a node runs in its own. What is refused is told in one
line that names the place and the cure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any, TypeVar

import attrs

from pushnet.app.patch_folder import Folder, FolderRefused, read_folder
from pushnet.app.patch_keys import (
    ONLINE,
    KeyFile,
    KeyRefused,
    free_name,
    known_keys,
    make_key,
    open_key,
    read_public,
    write_whole,
)
from pushnet.app.running import CommandError, Session, run
from pushnet.grid.patch.countersigning import (
    content_of,
    countersigned,
    laid_together,
    missing,
    read_paper,
    write_paper,
)
from pushnet.grid.patch.documents import ROLES, Release, Root, Rule
from pushnet.grid.patch.refusals import Refused
from pushnet.grid.patch.signing import SigningKey, digest_of
from pushnet.grid.patch.trust import Trust
from pushnet.roles.releases.inspection import Fault, inspect
from pushnet.roles.releases.packer import Told
from pushnet.roles.releases.publisher import KnownKey, Lifetimes, Published, Publisher
from pushnet.roles.releases.shelf import Shelf
from pushnet.roles.releases.source import SourcesFailed
from pushnet.world import World

LOCK = "lock"
"""A file in the store; whoever holds its lock may publish."""
T = TypeVar("T")
WRONG = (Refused, SourcesFailed, FolderRefused, KeyRefused, OSError)
"""What is somebody's mistake or somebody's attack: told in a line."""


@attrs.frozen
class Keyring:
    """Where private keys are, and how to come by passphrases."""

    places: tuple[Path, ...]
    passphrase: Callable[[KeyFile], bytes] = attrs.field(repr=False)

    def open(self, root: Root, roles: Iterable[str]) -> list[SigningKey]:
        """The keys here that may sign these roles; no other is opened."""
        wanted = {key: None for role in roles for key in root.rules[role].keys}
        files = {file.id: file for file in known_keys(self.places) if file.id in wanted}
        return [open_key(file, self.passphrase) for file in files.values()]

    def all(self) -> list[SigningKey]:
        """Every key here."""
        return [open_key(file, self.passphrase) for file in known_keys(self.places)]


@attrs.frozen
class Paper:
    """What was signed."""

    contents: tuple[Release | Root, ...]
    missing: tuple[str, ...]
    """What still lacks signatures, in words."""


@attrs.frozen
class Making:
    """How many keys a new store has, and how many of them it takes."""

    root: int = 1
    root_threshold: int = 1
    release: int = 1
    release_threshold: int = 1
    release_publics: tuple[Path, ...] = ()
    """Public parts of the keys of people who keep theirs on machines of their own."""


@attrs.frozen
class Changed:
    """What a change of keys has come to."""

    root: Root
    """The one that counts now, or will."""
    missing: tuple[str, ...] = ()
    """What still lacks signatures, in words; empty: it counts."""


def in_store(store: Path, work: Callable[[World], T], *, new: bool = False, alone: bool = True) -> T:
    """Do blocking work in a store; `alone` when it writes. Ends the program with what `run` returns."""
    if not new and not (store / "roots").is_dir():
        raise Refused(
            f"{store} is no store of releases: `pushnet patch keys make --store {store}` begins one"
        )
    results: list[T] = []

    async def main(session: Session) -> int:
        try:
            with at_work(store) if alone else nullcontext():
                results.append(await session.world.run_blocking(work, session.world))
        except WRONG as error:
            raise CommandError(str(error)) from error
        return 0

    status = run(main, store)
    if status or not results:
        raise SystemExit(status or 1)
    return results[0]


def make_store(world: World, keys: Path, making: Making, lifetimes: Lifetimes, passphrase: bytes) -> Root:
    """Make the keys and the first root."""
    counts = {"root": making.root, "release": making.release, "snapshot": 1, "timestamp": 1}
    thresholds = {"root": making.root_threshold, "release": making.release_threshold}
    elsewhere = {"release": [read_public(path) for path in making.release_publics]}
    for role, here in counts.items():
        count = here + len(elsewhere.get(role, ()))
        if not 1 <= thresholds.get(role, 1) <= count:
            raise Refused(f"{thresholds.get(role, 1)} signatures of {count} {role} keys cannot be")
    shelf = Shelf(world.storage)
    if shelf.papers.roots():
        raise Refused(
            "this store has keys already: `pushnet patch keys list` shows them, `rotate` changes them"
        )
    rules: dict[str, tuple[list[KnownKey], int]] = {}
    for role in ROLES:
        secret = b"" if role in ONLINE else passphrase
        made: list[KnownKey] = [*elsewhere.get(role, ())]
        made += [make_key(keys, free_name(keys, role), secret) for _ in range(counts[role])]
        rules[role] = (made, thresholds.get(role, 1))
    return _publisher(world, lifetimes).begin(rules)


def publish(
    world: World,
    folder: Path,
    name: str,
    version: str,
    keyring: Keyring,
    lifetimes: Lifetimes,
    exclude: Sequence[str] = (),
    told: Callable[[int], Told] = lambda total: lambda path, size: None,
) -> Published:
    """Publish a folder. `told` is given the bytes there are and returns what is told of each file."""
    shelf = Shelf(world.storage)
    found = read_folder(folder, exclude)
    keys = keyring.open(shelf.trust().root, ("release", *ONLINE))
    publisher = _publisher(world, lifetimes)
    return publisher.publish(name, version, found.files, found.empty, keys, told(found.size))


def countersign(
    world: World,
    name: str,
    version: str,
    keyring: Keyring,
    lifetimes: Lifetimes,
    papers: Sequence[bytes] = (),
) -> Published:
    """Add signatures to a release that waits: of keys here, and of papers that came back."""
    keys = keyring.open(Shelf(world.storage).trust().root, ("release", *ONLINE))
    return _publisher(world, lifetimes).countersign(name, version, keys, papers)


def renew(world: World, name: str, version: str, keyring: Keyring, lifetimes: Lifetimes) -> Release:
    keys = keyring.open(Shelf(world.storage).trust().root, ("release", *ONLINE))
    return _publisher(world, lifetimes).renew(name, version, keys)


def refresh(world: World, keyring: Keyring, lifetimes: Lifetimes) -> int:
    """Sign today's timestamp anew; until when it is good, in seconds since 1970."""
    shelf = Shelf(world.storage)
    root = shelf.published().root
    try:
        shelf.trust()
        roles: tuple[str, ...] = ONLINE
    except Refused:
        roles = ("release", *ONLINE)  # keys were changed, and the signing anew was cut off
    return _publisher(world, lifetimes).refresh(keyring.open(root, roles)).expires


def rotate(
    world: World,
    role: str,
    old: str,
    keys: Path,
    keyring: Keyring,
    lifetimes: Lifetimes,
    passphrase: bytes,
    new: Path | None = None,
) -> tuple[Changed, KnownKey]:
    """Put a new key in the place of an old one (by the beginning of its id; empty: the only one).

    Args:
        new: the public part of the new key, which is somewhere else; None: one is made here.
    """
    root = Shelf(world.storage).published().root
    gone = _one_key(root, role, old)
    signers = keyring.open(root, ROLES)
    key, able = _new_key(role, keys, signers, passphrase, new)
    rule = root.rules[role]
    ids = tuple(key.id if each == gone else each for each in rule.keys)
    rules = {**root.rules, role: Rule(ids, rule.threshold)}
    return _change(world, {**root.keys, key.id: key.public}, rules, able, lifetimes), key


def add(
    world: World,
    role: str,
    threshold: int,
    keys: Path,
    keyring: Keyring,
    lifetimes: Lifetimes,
    passphrase: bytes,
    new: Path | None = None,
) -> tuple[Changed, KnownKey]:
    """One more key for a role. `threshold`: how many it takes from now on; 0: as many as before."""
    root = Shelf(world.storage).published().root
    rule = root.rules[role]
    if threshold > len(rule.keys) + 1:
        raise Refused(f"{threshold} signatures of {len(rule.keys) + 1} {role} keys cannot be")
    key, able = _new_key(role, keys, keyring.open(root, ROLES), passphrase, new)
    rules = {**root.rules, role: Rule((*rule.keys, key.id), threshold or rule.threshold)}
    return _change(world, {**root.keys, key.id: key.public}, rules, able, lifetimes), key


def revoke(world: World, key: str, keyring: Keyring, lifetimes: Lifetimes) -> Changed:
    """Take a key out of every role, without another in its place."""
    root = Shelf(world.storage).published().root
    roles = [role for role in ROLES if any(each.startswith(key) for each in root.rules[role].keys)]
    if not roles or not key:
        raise Refused(f"no key of this store begins with {key!r}: `pushnet patch keys list` shows them")
    gone = {_one_key(root, role, key): None for role in roles}
    rules = dict(root.rules)
    for role in roles:
        left = tuple(each for each in rules[role].keys if each not in gone)
        if len(left) < rules[role].threshold:
            raise Refused(f"without it too few {role} keys would be left: rotate it instead")
        rules[role] = Rule(left, rules[role].threshold)
    return _change(world, root.keys, rules, keyring.open(root, ROLES), lifetimes)


def finish(world: World, keyring: Keyring, lifetimes: Lifetimes, papers: Sequence[bytes] = ()) -> Changed:
    """Let a change of keys count that waited for signatures, with those of papers that came back."""
    shelf = Shelf(world.storage)
    data = shelf.papers.change()
    if data is None:
        raise Refused("no change of keys waits for signatures here")
    root, documents = shelf.published().root, read_paper(data)
    for paper in papers:
        documents = laid_together(documents, read_paper(paper), root)
    shelf.papers.save_change(write_paper(documents))
    after = content_of(documents[0])
    assert isinstance(after, Root), "a change begins with its root"
    return _carried_out(world, documents, keyring.open(after, ONLINE), lifetimes)


def sign_paper(
    path: Path, root: Path, keyring: Keyring, folder: Path | None, exclude: Sequence[str]
) -> Paper:
    """Sign a paper of another machine's, in its place. With `folder` only if the release has these files."""
    trusted, documents = Trust.anchored(root.read_bytes()).root, read_paper(path.read_bytes())
    contents = [content_of(each) for each in documents]
    if folder is not None:
        for content in contents:
            _same_files(content, read_folder(folder, exclude))
    signed = countersigned(documents, trusted, keyring.all())
    write_whole(path, write_paper(signed))
    return Paper(tuple(contents), tuple(missing(signed, trusted)))


def collect(world: World, keep: int, keyring: Keyring, lifetimes: Lifetimes) -> tuple[int, int, int]:
    """Withdraw old releases and delete what nothing needs: releases, objects, bytes."""
    publisher = _publisher(world, lifetimes)
    gone = publisher.withdraw(keep, keyring.open(Shelf(world.storage).trust().root, ONLINE))
    objects, size = publisher.clear()
    return len(gone), objects, size


def releases(world: World) -> list[Release]:
    return _publisher(world, Lifetimes()).documents()


def faults(world: World, told: Callable[[str], object] = lambda place: None) -> list[Fault]:
    return inspect(Shelf(world.storage), told)


def changes(old: Release, new: Release) -> list[dict[str, Any]]:
    """What a node with the old release fetches and does for the new one, by path."""
    before = {file.path: file for file in old.files}
    held = {file.sha256: None for file in old.files}
    rows: list[dict[str, Any]] = []
    for file in new.files:
        was = before.pop(file.path, None)
        if was is not None and (was.sha256, was.executable) == (file.sha256, file.executable):
            continue
        usable = [pack.size for pack in file.packs if not pack.base or pack.base in held]
        moves = 0 if file.sha256 in held else min([file.size, *usable])
        what = "new" if was is None else "mode" if was.sha256 == file.sha256 else "changed"
        rows.append({"path": file.path, "change": what, "size": file.size, "moves": moves})
    gone = [{"path": path, "change": "gone", "size": 0, "moves": 0} for path in before]
    return sorted(rows + gone, key=lambda row: str(row["path"]))


@contextmanager
def at_work(store: Path) -> Iterator[None]:
    """Let nobody else change the store meanwhile. Raises `Refused` when somebody is at it."""
    with open(store / LOCK, "ab") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            raise Refused(f"another `pushnet patch` is at work in {store}: wait for its end") from error
        yield


def _new_key(
    role: str, keys: Path, signers: Sequence[SigningKey], passphrase: bytes, new: Path | None
) -> tuple[KnownKey, list[SigningKey]]:
    """A new key, and who signs with it: one whose public part was handed over signs elsewhere."""
    if new is not None:
        return read_public(new), list(signers)
    made = make_key(keys, free_name(keys, role), b"" if role in ONLINE else passphrase)
    return made, [*signers, made]


def _change(
    world: World,
    keys: Mapping[str, str],
    rules: Mapping[str, Rule],
    signers: Sequence[SigningKey],
    lifetimes: Lifetimes,
) -> Changed:
    """Make the next root count, or keep it until enough have signed."""
    documents = _publisher(world, lifetimes).propose(keys, rules, signers)
    Shelf(world.storage).papers.save_change(write_paper(documents))
    return _carried_out(world, documents, signers, lifetimes)


def _carried_out(
    world: World, documents: Sequence[bytes], signers: Sequence[SigningKey], lifetimes: Lifetimes
) -> Changed:
    shelf = Shelf(world.storage)
    root = content_of(documents[0])
    assert isinstance(root, Root), "a change begins with its root"
    lacks = missing(documents, shelf.published().root)
    if not lacks:
        root = _publisher(world, lifetimes).carry_out(documents, signers)
        shelf.papers.delete_change()
    return Changed(root, tuple(lacks))


def _same_files(content: Release | Root, found: Folder) -> None:
    if isinstance(content, Root):
        raise Refused("this paper changes keys: it has no files to compare")
    there = {each.path: (digest_of(each.read()), each.executable) for each in found.files}
    told = {each.path: (each.sha256, each.executable) for each in content.files}
    wrong = [path for path in sorted({**there, **told}) if there.get(path) != told.get(path)]
    if wrong or sorted(found.empty) != list(content.folders):
        which = wrong[0] if wrong else "the empty folders"
        raise Refused(f"{content.name} {content.version} has other files than this folder: {which}")


def _publisher(world: World, lifetimes: Lifetimes) -> Publisher:
    return Publisher(Shelf(world.storage), int(world.wall()), lifetimes)


def _one_key(root: Root, role: str, beginning: str) -> str:
    found = [key for key in root.rules[role].keys if key.startswith(beginning)]
    if len(found) != 1:
        known = ", ".join(key[:12] for key in root.rules[role].keys)
        raise Refused(f"say which {role} key, by the beginning of its id: {known}")
    return found[0]
