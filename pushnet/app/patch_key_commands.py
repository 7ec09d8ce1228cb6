"""The arguments of `pushnet patch keys …`."""

from __future__ import annotations

from pathlib import Path

import click

from pushnet.app import patch_words as words
from pushnet.app import patching
from pushnet.app.patch_keys import known_keys, make_key
from pushnet.app.patch_options import (
    KEYS,
    MACHINE,
    PAPERS,
    PASSPHRASE_FILE,
    STORE,
    do,
    keyring,
    lifetimes,
    lifetimes_of,
    passphrase,
)
from pushnet.app.patching import WRONG
from pushnet.grid.patch.trust import fingerprint
from pushnet.roles.releases.shelf import Shelf


@click.group("keys")
def keys_group() -> None:
    """Make, show and change the keys that sign releases."""


@keys_group.command()
@click.option(
    "--keys",
    type=click.Path(file_okay=False, path_type=Path),
    default="keys",
    show_default=True,
    help="Where to put the key files.",
)
@click.option("--root-keys", type=click.IntRange(1, 16), default=1, show_default=True)
@click.option(
    "--release-public",
    "publics",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    multiple=True,
    help="NAME.pub of a key for releases that its owner keeps (pushnet patch keys new). May be repeated.",
)
@click.option("--root-threshold", type=click.IntRange(1, 16), default=1, show_default=True)
@click.option(
    "--release-keys", type=click.IntRange(0, 16), help="[default: 1, or none with --release-public]"
)
@click.option("--release-threshold", type=click.IntRange(1, 16), default=1, show_default=True)
@click.option("--guard/--no-guard", default=False, help="Put root and release keys under a passphrase.")
@STORE
@PASSPHRASE_FILE
@lifetimes
@MACHINE
def make(
    keys: Path,
    root_keys: int,
    publics: tuple[Path, ...],
    root_threshold: int,
    release_keys: int | None,
    release_threshold: int,
    guard: bool,
    store: Path,
    passphrase_file: Path | None,
    machine: bool,
    **days: int,
) -> None:
    """Make the keys of a new store and its first root document, which nodes are to believe."""
    made_here = (0 if publics else 1) if release_keys is None else release_keys
    owners = tuple(path.absolute() for path in publics)
    making = patching.Making(root_keys, root_threshold, made_here, release_threshold, owners)
    secret = passphrase(passphrase_file, None) if guard or passphrase_file else b""
    folder = keys.absolute()
    life = lifetimes_of(days)
    try:
        root = patching.in_store(
            store,
            lambda world: patching.make_store(world, folder, making, life, secret),
            new=True,
        )
    except WRONG as error:
        raise click.ClickException(str(error)) from error
    rows = words.keys_rows(root, known_keys([folder]))
    words.show(machine, {"root": str(store / "roots" / "1.json"), "keys": rows}, words.keys_table(root, rows))
    if not machine:
        first = store / "roots" / "1.json"
        print(f"give {first} to each node, or put this into the cluster file: it says whom to believe")
        print(f'releases_root = "{fingerprint(first.read_bytes())}"')


@keys_group.command()
@click.argument("name")
@click.option(
    "--keys",
    type=click.Path(file_okay=False, path_type=Path),
    default="keys",
    show_default=True,
    help="Where to put the key files.",
)
@click.option("--guard/--no-guard", default=False, help="Put the key under a passphrase.")
@PASSPHRASE_FILE
@MACHINE
def new(name: str, keys: Path, guard: bool, passphrase_file: Path | None, machine: bool) -> None:
    """Make one key of your own. The store's keeper gets its public part, and nobody gets the other."""
    secret = passphrase(passphrase_file, None) if guard or passphrase_file else b""
    try:
        key = make_key(keys.absolute(), name, secret)
    except WRONG as error:
        raise click.ClickException(str(error)) from error
    public = keys / f"{name}.pub"
    words.show(
        machine,
        {"key": key.id, "public": str(public), "private": str(keys / f"{name}.key")},
        f"key {key.id[:12]}: give {public} to who keeps the store; {keys / name}.key stays here",
    )


