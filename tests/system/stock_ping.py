"""A stock Ice client: pings the proxy it is given, says `pong` or what went wrong. Run with system Python."""

from __future__ import annotations

import sys

import Ice

with Ice.initialize(sys.argv) as communicator:
    try:
        communicator.stringToProxy(sys.argv[1]).ice_ping()
        print("pong")
    except Ice.LocalException as error:
        print(type(error).__name__)
