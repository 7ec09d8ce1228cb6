"""The four signed documents as values. Reading them checks every field; nothing unknown is passed over."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from pushnet.grid.patch import names
from pushnet.grid.patch.canonical import encode
from pushnet.grid.patch.limits import (
    FILE_BYTES_MAX,
    FILES_MAX,
    KEYS_MAX,
    LISTED_MAX,
    PACKS_MAX,
    RELEASE_BYTES_MAX,
)
from pushnet.grid.patch.refusals import Malformed

ROLES = ("root", "release", "snapshot", "timestamp")
_NUMBER_MAX = 2**53 - 1
"""What every JSON reader takes for a whole number."""


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way a file may travel: as zstd of the whole, or of the difference to another content."""

    base: str
    """The sha256 of the content it is the difference to; empty: of nothing."""
    sha256: str
    """Of the packed bytes, which are checked before they are unpacked."""
    size: int


class FileEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a release. It may always travel as it is, by its own sha256."""

    path: str
    size: int
    sha256: str
    executable: bool
    packs: tuple[Pack, ...]


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    """What all four have."""

    role: ClassVar[str]
    spec: int
    created: int
    """Seconds since 1970."""
    expires: int

    def check(self) -> None:
        """Raises `Malformed` when the fields do not fit each other."""
        _wrong(self.spec != 1, f"it is written by rules of version {self.spec}, and this program knows 1")
        _wrong(not 0 <= self.created < self.expires <= _NUMBER_MAX, "its dates cannot be")


class Release(_Document, frozen=True, tag="release"):
    """One version of one program."""

    role: ClassVar[str] = "release"
    name: str
    version: str
    counter: int
    """Of each name the releases are counted as they are signed; a higher one is the newer word."""
    files: tuple[FileEntry, ...]
    """Sorted by path."""
    folders: tuple[str, ...] = ()
    """Those without a file in them, sorted."""

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    def check(self) -> None:
        super().check()
        names.check_name(self.name)
        names.check_version(self.version)
        _number(self.counter, "counter")
        _wrong(len(self.files) + len(self.folders) > FILES_MAX, f"it has more than {FILES_MAX} files")
        names.check_tree((file.path for file in self.files), self.folders)
        paths = [file.path for file in self.files]
        _wrong(paths != sorted(paths) or [*self.folders] != sorted(self.folders), "it is not sorted")
        for file in self.files:
            _check_file(file)
        _wrong(self.size > RELEASE_BYTES_MAX, f"it has more than {RELEASE_BYTES_MAX} bytes")


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A release that counts today, by the digest of its document."""

    name: str
    version: str
    counter: int
    sha256: str
    size: int


class Snapshot(_Document, frozen=True, tag="snapshot"):
    """All releases that count."""

    role: ClassVar[str] = "snapshot"
    number: int
    releases: tuple[Listed, ...]
    """Sorted by name and counter."""
    floors: dict[str, int]
    """Of a name, the counter below which releases are withdrawn. Never goes down."""

    def check(self) -> None:
        super().check()
        _number(self.number, "number")
        _wrong(len(self.releases) > LISTED_MAX, f"it lists more than {LISTED_MAX} releases")
        order = [(each.name, each.counter) for each in self.releases]
        versions = {(each.name, each.version): None for each in self.releases}
        _wrong(order != sorted(dict.fromkeys(order)) or len(versions) != len(order), "it is not sorted")
        for name, floor in self.floors.items():
            names.check_name(name)
            _number(floor, "floor")
        for each in self.releases:
            names.check_name(each.name)
            names.check_version(each.version)
            names.check_digest(each.sha256)
            _number(each.counter, "counter")
            _number(each.size, "size")
            _wrong(each.counter < self.floors.get(each.name, 0), f"it lists the withdrawn {each.name}")


class Timestamp(_Document, frozen=True, tag="timestamp"):
    """Which snapshot is today's."""

    role: ClassVar[str] = "timestamp"
    number: int
    snapshot: int
    sha256: str
    size: int

    def check(self) -> None:
        super().check()
        names.check_digest(self.sha256)
        for value in (self.number, self.snapshot, self.size):
            _number(value, "number")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who signs one kind of document."""

    keys: tuple[str, ...]
    threshold: int


class Root(_Document, frozen=True, tag="root"):
    """Which keys sign what."""

    role: ClassVar[str] = "root"
    number: int
    keys: dict[str, str]
    """Key id to the public key, 32 bytes in hexadecimal. A key's id is the sha256 of its bytes."""
    rules: dict[str, Rule]

    def check(self) -> None:
        super().check()
        _number(self.number, "number")
        _wrong(tuple(sorted(self.rules)) != tuple(sorted(ROLES)), f"it has no rule for each of {ROLES}")
        _wrong(len(self.keys) > KEYS_MAX, f"it has more than {KEYS_MAX} keys")
        for public in self.keys.values():
            names.check_digest(public)
        for role, rule in self.rules.items():
            known = all(key in self.keys for key in rule.keys)
            _wrong(not known or len(dict.fromkeys(rule.keys)) != len(rule.keys), f"{role} has unknown keys")
            _wrong(not 1 <= rule.threshold <= len(rule.keys), f"{role} asks for {rule.threshold} signatures")


Document = Release | Snapshot | Timestamp | Root


def read_document(fields: dict[str, Any], what: str) -> Document:
    """The value that a document's fields spell. Raises `Malformed` or `NotAPath`."""
    try:
        value: Document = msgspec.convert(fields, Document)
    except (msgspec.ValidationError, UnicodeError) as error:
        raise Malformed(f"{what} is no document of ours: {error}") from error
    try:
        value.check()
    except Malformed as error:
        raise Malformed(f"{what} cannot be: {error}") from error
    return value


def fields_of(document: Document) -> dict[str, Any]:
    """What `read_document` reads, for signing."""
    fields: dict[str, Any] = msgspec.to_builtins(document)
    return fields


def same_content(one: Release, other: Release) -> bool:
    """Whether two documents describe the same files, however they travel."""
    return encode([_content(file) for file in one.files]) == encode(
        [_content(file) for file in other.files]
    ) and list(one.folders) == list(other.folders)


def _content(file: FileEntry) -> list[object]:
    return [file.path, file.size, file.sha256, file.executable]


def _check_file(file: FileEntry) -> None:
    names.check_digest(file.sha256)
    _wrong(not 0 <= file.size <= FILE_BYTES_MAX, f"{file.path} has more than {FILE_BYTES_MAX} bytes")
    _wrong(len(file.packs) > PACKS_MAX, f"{file.path} has more than {PACKS_MAX} packs")
    for pack in file.packs:
        names.check_digest(pack.sha256)
        if pack.base:
            names.check_digest(pack.base)
        _wrong(not 0 < pack.size < file.size, f"{file.path} has a pack that saves nothing")


def _number(value: int, what: str) -> None:
    _wrong(not 1 <= value <= _NUMBER_MAX, f"its {what} is {value}")


def _wrong(wrong: bool, why: str) -> None:
    if wrong:
        raise Malformed(why)
