"""What Ice promises, as checks and servants that run with stock Ice's Python and with pushnet alike.

Each module is an area: `serve(side, adapter)` adds its servants to an adapter, and each `check_…` calls
them from the other end. They are written once; `Side` is what differs. `cpp/` says the same in C++. Nothing
here may import pushnet, Twisted or Ice.
"""
