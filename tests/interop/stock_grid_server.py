"""A stock Ice server that registers its adapter itself. Run with system Python.

    stock_grid_server.py FOLDER NUMBER --Ice.Default.Locator=... --Stock.Endpoints=... --Stock.AdapterId=...

Serves `tags` as TagAlias number NUMBER; prints `ready`, or what activation raised; ends with its input.
"""

from __future__ import annotations

import sys

import Ice

sys.path.append(sys.argv.pop(1))
import PushNet

NUMBER = int(sys.argv.pop(1))


class TagAliasI(PushNet.TagAlias):
    def followed(self, current: Ice.Current | None = None) -> dict[int, int]:
        return {NUMBER: 0}


def main() -> None:
    data = Ice.InitializationData()
    data.properties = Ice.createProperties(sys.argv)
    data.properties.parseCommandLineOptions("Stock", sys.argv)
    with Ice.initialize(sys.argv, data) as communicator:
        adapter = communicator.createObjectAdapter("Stock")
        adapter.add(TagAliasI(), Ice.stringToIdentity("tags"))
        try:
            adapter.activate()
        except Ice.LocalException as error:
            print(type(error).__name__, flush=True)
            return
        print("ready", flush=True)
        sys.stdin.read()
        print("bye", flush=True)


main()
