"""The arguments of `pushnet patch …`: publishing, looking at, serving and fetching releases of programs."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from pushnet.app import patch_fetching, patching
from pushnet.app import patch_words as words
from pushnet.app.patch_bar import Bar
from pushnet.app.patch_key_commands import keys_group
from pushnet.app.patch_options import (
    KEYS,
    MACHINE,
    PAPERS,
    PASSPHRASE_FILE,
    PROPERTIES,
    STORE,
    do,
    keyring,
    lifetimes,
    lifetimes_of,
    properties_of,
)
from pushnet.app.patch_refreshing import refresh_again_and_again
from pushnet.app.patching import WRONG
from pushnet.app.running import CommandError, Session, run
from pushnet.grid.patch.documents import Release
from pushnet.grid.patch.limits import CHUNK_BYTES_MAX
from pushnet.grid.patch.refusals import Refused
from pushnet.roles.releases.library import Limits


@click.group()
def patch() -> None:
    """Publish, inspect, serve and fetch releases of programs."""


@patch.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Of the program, such as broker.")
@click.option("--version", required=True, help="Such as 1.4.0.")
@click.option("--exclude", multiple=True, help="Leave out names or paths like this one: '*.pyc', 'logs/*'.")
@STORE
@KEYS
@PASSPHRASE_FILE
@lifetimes
@MACHINE
def publish(
    folder: Path,
    name: str,
    version: str,
    exclude: tuple[str, ...],
    store: Path,
    keys: tuple[Path, ...],
    passphrase_file: Path | None,
    machine: bool,
    **days: int,
) -> None:
    """Publish FOLDER as a version of a program. Publishing the same files again does nothing."""
    bar = Bar(machine)
    with bar:
        done = do(
            store,
            lambda world: patching.publish(
                world,
                folder,
                name,
                version,
                keyring(keys, passphrase_file),
                lifetimes_of(days),
                exclude,
                bar.files,
            ),
        )
    words.show(machine, *words.published_words(done))


@patch.command()
@click.argument("name")
@click.argument("version")
@PAPERS
@STORE
@KEYS
@PASSPHRASE_FILE
@lifetimes
@MACHINE
def sign(
    name: str,
    version: str,
    papers: tuple[Path, ...],
    store: Path,
    keys: tuple[Path, ...],
    passphrase_file: Path | None,
    machine: bool,
    **days: int,
) -> None:
    """Add signatures to a release that waits for more of them."""
    ring, life = keyring(keys, passphrase_file), lifetimes_of(days)
    signed = [path.read_bytes() for path in papers]
    done = do(store, lambda world: patching.countersign(world, name, version, ring, life, signed))
    words.show(machine, *words.published_words(done))


@patch.command()
@click.argument("paper", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option(
    "--root",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    required=True,
    help="A root document of the publisher's: it says who may sign.",
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="Sign only if the release has exactly the files of this folder.",
)
@click.option("--exclude", multiple=True, help="Of the folder, as in `publish`.")
@KEYS
@PASSPHRASE_FILE
@MACHINE
def countersign(
    paper: Path,
    root: Path,
    folder: Path | None,
    exclude: tuple[str, ...],
    keys: tuple[Path, ...],
    passphrase_file: Path | None,
    machine: bool,
) -> None:
    """Sign PAPER, which waits in somebody else's store, with keys that are here; it is changed in place."""
    try:
        done = patching.sign_paper(paper, root, keyring(keys, passphrase_file), folder, exclude)
    except WRONG as error:
        raise click.ClickException(str(error)) from error
    words.show(machine, *words.paper_words(done))


@patch.command()
@click.argument("name")
@click.argument("version")
@STORE
@KEYS
@PASSPHRASE_FILE
@lifetimes
@MACHINE
def renew(
    name: str,
    version: str,
    store: Path,
    keys: tuple[Path, ...],
    passphrase_file: Path | None,
    machine: bool,
    **days: int,
) -> None:
    """Sign a release anew, as the newest of its name: before it expires, or to go back to it."""
    ring = keyring(keys, passphrase_file)
    done = do(store, lambda world: patching.renew(world, name, version, ring, lifetimes_of(days)))
    text = f"{name} {version} counts as the newest {name}, until {words.day(done.expires)}"
    words.show(machine, words.described(done), text)


