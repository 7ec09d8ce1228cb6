"""A stock Ice client that finds `TagAlias` through a locator and keeps calling it. Run with system Python.

    stock_grid_client.py FOLDER [--Ice.Default.Locator=...]

FOLDER holds what slice2py made. Reads a line, calls once, prints the replica's number; `query NAME` looks the
object up with IceGrid's query; `unknown` calls an object nobody knows. Ends with its input.
"""

from __future__ import annotations

import sys

import Ice
import IceGrid

sys.path.append(sys.argv.pop(1))
import PushNet


def replica(proxy: PushNet.TagAliasPrx) -> str:
    (number,) = proxy.followed()
    return str(number)


def query(communicator: Ice.Communicator, name: str) -> str:
    locator = IceGrid.LocatorPrx.checkedCast(communicator.getDefaultLocator())
    found = locator.getLocalQuery().findObjectById(Ice.stringToIdentity(name))
    return str(found)


def replicas(communicator: Ice.Communicator, proxy: Ice.ObjectPrx) -> str:
    locator = IceGrid.LocatorPrx.checkedCast(communicator.getDefaultLocator())
    found = locator.getLocalQuery().findAllReplicas(proxy)
    return " ".join(str(PushNet.TagAliasPrx.uncheckedCast(one).followed()) for one in found)


def unknown(communicator: Ice.Communicator, text: str) -> str:
    try:
        communicator.stringToProxy(text).ice_ping()
    except Ice.NotRegisteredException as error:
        return f"{error.kindOfObject} {error.id}"
    return "answered"


def main() -> None:
    with Ice.initialize(sys.argv) as communicator:
        proxy = PushNet.TagAliasPrx.checkedCast(communicator.stringToProxy("TagAlias"))
        print("ready", flush=True)
        for line in sys.stdin:
            word, _, rest = line.strip().partition(" ")
            if word == "call":
                answer = replica(proxy)
            elif word == "query":
                answer = query(communicator, rest)
            elif word == "replicas":
                answer = replicas(communicator, communicator.stringToProxy(rest))
            else:
                answer = unknown(communicator, rest)
            print(answer, flush=True)


main()
