"""What `up` and `demo` tell while nodes start, run and stop.

Three forms of the same news: for a terminal, coloured; for a pipe, plain lines; for a machine (`--json`), one
JSON object a line, where a node's own lines pass through as they are and ours have a key `event`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any, TextIO

import attrs
from rich.console import Console
from rich.markup import escape

from pushnet.roles.node.run import described

COLOURS = ("cyan", "green", "magenta", "yellow", "blue", "bright_cyan", "bright_green", "bright_magenta")
LEVEL_COLOURS = {"warn": "yellow", "error": "red", "critical": "bold red"}


@attrs.frozen
class Standing:
    """How one node is: `resting`, `starting`, `serving`, or `pausing` before it is started again."""

    node: str
    role: str
    state: str = "resting"
    pid: int = 0
    http: str = ""
    restarts: int = 0
    ended: int | None = None
    """How its last process ended: exit status, or the signal as a negative number."""


class PatientConsole(Console):
    """Who has stopped reading must not stop what is being told about: rich would end the process."""

    def on_broken_pipe(self) -> None:
        """Nothing."""


class Board:
    """Tells the news of a cluster.

    Args:
        out: where to.
        machine: whether a program reads it.
        loud: the levels of the nodes' own lines that are told to people; empty: all.
    """

    def __init__(self, out: TextIO, *, machine: bool = False, loud: Collection[str] = ()) -> None:
        self._out = out
        self._machine = machine
        self._loud = loud
        self._console = PatientConsole(file=out, highlight=False, soft_wrap=True)
        self._colours: dict[str, str] = {}

    def say(self, text: str) -> None:
        """A line of our own, for people."""
        if not self._machine:
            self._console.print(escape(text))

    def event(self, event: str, fields: Mapping[str, object]) -> None:
        """A line of our own, for machines."""
        if self._machine:
            self._write(json.dumps({"event": event, **fields}))

    def heard(self, node: str, line: bytes) -> None:
        """A line that a node wrote."""
        text = line.decode("utf-8", "replace").rstrip()
        if self._machine:
            self._write(text)
            return
        told = _parsed(text)
        level = str(told.get("level", ""))
        if self._loud and level not in self._loud:
            return
        self._console.print(f"{self._name(node)} {_readable(told, level) if told else escape(text)}")

    def changed(self, standing: Standing) -> None:
        """A node's state changed."""
        self.event("state", attrs.asdict(standing))
        if standing.state == "pausing" and standing.ended is not None:
            self.say(f"{standing.node} ended with {described(standing.ended)}; it is started again")
        elif standing.state == "serving":
            again = f", started again ({standing.restarts})" if standing.restarts else ""
            self.say(f"{standing.node} serves, process {standing.pid}{again}")

    def _write(self, line: str) -> None:
        with suppress(BrokenPipeError):
            self._out.write(line + "\n")
            self._out.flush()

    def _name(self, name: str) -> str:
        colour = self._colours.setdefault(name, COLOURS[len(self._colours) % len(COLOURS)])
        return f"[{colour}]{name:>12}[/] |"


def _parsed(text: str) -> dict[str, Any]:
    """A node's line as an object; empty when it is none."""
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) and "message" in told else {}


def _readable(told: Mapping[str, Any], level: str) -> str:
    """Time of day, level when it matters, message; the trace below it."""
    message = escape(str(told["message"]))
    if level in LEVEL_COLOURS:
        message = f"[{LEVEL_COLOURS[level]}]{level}: {message}[/]"
    trace = f"\n{escape(str(told['trace']))}" if "trace" in told else ""
    return f"[dim]{str(told.get('time', ''))[11:23]}[/] {message}{trace}"
