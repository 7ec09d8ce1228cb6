"""The Twisted runtime of Ice: communicator, connections, proxies, object adapters."""
