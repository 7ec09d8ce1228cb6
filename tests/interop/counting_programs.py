"""The programs that count: stock Ice's in Python and in C++ (built when it is first wanted), and ours."""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys

from twisted.trial.unittest import TestCase

from tests.interop.stock import HERE, ROOT, SYSTEM_PYTHON

STOCK_PYTHON = [SYSTEM_PYTHON, "-u", str(HERE / "stock_counting.py")]
OURS = [sys.executable, "-u", str(HERE / "ours_counting.py")]
FLAGS = ["-std=c++17", "-O0", "-DICE_CPP11_MAPPING"]


def stock_cpp(test: TestCase) -> list[str]:
    """The C++ program; the test fails with the compiler's words when it cannot be built."""
    source = HERE / "counting" / "counting.cpp"
    folder = ROOT / "build" / "interop"
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / f"counting-{hashlib.sha256(source.read_bytes()).hexdigest()[:16]}"
    with open(folder / "counting.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            command = ["g++", *FLAGS, str(source), "-o", str(program), "-lIce++11", "-pthread"]
            built = subprocess.run(command, capture_output=True, text=True)
            told = f"apt-get install libzeroc-ice-dev g++\n{built.stderr[-2000:]}"
            test.assertEqual(built.returncode, 0, told)
    return [str(program)]
