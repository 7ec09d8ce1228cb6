"""`pushnet status --watch`: the nodes as they come and go, until Ctrl-C.

A registry's log of events says when something has changed, and the nodes are asked for then; on a terminal
once a second besides, for the readings. Off a terminal each change is one line, for `--json` one object.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from rich.text import Text
from twisted.internet.task import deferLater

from pushnet.app.agent_calls import Grid, with_grid
from pushnet.app.live import Screen, until_stopped
from pushnet.app.running import Session
from pushnet.app.statuses import ANSWER_LIMIT_MS, described, table
from pushnet.gen.pushnet.event import EventFilter, EventsPrx
from pushnet.gen.pushnet.registry import RegistryPrx
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.settings import Settings
from pushnet.rpc.exceptions import LocalException

LOOK_MS: Final = 1000
"""On a terminal."""
CHANGES_MS: Final = 20_000
WAIT_LIMIT_MS: Final = 30_000
AGAIN_S: Final = 1.0
FOLLOWED: Final = ["node", "registry"]
Row = dict[str, Any]


async def watch(session: Session, settings: Settings, *, machine: bool) -> int:
    """Show the nodes until somebody wants us to end."""
    return await until_stopped(
        session, with_grid(session, settings, lambda grid: Watch(session, settings, grid, machine).run())
    )


class Watch:
    """One watching of one cluster."""

    def __init__(self, session: Session, settings: Settings, grid: Grid, machine: bool) -> None:
        self._session = session
        self._settings = settings
        self._machine = machine
        place = grid.registries
        events = EventsPrx.uncheckedCast(
            grid.communicator.stringToProxy(":".join(["PushNet/Events", *place]))
        )
        registry = RegistryPrx.uncheckedCast(
            grid.communicator.stringToProxy(":".join(["PushNet/Registry", *place]))
        )
        assert events is not None and registry is not None
        self._events = events.ice_invocationTimeout(WAIT_LIMIT_MS)
        self._registry = registry.ice_invocationTimeout(ANSWER_LIMIT_MS)
        self._after = 0
        self._rows: list[Row] | None = None
        self._trouble = ""

    async def run(self) -> int:
        with Screen(sys.stdout) as screen:
            live = screen.is_live and not self._machine
            while not self._session.stopping.called:
                before, trouble = self._rows, self._trouble
                await self._look()
                if live:
                    screen.show(self._picture())
                else:
                    self._tell(before, trouble)
                await self._change(LOOK_MS if live else CHANGES_MS)
        return 0

    async def _look(self) -> None:
        try:
            self._rows = described(await self._registry.nodes(), self._settings)
            self._trouble = ""
        except LocalException as error:
            self._trouble = f"no registry answers ({type(error).__name__})"

    async def _change(self, wait_ms: int) -> None:
        """Wait until something has changed, so long at most."""
        try:
            page = await self._events.read(EventFilter(list(FOLLOWED)), self._after, LOOK_MS, wait_ms)
            self._after = page.next
        except (LocalException, UnavailableException):
            if not self._session.stopping.called:
                await deferLater(self._session.world.clock, AGAIN_S)

    def _picture(self) -> Any:
        made = table(self._settings.cluster.name, self._rows or [])
        if self._trouble:
            made.caption = Text(f"{self._trouble}; what was known last is shown", style="bold red")
        return made

    def _tell(self, before: Sequence[Row] | None, trouble: str) -> None:
        rows = self._rows or []
        at = datetime.fromtimestamp(self._session.world.wall(), UTC).isoformat(timespec="milliseconds")
        said = changes(before, rows)
        if self._trouble != trouble:
            said.append(self._trouble or "a registry answers again")
        if not said:
            return
        if self._machine:
            told = {
                "time": at,
                "cluster": self._settings.cluster.name,
                "nodes": rows,
                "trouble": self._trouble,
            }
            print(json.dumps({**told, "changes": said}), flush=True)
        else:
            print("\n".join(f"{at} {line}" for line in said), flush=True)


def changes(before: Sequence[Row] | None, rows: Sequence[Row]) -> list[str]:
    """What has changed, a line a node. `before`: None at first, when everybody is told."""
    known = {row["node"]: row for row in before or ()}
    said: list[str] = []
    for row in rows:
        was = known.pop(row["node"], None)
        if was is None or was["alive"] != row["alive"] or was.get("epoch") != row.get("epoch"):
            said.append(_told(row, again=was is not None and was["alive"] and row["alive"]))
    return said + [f"{name} is gone" for name in known]


def _told(row: Row, *, again: bool) -> str:
    if not row["alive"]:
        return f"{row['node']} {row['role']} is absent"
    how = "is there anew" if again else "is there"
    return f"{row['node']} {row['role']} {row['version']} {how}, process {row['pid']}, epoch {row['epoch']}"
