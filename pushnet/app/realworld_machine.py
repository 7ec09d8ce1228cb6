"""Which machine this is, what it has, and has left: processors, memory, disk, descriptors."""

from __future__ import annotations

import os
import resource
import shutil
from pathlib import Path

_MEMORY = {"MemTotal": "memory_bytes", "MemAvailable": "memory_free_bytes"}


_BOOT = Path("/proc/sys/kernel/random/boot_id")
"""Linux: another one with each start, also of a machine that was copied whole. Containers share it."""


def machine_name() -> str:
    """Its name, and since which of its starts."""
    try:
        boot = _BOOT.read_text().strip()
    except OSError:
        boot = ""
    return f"{os.uname().nodename} {boot}".strip()


def machine_of(folder: str) -> dict[str, float]:
    """Readings by name; the disk is the one that `folder` is on. What is not known is left out."""
    found = {"cpus": float(os.cpu_count() or 1)}
    found |= dict(zip(("load1", "load5", "load15"), os.getloadavg(), strict=True))
    found |= _memory()
    existing = next((path for path in [Path(folder), *Path(folder).parents] if path.exists()), Path("/"))
    disk = shutil.disk_usage(existing)
    found |= {"disk_bytes": float(disk.total), "disk_free_bytes": float(disk.free)}
    found["descriptors_max"] = float(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    return found


def _memory() -> dict[str, float]:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return {}
    told = dict(line.split(":", 1) for line in lines if ":" in line)
    return {name: float(told[key].split()[0]) * 1024 for key, name in _MEMORY.items() if key in told}
