"""The server on pushnet's runtime: ours_server.py --Roll.Record=FILE --Roll.Endpoints=... [--Ice.X=Y]."""

from __future__ import annotations

import os
import sys
from typing import Any

from executed import Executed
from generated.roll import LedgerServant

from pushnet.app.reactor import install
from pushnet.app.running import Session, run
from pushnet.rpc.initialization import InitializationData, createProperties, initialize


class LedgerI(LedgerServant):
    def __init__(self, executed: Executed) -> None:
        self._executed = executed

    def look(self, client: int, number: int, current: Any = None) -> int:
        self._executed.add("look", client, number)
        return number

    def write(self, client: int, number: int, current: Any = None) -> int:
        self._executed.add("write", client, number)
        return number

    def note(self, client: int, number: int, current: Any = None) -> None:
        self._executed.add("note", client, number)

    def gather(self, client: int, number: int, current: Any = None) -> None:
        self._executed.add("gather", client, number)


async def main(session: Session) -> int:
    properties = createProperties(sys.argv, world=session.world)
    properties.parseCommandLineOptions("Roll", sys.argv)
    record = properties.getProperty("Roll.Record").replace("PID", str(os.getpid()))
    executed = Executed(record, properties.getProperty("Roll.Forget"), properties.getProperty("Roll.Twice"))
    async with initialize(session.world, InitializationData(properties=properties)) as communicator:
        adapter = communicator.createObjectAdapter("Roll")
        adapter.addDefaultServant(LedgerI(executed), "roll")
        await adapter.activate()
        print('{"message":"serving"}', flush=True)
        session.stopping.addCallback(lambda _: communicator.shutdown())
        await communicator.waitForShutdown()
    executed.close()
    return 0


install()
sys.exit(run(main))
