"""The Ice protocol and its encodings: bytes to values and back. No Twisted, no I/O, no clock."""
