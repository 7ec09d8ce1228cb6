"""What `pushnet up` runs of a file: the processes that it gives to no agent, and who of them goes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from pushnet.gen.pushnet.server import ServerPlan
from pushnet.grid.places import settled
from pushnet.grid.plans import agent_plans, server_plan
from pushnet.grid.settings import AGENT, Settings

NOBODY: Final = ""
"""Instead of an agent's name: whoever starts a process by hand."""
REGISTRY: Final = "registry"
STOP_ORDER: Final = (
    *("gateway", "relay", "pusher", "broker", "tagalias", "dbagent", "queue"),
    *(AGENT, REGISTRY),
)
"""Who takes work in stops first, who keeps it last: nothing is left on the way. Programs that are none of
ours stop before all."""


def own_plans(settings: Settings) -> list[ServerPlan]:
    """The plans of what the file gives to nobody, and of agents."""
    there = settled(settings)
    agents = [server_plan(there, node, {}, {}) for node in there.agents if not node.agent]
    return [as_child(plan) for plan in [*agent_plans(settings, NOBODY), *agents]]


def as_child(plan: ServerPlan) -> ServerPlan:
    """The plan of a node that is to end when whoever started it ends."""
    if "--node" not in plan.command:
        return plan
    return attrs.evolve(plan, command=[*plan.command, "--with-parent"])


def start_order(of: Sequence[ServerPlan]) -> list[list[ServerPlan]]:
    """The registry before all others: they find each other through it."""
    first = [plan for plan in of if plan.kind == REGISTRY]
    rest = [plan for plan in of if plan.kind != REGISTRY]
    return [tier for tier in (first, rest) if tier]


def stop_order(kinds: Mapping[str, str]) -> list[list[str]]:
    """Those that stop together, the first ones first.

    Args:
        kinds: of each process, by its name.
    """
    strange = [name for name, kind in kinds.items() if kind not in STOP_ORDER]
    tiers = [strange, *([name for name, kind in kinds.items() if kind == role] for role in STOP_ORDER)]
    return [tier for tier in tiers if tier]
