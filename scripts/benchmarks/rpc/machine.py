"""What a run was made on and of: the machine, versions, and which of our modules were compiled."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from systems import STOCK_PYTHON

_PACKAGES = ("pushnet", "Twisted", "attrs", "pyOpenSSL", "cryptography", "grpcio", "protobuf")


def machine() -> dict[str, object]:
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "cpus": len(os.sched_getaffinity(0)),
        "cpu": names[0].partition(":")[2].strip() if names else platform.machine(),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
        "system": f"{platform.system()} {platform.release()}",
        "load": list(os.getloadavg()),
    }


def versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    for name, command in (
        ("stock python", [STOCK_PYTHON, "--version"]),
        ("ice", ["slice2cpp", "--version"]),
        ("g++", ["g++", "-dumpfullversion"]),
    ):
        if shutil.which(command[0]):
            done = subprocess.run(command, capture_output=True, text=True)
            found[name] = (done.stdout or done.stderr).strip().removeprefix("Python ")
    return found


def compiled(room: Path) -> list[str]:
    """The modules of our package that are machine code in what is measured."""
    found = sorted((room / "ours" / "pushnet").rglob("*.so"))
    return [".".join(path.relative_to(room / "ours").with_suffix("").with_suffix("").parts) for path in found]
