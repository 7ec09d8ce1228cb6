"""The cases with stock Ice for Python: stock_matrix.py --Ice.Property=Value ... Run with system Python.

With the property `Server.Endpoints` it serves all areas, and first prints the endpoints. Then it reads
commands, one a line: `AREA ENCODING ENDPOINT` runs the checks of an area against a server, prints a line for
each and a dot. It ends with its input.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import Ice
from cases.side import DONE, Where, run
from stock_side import StockSide


def finished(steps: Any) -> Any:
    """What a coroutine that never has to wait comes to."""
    try:
        steps.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("it waits")


def main() -> None:
    data = Ice.InitializationData()
    data.properties = Ice.createProperties(sys.argv)
    areas = data.properties.parseCommandLineOptions("Server", sys.argv)[1:]
    with Ice.initialize([], data) as communicator:
        side = StockSide(communicator)
        if data.properties.getProperty("Server.Endpoints"):
            adapter = communicator.createObjectAdapter("Server")
            for name in areas:
                importlib.import_module(f"cases.{name}").serve(side, adapter)
            adapter.activate()
            print(":".join(str(endpoint) for endpoint in adapter.getEndpoints()), flush=True)
        for line in sys.stdin:
            area, encoding, endpoint = line.strip().split(maxsplit=2)
            module = importlib.import_module(f"cases.{area}")
            told = finished(run(module, Where(side, encoding, endpoint)))
            print("\n".join([*told, DONE]), flush=True)


main()
