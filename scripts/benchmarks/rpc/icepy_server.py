"""The stock Ice for Python server of the benchmark: icepy_server.py PORT (run by the system's Python)."""

import os
import sys

import Ice

HERE = os.path.dirname(os.path.abspath(__file__))
Ice.loadSlice("", ["-I" + HERE, os.path.join(HERE, "bench.ice")])
import Bench  # noqa: E402


class AdderI(Bench.Adder):
    def add(self, a, b, current=None):
        return a + b


with Ice.initialize() as communicator:
    adapter = communicator.createObjectAdapterWithEndpoints("Bench", "tcp -h 127.0.0.1 -p " + sys.argv[1])
    adapter.add(AdderI(), Ice.stringToIdentity("adder"))
    adapter.activate()
    print("ready", flush=True)
    communicator.waitForShutdown()
