"""The agent of one machine: starts, watches, replaces and stops the servers that the registry plans for it.

In travel plans (`ServerPlan`), out travel states (`ServerState`). A `Run` is one process, a `Server` what
follows each other under one id, the `Fleet` all servers of the machine; `service.py` connects them with the
registry.
"""
