"""The `pushnet` command: what an operator types.

Each command is in a module of its family, which is read when somebody calls it: most of what a command takes
before it begins is to read modules. What is wrong with a file or an argument is said in one line on stderr;
the exit status is 2 for wrong arguments and 1 for what failed.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import click

COMMANDS: Final = {
    "agents": "server_commands",
    "apply": "apply_commands",
    "ca": "ca_commands",
    "check": "base_commands",
    "demo": "base_commands",
    "deploy": "deploy_commands",
    "diff": "apply_commands",
    "doctor": "doctor_looks",
    "drain": "drain_commands",
    "events": "event_commands",
    "group": "apply_commands",
    "history": "apply_commands",
    "join": "join_commands",
    "lists": "list_commands",
    "logs": "log_commands",
    "password": "base_commands",
    "patch": "patch_commands",
    "push": "base_commands",
    "rebalance": "drain_commands",
    "restored": "apply_commands",
    "rollback": "deploy_commands",
    "rolls": "deploy_commands",
    "scaling": "apply_commands",
    "server": "server_commands",
    "servers": "server_commands",
    "status": "base_commands",
    "token": "token_commands",
    "top": "top",
    "up": "base_commands",
}
"""The module of this package that each is in, under its own name or with `_` behind it."""


class Families(click.Group):
    """A group whose commands are in modules of `pushnet.app`."""

    def __init__(self, *arguments: Any, modules: Mapping[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._modules:
            return None
        module = import_module(f"pushnet.app.{self._modules[cmd_name]}")
        found = [getattr(module, name, None) for name in (f"{cmd_name}_", cmd_name)]
        (command,) = [each for each in found if isinstance(each, click.Command)]
        return command


@click.group(cls=Families, modules=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pushnet")
def main() -> None:
    """Run and watch a pushnet cluster."""
