"""The arguments of `pushnet deploy`, `rollback` and `rolls`: new versions over the servers of a kind."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable

import click

from pushnet.app import deploying
from pushnet.app.asking import registry_options, settings_of
from pushnet.app.deploying import Asked
from pushnet.app.running import run
from pushnet.gen.pushnet.deploy import DeployOptions

MACHINE = click.option("--json", "machine", is_flag=True, help="One JSON object a change, for programs.")
OUT_MAX = click.option(
    "--out-max",
    type=click.IntRange(1),
    default=None,
    help="Servers that may be out at a time. [default: a tenth, at least one]",
)
DETACH = click.option("--detach", is_flag=True, help="Do not wait for the end.")
DEEDS: dict[str, Callable[[Asked], Awaitable[int]]] = {
    "pause": deploying.pause,
    "resume": deploying.resume,
    "abort": deploying.abort,
    "status": deploying.show,
    "follow": lambda asked: deploying.follow(asked, "done", begun=False),
}


@click.command()
@click.argument("kind")
@click.argument("version", required=False)
@click.option("--canary", is_flag=True, help="One server only, to stay.")
@click.option(
    "--soak", type=click.FloatRange(0.1), help="Seconds that each wave is watched for. [default: 35]"
)
@OUT_MAX
@click.option("--older", is_flag=True, help="Allow a version older than the one that runs.")
@DETACH
@click.option("--pause", is_flag=True, help="Take no more servers out.")
@click.option("--resume", is_flag=True, help="Go on.")
@click.option("--abort", is_flag=True, help="Turn round: give every server back what it had.")
@click.option("--status", is_flag=True, help="Show how the last roll is.")
@click.option("--follow", is_flag=True, help="Show how it goes on until it is over.")
@registry_options
@MACHINE
def deploy(
    kind: str,
    version: str | None,
    canary: bool,
    soak: float | None,
    out_max: int | None,
    older: bool,
    detach: bool,
    config: str | None,
    registry: str | None,
    machine: bool,
    **deeds: bool,
) -> None:
    """Roll VERSION over the servers of KIND: one, then a few, then all, watched after each wave.

    It goes on without this terminal: Ctrl-C only stops showing it, and the same command shows it again. The
    exit status is 0 when every server has the version, 3 when the roll was turned round, 4 when it goes on.
    """
    chosen = [deed for deed, is_chosen in deeds.items() if is_chosen]
    if len(chosen) + (version is not None) != 1:
        raise click.UsageError("give a VERSION, or one of --status, --follow, --pause, --resume, --abort")
    settings = settings_of(config, registry)
    options = DeployOptions(canary, int((soak or 0) * 1000), out_max or 0, older)

    def main(asked: Asked) -> Awaitable[int]:
        if chosen:
            return DEEDS[chosen[0]](asked)
        return deploying.deploy(asked, version or "", options, detach=detach)

    sys.exit(run(lambda session: main(Asked(session, settings, kind, machine))))


@click.command()
@click.argument("kind")
@OUT_MAX
@DETACH
@registry_options
@MACHINE
def rollback(
    kind: str, out_max: int | None, detach: bool, config: str | None, registry: str | None, machine: bool
) -> None:
    """Give the servers of KIND back what they had before the last roll. Status 0 when they have it."""
    settings = settings_of(config, registry)
    options = DeployOptions(outMax=out_max or 0)
    sys.exit(
        run(
            lambda session: deploying.rollback(
                Asked(session, settings, kind, machine), options, detach=detach
            )
        )
    )


@click.command()
@registry_options
@click.option("--json", "machine", is_flag=True, help="A JSON list, for programs.")
def rolls(config: str | None, registry: str | None, machine: bool) -> None:
    """Show the last roll of each kind."""
    settings = settings_of(config, registry)
    sys.exit(run(lambda session: deploying.rolls(session, settings, machine=machine)))
