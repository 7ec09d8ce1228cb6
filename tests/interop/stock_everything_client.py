"""A stock Ice client of an `Everything`: stock_everything_client.py PROXY. Run with system Python.

Reads commands, one a line, prints one line for each; what a command raises is printed as `! Name details`.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

import Ice
from stock_everything import Interop, NamedI, fixed, say, values


class Flood:
    """Calls without end, until it is stopped."""

    def __init__(self, call: Callable[[int], object]) -> None:
        self._call = call
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.done = 0
        self.failed: list[str] = []

    def start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._call(self.done)
                self.done += 1
            except Ice.Exception as error:
                self.failed.append(type(error).__name__)

    def stop(self) -> str:
        self._stopped.set()
        self._thread.join()
        return f"{self.done} {' '.join(self.failed)}".strip()


class Client:
    def __init__(self, communicator: Ice.Communicator, proxy: str) -> None:
        self.communicator = communicator
        self.object = communicator.stringToProxy(proxy)
        self.everything = Interop.EverythingPrx.checkedCast(self.object)
        self.flood: Flood | None = None

    def types(self) -> str:
        for operation, value in values(self.object.ice_identity(Ice.Identity("x", "y"))):
            back = getattr(self.everything, operation)(value)
            if back != value and list(back) != list(value):
                return f"{operation} {value!r:.200} came back as {back!r:.200}"
        if self.everything.echoMyself(self.everything) != self.everything:
            return "myself"
        return "all came back"

    def results(self) -> str:
        return repr((self.everything.divide(17, 5), self.everything.several("a", 1)))

    def optionals(self) -> str:
        unset = self.everything.maybe(Ice.Unset, Ice.Unset) == (Ice.Unset, Ice.Unset)
        return f"{unset} {self.everything.maybe('t', b'abc')}"

    def refused(self) -> str:
        told = []
        for call, kind in (
            (self.everything.refuse, "empty"),
            (self.everything.refuse, "range"),
            (self.everything.refuse, "plain"),
            (self.everything.refuseInSlices, "range"),
            (self.everything.refuseInSlices, "plain"),
        ):
            try:
                call(kind)
            except Interop.OutOfRange as error:
                told.append(f"{error.reason} {error.low} {error.at == fixed(4)}")
            except Interop.Refused as error:
                told.append(error.reason)
            except Interop.Empty:
                told.append("empty")
        return ", ".join(told)

    def missing(self) -> str:
        told = []
        other = Interop.NamedPrx.uncheckedCast(self.object.ice_identity(Ice.Identity("nobody", "")))
        for call in (
            other.ice_ping,
            self.object.ice_facet("none").ice_ping,
            lambda: self.object.ice_invoke("nosuch", Ice.OperationMode.Normal, b""),
            lambda: self.object.ice_invoke("add", Ice.OperationMode.Idempotent, b""),
            lambda: self.object.ice_invoke("add", Ice.OperationMode.Normal, b"\x07\x00\x00\x00\x01\x01\x00"),
            lambda: self.object.ice_invoke("add", Ice.OperationMode.Normal, b"\x06\x00\x00\x00\x02\x00"),
            self.everything.fail,
        ):
            try:
                call()
                told.append("nothing")
            except Ice.UnknownException as error:
                told.append(f"{type(error).__name__} {error.unknown}")
            except Ice.LocalException as error:
                told.append(type(error).__name__)
        return " | ".join(told)

    def object_itself(self) -> str:
        proxy = self.everything
        proxy.ice_ping()
        old = self.object.ice_encodingVersion(Ice.EncodingVersion(1, 0))
        return f"{proxy.ice_isA('::Interop::Named')} {proxy.ice_isA('::X')} {proxy.ice_id()} {old.ice_ids()}"

    def facet(self) -> str:
        return Interop.EverythingPrx.checkedCast(self.object, "other").name()

    def context(self) -> str:
        return repr(self.everything.context({"a": "b"}))

    def one_way(self) -> str:
        one_way = Interop.EverythingPrx.uncheckedCast(self.object.ice_oneway())
        batch = Interop.EverythingPrx.uncheckedCast(self.object.ice_batchOneway())
        for number in range(10):
            one_way.note(number)
            batch.note(number)
        batch.ice_flushBatchRequests()
        self.everything.nothing()
        return str(self.everything.noted())

    def compressed(self) -> str:
        packed = Interop.EverythingPrx.uncheckedCast(self.object.ice_compress(True))
        return str(packed.echoText("x" * 10_000) == "x" * 10_000)

    def callback(self) -> str:
        adapter = self.communicator.createObjectAdapter("")
        identity = Ice.Identity("me", "callback")
        adapter.add(NamedI(), identity)
        self.everything.ice_getConnection().setAdapter(adapter)
        return self.everything.callBack(identity.category, identity.name)

    def flood_one_way(self) -> str:
        one_way = Interop.EverythingPrx.uncheckedCast(self.object.ice_oneway())
        return self._start(Flood(one_way.note))

    def flood_two_way(self) -> str:
        return self._start(Flood(self.everything.note))

    def _start(self, flood: Flood) -> str:
        self.flood = flood
        flood.start()
        return "started"

    def stop(self) -> str:
        assert self.flood is not None
        return self.flood.stop()

    def close(self) -> str:
        self.object.ice_getCachedConnection().close(Ice.ConnectionClose.GracefullyWithWait)
        self.object.ice_ping()
        return "closed and opened again"


with Ice.initialize(sys.argv) as communicator:
    client = Client(communicator, sys.argv[1])
    say("ready")
    for line in sys.stdin:
        try:
            say(getattr(client, line.strip())())
        except Exception as error:
            say(f"! {type(error).__name__} {error}".replace("\n", " "))
