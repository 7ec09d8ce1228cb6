"""The stock Ice for Python server of the benchmark (run by the system's Python)."""

import gc
import os
import sys

import Ice

HERE = os.path.dirname(os.path.abspath(__file__))
Ice.loadSlice("", ["-I" + HERE, os.path.join(HERE, "bench.ice")])
import Bench  # noqa: E402


class EchoI(Bench.Echo):
    def __init__(self):
        self.count = 0

    def add(self, a, b, current=None):
        return a + b

    def echoBytes(self, value, current=None):
        return value

    def echoItems(self, value, current=None):
        return value

    def echoGraph(self, value, current=None):
        return value

    def echoCounts(self, value, current=None):
        return value

    def note(self, number, current=None):
        self.count += 1

    def noted(self, current=None):
        return self.count


with Ice.initialize(sys.argv) as communicator:
    protocol = "ssl" if sys.argv[2] == "tls" else "tcp"
    endpoint = f"{protocol} -h 127.0.0.1 -p {sys.argv[1]}"
    adapter = communicator.createObjectAdapterWithEndpoints("Bench", endpoint)
    adapter.add(EchoI(), Ice.stringToIdentity("echo"))
    adapter.activate()
    gc.freeze()
    print("ready", flush=True)
    communicator.waitForShutdown()
