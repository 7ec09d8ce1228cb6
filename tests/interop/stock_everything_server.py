"""A stock Ice server with an `Everything`. Run with system Python; prints its proxy; ends with its input."""

from __future__ import annotations

import sys

import Ice
from stock_everything import EverythingI, say

with Ice.initialize(sys.argv) as communicator:
    adapter = communicator.createObjectAdapterWithEndpoints("Everything", "tcp -h 127.0.0.1 -p 0")
    proxy = adapter.add(EverythingI(), Ice.stringToIdentity("test/everything"))
    adapter.addFacet(EverythingI(), Ice.stringToIdentity("test/everything"), "other")
    adapter.activate()
    say(str(proxy))
    for line in sys.stdin:
        if line.strip() == "noted":
            say(str(adapter.find(Ice.stringToIdentity("test/everything")).noted()))
