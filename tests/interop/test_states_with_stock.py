"""What a program may do in which state, and what it gets where it may not: the same as with stock Ice."""

from __future__ import annotations

import subprocess
from typing import Any

from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from pushnet import ice as Ice
from pushnet.app.realworld import RealWorld
from tests.interop.stock import HERE, SYSTEM_PYTHON, require_ice

PLAIN = (bool, int, str, list, dict, tuple, type(None))
UNTYPED = "stock Ice for Python takes typed proxies of locators and routers only"
AT_ONCE = "what cannot change is refused, also where nothing would change"
OTHERWISE = {
    'c.createObjectAdapterWithEndpoints("E", "")': "an adapter that listens nowhere may have a name",
    'c.createObjectAdapterWithEndpoints("E", "tcp -h 127.0.0.1")': "which is taken then",
    'c.createObjectAdapterWithEndpoints("H", "opaque -t 99 -v AA==")': "nobody can listen there: we say so",
    'c.createObjectAdapterWithRouter("R", c.stringToProxy("r:tcp -h 127.0.0.1 -p 1"))': UNTYPED,
    'c.stringToProxy("x").ice_router(c.stringToProxy("r:tcp -h 127.0.0.1 -p 1")).ice_ping()': UNTYPED,
    'c.stringToProxy("x").ice_locator(c.stringToProxy("l:tcp -h 127.0.0.1 -p 1")).ice_ping()': UNTYPED,
    'c.stringToProxy("x").ice_locator(c.stringToProxy("l")).ice_ping()': UNTYPED,
    'c.stringToProxy("x@y").ice_locator(c.stringToProxy("l@m")).ice_ping()': UNTYPED,
    'a.addServantLocator(None, "m")': "a `TypeError` in stock Ice for Python, this in the other languages",
    "p.ice_fixed(None)": "an `UnknownException` there, of nobody's dispatch",
    'c.stringToProxy("x -t:ssl -h 127.0.0.1 -p 1")': "who does not speak TLS may still pass its endpoints on",
    'c.stringToProxy("x:tcp -h 127.0.0.1 -p 1").ice_batchOneway().ice_flushBatchRequests()': (
        "with nothing to send nobody connects"
    ),
    'c.stringToProxy("x").ice_fixed(con).ice_endpoints([])': AT_ONCE,
    'c.stringToProxy("x").ice_fixed(con).ice_endpointSelection(Ice.EndpointSelectionType.Random)': AT_ONCE,
    "c.proxyToString(p) == str(p)": "texts can be made at any time",
    "c.proxyToString(None)": "the same",
}
"""Lines of which something else becomes here, and why."""


class Nobody(Ice.ServantLocator):
    """Finds no servants."""

    def locate(self, current: Ice.Current) -> Any:
        return None

    def finished(self, current: Ice.Current, servant: Any, cookie: Any) -> None:
        """There was none."""

    def deactivate(self, category: str) -> None:
        """Nothing to give back."""


async def told(line: str, names: dict[str, Any]) -> str:
    """What becomes of it."""
    try:
        result = eval(line, names)
        if hasattr(result, "__await__"):
            result = await result
    except Ice.Exception as error:
        return type(error).__name__
    except Exception as error:
        return f"Python's {type(error).__name__}"
    return repr(result) if isinstance(result, PLAIN) else "something"


class StatesTest(TestCase):
    maxDiff = None

    async def test_each_line_comes_to_the_same_or_is_listed(self) -> None:
        require_ice(self)
        command = [SYSTEM_PYTHON, "stock_states.py"]
        stock = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True, env={})
        lines = [line for line in (HERE / "states.txt").read_text().splitlines() if line[0] != "#"]
        names = await self.given()
        theirs = iter(stock.stdout.splitlines())
        different: dict[str, str] = {}
        for line in lines:
            name, walrus, call = line.partition(" := ")
            if walrus:
                names[name] = eval(call, names)
                if hasattr(names[name], "__await__"):
                    names[name] = await names[name]
                continue
            mine, other = await told(line, names), next(theirs)
            if mine != other:
                different[line] = f"{mine}, stock {other}"
        self.assertEqual(
            sorted(different), sorted(OTHERWISE), "\n".join(f"{a} => {b}" for a, b in different.items())
        )

    async def given(self) -> dict[str, Any]:
        world = RealWorld(reactor, self.mktemp())
        settings = ["--Ice.Default.CollocationOptimized=0", "--Ice.RetryIntervals=-1"]
        client, server = Ice.initialize(world, ["x", *settings]), Ice.initialize(world, ["x"])
        self.addCleanup(server.destroy)
        self.addCleanup(client.destroy)
        adapter = server.createObjectAdapterWithEndpoints("B", "tcp -h 127.0.0.1")
        adapter.add(Ice.Object(), Ice.Identity("x"))
        await adapter.activate()
        names: dict[str, Any] = {"Ice": Ice, "S": Ice.Object, "L": Nobody, "Unset": None, "c": client}
        names["a"] = client.createObjectAdapterWithEndpoints("A", "tcp -h 127.0.0.1")
        names["p"] = client.stringToProxy(str(adapter.createProxy(Ice.Identity("x"))))
        return names
