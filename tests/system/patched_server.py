"""A server with a fault that a file beside it names: what is released in the tests of bad versions.

As `plain` it answers whoever connects with a line, at the first socket of its agent's; as `ice` it is a stock
Ice server behind a front, and answers a number with its double. Run with system Python.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from pathlib import Path

FAULT = Path(__file__).with_name("fault").read_text().strip()
BEGAN = time.monotonic()
FALLS_S = 2.0
"""What is not bad from the first moment is after so long."""
SLOW_S = 0.3
LEAK_BYTES = 200 * 1024 * 1024


def bad(fault: str, after_s: float = 0.0) -> bool:
    return fault == FAULT and time.monotonic() - BEGAN >= after_s


def double(number: int) -> int:
    if bad("raises"):
        raise ValueError("this version cannot double")
    if bad("slow"):
        time.sleep(SLOW_S)
    if bad("silent", FALLS_S):
        time.sleep(3600)
    return 2 * number + bad("wrong")


def serve_plain() -> None:
    descriptor = os.environ["PUSHNET_SOCKETS"].split(",")[0].partition("=")[2]
    listening = socket.socket(fileno=int(descriptor))
    listening.settimeout(0.1)
    running = [True]
    signal.signal(signal.SIGTERM, lambda *_: running.clear())
    hoard = []
    if not bad("never ready"):
        print('{"message": "serving"}', flush=True)
    while running:
        if bad("crashes", FALLS_S):
            os.abort()
        if bad("leaks", FALLS_S) and not hoard:
            hoard.append(bytearray(b"x" * LEAK_BYTES))
        try:
            peer, _ = listening.accept()
        except TimeoutError:
            continue
        with peer:
            peer.sendall(b"5" if bad("turns wrong", FALLS_S) else b"4")


def serve_ice(port: str) -> None:
    import Ice

    class Doubler(Ice.Blobject):
        def ice_invoke(self, given: bytes, current: Ice.Current) -> tuple[bool, bytes]:
            answer = double(int.from_bytes(given[6:10], "little"))
            return True, b"\x0a\x00\x00\x00\x01\x01" + answer.to_bytes(4, "little")

    with Ice.initialize([sys.argv[0], "--Ice.ThreadPool.Server.Size=16"]) as communicator:
        signal.signal(signal.SIGTERM, lambda *_: communicator.shutdown())
        adapter = communicator.createObjectAdapterWithEndpoints("Sums", f"tcp -h 127.0.0.1 -p {port}")
        adapter.add(Doubler(), Ice.stringToIdentity("sums"))
        adapter.activate()
        communicator.waitForShutdown()


if __name__ == "__main__":
    if FAULT == "ends":
        sys.exit("there is no such module")
    if sys.argv[1] == "plain":
        serve_plain()
    else:
        serve_ice(sys.argv[2])
