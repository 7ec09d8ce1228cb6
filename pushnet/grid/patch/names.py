"""Which names releases, versions and files may have: nothing that leaves its folder, on any system.

A path is refused when it is absolute or climbs (`..`), when a part of it is empty, `.`, or one that some
system reads otherwise (backslash, colon, control characters, a dot or space at the end, text that is not
in normal form NFC), and when it is too long or deep. A set of paths is refused when two differ only in
upper and lower case, or when a file stands where another path needs a folder.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from pushnet.grid.patch.limits import DEPTH_MAX, PART_BYTES_MAX, PATH_BYTES_MAX
from pushnet.grid.patch.refusals import Malformed, NotAPath

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_VERSION = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.+_-]{0,62}[0-9A-Za-z])?")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def check_name(name: str) -> None:
    """Raises `Malformed` unless it may name a release: `broker`, `etc-2`."""
    if not _NAME.fullmatch(name):
        raise Malformed(f"{name!r} names no release: lower-case letters, digits, - and _, 64 at most")


def check_version(version: str) -> None:
    """Raises `Malformed` unless it may be a version: `1.4.0`, `2026-11-21+b7`."""
    if not _VERSION.fullmatch(version):
        raise Malformed(f"{version!r} is no version: letters, digits and . + _ - between them, 64 at most")


def check_digest(digest: str) -> None:
    """Raises `Malformed` unless it is a sha256 in lower-case hexadecimal."""
    if not _DIGEST.fullmatch(digest):
        raise Malformed(f"{digest[:80]!r} is no sha256 in lower-case hexadecimal digits")


def check_path(path: str) -> None:
    """Raises `NotAPath` unless it may be the path of a file in a release."""
    try:
        size = len(path.encode())
    except UnicodeEncodeError as error:
        raise NotAPath(f"the path {path!r} is no text: {error}") from error
    parts = path.split("/")
    if size > PATH_BYTES_MAX or len(parts) > DEPTH_MAX:
        raise NotAPath(f"the path {path[:80]!r}… has more than {PATH_BYTES_MAX} bytes or {DEPTH_MAX} parts")
    for part in parts:
        wrong = _wrong_with(part)
        if wrong:
            raise NotAPath(f"the path {path!r} {wrong}")


def check_tree(files: Iterable[str], folders: Iterable[str]) -> None:
    """Raises `NotAPath` unless these can stand beside each other on every system."""
    spelt: dict[str, str] = {}
    kinds: dict[str, str] = {}
    for paths, kind in ((files, "file"), (folders, "folder")):
        for path in paths:
            check_path(path)
            if path in kinds and not (kind == kinds[path] == "above"):
                raise NotAPath(f"the path {path!r} stands twice, or is a file and a folder")
            _enter(path, kind, spelt, kinds)


def _enter(path: str, kind: str, spelt: dict[str, str], kinds: dict[str, str]) -> None:
    parts = path.split("/")
    for count in range(1, len(parts) + 1):
        here = "/".join(parts[:count])
        other = spelt.setdefault(unicodedata.normalize("NFC", here.casefold()), here)
        if other != here:
            raise NotAPath(f"the paths {here!r} and {other!r} differ only in upper and lower case")
        role = kind if count == len(parts) else "above"
        if role == "above" and kinds.get(here, "above") == "file":
            raise NotAPath(f"the path {path!r} needs a folder where {here!r} is a file")
        kinds[here] = role if role != "above" else kinds.get(here, "above")


def _wrong_with(part: str) -> str:
    if part in ("", ".", ".."):
        return f"has the part {part!r}: paths are relative, without climbing and empty parts"
    if len(part.encode()) > PART_BYTES_MAX:
        return f"has a part of more than {PART_BYTES_MAX} bytes"
    if _FORBIDDEN.search(part) or _DEVICES.fullmatch(part) or part[-1] in ". ":
        return f"has the part {part!r}, which some systems cannot keep"
    if unicodedata.normalize("NFC", part) != part:
        return f"has the part {part!r}, which is not in Unicode's normal form NFC"
    return ""
