"""A stock Ice program that is quiet, slow, or closes. Run with system Python.

    stock_liveness.py --Ice.Property=Value ...

With the property `Peer.Endpoints` it serves the object `peer`, whose operation `slow` takes `Peer.SlowMs`,
and first prints its proxy. Then it reads commands, one a line, and prints one line for each; it ends with its
input. What a command raises is printed as `! Name`. Commands: `open PROXY`, `slow` (call that through the
connection), `send BYTES` (the same, with so many), `close MODE`, `acm TIMEOUT CLOSE HEARTBEAT`, `told` (what
the callbacks of the connection have told), `incoming` (the same for the last caller's), `back PROXY` (send it
a datagram, and be called back by who gets it), `heard` (how often that has been done).

Whoever calls its operation `back` has the object `back` of its own connection called.
"""

from __future__ import annotations

import sys
import time

import Ice


class Told:
    """Notes what the callbacks of a connection tell."""

    def __init__(self, connection: Ice.Connection) -> None:
        self.connection = connection
        self.closed = False
        self.beats = 0
        connection.setCloseCallback(lambda _: self._close())
        connection.setHeartbeatCallback(lambda _: self._beat())

    def __str__(self) -> str:
        return f"{'closed' if self.closed else 'open'} {self.beats}"

    def _close(self) -> None:
        self.closed = True

    def _beat(self) -> None:
        self.beats += 1


class SlowI(Ice.Blobject):
    """Takes its time."""

    def __init__(self, slow_s: float) -> None:
        self.told: Told | None = None
        self.operations: list[str] = []
        self._slow_s = slow_s

    def ice_invoke(self, params: bytes, current: Ice.Current) -> tuple[bool, bytes]:
        if self.told is None or self.told.connection != current.con:
            self.told = Told(current.con)
        self.operations.append(current.operation)
        if current.operation == "slow":
            time.sleep(self._slow_s)
        if current.operation == "back":
            back = current.con.createProxy(Ice.stringToIdentity("back"))
            back.ice_invoke("heard", Ice.OperationMode.Normal, params)
        return True, params


class Peer:
    """Obeys."""

    def __init__(self, communicator: Ice.Communicator) -> None:
        self.communicator = communicator
        properties = communicator.getProperties()
        self.servant = SlowI(properties.getPropertyAsInt("Peer.SlowMs") / 1000)
        if properties.getProperty("Peer.Endpoints"):
            adapter = communicator.createObjectAdapter("Peer")
            proxy = adapter.add(self.servant, Ice.stringToIdentity("peer"))
            adapter.activate()
            print(proxy, flush=True)

    def do_open(self, *proxy: str) -> str:
        self.proxy = self.communicator.stringToProxy(" ".join(proxy))
        self.told = Told(self.proxy.ice_getConnection())
        return "opened"

    def do_slow(self) -> str:
        return self.do_send("0")

    def do_send(self, size: str) -> str:
        params = (6 + int(size)).to_bytes(4, "little") + b"\x01\x01" + bytes(int(size))
        self.proxy.ice_invoke("slow", Ice.OperationMode.Normal, params)
        return "answered"

    def do_close(self, mode: str) -> str:
        self.told.connection.close(getattr(Ice.ConnectionClose, mode))
        return "closing"

    def do_acm(self, timeout: str, close: str, heartbeat: str) -> str:
        self.told.connection.setACM(
            int(timeout), Ice.ACMClose.valueOf(int(close)), Ice.ACMHeartbeat.valueOf(int(heartbeat))
        )
        return "set"

    def do_back(self, *proxy: str) -> str:
        called = self.communicator.stringToProxy(" ".join(proxy)).ice_datagram()
        adapter = self.communicator.createObjectAdapter("")
        adapter.add(self.servant, Ice.stringToIdentity("back"))
        adapter.activate()
        called.ice_getConnection().setAdapter(adapter)
        called.ice_invoke("back", Ice.OperationMode.Normal, b"\x06\x00\x00\x00\x01\x01")
        return "sent"

    def do_heard(self) -> str:
        return str(self.servant.operations.count("heard"))

    def do_told(self) -> str:
        return str(self.told)

    def do_incoming(self) -> str:
        return str(self.servant.told)


def main() -> None:
    data = Ice.InitializationData()
    data.properties = Ice.createProperties(sys.argv)
    data.properties.parseCommandLineOptions("Peer", sys.argv)
    with Ice.initialize(sys.argv, data) as communicator:
        peer = Peer(communicator)
        for line in sys.stdin:
            name, *rest = line.split()
            try:
                answer = getattr(peer, f"do_{name}")(*rest)
            except Ice.Exception as error:
                answer = f"! {type(error).__name__}"
            print(answer, flush=True)


main()
