"""What applying other settings would change, in words: of the cluster, apps, groups, agents, sets, servers.

A server is `restarted` when its plan changes, whatever the cause; `changed` when only what nobody starts it
with does. Values are told as they stand in TOML, secrets never.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from pushnet.gen.pushnet.cluster import Difference
from pushnet.gen.pushnet.server import ServerPlan
from pushnet.grid.places import settled
from pushnet.grid.plans import node_digest, server_plan
from pushnet.grid.tables import AGENT, STOP_FIRST, NodeSettings, ProcessSettings, Settings

_SECRET: Final = re.compile(r"(^|\.)(secret|users|admins)(\.|$)|environment\..*(SECRET|PASS|TOKEN|KEY)", re.I)
STAYS: Final = "; what it has on its disk does not move with it"
BY_HAND: Final = "; given to no agent, so by `pushnet up` or by hand"
DETAILS_CHARACTERS_MAX: Final = 1000
Flat = dict[str, Any]


def differences(
    old: Settings | None, new: Settings, versions: Mapping[str, str], places: Mapping[str, str]
) -> list[Difference]:
    """In the order cluster, apps, groups, agents, sets, servers; within these by name.

    Args:
        old: what is applied; None: nothing yet.
        versions: server to the version that was deployed.
        places: server to agent, for those whose agent is `any`.
    """
    was = old or msgspec.structs.replace(
        new, app=[], group=[], node=[], server=[], scaling=[], cluster=new.cluster
    )
    found: list[Difference] = []
    if old is None:
        found.append(Difference("cluster", new.cluster.name, "added", "nothing was applied before"))
    changed = _told(_flat(was.cluster), _flat(new.cluster))
    if changed:
        found.append(Difference("cluster", new.cluster.name, "changed", changed))
    found += _tables(
        "app", {app.key: _flat(app) for app in was.app}, {app.key: _flat(app) for app in new.app}
    )
    found += _tables(
        "group",
        {group.id: _flat(group) for group in was.group},
        {group.id: _flat(group) for group in new.group},
    )
    found += _tables("agent", _agents(was), _agents(new))
    found += _tables("set", _sets(was), _sets(new))
    return found + _servers(was, new, versions, places)


def _servers(
    was: Settings, new: Settings, versions: Mapping[str, str], places: Mapping[str, str]
) -> list[Difference]:
    old_plans, new_plans = _Plans(was, versions, places), _Plans(new, versions, places)
    old, fresh = _processes(was), _processes(new)
    alike = _read_by_many(was) == _read_by_many(new)
    found: list[Difference] = []
    for name in sorted({*old, *fresh}):
        before, after = old.get(name), fresh.get(name)
        if before is None or after is None:
            found.append(_come_or_gone(name, before, after, new))
            continue
        if alike and before == after:
            continue
        details = _told(_flat(before), _flat(after))
        if before.agent != after.agent:
            details += STAYS if isinstance(after, NodeSettings) and after.role in STOP_FIRST else ""
            found.append(Difference("server", name, "moved", details))
        elif old_plans.of(name) != new_plans.of(name):
            cause = details or _cause(was, new, before, after)
            cause += "" if after.agent else BY_HAND
            found.append(Difference("server", name, "restarted", cause))
        elif details:
            found.append(Difference("server", name, "changed", details))
    return found


def _come_or_gone(
    name: str, before: ProcessSettings | None, after: ProcessSettings | None, new: Settings
) -> Difference:
    process = after or before
    assert process is not None
    what = process.role if isinstance(process, NodeSettings) else "server"
    where = f"{what} at agent {process.agent}" if process.agent else f"{what}, given to no agent"
    if name in new.reserve:
        where += ", when the load needs it"
    return Difference("server", name, "added" if after else "removed", where)


def _cause(was: Settings, new: Settings, before: ProcessSettings, after: ProcessSettings) -> str:
    """Why a process whose own table is the same is to be started again."""
    if isinstance(before, NodeSettings) and isinstance(after, NodeSettings):
        if node_digest(was, before) == node_digest(msgspec.structs.replace(new, cluster=was.cluster), after):
            return "[cluster] has changed"
        if was.app != new.app:
            return "[[app]] has changed"
        if was.registries != new.registries:
            return "the registries have changed"
    return "what it is started with has changed"


class _Plans:
    """What each process would be started with; made for those that are asked for."""

    def __init__(self, settings: Settings, versions: Mapping[str, str], places: Mapping[str, str]) -> None:
        self._there = settled(settings, places)
        self._named = {process.name: process for process in self._there.processes}
        self._versions = versions
        self._places = places

    def of(self, name: str) -> ServerPlan:
        return server_plan(self._there, self._named[name], self._versions, self._places)


def _read_by_many(settings: Settings) -> tuple[object, ...]:
    """What processes read beside their own tables."""
    dynamic = settings.registries_are_dynamic
    return settings.cluster, settings.app, settings.agents, settings.registries, dynamic


def _processes(settings: Settings) -> dict[str, ProcessSettings]:
    return {
        process.name: process
        for process in settings.processes
        if not (isinstance(process, NodeSettings) and process.role == AGENT)
    }


def _agents(settings: Settings) -> dict[str, Flat]:
    return {agent.name: _flat(agent) for agent in settings.agents}


def _sets(settings: Settings) -> dict[str, Flat]:
    return {scaling.name: _flat(scaling) for scaling in settings.scaling}


def _tables(what: str, old: Mapping[str, Flat], new: Mapping[str, Flat]) -> list[Difference]:
    found: list[Difference] = []
    for name in sorted({*old, *new}):
        if name not in old:
            found.append(Difference(what, name, "added", ""))
        elif name not in new:
            found.append(Difference(what, name, "removed", ""))
        elif old[name] != new[name]:
            found.append(Difference(what, name, "changed", _told(old[name], new[name])))
    return found


def _flat(table: msgspec.Struct) -> Flat:
    """Dotted keys to values."""
    return dict(_leaves("", msgspec.to_builtins(table)))


def _leaves(prefix: str, value: Any) -> Iterable[tuple[str, Any]]:
    if not isinstance(value, dict) or not value:
        yield prefix, value
        return
    for key, inner in value.items():
        yield from _leaves(f"{prefix}.{key}" if prefix else key, inner)


def _told(old: Flat, new: Flat) -> str:
    """Which keys change, from what to what."""
    said: list[str] = []
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        if (
            before == after
            or (key not in old and after in ({}, None))
            or (key not in new and before in ({}, None))
        ):
            continue
        if _SECRET.search(key):
            said.append(f"{key} is another")
        else:
            said.append(f"{key}: {_written(before)} -> {_written(after)}")
    text = "; ".join(said)
    return text if len(text) <= DETAILS_CHARACTERS_MAX else text[: DETAILS_CHARACTERS_MAX - 3] + "..."


def _written(value: Any) -> str:
    return "none" if value is None else msgspec.json.encode(value).decode()
