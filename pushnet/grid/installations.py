"""What tells two processes of one name from each other: the installation that each belongs to.

An installation is a folder on a machine, from one start of the machine to the next; it has a random id
(`roles/installing.py`). A process and the one that is started in its place have the same. Whoever joins under
a name that another installation holds is refused: somebody has copied a folder, or a name.
"""

from __future__ import annotations

from typing import Final

import attrs

CONTEXT: Final = "_pn.inst"
"""Where a request to join carries the id of the installation."""
TAKE_OVER: Final = "_pn.over"
"""In a request to join: the name is wanted although another installation holds it."""
VARIABLE: Final = "PUSHNET_INSTALLATION"
"""In the environment: whose process this is. Agents hand theirs on, so a server may go to another agent."""
TAKEN: Final = "the name is taken: "
"""How the text begins by which a registry refuses it."""
ID_BYTES: Final = 16


LEASES_WAITED: Final = 2
"""So many leases after it was refused first, who has the name is alive."""


@attrs.frozen
class Holder:
    """Who has a name. An empty installation: one of a version that tells none."""

    installation: str
    about: str
    """In words: process, addresses, since when, and how long its lease runs."""


def name_fault(name: str, newcomer: str, holder: Holder | None, agent: str) -> str:
    """Why a process of that installation may not have the name; nothing when it may.

    Args:
        newcomer: its installation; empty: it tells none, as earlier versions do.
        agent: the installation of the agent that is to run it; empty: there is none.
    """
    if holder is None or not newcomer or not holder.installation:
        return ""
    if newcomer in (holder.installation, agent):
        return ""
    return (
        f"{TAKEN}{name} is {holder.about}. Give this one a name of its own; or stop that one; or wait until "
        f"its lease has run out, if it is dead; or take the name away from it: start this one once with "
        f"--take-over"
    )
