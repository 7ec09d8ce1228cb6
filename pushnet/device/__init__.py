"""The device protocol: frames and the session machines of both sides. No Twisted, no I/O, no clock.

Bytes and times go in, frames and events come out. `DeviceSession` is what a device runs, `ServerSession` what
a Broker runs for each connection; both rest on the same frames (`frames`, `reading`, `writing`).
"""
