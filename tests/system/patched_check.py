"""The check of `patched_server.py`: ends with status 0 when the answer is right. System Python."""

from __future__ import annotations

import os
import socket
import sys

host, port = os.environ["PUSHNET_ADDRESS"].split(":")


def ask_ice() -> int:
    import Ice

    with Ice.initialize() as communicator:
        sums = communicator.stringToProxy(f"sums -t:tcp -h {host} -p {port}").ice_invocationTimeout(2000)
        given = b"\x0a\x00\x00\x00\x01\x01" + (2).to_bytes(4, "little")
        _, answer = sums.ice_invoke("double", Ice.OperationMode.Normal, given)
        return int.from_bytes(answer[6:10], "little")


def ask_plain() -> int:
    with socket.create_connection((host, int(port)), 2.0) as asking:
        return int(asking.recv(9))


told = ask_plain() if sys.argv[1] == "plain" else ask_ice()
sys.exit(f"2 and 2 are {told}" if told != 4 else 0)
