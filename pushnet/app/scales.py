"""`pushnet scaling`: the sets of which as many run as their load needs, and what was decided about them."""

from __future__ import annotations

import json
from collections.abc import Sequence

import attrs
from rich.console import Console
from rich.table import Table

from pushnet.app.asking import ask
from pushnet.app.running import Session
from pushnet.gen.pushnet.cluster import ClusterPrx, ScaleState
from pushnet.grid.settings import Settings

PLAIN_WIDTH = 160
LINES_SHOWN = 5
"""Of what was decided, for people."""


async def show(session: Session, settings: Settings, *, machine: bool) -> int:
    """Print each set."""
    found = await ask(session, settings, ClusterPrx, lambda cluster: cluster.scaling())
    if machine:
        print(json.dumps({"scaling": [attrs.asdict(each) for each in found]}))
        return 0
    if not found:
        print("no set is scaled by load: no table of the settings has `min` and `max`")
        return 0
    console = Console()
    out = Console(width=None if console.is_terminal else PLAIN_WIDTH)
    out.print(table(found))
    for each in found:
        for line in each.journal[-LINES_SHOWN:]:
            out.print(f"{each.name}: {line}", markup=False, highlight=False)
        if each.load < 0:
            out.print(f"{each.name}: {unread(each)}", markup=False, highlight=False)
    return 0


def unread(state: ScaleState) -> str:
    """Why a set stays as it is, where nothing is read of it."""
    return (
        f"nobody tells {state.gauge}, so as many run as did: either none serves, or `load_gauge` is another: "
        "of programs that are no nodes agents measure cpu_share, memory_bytes, descriptors and threads"
    )


def table(found: Sequence[ScaleState]) -> Table:
    """The sets for people."""
    made = Table(title="sets, scaled by load")
    for column in ("set", "runs", "of", "serving", "reading", "mean", "target"):
        made.add_column(column, no_wrap=True)
    for each in found:
        mean = f"{each.load:.3g}" if each.load >= 0 else "not known"
        made.add_row(
            each.name,
            str(each.count),
            f"{each.min} to {each.max}",
            str(each.serving),
            each.gauge,
            mean,
            f"{each.target:g}",
        )
    return made
