"""A stock Ice server with an object `o`. Run with system Python; prints its port; ends with its input."""

from __future__ import annotations

import sys
from pathlib import Path

import Ice

sys.path.append(str(Path(__file__).parent.parent / "interop"))
from stock_everything import EverythingI, say

with Ice.initialize([*sys.argv, "--Ice.Warn.Dispatch=0"]) as communicator:
    adapter = communicator.createObjectAdapterWithEndpoints("A", "tcp -h 127.0.0.1 -p 0")
    adapter.add(EverythingI(), Ice.stringToIdentity("o"))
    adapter.addFacet(EverythingI(), Ice.stringToIdentity("o"), "f")
    adapter.activate()
    say(str(adapter.getEndpoints()[0].getInfo().port))
    sys.stdin.read()