@patch.command()
@click.option("--every", type=click.FloatRange(min=0.01), metavar="HOURS", help="Again, until Ctrl-C.")
@STORE
@KEYS
@PASSPHRASE_FILE
@lifetimes
@MACHINE
def refresh(
    every: float | None,
    store: Path,
    keys: tuple[Path, ...],
    passphrase_file: Path | None,
    machine: bool,
    **days: int,
) -> None:
    """Sign today's timestamp anew (nodes refuse what has expired). For a daily timer, or to stay."""
    ring, life = keyring(keys, passphrase_file), lifetimes_of(days)

    def told(expires: int) -> None:
        words.show(machine, {"expires": expires}, f"what is published counts until {words.day(expires)}")
        sys.stdout.flush()

    if every is None:
        told(do(store, lambda world: patching.refresh(world, ring, life)))
        return
    hours, folder = every, _existing(store)
    complain = partial(click.echo, err=True)

    def stay(session: Session) -> Awaitable[int]:
        return refresh_again_and_again(session, folder, ring, life, hours * 3600, told, complain)

    sys.exit(run(stay, folder))


@patch.command("list")
@click.argument("name", required=False)
@STORE
@MACHINE
def list_releases(name: str | None, store: Path, machine: bool) -> None:
    """Show the releases that count."""
    found = [each for each in do(store, patching.releases, alone=False) if name in (None, each.name)]
    words.show(machine, [words.described(each) for each in found], words.releases_table(found))


@patch.command()
@click.argument("name")
@click.argument("version", required=False)
@STORE
@MACHINE
def show(name: str, version: str | None, store: Path, machine: bool) -> None:
    """Show the files of a release; without VERSION of the newest."""
    release = _release(do(store, patching.releases, alone=False), name, version)
    told = {**words.described(release), "paths": [file.path for file in release.files]}
    words.show(machine, told, words.files_table(release))


@patch.command()
@click.argument("name")
@click.argument("old")
@click.argument("new", required=False)
@STORE
@MACHINE
def diff(name: str, old: str, new: str | None, store: Path, machine: bool) -> None:
    """Show what changes from OLD to NEW (or the newest), and how much of it travels."""
    found = do(store, patching.releases, alone=False)
    before, after = _release(found, name, old), _release(found, name, new)
    rows = patching.changes(before, after)
    words.show(machine, rows, words.changes_table(f"{name} {before.version} to {after.version}", rows))


@patch.command()
@STORE
@MACHINE
def verify(store: Path, machine: bool) -> None:
    """Check every byte of the store: signatures, digests, staged trees. Status 1 when something is wrong."""
    faults = do(store, patching.faults, alone=False)
    told = [{"place": each.place, "what": each.what, "cure": each.cure} for each in faults]
    lines = [f"{each.place}: {each.what} ({each.cure})" for each in faults] or [
        "everything is as it was signed"
    ]
    words.show(machine, told, "\n".join(lines))
    sys.exit(1 if faults else 0)


@patch.command()
@click.option("--keep", type=click.IntRange(2), default=5, show_default=True, help="Releases of each name.")
@STORE
@KEYS
@PASSPHRASE_FILE
@lifetimes
@MACHINE
def gc(
    keep: int, store: Path, keys: tuple[Path, ...], passphrase_file: Path | None, machine: bool, **days: int
) -> None:
    """Withdraw all but the newest releases, and delete what none needs. At least two are kept."""
    ring = keyring(keys, passphrase_file)
    gone, objects, count = do(store, lambda world: patching.collect(world, keep, ring, lifetimes_of(days)))
    told = {"releases": gone, "objects": objects, "bytes": count}
    words.show(machine, told, f"{gone} releases withdrawn, {objects} objects deleted, {words.size(count)}")


@patch.command()
@click.option("--endpoint", default="tcp -h 127.0.0.1 -p 4063", show_default=True, help="Where to listen.")
@PROPERTIES
@STORE
@MACHINE
def serve(endpoint: str, properties: tuple[str, ...], store: Path, machine: bool) -> None:
    """Serve the store to whoever fetches, until Ctrl-C."""

    def told(trust: object, where: str) -> None:
        words.show(machine, {"endpoint": where}, f"serving {store} at {where}")
        sys.stdout.flush()

    sys.exit(
        run(
            lambda session: patch_fetching.serve(session, endpoint, properties_of(properties), told),
            _existing(store),
        )
    )


