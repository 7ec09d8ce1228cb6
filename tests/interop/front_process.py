"""A front in a process of its own, as in an agent that can be killed.

    front_process.py PORT SERVER_PORT FOLDER

It says when it stands, and when it has passed many answers on.
"""

from __future__ import annotations

import sys

from twisted.internet import reactor
from twisted.internet.defer import ensureDeferred
from twisted.internet.task import deferLater
from twisted.python.log import err

from pushnet.app.realworld import RealWorld
from pushnet.roles.node.front import FrontOf

MANY = 300
LOOK_S = 0.01


async def stand(port: str, server: str, folder: str) -> None:
    front = await FrontOf({})(RealWorld(reactor, folder), f"tcp -h 127.0.0.1 -p {port}")
    await front.turn_to("127.0.0.1", int(server))
    print("stands", flush=True)
    while front.counts.requests < MANY:
        await deferLater(reactor, LOOK_S)
    print("busy", flush=True)


ensureDeferred(stand(*sys.argv[1:4])).addErrback(err)
reactor.run()  # type: ignore[attr-defined]
