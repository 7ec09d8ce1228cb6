"""The registry: who is in the grid, and where. Joins, renewals and lookups come in; proxies go out.

It speaks as ZeroC's IceGrid registry does to locate objects (`IceGrid/Locator`, `IceGrid/LocatorRegistry`,
`IceGrid/Query`), so stock Ice programs find and are found, and as `PushNet/Registry` to pushnet's own nodes.
"""
