"""The commands that are about a cluster as a whole, and about pushing to devices.

Each reads its arguments here and is carried out by a module of its own.
"""

from __future__ import annotations

import os
import sys

import click

from pushnet.app import demo as demonstration
from pushnet.app import pushing, statuses, watching
from pushnet.app import up as upping
from pushnet.app.asking import file_settings, settings_of
from pushnet.app.running import run
from pushnet.grid.plans import kind_of
from pushnet.roles.password import SALT_BYTES, hash_password

CONFIG = click.argument("config", type=click.Path(dir_okay=False))
MACHINE = click.option("--json", "machine", is_flag=True, help="One JSON object a line, for programs.")


@click.command()
@CONFIG
@MACHINE
@click.option("--quiet", is_flag=True, help="Of the nodes' own lines only warnings and worse.")
def up(config: str, machine: bool, quiet: bool) -> None:
    """Start every node of CONFIG as a process of its own, and keep them running."""
    sys.exit(
        run(lambda session: upping.up(session, config, machine=machine, quiet=quiet), upping.home(config))
    )


@click.command()
@CONFIG
def check(config: str) -> None:
    """Read CONFIG and say what is wrong with it, or what it describes."""
    settings = file_settings(config)
    click.echo(
        f"{config}: cluster {settings.cluster.name}, {len(settings.node)} nodes, "
        f"{len(settings.server)} servers, {len(settings.app)} apps"
    )
    for process in settings.processes:
        at = f" at {process.agent}" if process.agent else ""
        click.echo(f"  {process.name}: {kind_of(process)}{at}")


@click.command()
@click.argument("config", type=click.Path(dir_okay=False), required=False)
@MACHINE
@click.option("--registry", metavar="HOST:PORT", help="Where to ask, without a CONFIG.")
@click.option("--watch", is_flag=True, help="Go on showing how they come and go, until Ctrl-C.")
def status(config: str | None, machine: bool, registry: str | None, watch: bool) -> None:
    """Show the nodes: who is there, leases, versions, connections and readings."""

    settings = settings_of(config, registry)
    if watch:
        sys.exit(run(lambda session: watching.watch(session, settings, machine=machine)))
    sys.exit(run(lambda session: statuses.status(session, settings, machine=machine)))


@click.command()
@click.argument("text")
@click.option(
    "--config", type=click.Path(dir_okay=False), help="Take URL, key and secret from a cluster's file."
)
@click.option("--url", help="Where the REST API is, such as http://127.0.0.1:8080.")
@click.option(
    "--app", "credentials", metavar="KEY:SECRET", help="The application; default: the first of the file."
)
@click.option("--tag", multiple=True, help="To devices with any of these tags.")
@click.option("--alias", multiple=True, help="To devices of these aliases.")
@click.option("--id", "rid", multiple=True, help="To these registration ids.")
@click.option(
    "--ttl", "ttl_s", type=int, default=86400, show_default=True, help="Seconds to keep it for who is away."
)
def push(
    text: str,
    config: str | None,
    url: str | None,
    credentials: str | None,
    tag: tuple[str, ...],
    alias: tuple[str, ...],
    rid: tuple[str, ...],
    ttl_s: int,
) -> None:
    """Push TEXT as a custom message, to everybody when nobody is named; prints the message id."""

    target = pushing.where(file_settings(config) if config else None, url, credentials)
    if isinstance(target, str):
        raise click.UsageError(target)
    kinds = {"tag": list(tag), "alias": list(alias), "registration_id": list(rid)}
    audience: object = {kind: names for kind, names in kinds.items() if names} or "all"
    sys.exit(run(lambda session: pushing.push(session, target, audience, text, ttl_s)))


@click.command()
@click.password_option(help="Asked for when it is not given.")
def password(password: str) -> None:
    """Print the hash of a relay user's password, for the `users` of a relay."""

    click.echo(hash_password(password, os.urandom(SALT_BYTES)))


@click.command()
@click.option("--devices", type=click.IntRange(20, 50_000), default=1000, show_default=True)
@click.option("--stay", is_flag=True, help="Leave the cluster up until Ctrl-C, and tell where it is.")
@click.option("--seed", type=int, default=1, show_default=True, help="Decides tags, aliases and targets.")
@MACHINE
def demo(devices: int, stay: bool, seed: int, machine: bool) -> None:
    """Start a cluster, push to many devices, kill a Broker, and tell what arrived."""

    sys.exit(run(lambda session: demonstration.demo(session, devices, seed, stay=stay, machine=machine)))
