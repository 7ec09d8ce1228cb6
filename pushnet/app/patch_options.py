"""The options that the commands of `pushnet patch` share, and what becomes of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from pushnet.app import patching
from pushnet.app.patch_keys import KeyFile
from pushnet.app.patching import WRONG, Keyring
from pushnet.roles.releases.publisher import Lifetimes
from pushnet.world import World

PASSPHRASE = "PUSHNET_PASSPHRASE"
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

STORE = click.option(
    "--store",
    type=click.Path(file_okay=False, path_type=Path),
    default="releases",
    show_default=True,
    help="The folder of the releases.",
)
MACHINE = click.option("--json", "machine", is_flag=True, help="One JSON object, for programs.")
KEYS = click.option(
    "--keys",
    type=click.Path(path_type=Path),
    multiple=True,
    default=("keys",),
    show_default=True,
    help="A folder of keys, or one key file. May be repeated.",
)
PASSPHRASE_FILE = click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help=f"Holds the passphrase of guarded keys; otherwise ${PASSPHRASE}, otherwise asked for.",
)

PAPERS = click.option(
    "--paper",
    "papers",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    multiple=True,
    help="A paper that came back signed (pushnet patch countersign). May be repeated.",
)

PROPERTIES = click.option(
    "--property",
    "properties",
    multiple=True,
    metavar="NAME=VALUE",
    help="A property of Ice, such as IceSSL.CAs=ca.pem. May be repeated.",
)


def properties_of(texts: tuple[str, ...]) -> dict[str, str]:
    """Properties from the command line."""
    wrong = [text for text in texts if "=" not in text]
    if wrong:
        raise click.UsageError(f"--property wants NAME=VALUE, not {wrong[0]!r}")
    pairs = (text.partition("=") for text in texts)
    return {name: value for name, _, value in pairs}


def lifetimes(function: F) -> F:
    """The options that say for how long is signed."""
    for name, days in (("timestamp", 7), ("snapshot", 30), ("release", 365), ("root", 365)):
        text = f"Days until a {name} document expires."
        function = click.option(
            f"--{name}-days", type=click.IntRange(1, 3650), default=days, show_default=True, help=text
        )(function)
    return function


def do(store: Path, work: Callable[[World], T], *, alone: bool = True) -> T:
    """Do that in the store; `alone` when it writes."""
    try:
        return patching.in_store(store, work, alone=alone)
    except WRONG as error:
        raise click.ClickException(str(error)) from error


def lifetimes_of(days: dict[str, int]) -> Lifetimes:
    return Lifetimes(**{name.removesuffix("_days"): count for name, count in days.items()})


def keyring(places: tuple[Path, ...], passphrase_file: Path | None) -> Keyring:
    return Keyring(tuple(place.absolute() for place in places), partial(passphrase, passphrase_file))


def passphrase(given: Path | None, file: KeyFile | None) -> bytes:
    """From the file, the environment, or whoever types."""
    if given is not None:
        return given.read_bytes().rstrip(b"\n")
    if PASSPHRASE in os.environ:
        return os.environ[PASSPHRASE].encode()
    what = f"passphrase of {file.path}" if file is not None else "passphrase"
    typed: str = click.prompt(what, hide_input=True, err=True)
    return typed.encode()
