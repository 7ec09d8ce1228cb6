"""Cluster files and callers for tests of what the registry does with settings."""

from __future__ import annotations

from pushnet.gen.pushnet.cluster import ClusterPrx
from pushnet.rpc.communicator import Communicator

CLUSTER = """
[cluster]
name = "test"
secret = "0123456789abcdef"
host = "registry-1"
lease_s = 3.0

[[node]]
name = "m1"
role = "node"
host = "h1"

[[node]]
name = "m2"
role = "node"
host = "h2"

[[node]]
name = "broker-1"
role = "broker"
agent = "m1"
release = "broker"
version = "1.0"

[[server]]
name = "clock"
agent = "m2"
command = ["./clock"]
"""
GROUP = '\n[[group]]\nid = "TagAlias"\nchoice = "ordered"\nn = {n}\n'


def cluster_at(communicator: Communicator, *registries: str, port: int = 4061) -> ClusterPrx:
    """`PushNet/Cluster` at the registries on these hosts."""
    places = ":".join(f"tcp -h {host} -p {port}" for host in registries)
    made = ClusterPrx.uncheckedCast(communicator.stringToProxy(f"PushNet/Cluster:{places}"))
    assert made is not None
    return made
