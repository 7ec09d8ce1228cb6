"""`pushnet token make|list|revoke`: who may join a cluster whose settings want tokens."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click

from pushnet.app.asking import ask, file_settings
from pushnet.app.authority import CERTIFICATE
from pushnet.app.running import CommandError, Session, run
from pushnet.gen.pushnet.join import TokenInfo, TokenRefusedException, TokensPrx
from pushnet.grid.certificates import fingerprint
from pushnet.grid.settings import Settings
from pushnet.grid.tokens import (
    EDGE,
    ID_BYTES,
    KINDS,
    SECRET_BYTES,
    asked_to_keep,
    digest_of,
    proof,
    token_id,
    token_text,
)

T = TypeVar("T")
CONFIG = click.option(
    "--config",
    type=click.Path(dir_okay=False),
    required=True,
    help="The cluster file: where the registries are, and the secret that signs what is asked.",
)
MACHINE = click.option("--json", "machine", is_flag=True, help="One JSON object, for programs.")
UNITS = {"m": 60, "h": 3600, "d": 86_400}


@click.group()
def token() -> None:
    """Make, list and revoke the tokens by which nodes join."""


@token.command()
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice(KINDS),
    help=f"What it is for, once or several times; default: {', '.join(EDGE)}.",
)
@click.option("--expires", default="", metavar="TIME", help="Such as 30m, 24h or 7d; default: never.")
@click.option("--who", default="", help="For whom it is, for the list.")
@CONFIG
@MACHINE
def make(roles: tuple[str, ...], expires: str, who: str, config: str, machine: bool) -> None:
    """Print a new token, which is shown this once only."""
    now = int(time.time())
    text = token_text(os.urandom(ID_BYTES), os.urandom(SECRET_BYTES)) + pins(file_settings(config))
    lasts = seconds(expires)
    info = TokenInfo(token_id(text), list(roles or EDGE), now, now + lasts if lasts else 0, who)
    asked = asked_to_keep(info.id, digest_of(text), info.roles, info.madeS, info.expiresS)

    def keep(tokens: TokensPrx, signed: str) -> Awaitable[None]:
        return tokens.keep(info, digest_of(text), now, signed)

    _do(config, now, asked, keep)
    click.echo(json.dumps({"token": text, **_told(info)}) if machine else text)


@token.command("list")
@CONFIG
@MACHINE
def list_(config: str, machine: bool) -> None:
    """Show every token, but for its secret."""
    now = int(time.time())
    found = _do(config, now, ["all"], lambda tokens, signed: tokens.all(now, signed))
    if machine:
        click.echo(json.dumps({"tokens": [_told(info) for info in found]}))
        return
    if not found:
        click.echo("there are no tokens; `pushnet token make` makes one")
    for info in found:
        ends = f"until {_time(info.expiresS)}" if info.expiresS else "for ever"
        late = " (expired)" if 0 < info.expiresS <= now else ""
        click.echo(f"{info.id}  {', '.join(info.roles)}  {ends}{late}  {info.who}".rstrip())


@token.command()
@click.argument("id", metavar="ID")
@CONFIG
def revoke(id: str, config: str) -> None:
    """Let nobody join any more by token ID, and have those go that have."""
    now = int(time.time())
    _do(
        config, now, ["revoke", token_id(id)], lambda tokens, signed: tokens.revoke(token_id(id), now, signed)
    )
    click.echo(f"token {token_id(id)} is revoked")


def pins(settings: Settings) -> str:
    """What a newcomer is to know the cluster by: its authority, and the root of its releases."""
    authority = ""
    if settings.cluster.tls:
        path = Path(settings.cluster.tls) / CERTIFICATE
        try:
            authority = fingerprint(path.read_bytes())
        except (OSError, ValueError) as error:
            raise click.ClickException(f"{path}: {error}; `pushnet ca init` makes it") from error
    return f".{authority}" if authority else ""


def seconds(text: str) -> int:
    """How long; 0 for ever."""
    if not text:
        return 0
    found = re.fullmatch(r"(\d{1,6})([mhd])", text)
    if found is None or int(found[1]) == 0:
        raise click.BadParameter(f"{text!r} is no time; say 30m, 24h or 7d")
    return int(found[1]) * UNITS[found[2]]


def _do(config: str, now: int, asked: list[str], call: Callable[[TokensPrx, str], Awaitable[T]]) -> T:
    """Ask the registries, signed; ends the program with what went wrong."""
    settings = file_settings(config)
    answers: list[T] = []

    async def ask_them(session: Session) -> int:
        answers.append(await _asked(session, settings, proof(settings.cluster.secret, now, *asked), call))
        return 0

    status = run(ask_them)
    if status or not answers:
        sys.exit(status or 1)
    return answers[0]


async def _asked(
    session: Session, settings: Settings, signed: str, call: Callable[[TokensPrx, str], Awaitable[T]]
) -> T:
    try:
        return await ask(session, settings, TokensPrx, lambda tokens: call(tokens, signed))
    except TokenRefusedException as refused:
        raise CommandError(refused.reason) from refused


def _told(info: TokenInfo) -> dict[str, object]:
    return {
        "id": info.id,
        "roles": list(info.roles),
        "made": info.madeS,
        "expires": info.expiresS,
        "who": info.who,
    }


def _time(at_s: int) -> str:
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%d %H:%M UTC")
