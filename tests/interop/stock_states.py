"""Tells what becomes of each line of `states.txt` with stock Ice."""

from __future__ import annotations

import os

import Ice

HERE = os.path.dirname(os.path.abspath(__file__))
PLAIN = (bool, int, str, list, dict, tuple, type(None))


class Anything(Ice.Object):
    """A servant."""


class Nobody(Ice.ServantLocator):
    """Finds no servants."""

    def locate(self, current: Ice.Current) -> None:
        return None

    def finished(self, current: Ice.Current, servant: Ice.Object, cookie: object) -> None:
        """There was none."""

    def deactivate(self, category: str) -> None:
        """Nothing to give back."""


def told(line: str, names: dict[str, object]) -> str:
    """What becomes of it."""
    try:
        result = eval(line, names)
    except Ice.Exception as error:
        return type(error).__name__
    except Exception as error:
        return f"Python's {type(error).__name__}"
    return repr(result) if isinstance(result, PLAIN) else "something"


def main() -> None:
    settings = ["--Ice.Default.CollocationOptimized=0", "--Ice.RetryIntervals=-1"]
    client, server = Ice.initialize(["x", *settings]), Ice.initialize(["x"])
    adapter = server.createObjectAdapterWithEndpoints("B", "tcp -h 127.0.0.1")
    adapter.add(Anything(), Ice.Identity("x"))
    adapter.activate()
    names: dict[str, object] = {"Ice": Ice, "S": Anything, "L": Nobody, "Unset": Ice.Unset, "c": client}
    names["a"] = client.createObjectAdapterWithEndpoints("A", "tcp -h 127.0.0.1")
    names["p"] = client.stringToProxy(str(adapter.createProxy(Ice.Identity("x"))))
    with open(os.path.join(HERE, "states.txt"), encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                name, walrus, call = line.strip().partition(" := ")
                if walrus:
                    names[name] = eval(call, names)
                else:
                    print(told(line.strip(), names), flush=True)
    server.destroy()


main()
