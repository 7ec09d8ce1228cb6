"""The relay: one public port into the grid. Sessions and requests come in and go on to nodes inside.

It speaks as ZeroC's Glacier2 does (`Glacier2/router`, `Ice/RouterFinder`), so a stock program needs nothing
but `--Ice.Default.Router`.
"""
