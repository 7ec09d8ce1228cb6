"""The arguments of `pushnet patch keys …`."""

from __future__ import annotations

from pathlib import Path

import click

from pushnet.app import patch_words as words
from pushnet.app import patching
from pushnet.app.patch_keys import known_keys
from pushnet.app.patch_options import (
    KEYS,
    MACHINE,
    PASSPHRASE_FILE,
    STORE,
    do,
    keyring,
    lifetimes,
    lifetimes_of,
    passphrase,
)
from pushnet.app.patching import WRONG
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
@click.option("--root-threshold", type=click.IntRange(1, 16), default=1, show_default=True)
@click.option("--release-keys", type=click.IntRange(1, 16), default=1, show_default=True)
@click.option("--release-threshold", type=click.IntRange(1, 16), default=1, show_default=True)
@click.option("--guard/--no-guard", default=False, help="Put root and release keys under a passphrase.")
@STORE
@PASSPHRASE_FILE
@lifetimes
@MACHINE
def make(
    keys: Path,
    root_keys: int,
    root_threshold: int,
    release_keys: int,
    release_threshold: int,
    guard: bool,
    store: Path,
    passphrase_file: Path | None,
    machine: bool,
    **days: int,
) -> None:
    """Make the keys of a new store and its first root document, which nodes are to believe."""
    making = patching.Making(root_keys, root_threshold, release_keys, release_threshold)
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
        print(f"give {store / 'roots' / '1.json'} to each node: it says whom to believe")


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


@keys_group.command()
@click.argument("role", type=click.Choice(["root", "release", "snapshot", "timestamp"]))
@click.option("--old", default="", help="The key to replace, by the beginning of its id.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default="keys",
    show_default=True,
    help="Where to put the new key.",
)
@click.option("--guard/--no-guard", default=False, help="Put the new key under the passphrase.")
@STORE
@KEYS
@PASSPHRASE_FILE
@lifetimes
@MACHINE
def rotate(
    role: str,
    old: str,
    into: Path,
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
    root, key = do(store, lambda world: patching.rotate(world, role, old, folder, ring, life, secret))
    told = {"number": root.number, "role": role, "key": key.id}
    words.show(machine, told, f"root {root.number}: {key.id[:12]} signs as {role} now")


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
    root = do(store, lambda world: patching.revoke(world, key, ring, lifetimes_of(days)))
    words.show(machine, {"number": root.number}, f"root {root.number}: {key} signs nothing any more")
