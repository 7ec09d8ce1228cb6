"""`pushnet drain`: a node ends in order. `pushnet rebalance`: Brokers with more devices give some away."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Final

import click

from pushnet.app.agent_calls import Grid
from pushnet.app.asking import ANSWER_LIMIT_MS, open_communicator, registry_options, settings_of
from pushnet.app.running import CommandError, Session, run
from pushnet.gen.ice.process import ProcessPrx
from pushnet.gen.pushnet.broker import BrokerPrx
from pushnet.gen.pushnet.registry import NodeStatus, RegistryPrx
from pushnet.grid.settings import Settings
from pushnet.grid.tokens import NOT_ALLOWED
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException, UnknownException

BROKER: Final = "broker"


@click.command()
@registry_options
@click.argument("node")
def drain(node: str, config: str | None, registry: str | None) -> None:
    """Have NODE leave, finish what it has begun and end.

    An agent that runs it starts it again; `pushnet server stop NODE` ends it for good.
    """
    settings = settings_of(config, registry)
    sys.exit(run(lambda session: drain_node(session, settings, node)))


@click.command()
@registry_options
@click.option("--json", "machine", is_flag=True, help="One JSON object, for programs.")
def rebalance(config: str | None, registry: str | None, machine: bool) -> None:
    """Have Brokers with more devices than others give some away, until all have about as many."""
    settings = settings_of(config, registry)
    sys.exit(run(lambda session: rebalance_brokers(session, settings, machine=machine)))


async def drain_node(session: Session, settings: Settings, name: str) -> int:
    """Ask the process; returns when it has been told."""

    async def order(communicator: Communicator, standing: list[NodeStatus]) -> None:
        states = await Grid(communicator, settings.doors).cluster().servers()
        agent = next((state.agent for state in states if state.id == name), "")
        names = [status.info.name for status in standing]
        if name not in names:
            raise CommandError(not_there(name, agent, names))
        process = ProcessPrx.uncheckedCast(communicator.stringToProxy(f"process/{name}"))
        assert process is not None
        await process.shutdown()
        print(f"{name} leaves, and ends when it has finished what it has begun")
        print(afterwards(name, agent))

    return await _with_grid(session, settings, order)


def not_there(name: str, agent: str, names: list[str]) -> str:
    """Why it cannot be drained, and what can be done instead where an agent has a server of that name."""
    if agent:
        return (
            f"{name} has not joined the registry, so it cannot be asked; agent {agent} runs it: "
            f"`pushnet server restart {name}` replaces it, `pushnet server stop {name}` ends it"
        )
    return f"no node {name} is there; there are: {', '.join(names) or 'none'}"


def afterwards(name: str, agent: str) -> str:
    """Who starts it again."""
    if agent:
        return f"agent {agent} then starts it again; to end it for good: `pushnet server stop {name}`"
    return "whoever keeps it running (systemd, `pushnet up`, Kubernetes) then starts it again"


async def rebalance_brokers(session: Session, settings: Settings, *, machine: bool) -> int:
    """Ask every Broker; returns when all have begun."""

    async def order(communicator: Communicator, standing: list[NodeStatus]) -> None:
        moved: dict[str, int] = {}
        for status in standing:
            if status.info.role == BROKER:
                name = status.info.name
                broker = BrokerPrx.uncheckedCast(communicator.stringToProxy(f"{BROKER}/{name}"))
                assert broker is not None
                moved[name] = await broker.rebalance()
        if machine:
            print(json.dumps({"moving": moved}))
        else:
            told = [f"{name} gives {count} devices away" for name, count in sorted(moved.items())]
            print("\n".join(told or ["there is no Broker"]))

    return await _with_grid(session, settings, order)


async def _with_grid(
    session: Session, settings: Settings, work: Callable[[Communicator, list[NodeStatus]], Awaitable[None]]
) -> int:
    """Run `work` with what finds every object of the grid, and with who is there."""
    properties = {
        "Ice.Default.Locator": settings.locator,
        "Ice.Default.InvocationTimeout": str(ANSWER_LIMIT_MS),
    }
    communicator = open_communicator(session, settings, properties)
    places = ":".join(["PushNet/Registry", *settings.doors])
    try:
        registry = RegistryPrx.uncheckedCast(communicator.stringToProxy(places))
        assert registry is not None
        await work(communicator, await registry.nodes())
    except LocalException as error:
        if isinstance(error, UnknownException) and error.reason.startswith(NOT_ALLOWED):
            raise CommandError(f"that is {error.reason}") from error
        raise CommandError(f"nobody answers: {type(error).__name__}: {error}; is the cluster up?") from error
    finally:
        await communicator.destroy()
    return 0
