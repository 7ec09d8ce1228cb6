"""`pushnet ca init|issue|revoke`: certificates of the cluster's own, for nodes that join over TLS."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from pushnet.app.asking import ask, file_settings
from pushnet.app.authority import CERTIFICATE, KEY, issue, make_authority
from pushnet.app.running import CommandError, Session, run
from pushnet.gen.pushnet.join import AuthorityPrx, CertificateRefusedException
from pushnet.grid.tokens import KINDS

FOLDER = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default="tls",
    show_default=True,
    help="Where the files are.",
)


@click.group()
def ca() -> None:
    """Make the cluster's certificate authority, and certificates for nodes."""


@ca.command()
@click.option("--name", default="pushnet", show_default=True, help="What the authority is called.")
@click.option("--days", type=click.IntRange(1, 36_500), default=3650, show_default=True)
@FOLDER
def init(name: str, days: int, folder: Path) -> None:
    """Make ca.pem, which every machine gets, and ca.key, which none gets."""
    _do(lambda: make_authority(folder, name, days))
    click.echo(f"{folder / CERTIFICATE} is for every machine; keep {folder / KEY} where nodes are not")


@ca.command("issue")
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(KINDS),
    help="What it may be, once or several times.",
)
@click.option("--host", "hosts", multiple=True, help="Where it is called; default: its name.")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True)
@FOLDER
def issue_command(name: str, roles: tuple[str, ...], hosts: tuple[str, ...], days: int, folder: Path) -> None:
    """Make NAME.pem and NAME.key for the node, or the operator, of that name."""
    _do(lambda: issue(folder, name, roles, hosts, days))
    click.echo(f"{folder / name}.pem is for {', '.join(roles)}, for {days} days")


@ca.command()
@click.argument("name")
@click.option("--config", type=click.Path(dir_okay=False), required=True, help="The cluster file.")
def revoke(name: str, config: str) -> None:
    """Have every certificate made for NAME until now be worth nothing; it goes after a lease."""
    settings = file_settings(config)

    async def ask_them(session: Session) -> int:
        try:
            await ask(session, settings, AuthorityPrx, lambda authority: authority.revoke(name))
        except CertificateRefusedException as refused:
            raise CommandError(refused.reason) from refused
        print(f"certificates for {name} that were made until now are revoked")
        return 0

    sys.exit(run(ask_them))


def _do(work: Callable[[], None]) -> None:
    try:
        work()
    except CommandError as error:
        raise click.ClickException(str(error)) from error
