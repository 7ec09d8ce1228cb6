"""A real registry in the process of a test, on loopback and a free port."""

from __future__ import annotations

import contextlib
import io
import socket
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import attrs
from twisted.internet import reactor as installed_reactor
from twisted.internet.defer import Deferred

from pushnet.app.node import NodeService, make_node
from pushnet.app.realworld import RealWorld
from pushnet.app.running import Session
from pushnet.grid.settings import Settings, load_settings

reactor: Any = installed_reactor


@attrs.define
class RealRegistry:
    """One that serves. `file` describes it, with two agents that are not there."""

    file: Path
    text: str
    settings: Settings
    session: Session
    node: NodeService

    async def said(self, work: Awaitable[int]) -> str:
        """What a command printed; it ended well."""
        with contextlib.redirect_stdout(io.StringIO()) as out:
            status = await work
        assert status == 0, out.getvalue()
        return out.getvalue()

    async def stop(self) -> None:
        await self.node.stopService()


async def real_registry(folder: str) -> RealRegistry:
    """Start one that keeps its state in `folder`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    text = CLUSTER.format(port=port)
    file = Path(folder).resolve() / "cluster.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    settings = load_settings(text, str(file))
    world: Any = RealWorld(reactor, file.parent / "registry-1")
    node = make_node(world, settings, "registry-1")
    node.startService()
    await node.started
    return RealRegistry(file, text, settings, Session(world, reactor, Deferred()), node)


CLUSTER = """
[cluster]
name = "test"
secret = "0123456789abcdef"
registry_port = {port}

[[group]]
id = "Broker"
choice = "split"
split = {{ east = 7, west = 3 }}

[[node]]
name = "registry-1"
role = "registry"

[[node]]
name = "m1"
role = "node"

[[node]]
name = "m2"
role = "node"

[[server]]
name = "clock"
agent = "m1"
command = ["./clock"]
"""
