"""Processes that start gently: behind all others that want a processor, until they are hurried.

A process that starts keeps a processor busy for half a second or more; whoever serves beside it would answer
late. Linux shares processors in two ways, and both are told:

* among sessions of processes, where it groups them by that (usual on machines whose processes are not in
  cgroups): anybody may lower the weight of his own and bring it back to the usual one, ten times a second;
* among processes of a group by their niceness: only who may take a higher one back begins with it, which is
  root, who has CAP_SYS_NICE, or whose RLIMIT_NICE allows it (in a unit of systemd `LimitNICE=+0`).
"""

from __future__ import annotations

import os
import resource
from pathlib import Path
from typing import Final

GENTLE: Final = 10
"""Added to the niceness: between busy ones of usual niceness it is left a tenth."""
NICE_MAX: Final = 19
CAP_SYS_NICE: Final = 23


class Calm:
    """A process that leads a session of its own, of which nothing else is known."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._usual = os.getpriority(os.PRIO_PROCESS, 0)

    def begin(self) -> None:
        """Have it wait behind others, as far as that is allowed and can be undone."""
        if _session_niceness(self._pid) == 0:
            _tell_session(self._pid, GENTLE)
        if may_hurry(self._usual):
            try:
                os.setpriority(os.PRIO_PROCESS, self._pid, self._gentle)
            except OSError:
                return

    def end(self) -> bool:
        """Undo it for all of its processes; False: the system wants to be asked again a little later.

        What it has chosen for itself in between stays.
        """
        try:
            now = os.getpriority(os.PRIO_PROCESS, self._pid)
            if now >= self._gentle:
                os.setpriority(os.PRIO_PGRP, self._pid, max(self._usual, now - GENTLE))
        except PermissionError:
            pass  # then its niceness is its own
        except ProcessLookupError:
            return True
        return _session_niceness(self._pid) != GENTLE or _tell_session(self._pid, 0)

    @property
    def _gentle(self) -> int:
        return min(self._usual + GENTLE, NICE_MAX)


def may_hurry(niceness: int) -> bool:
    """Whether this process may bring others back to that niceness."""
    if os.geteuid() == 0 or _has_capability():
        return True
    limit = resource.getrlimit(resource.RLIMIT_NICE)[0] if hasattr(resource, "RLIMIT_NICE") else 0
    return limit == resource.RLIM_INFINITY or 20 - limit <= niceness


def _has_capability() -> bool:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return False
    held = [int(line.split()[1], 16) for line in lines if line.startswith("CapEff:")]
    return bool(held and held[0] >> CAP_SYS_NICE & 1)


def _session_niceness(pid: int) -> int | None:
    """Of `/autogroup-7 nice 0`; None where sessions are not grouped."""
    try:
        return int(Path(f"/proc/{pid}/autogroup").read_text().split()[-1])
    except (OSError, ValueError, IndexError):
        return None


def _tell_session(pid: int, niceness: int) -> bool:
    try:
        Path(f"/proc/{pid}/autogroup").write_text(str(niceness))
    except BlockingIOError:
        return False
    except OSError:
        return True  # it has ended, or is somebody else's
    return True
