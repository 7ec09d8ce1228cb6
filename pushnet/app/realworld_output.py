"""Where this process's standard output and error go."""

from __future__ import annotations

import os
import sys


def redirect(stream: int, path: str) -> None:
    """What is written to descriptor `stream` (1 or 2) goes to the end of that file from now on."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        (sys.stdout if stream == 1 else sys.stderr).flush()
        os.dup2(file, stream)
    finally:
        os.close(file)
