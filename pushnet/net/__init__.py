"""Byte streams under both RPC and devices: listen, connect, the hub, queued writes."""
