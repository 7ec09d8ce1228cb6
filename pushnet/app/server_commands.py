"""The commands for what agents run: `servers`, `server start|stop|restart|signal`, `agents`."""

from __future__ import annotations

import signal as signals
import sys
from collections.abc import Awaitable, Callable

import click

from pushnet.app import serving
from pushnet.app.asking import registry_options, settings_of
from pushnet.app.running import run
from pushnet.gen.pushnet.agent import AgentPrx

MACHINE = click.option("--json", "machine", is_flag=True, help="One JSON object, for programs.")
ID = click.argument("name", metavar="ID")


@click.command()
@registry_options
@MACHINE
def servers(config: str | None, registry: str | None, machine: bool) -> None:
    """Show every server of the cluster: its agent, version, process, what it takes, what ails it."""
    where = settings_of(config, registry)
    sys.exit(run(lambda session: serving.servers(session, where, machine=machine)))


@click.command()
@registry_options
@MACHINE
def agents(config: str | None, registry: str | None, machine: bool) -> None:
    """Show the agents: their machines and what is left of them."""
    where = settings_of(config, registry)
    sys.exit(run(lambda session: serving.agents(session, where, machine=machine)))


@click.group()
def server() -> None:
    """Have one server started, stopped, restarted, or sent a signal."""


@server.command()
@ID
@registry_options
def start(name: str, config: str | None, registry: str | None) -> None:
    """Start server ID; returns when it serves."""
    _change(name, config, registry, lambda agent: agent.start(name), "serves")


@server.command()
@ID
@registry_options
def stop(name: str, config: str | None, registry: str | None) -> None:
    """Drain and end server ID; it stays stopped until it is started."""
    _change(name, config, registry, lambda agent: agent.stop(name), serving.STOPPED)


@server.command()
@ID
@registry_options
def restart(name: str, config: str | None, registry: str | None) -> None:
    """Replace server ID by a successor, without a gap where it can be; returns when that serves."""
    _change(name, config, registry, lambda agent: agent.restart(name), "serves again")


@server.command()
@ID
@click.argument("number", metavar="SIGNAL")
@registry_options
def signal(name: str, number: str, config: str | None, registry: str | None) -> None:
    """Send server ID a signal: HUP, SIGUSR1, 9, …"""
    found = _signal(number)
    told = f"was sent {found.name}"
    _change(name, config, registry, lambda agent: agent.signal(name, int(found)), told)


def _change(
    name: str,
    config: str | None,
    registry: str | None,
    call: Callable[[AgentPrx], Awaitable[None]],
    told: str,
) -> None:
    where = settings_of(config, registry)
    sys.exit(run(lambda session: serving.change(session, where, name, call, told)))


def _signal(told: str) -> signals.Signals:
    """A signal by number, by name, or by its name without SIG."""
    try:
        if told.isdigit():
            return signals.Signals(int(told))
        name = told.upper()
        return signals.Signals[name if name.startswith("SIG") else f"SIG{name}"]
    except (ValueError, KeyError) as error:
        raise click.UsageError(f"{told!r} is no signal; say HUP, SIGUSR1, 9 or the like") from error
