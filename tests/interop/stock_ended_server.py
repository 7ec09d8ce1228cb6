"""A stock Ice server that registers its adapter and its process, and ends when its process is told to.

    stock_ended_server.py --Ice.Default.Locator=... --Ice.Admin.ServerId=... --Stock.Endpoints=... ...

Run with system Python. Prints `ready`, and `ended` when it was shut down.
"""

from __future__ import annotations

import sys

import Ice


def main() -> None:
    data = Ice.InitializationData()
    data.properties = Ice.createProperties(sys.argv)
    data.properties.parseCommandLineOptions("Stock", sys.argv)
    with Ice.initialize(sys.argv, data) as communicator:
        communicator.createObjectAdapter("Stock").activate()
        print("ready", flush=True)
        communicator.waitForShutdown()
    print("ended", flush=True)


main()
