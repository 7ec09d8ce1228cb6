"""A stock Ice program that administers a process: stock_admin.py PROXY. Run with system Python.

Asks everything the facets `Properties`, `Metrics`, `Logger` and `Process` of the admin object have, prints a
line for each, then ends the process.
"""

from __future__ import annotations

import sys
import threading

import Ice
import Ice.Metrics_ice
import Ice.RemoteLogger_ice
import IceMX


class RemoteLoggerI(Ice.RemoteLogger):
    """Waits for what is logged."""

    def __init__(self) -> None:
        self.prefix = ""
        self.first: list[str] = []
        self.logged: list[str] = []
        self.begun = threading.Event()
        self.more = threading.Event()

    def init(self, prefix: str, messages: list[Ice.LogMessage], current: Ice.Current | None = None) -> None:
        self.prefix = prefix
        self.first = [message.message for message in messages]
        self.begun.set()

    def log(self, message: Ice.LogMessage, current: Ice.Current | None = None) -> None:
        self.logged.append(f"{message.type}: {message.message}")
        self.more.set()


def properties(admin: Ice.ObjectPrx) -> None:
    facet = Ice.PropertiesAdminPrx.checkedCast(admin, "Properties")
    print("property", facet.getProperty("Told.One"), repr(facet.getProperty("Told.Nothing")))
    print("prefix", sorted(facet.getPropertiesForPrefix("Told.").items()))
    facet.setProperties({"Told.One": "", "Told.Two": "second", "Told.Three": "third"})
    print("changed", sorted(facet.getPropertiesForPrefix("Told.").items()))


def metrics(admin: Ice.ObjectPrx) -> None:
    facet = IceMX.MetricsAdminPrx.checkedCast(admin, "Metrics")
    names, disabled = facet.getMetricsViewNames()
    print("views", names, disabled)
    view, _ = facet.getMetricsView("Debug")
    print("maps", sorted(view))
    dispatched = {one.id: one for one in view["Dispatch"]}
    echo = next(one for id, one in dispatched.items() if "echo" in id)
    print("dispatched", type(echo).__name__, echo.total, echo.current, echo.failures, echo.size > 0)
    failures = facet.getMapMetricsFailures("Debug", "Dispatch")
    print("failures", [sorted(failure.failures.items()) for failure in failures])
    print("connections", [type(one).__name__ for one in view["Connection"]][:1])
    facet.disableMetricsView("Debug")
    print("disabled", facet.getMetricsViewNames())
    facet.enableMetricsView("Debug")
    try:
        facet.getMetricsView("Nope")
    except IceMX.UnknownMetricsView:
        print("no such view")


def logger(admin: Ice.ObjectPrx, communicator: Ice.Communicator) -> None:
    facet = Ice.LoggerAdminPrx.checkedCast(admin, "Logger")
    messages, prefix = facet.getLog([Ice.LogMessageType.WarningMessage], [], -1)
    print("log", prefix, [message.message for message in messages])
    remote = RemoteLoggerI()
    adapter = communicator.createObjectAdapterWithEndpoints("", "tcp -h 127.0.0.1")
    proxy = Ice.RemoteLoggerPrx.uncheckedCast(adapter.addWithUUID(remote))
    adapter.activate()
    facet.attachRemoteLogger(proxy, [], [], 10)
    remote.begun.wait(10)
    print("attached", remote.prefix, remote.first)
    try:
        facet.attachRemoteLogger(proxy, [], [], 10)
    except Ice.RemoteLoggerAlreadyAttachedException:
        print("already attached")
    echo = communicator.stringToProxy(sys.argv[2])
    echo.ice_invoke("warn", Ice.OperationMode.Normal, b"\x06\0\0\0\x01\x01")
    remote.more.wait(10)
    print("remote", remote.logged)
    print("detached", facet.detachRemoteLogger(proxy), facet.detachRemoteLogger(proxy))


def main() -> None:
    with Ice.initialize(sys.argv) as communicator:
        admin = communicator.stringToProxy(sys.argv[1])
        for facet in ("Process", "Properties", "Metrics", "Logger"):
            print(facet, admin.ice_facet(facet).ice_id())
        echo = communicator.stringToProxy(sys.argv[2])
        for _ in range(3):
            echo.ice_invoke("echo", Ice.OperationMode.Normal, b"\x06\0\0\0\x01\x01")
        properties(admin)
        metrics(admin)
        logger(admin, communicator)
        process = Ice.ProcessPrx.checkedCast(admin, "Process")
        process.writeMessage("", 1)
        process.shutdown()
        print("shut down")


main()
