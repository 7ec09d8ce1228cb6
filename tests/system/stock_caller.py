"""A stock Ice client that calls without end. Run with system Python: properties, then proxies as arguments.

Each proxy has a thread, and every call looks it up anew. Says `called` when all have answered once; when its
input ends, one JSON line: how often each was called, and everything that went wrong.
"""

from __future__ import annotations

import json
import sys
import threading
import time

import Ice

LIMIT_MS = 30_000
PAUSE_S = 0.002


def call(proxy: Ice.ObjectPrx, count: list[int], wrong: list[str], goes_on: threading.Event) -> None:
    while goes_on.is_set():
        try:
            proxy.ice_ping()
            count[0] += 1
        except Ice.Exception as error:
            wrong.append(f"{proxy}: {type(error).__name__}")
        time.sleep(PAUSE_S)


def main() -> None:
    goes_on = threading.Event()
    goes_on.set()
    with Ice.initialize(sys.argv) as communicator:
        counts: dict[str, list[int]] = {}
        wrong: list[str] = []
        threads = []
        for text in sys.argv[1:]:
            proxy = communicator.stringToProxy(text).ice_locatorCacheTimeout(0).ice_connectionId(text)
            count = counts[text] = [0]
            proxy = proxy.ice_invocationTimeout(LIMIT_MS)
            threads.append(threading.Thread(target=call, args=(proxy, count, wrong, goes_on)))
        for thread in threads:
            thread.start()
        while not all(count[0] for count in counts.values()) and not wrong:
            time.sleep(PAUSE_S)
        print("called", flush=True)
        sys.stdin.read()
        goes_on.clear()
        for thread in threads:
            thread.join()
        print(json.dumps({"calls": {text: count[0] for text, count in counts.items()}, "wrong": wrong}))


main()