@patch.command()
@click.argument("name")
@click.argument("version", required=False)
@click.option("--from", "sources", multiple=True, required=True, help="HOST:PORT, endpoints, or a proxy.")
@click.option(
    "--root",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="The publisher's root document: whom to believe. For the first fetch.",
)
@click.option("--activate", is_flag=True, help="Let `current` be this version when it is complete.")
@click.option("--limit-kbps", type=click.IntRange(0), default=0, help="Kilobytes a second; 0: no limit.")
@click.option(
    "--chunk-bytes",
    type=click.IntRange(1024, CHUNK_BYTES_MAX),
    default=CHUNK_BYTES_MAX,
    show_default=True,
    help="Asked for at once.",
)
@click.option(
    "--timeout-s", type=click.FloatRange(1), default=3600.0, show_default=True, help="Give up after."
)
@PROPERTIES
@STORE
@MACHINE
def fetch(
    name: str,
    version: str | None,
    sources: tuple[str, ...],
    root: Path | None,
    activate: bool,
    limit_kbps: int,
    chunk_bytes: int,
    timeout_s: float,
    properties: tuple[str, ...],
    store: Path,
    machine: bool,
) -> None:
    """Fetch a release (the newest without VERSION) into the store, and stage it as a tree of files."""
    wanted = patch_fetching.Wanted(
        name,
        version or "",
        sources,
        root.absolute() if root else None,
        activate,
        Limits(limit_kbps * 1000, chunk_bytes, timeout_s),
        properties_of(properties),
    )
    bar = Bar(machine)

    async def main(session: Session) -> int:
        with bar, _at_work(store):
            done = await patch_fetching.fetch(session, wanted, bar.step)
        staged = done.staged
        told = {
            "name": staged.name,
            "version": staged.version,
            "counter": staged.counter,
            "folder": staged.folder,
            "moved_bytes": done.moved_bytes,
            "active": done.active,
        }
        state = "runs with the next start" if done.active else "is staged"
        moved = words.size(done.moved_bytes)
        words.show(
            machine, told, f"{staged.name} {staged.version} {state}: {staged.folder} ({moved} fetched)"
        )
        return 0

    sys.exit(run(main, store))


def _release(found: list[Release], name: str, version: str | None) -> Release:
    named = [each for each in found if each.name == name]
    chosen = [each for each in named if version in (None, each.version)]
    if not chosen:
        known = ", ".join(each.version for each in named) or "none"
        raise click.ClickException(f"there is no release {name} {version or ''}; there is: {known}")
    return chosen[-1]


@patch.command()
@click.argument("name")
@click.argument("version")
@STORE
@MACHINE
def activate(name: str, version: str, store: Path, machine: bool) -> None:
    """Let `current` of a node's store be that staged version, after every file was checked."""
    _switch(name, version, store, machine)


@patch.command()
@click.argument("name")
@STORE
@MACHINE
def rollback(name: str, store: Path, machine: bool) -> None:
    """Let `current` of a node's store be the version that ran before."""
    _switch(name, "", store, machine)


@patch.command()
@click.option("--keep", type=click.IntRange(2), default=2, show_default=True, help="Newest of each name.")
@STORE
@MACHINE
def tidy(keep: int, store: Path, machine: bool) -> None:
    """Delete what a node's store holds besides the current, the previous and the newest versions."""

    async def main(session: Session) -> int:
        with _at_work(store):
            gone = await patch_fetching.tidy(session, keep)
        words.show(machine, {"releases": gone}, f"{gone} staged releases deleted")
        return 0

    sys.exit(run(main, _existing(store)))


def _switch(name: str, version: str, store: Path, machine: bool) -> None:
    async def main(session: Session) -> int:
        with _at_work(store):
            now = await patch_fetching.switch(session, name, version)
        told = {"name": now.name, "version": now.version, "counter": now.counter, "folder": now.folder}
        words.show(machine, told, f"{now.name} {now.version} runs with the next start: {now.folder}")
        return 0

    sys.exit(run(main, _existing(store)))


@contextmanager
def _at_work(store: Path) -> Iterator[None]:
    """Let no other command change the store meanwhile."""
    try:
        with patching.at_work(store):
            yield
    except Refused as error:
        raise CommandError(str(error)) from error


def _existing(store: Path) -> Path:
    if not (store / "roots").is_dir():
        raise click.ClickException(f"{store} is no store of releases: `pushnet patch fetch` begins one")
    return store


patch.add_command(keys_group)
