"""The server in stock Ice for Python: icepy_server.py --Roll.Record=FILE --Roll.Endpoints=... [--Ice.X=Y]."""

import os
import signal
import sys

import Ice
import Roll
from executed import Executed


class LedgerI(Roll.Ledger):
    def __init__(self, executed):
        self._executed = executed

    def look(self, client, number, current=None):
        self._executed.add("look", client, number)
        return number

    def write(self, client, number, current=None):
        self._executed.add("write", client, number)
        return number

    def note(self, client, number, current=None):
        self._executed.add("note", client, number)

    def gather(self, client, number, current=None):
        self._executed.add("gather", client, number)


def main():
    properties = Ice.createProperties(sys.argv)
    properties.parseCommandLineOptions("Roll", sys.argv[1:])
    record = properties.getProperty("Roll.Record").replace("PID", str(os.getpid()))
    executed = Executed(record, properties.getProperty("Roll.Forget"), properties.getProperty("Roll.Twice"))
    data = Ice.InitializationData()
    data.properties = properties
    with Ice.initialize(sys.argv, data) as communicator:
        signal.signal(signal.SIGTERM, lambda number, frame: communicator.shutdown())
        adapter = communicator.createObjectAdapter("Roll")
        adapter.addDefaultServant(LedgerI(executed), "roll")
        adapter.activate()
        print("ready", flush=True)
        communicator.waitForShutdown()
    executed.close()


main()
