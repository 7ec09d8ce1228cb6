"""The cluster's TOML file as values: one file describes the whole cluster. Unknown keys are errors.

    [cluster]             what all nodes share
    [[app]]               an application: its key and master secret, 24 letters and digits each
    [[group]]             how a replica group is balanced
    [[node]]              a node of pushnet's: name, role, ports; role settings in a table of the role's name
    [[server]]            any other program that an agent runs
    [[template]]          what many nodes or servers have in common; see `pushnet.grid.templates`
    [[scaling]]           a set of processes of which only so many run as their load needs

A process with an `agent` is run by that node of role `node`, and takes from it what it does not say itself:
host, region and zone. Paths are relative to the file that names them; ports of 0 are chosen by the system.
"""

from __future__ import annotations

import tomllib
from typing import Any

import msgspec

from pushnet.grid.places import settled
from pushnet.grid.rules import first_problem
from pushnet.grid.tables import (
    AGENT,
    ANY,
    ROLES,
    AgentSettings,
    AppSettings,
    BrokerSettings,
    ClusterSettings,
    DBAgentSettings,
    GatewaySettings,
    GroupSettings,
    NodeSettings,
    ProcessSettings,
    PusherSettings,
    QueueSettings,
    RegistrySettings,
    RelaySettings,
    ScalingSettings,
    ServerSettings,
    Settings,
    SettingsError,
    TagAliasSettings,
)
from pushnet.grid.templates import TemplateError, expand

__all__ = [
    "AGENT",
    "ANY",
    "ROLES",
    "AgentSettings",
    "AppSettings",
    "BrokerSettings",
    "ClusterSettings",
    "DBAgentSettings",
    "GatewaySettings",
    "GroupSettings",
    "NodeSettings",
    "ProcessSettings",
    "PusherSettings",
    "QueueSettings",
    "RegistrySettings",
    "RelaySettings",
    "ScalingSettings",
    "ServerSettings",
    "Settings",
    "SettingsError",
    "TagAliasSettings",
    "load_settings",
    "settings_of",
]


def load_settings(text: str, source: str) -> Settings:
    """Read a cluster file. `source` names it in errors. Raises `SettingsError`."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{source}: {error}") from error
    except RecursionError:
        raise SettingsError(f"{source}: lists or tables are nested too deeply") from None
    return settings_of(tree, source)


def settings_of(tree: dict[str, Any], source: str) -> Settings:
    """The settings of a file that was read: a tree of tables, lists and values. Raises `SettingsError`."""
    try:
        tree = expand(tree)
    except TemplateError as error:
        raise SettingsError(f"{source}: {error}") from error
    except RecursionError:
        raise SettingsError(f"{source}: lists or tables are nested too deeply") from None
    try:
        settings = msgspec.convert(tree, Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{source}: {_told(tree, error)}") from error
    settings = settled(settings)
    problem = first_problem(settings)
    if problem:
        raise SettingsError(f"{source}: {problem}")
    return settings


def _told(tree: dict[str, Any], error: msgspec.ValidationError) -> str:
    """A validation error, with the name of the node or server it is about where there is one."""
    said = str(error)
    tables: list[tuple[str, type[ProcessSettings]]] = [("node", NodeSettings), ("server", ServerSettings)]
    for kind, struct in tables:
        found = tree.get(kind)
        for number, table in enumerate(found if isinstance(found, list) else [], 1):
            try:
                msgspec.convert(table, struct)
            except msgspec.ValidationError as inner:
                name = table.get("name", number) if isinstance(table, dict) else number
                return _plain(f"{kind} {name!r}: {inner}")
    return _plain(said)


def _plain(said: str) -> str:
    return said.replace("$.", "").replace(" - at `$`", "")
