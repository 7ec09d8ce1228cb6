"""`pushnet lists`: white and black lists of apps, devices, aliases and addresses, for all nodes at once."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pushnet.app.applying import whoami
from pushnet.app.asking import ask, registry_options, settings_of
from pushnet.app.running import CommandError, Session, run
from pushnet.app.token_commands import seconds
from pushnet.gen.pushnet.lists import BadRuleException, ListsPrx, Rule, RuleBook
from pushnet.grid.lists import KINDS
from pushnet.grid.settings import Settings

T = TypeVar("T")
KIND = click.Choice(KINDS)
APP = click.option("--app", default="", metavar="KEY", help="Whose list, for devices, aliases and callers.")
PLAIN_WIDTH = 160


@click.group("lists")
def lists_() -> None:
    """Show and change the white and black lists; docs/howto/lists.md."""


@lists_.command()
@registry_options
@click.option("--json", "machine", is_flag=True, help="One JSON object, for programs.")
def show(config: str | None, registry: str | None, machine: bool) -> None:
    """Show every rule that holds."""
    _do(config, registry, lambda lists: lists.rules(-1, 0), lambda book: print_book(book, machine))


@lists_.command()
@registry_options
@click.argument("kind", metavar="LIST", type=KIND)
@click.argument("value")
@APP
@click.option("--for", "lasts", default="", metavar="TIME", help="Such as 30m, 24h or 7d; default: for ever.")
@click.option("--why", default="", help="For whoever reads the list.")
def add(
    kind: str, value: str, app: str, lasts: str, why: str, config: str | None, registry: str | None
) -> None:
    """Put VALUE on LIST: an app key, a registration id, an alias, an address or network; none: nobody."""
    for_s = seconds(lasts)
    expires_s = int(time.time()) + for_s if for_s else 0
    rule = Rule(list=kind, app=app, value=value, expiresS=expires_s, who=whoami(), why=why)
    _do(config, registry, lambda lists: lists.put(rule), lambda _: print(f"{value} is on {kind}"))


@lists_.command()
@registry_options
@click.argument("kind", metavar="LIST", type=KIND)
@click.argument("value")
@APP
def remove(kind: str, value: str, app: str, config: str | None, registry: str | None) -> None:
    """Take VALUE off LIST."""
    _do(
        config,
        registry,
        lambda lists: lists.remove(kind, app, value),
        lambda _: print(f"{value} is not on {kind} any more"),
    )


def _do(
    config: str | None,
    registry: str | None,
    call: Callable[[ListsPrx], Awaitable[T]],
    tell: Callable[[T], object],
) -> None:
    """Ask the registries, and end the program as it went."""
    settings = settings_of(config, registry)

    async def main(session: Session) -> int:
        tell(await asked(session, settings, call))
        return 0

    sys.exit(run(main))


async def asked(session: Session, settings: Settings, call: Callable[[ListsPrx], Awaitable[T]]) -> T:
    """What a registry answers. Raises `CommandError` with what was wrong."""
    try:
        return await ask(session, settings, ListsPrx, call)
    except BadRuleException as bad:
        raise CommandError(bad.reason) from bad


def print_book(book: RuleBook, machine: bool) -> None:
    """Every rule, for people or for programs."""
    if machine:
        print(json.dumps({"rules": [_told(rule) for rule in book.rules]}), flush=True)
        return
    made = Table()
    for column in ("list", "app", "value", "until", "by", "why"):
        made.add_column(column, no_wrap=column != "why")
    for rule in book.rules:
        until = (
            f"{datetime.fromtimestamp(rule.expiresS, UTC):%Y-%m-%d %H:%M UTC}" if rule.expiresS else "ever"
        )
        made.add_row(
            rule.list, escape(rule.app), escape(rule.value), until, escape(rule.who), escape(rule.why)
        )
    console = Console()
    Console(width=None if console.is_terminal else PLAIN_WIDTH).print(made)


def _told(rule: Rule) -> dict[str, object]:
    return {
        "list": rule.list,
        "app": rule.app,
        "value": rule.value,
        "expires": rule.expiresS,
        "who": rule.who,
        "why": rule.why,
        "made": rule.madeS,
    }
