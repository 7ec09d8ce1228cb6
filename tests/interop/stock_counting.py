"""Stock Ice for Python that counts: a server that keeps what it is asked, a client that asks without a pause.

    stock_counting.py server --Counting.Record=FILE --Counting.Endpoints=… ...
    stock_counting.py client --Counting.Proxy=… --Counting.Name=… ...

Each request is for an object of its own, whose name is `<client>.<thread>.<number>`. The server writes
the names to its file when it has ended, after SIGTERM. The client goes on until its input ends; then it
prints how many requests each thread has begun, and which have failed. Of four one is two-way, one two-way
and idempotent, one one-way, and one in a batch.
"""

from __future__ import annotations

import signal
import sys
import threading

import Ice

THREADS = 3
NOTHING = b"\x06\x00\x00\x00\x01\x01"
NORMAL, IDEMPOTENT = Ice.OperationMode.Normal, Ice.OperationMode.Idempotent


class CountingI(Ice.Blobject):
    def __init__(self) -> None:
        self.names: list[str] = []

    def ice_invoke(self, params: bytes, current: Ice.Current) -> tuple[bool, bytes]:
        if current.operation != "ice_ping":
            self.names.append(current.id.name)
        return True, NOTHING


def serve(communicator: Ice.Communicator) -> None:
    signal.signal(signal.SIGTERM, lambda number, frame: communicator.shutdown())
    adapter = communicator.createObjectAdapter("Counting")
    servant = CountingI()
    adapter.addDefaultServant(servant, "counting")
    adapter.activate()
    print("serving", flush=True)
    communicator.waitForShutdown()
    communicator.destroy()
    record = communicator.getProperties().getProperty("Counting.Record")
    with open(record, "w") as file:
        file.writelines(f"{name}\n" for name in servant.names)


class Caller(threading.Thread):
    def __init__(self, base: Ice.ObjectPrx, name: str, stopping: threading.Event) -> None:
        super().__init__()
        self.begun = 0
        self.failed: list[str] = []
        self._base = base
        self._name = name
        self._stopping = stopping

    def run(self) -> None:
        while not self._stopping.is_set():
            kind, self.begun = self.begun % 4, self.begun + 1
            id = Ice.Identity(f"{self._name}.{self.begun}", "counting")
            try:
                if kind == 0:
                    self._base.ice_identity(id).ice_invoke("count", NORMAL, NOTHING)
                elif kind == 1:
                    self._base.ice_identity(id).ice_invoke("count", IDEMPOTENT, NOTHING)
                elif kind == 2:
                    self._base.ice_identity(id).ice_oneway().ice_invoke("count", NORMAL, NOTHING)
                else:
                    batch = self._base.ice_identity(id).ice_batchOneway()
                    batch.ice_invoke("count", NORMAL, NOTHING)
                    batch.ice_flushBatchRequests()
            except Exception as error:
                self.failed.append(f"{id.name} {kind} {type(error).__name__}")


def call(communicator: Ice.Communicator) -> None:
    properties = communicator.getProperties()
    base = communicator.propertyToProxy("Counting.Proxy")
    stopping = threading.Event()
    name = properties.getProperty("Counting.Name")
    callers = [Caller(base, f"{name}.{number}", stopping) for number in range(THREADS)]
    for caller in callers:
        caller.start()
    print("calling", flush=True)
    sys.stdin.read()
    stopping.set()
    for caller in callers:
        caller.join()
    base.ice_identity(Ice.Identity("end", "counting")).ice_ping()
    print(*(caller.begun for caller in callers), flush=True)
    print(*(failed for caller in callers for failed in caller.failed), flush=True)


data = Ice.InitializationData()
data.properties = Ice.createProperties(sys.argv)
data.properties.parseCommandLineOptions("Counting", sys.argv)
with Ice.initialize(sys.argv, data) as ice:
    (serve if sys.argv[1] == "server" else call)(ice)
