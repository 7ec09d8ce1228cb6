"""How `pushnet patch` tells what it found: tables for people, one JSON object for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from pushnet.app.patch_keys import KeyFile
from pushnet.app.patching import Changed, Paper
from pushnet.grid.patch.documents import ROLES, Release, Root
from pushnet.roles.releases.publisher import Published
from pushnet.stores.releases.papers import CHANGE

PLAIN_WIDTH = 160


def day(seconds: int) -> str:
    """A moment as people write it, UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


def size(count: int) -> str:
    """Bytes for people: `1.4 MB`."""
    value, units = float(count), ["B", "kB", "MB", "GB"]
    while value >= 1000 and len(units) > 1:
        value /= 1000
        units.pop(0)
    return f"{value:.0f} {units[0]}" if units[0] == "B" else f"{value:.1f} {units[0]}"


def show(machine: bool, told: object, table: Table | str) -> None:
    """Print `told` as JSON for programs, or the table or line for people."""
    if machine:
        print(json.dumps(told))
    elif isinstance(table, str):
        print(table)
    else:
        console = Console()
        Console(width=None if console.is_terminal else PLAIN_WIDTH).print(table)


def described(release: Release) -> dict[str, Any]:
    """One release in a row."""
    return {
        "name": release.name,
        "version": release.version,
        "counter": release.counter,
        "files": len(release.files),
        "bytes": release.size,
        "created": release.created,
        "expires": release.expires,
    }


def releases_table(found: Sequence[Release]) -> Table:
    made = Table(title="releases")
    for column in ("name", "version", "counter", "files", "size", "signed", "expires"):
        made.add_column(column, no_wrap=True)
    for each in found:
        dates = (day(each.created), day(each.expires))
        made.add_row(
            each.name, each.version, str(each.counter), str(len(each.files)), size(each.size), *dates
        )
    return made


def files_table(release: Release) -> Table:
    made = Table(title=f"{release.name} {release.version}")
    for column in ("path", "size", "mode", "sha256", "travels as"):
        made.add_column(column, overflow="fold")
    for file in release.files:
        ways = [f"{'difference' if pack.base else 'zstd'} {size(pack.size)}" for pack in file.packs]
        mode = "0755" if file.executable else "0644"
        made.add_row(file.path, size(file.size), mode, file.sha256[:12], ", ".join(ways) or "it is")
    for folder in release.folders:
        made.add_row(f"{folder}/", "", "0755", "", "")
    return made


def changes_table(title: str, rows: Sequence[dict[str, Any]]) -> Table:
    made = Table(title=title)
    for column in ("path", "change", "size", "travels"):
        made.add_column(column, overflow="fold")
    for row in rows:
        gone = row["change"] == "gone"
        made.add_row(row["path"], row["change"], "" if gone else size(row["size"]), size(row["moves"]))
    made.add_section()
    made.add_row(f"{len(rows)} files", "", "", size(sum(row["moves"] for row in rows)))
    return made


def keys_rows(root: Root, files: Sequence[KeyFile]) -> list[dict[str, Any]]:
    here = {file.id: str(file.path) for file in files}
    return [
        {
            "role": role,
            "key": key,
            "threshold": root.rules[role].threshold,
            "of": len(root.rules[role].keys),
            "file": here.get(key, ""),
        }
        for role in ROLES
        for key in root.rules[role].keys
    ]


def keys_table(root: Root, rows: Sequence[dict[str, Any]]) -> Table:
    made = Table(title=f"root {root.number}, expires {day(root.expires)}")
    for column in ("role", "key", "it takes", "private key"):
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(
            row["role"], row["key"][:12], f"{row['threshold']} of {row['of']}", row["file"] or "elsewhere"
        )
    return made


def published_words(done: Published) -> tuple[dict[str, Any], str]:
    """A publish for programs and for people."""
    release = done.release
    told = {
        **described(release),
        "already": done.already,
        "new_contents": done.files_new,
        "stored_bytes": done.stored_bytes,
        "signatures_missing": done.signatures_missing,
    }
    label = f"{release.name} {release.version}"
    if done.already:
        return told, f"{label} is published with these files already: nothing was done"
    if done.signatures_missing:
        missing = done.signatures_missing
        return told, (
            f"{label} waits for {missing} more signatures: pushnet patch sign {label} --keys …; to have it "
            f"signed elsewhere give away the store's drafts/{release.name}/{release.version}.json (pushnet "
            f"patch countersign), and sign with --paper when it is back"
        )
    return told, (
        f"published {label}: {len(release.files)} files, {size(release.size)}; {done.files_new} new contents "
        f"took {size(done.stored_bytes)}"
    )


def waiting_words(what: str, missing: Sequence[str], paper: Path, then: str) -> str:
    """What is to be done with a paper that lacks signatures."""
    return (
        f"{what} waits: {'; '.join(missing)}. Give {paper} to who signs elsewhere (pushnet patch "
        f"countersign), then `{then}`"
    )


def changed_words(done: Changed, store: Path, what: str) -> tuple[dict[str, Any], str]:
    """A change of keys for programs and for people."""
    number = done.root.number
    told = {"number": number, "missing": list(done.missing)}
    if not done.missing:
        return told, f"root {number}: {what}"
    then = "pushnet patch keys finish --paper FILE"
    return told, waiting_words(f"root {number}", done.missing, store / CHANGE, then)


def paper_words(paper: Paper) -> tuple[dict[str, Any], str]:
    """What was signed, for programs and for people."""
    lines = []
    for each in paper.contents:
        if isinstance(each, Root):
            rules = [f"{role} {rule.threshold} of {len(rule.keys)}" for role, rule in each.rules.items()]
            lines.append(f"signed root {each.number}: {', '.join(rules)}")
        else:
            lines.append(f"signed {each.name} {each.version}: {len(each.files)} files, {size(each.size)}")
    lines.append("it lacks nothing more" if not paper.missing else f"it lacks: {'; '.join(paper.missing)}")
    return {"documents": len(paper.contents), "missing": list(paper.missing)}, "\n".join(lines)
