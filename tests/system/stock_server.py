"""A stock Ice server that knows nothing of pushnet. Run with system Python.

Its adapter is `Stock`, configured by properties. It says `ready`, and ends in order by SIGTERM.
"""

from __future__ import annotations

import signal
import sys

import Ice


def main() -> None:
    with Ice.initialize(sys.argv) as communicator:
        signal.signal(signal.SIGTERM, lambda *_: communicator.shutdown())
        adapter = communicator.createObjectAdapter("Stock")
        adapter.add(Ice.Object(), Ice.stringToIdentity("thing"))
        adapter.activate()
        print("ready", flush=True)
        communicator.waitForShutdown()


main()
