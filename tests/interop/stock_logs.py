"""Logs with stock Ice what the test logs with ours: stock_logs.py --Ice.Property=Value ..."""

from __future__ import annotations

import sys

import Ice


def main() -> None:
    with Ice.initialize(sys.argv) as communicator:
        logger = communicator.getLogger()
        for line in sys.stdin:
            kind, text = line.rstrip("\n").replace("|", "\n").split(maxsplit=1)
            if kind == "trace":
                logger.trace("Category", text)
            else:
                getattr(logger, kind)(text)
        logger.cloneWithPrefix("other").warning("with another prefix")


main()
