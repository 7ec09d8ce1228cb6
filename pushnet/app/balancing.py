"""`pushnet group`: how replica groups are balanced, shown and changed while the cluster runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import attrs
from rich.console import Console
from rich.table import Table

from pushnet.app.asking import ask
from pushnet.app.running import CommandError, Session
from pushnet.gen.pushnet.registry import BadPolicyException, GroupPolicy, RegistryPrx
from pushnet.grid.settings import Settings
from pushnet.roles.registry.lookups import OWN_GROUPS

PLAIN_WIDTH = 160


async def show(session: Session, settings: Settings, group: str, *, machine: bool) -> int:
    """How one group is balanced, or each that is not left to the default."""
    policies = await ask(session, settings, RegistryPrx, lambda registry: registry.policies())
    found = {name: policy for name, policy in sorted(policies.items()) if group in ("", name)}
    if group and not found:
        members = await ask(session, settings, RegistryPrx, lambda registry: registry.replicas(group))
        if not members and group not in OWN_GROUPS:
            there = ", ".join(sorted({*OWN_GROUPS, *policies}))
            raise CommandError(f"group {group}: it has no member, and nobody has set it; there are: {there}")
        found = {group: GroupPolicy()}
    _say(found, machine)
    return 0


async def change(
    session: Session, settings: Settings, group: str, changes: Mapping[str, Any], *, machine: bool
) -> int:
    """Balance a group otherwise, from now on, in what `changes` names."""

    async def at(registry: RegistryPrx) -> GroupPolicy:
        policies = await registry.policies()
        policy = attrs.evolve(policies.get(group, GroupPolicy()), **changes)
        try:
            await registry.setPolicy(group, policy)
        except BadPolicyException as bad:
            raise CommandError(f"group {group}: {bad.reason}") from bad
        return policy

    _say({group: await ask(session, settings, RegistryPrx, at)}, machine)
    return 0


def _say(policies: Mapping[str, GroupPolicy], machine: bool) -> None:
    if machine:
        print(json.dumps({"groups": {name: attrs.asdict(policy) for name, policy in policies.items()}}))
        return
    table = Table(title="replica groups; all others: random")
    for column in ("group", "choice", "replicas", "details"):
        table.add_column(column, no_wrap=column != "details")
    for name, policy in policies.items():
        replicas = "as usual" if policy.n < 0 else str(policy.n or "all")
        table.add_row(name, policy.choice, replicas, _details(policy))
    console = Console()
    Console(width=None if console.is_terminal else PLAIN_WIDTH).print(table)


def _details(policy: GroupPolicy) -> str:
    told: list[str] = []
    for word, values in (
        ("split", policy.split),
        ("weights", policy.weights),
        ("priorities", policy.priorities),
    ):
        if values:
            told.append(f"{word} {', '.join(f'{key}={value:g}' for key, value in values.items())}")
    if policy.choice == "adaptive":
        told.append(f"load of {policy.loadSample} min")
    return "; ".join(told)
