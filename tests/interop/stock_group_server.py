"""A stock Ice server in a replica group, as `cpp/main.cpp` is one. Run with system Python.

    stock_group_server.py --Ice.Default.Locator=... --Server.Endpoints=... --Server.AdapterId=...

Serves `calling/worker`, which answers pings; prints its endpoints; ends with its input.
"""

from __future__ import annotations

import sys

import Ice


def main() -> None:
    data = Ice.InitializationData()
    data.properties = Ice.createProperties(sys.argv)
    data.properties.parseCommandLineOptions("Server", sys.argv)
    with Ice.initialize(sys.argv, data) as communicator:
        adapter = communicator.createObjectAdapter("Server")
        adapter.add(Ice.Object(), Ice.stringToIdentity("calling/worker"))
        adapter.activate()
        print(":".join(str(endpoint) for endpoint in adapter.getEndpoints()), flush=True)
        sys.stdin.read()


main()
