"""A stock Ice client of a replica group. Run with system Python.

    stock_group_client.py PROXY --Ice.Default.Locator=...

Reads a line, does what it says, prints the answer: `where` pings through the connection it has and prints the
port it came to, or the error; `spread N` pings N times, each time as the locator says anew, and prints how
often each port was come to; `replicas` prints the adapters that IceGrid's query knows. Ends with its input.
"""

from __future__ import annotations

import sys
from collections import Counter

import Ice
import IceGrid


def port(connection: Ice.Connection) -> int:
    return int(connection.getInfo().remotePort)


def where(proxy: Ice.ObjectPrx) -> str:
    try:
        proxy.ice_ping()
        return str(port(proxy.ice_getConnection()))
    except Ice.LocalException as error:
        return type(error).__name__


def spread(proxy: Ice.ObjectPrx, count: int) -> str:
    fresh = proxy.ice_locatorCacheTimeout(0).ice_connectionCached(False)
    counts: Counter[int] = Counter()
    for _ in range(count):
        connection = fresh.ice_getConnection()
        fresh.ice_fixed(connection).ice_ping()
        counts[port(connection)] += 1
    return " ".join(f"{each}={counts[each]}" for each in sorted(counts))


def replicas(proxy: Ice.ObjectPrx) -> str:
    locator = IceGrid.LocatorPrx.checkedCast(proxy.ice_getCommunicator().getDefaultLocator())
    found = locator.getLocalQuery().findAllReplicas(proxy)
    return " ".join(sorted(each.ice_getAdapterId() for each in found))


def main() -> None:
    text = sys.argv.pop(1)
    with Ice.initialize(sys.argv) as communicator:
        proxy = communicator.stringToProxy(text)
        for line in sys.stdin:
            word, _, rest = line.strip().partition(" ")
            if word == "where":
                answer = where(proxy)
            elif word == "spread":
                answer = spread(proxy, int(rest))
            else:
                answer = replicas(proxy)
            print(answer, flush=True)


main()
