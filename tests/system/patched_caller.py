"""A stock Ice client that asks servers again and again, until stdin ends; then it tells what became of it.

One JSON object a proxy, in their order: how many answers were right, wrong, and none. Run with system Python.
"""

from __future__ import annotations

import json
import select
import sys

import Ice

PAUSE_S = 0.04


def main() -> None:
    counts = [{"right": 0, "wrong": 0, "failed": 0, "asked": 0} for _ in sys.argv[1:]]
    with Ice.initialize(["caller", "--Ice.RetryIntervals=-1"]) as communicator:
        proxies = [communicator.stringToProxy(text) for text in sys.argv[1:]]
        print("calling", flush=True)
        while not select.select([sys.stdin], [], [], PAUSE_S)[0]:
            for count, proxy in zip(counts, proxies, strict=True):
                ask(count, proxy)
        for count in counts:
            print(json.dumps(count), flush=True)


def ask(count: dict[str, int], proxy: Ice.ObjectPrx) -> None:
    count["asked"] += 1
    given = b"\x0a\x00\x00\x00\x01\x01" + count["asked"].to_bytes(4, "little")

    def done(future: Ice.InvocationFuture) -> None:
        try:
            fine, answer = future.result()
        except Exception:
            fine, answer = False, b""
        right = fine and int.from_bytes(answer[6:10], "little") == 2 * (int.from_bytes(given[6:10], "little"))
        count["right" if right else "wrong" if fine else "failed"] += 1

    proxy.ice_invokeAsync("double", Ice.OperationMode.Normal, given).add_done_callback(done)


main()