@keys_group.command()
@PAPERS
@STORE
@KEYS
@PASSPHRASE_FILE
@lifetimes
@MACHINE
def finish(
    papers: tuple[Path, ...],
    store: Path,
    keys: tuple[Path, ...],
    passphrase_file: Path | None,
    machine: bool,
    **days: int,
) -> None:
    """Let a change of keys count that waited for signatures, with those that came back."""
    ring, signed = keyring(keys, passphrase_file), [path.read_bytes() for path in papers]
    done = do(store, lambda world: patching.finish(world, ring, lifetimes_of(days), signed))
    words.show(machine, *words.changed_words(done, store, "its keys count now"))


@keys_group.command("list")
@STORE
@KEYS
@MACHINE
def list_keys(store: Path, keys: tuple[Path, ...], machine: bool) -> None:
    """Show which keys sign what, and which of them are here."""
    root = do(store, lambda world: Shelf(world.storage).published().root, alone=False)
    here = known_keys([place for place in keys if place.exists()])
    rows = words.keys_rows(root, here)
    words.show(
        machine, {"number": root.number, "expires": root.expires, "keys": rows}, words.keys_table(root, rows)
    )


ROLE = click.argument("role", type=click.Choice(["root", "release", "snapshot", "timestamp"]))
INTO = click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default="keys",
    show_default=True,
    help="Where to put the new key.",
)
NEW = click.option(
    "--new",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="NAME.pub of the new key, when its owner has made it. [default: one is made here]",
)
GUARD = click.option("--guard/--no-guard", default=False, help="Put the new key under the passphrase.")


@keys_group.command()
@ROLE
@click.option(
    "--threshold", type=click.IntRange(1, 16), help="How many it takes from now on. [default: as before]"
)
@INTO
@NEW
@GUARD
@STORE
@KEYS
@PASSPHRASE_FILE
@lifetimes
@MACHINE
def add(
    role: str,
    threshold: int | None,
    into: Path,
    new: Path | None,
    guard: bool,
    store: Path,
    keys: tuple[Path, ...],
    passphrase_file: Path | None,
    machine: bool,
    **days: int,
) -> None:
    """Let one more key sign as ROLE, and say how many it takes."""
    ring, folder, life = keyring(keys, passphrase_file), into.absolute(), lifetimes_of(days)
    secret = passphrase(passphrase_file, None) if guard else b""
    public, most = new.absolute() if new is not None else None, threshold or 0
    done, key = do(store, lambda world: patching.add(world, role, most, folder, ring, life, secret, public))
    told, text = words.changed_words(done, store, f"{key.id[:12]} signs as {role}, too")
    words.show(machine, {**told, "role": role, "key": key.id}, text)


@keys_group.command()
@ROLE
@click.option("--old", default="", help="The key to replace, by the beginning of its id.")
@INTO
@NEW
@GUARD
@STORE
@KEYS
@PASSPHRASE_FILE
@lifetimes
@MACHINE
def rotate(
    role: str,
    old: str,
    into: Path,
    new: Path | None,
    guard: bool,
    store: Path,
    keys: tuple[Path, ...],
    passphrase_file: Path | None,
    machine: bool,
    **days: int,
) -> None:
    """Put a new key in an old one's place, and sign anew what the old one had signed."""
    ring, folder, life = keyring(keys, passphrase_file), into.absolute(), lifetimes_of(days)
    secret = passphrase(passphrase_file, None) if guard else b""
    public = new.absolute() if new is not None else None
    done, key = do(store, lambda world: patching.rotate(world, role, old, folder, ring, life, secret, public))
    told, text = words.changed_words(done, store, f"{key.id[:12]} signs as {role} now")
    words.show(machine, {**told, "role": role, "key": key.id}, text)


@keys_group.command()
@click.argument("key")
@STORE
@KEYS
@PASSPHRASE_FILE
@lifetimes
@MACHINE
def revoke(
    key: str, store: Path, keys: tuple[Path, ...], passphrase_file: Path | None, machine: bool, **days: int
) -> None:
    """Take KEY (the beginning of its id) out, without another in its place."""
    ring = keyring(keys, passphrase_file)
    done = do(store, lambda world: patching.revoke(world, key, ring, lifetimes_of(days)))
    words.show(machine, *words.changed_words(done, store, f"{key} signs nothing any more"))
