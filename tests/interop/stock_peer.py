"""A stock Ice program that echoes bytes and calls those who do. Run with system Python.

    stock_peer.py --Ice.Property=Value ...

With the property `Peer.Endpoints` it serves the object `peer`, and first prints its proxy. Then it reads
commands, one a line, and prints one line for each; it ends with its input. What a command raises is printed
as `! Name details`. Commands: `echo SIZE PROXY`, `tell SIZE PROXY` (no answer wanted), `batch COUNT PROXY`,
`heard` (requests served so far), `proxy`, `info PROXY` (of the connection to it), `peer` (of the
last caller).
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import Ice

OK = b"\x06\x00\x00\x00\x01\x01"


def encapsulated(size: int) -> bytes:
    """An encapsulation of that many bytes that compress well."""
    return (6 + size).to_bytes(4, "little") + b"\x01\x01" + b"x" * size


def told(info: Ice.ConnectionInfo) -> str:
    """What a connection says of itself and what is below it."""
    words = []
    while info is not None:
        words.append(type(info).__name__)
        if isinstance(info, Ice.SSLConnectionInfo):
            words += [info.cipher, str(len(info.certs)), "verified" if info.verified else "unverified"]
        if isinstance(info, Ice.IPConnectionInfo):
            words.append(f"from {info.remoteAddress}")
        if isinstance(info, Ice.WSConnectionInfo):
            words.append("headers" if info.headers else "no headers")
        info = info.underlying
    return " ".join(words)


class PeerI(Ice.Blobject):
    """Answers with what it is sent."""

    def __init__(self) -> None:
        self.heard = 0
        self.caller = ""

    def ice_invoke(self, params: bytes, current: Ice.Current) -> tuple[bool, bytes]:
        self.heard += 1
        self.caller = told(current.con.getInfo())
        return True, params


class Peer:
    """Obeys."""

    def __init__(self, communicator: Ice.Communicator) -> None:
        self.communicator = communicator
        self.servant = PeerI()
        if communicator.getProperties().getProperty("Peer.Endpoints"):
            adapter = communicator.createObjectAdapter("Peer")
            self.proxy = adapter.add(self.servant, Ice.stringToIdentity("peer"))
            adapter.activate()
            print(self.proxy, flush=True)

    def do_echo(self, size: str, proxy: str) -> str:
        sent = encapsulated(int(size))
        ok, answer = self._call(proxy, "echo", sent)
        assert ok and bytes(answer) == sent
        return f"echoed {size}"

    def do_tell(self, size: str, proxy: str) -> str:
        self._call(proxy, "tell", encapsulated(int(size)))
        return f"told {size}"

    def do_batch(self, count: str, proxy: str) -> str:
        target = self.communicator.stringToProxy(proxy)
        for _ in range(int(count)):
            target.ice_invoke("tell", Ice.OperationMode.Normal, OK)
        target.ice_flushBatchRequests()
        return f"told {count}"

    def do_heard(self) -> str:
        return str(self.servant.heard)

    def do_proxy(self) -> str:
        return str(self.proxy)

    def do_info(self, proxy: str) -> str:
        target = self.communicator.stringToProxy(proxy)
        target.ice_ping()
        return told(target.ice_getConnection().getInfo())

    def do_peer(self) -> str:
        return self.servant.caller

    def _call(self, proxy: str, operation: str, params: bytes) -> tuple[bool, bytes]:
        target = self.communicator.stringToProxy(proxy)
        return target.ice_invoke(operation, Ice.OperationMode.Normal, params)


def main() -> None:
    data = Ice.InitializationData()
    data.properties = Ice.createProperties(sys.argv)
    data.properties.parseCommandLineOptions("Peer", sys.argv)
    with Ice.initialize(sys.argv, data) as communicator:
        peer = Peer(communicator)
        for line in sys.stdin:
            name, *rest = line.split(maxsplit=1)
            command: Callable[..., str] = getattr(peer, f"do_{name}")
            try:
                answer = command(
                    *(rest[0].strip().split(maxsplit=command.__code__.co_argcount - 2) if rest else [])
                )
            except Exception as error:
                answer = f"! {type(error).__name__} {str(error).splitlines()[0] if str(error) else ''}"
            print(answer, flush=True)


main()
