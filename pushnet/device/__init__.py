"""The device protocol: frames and the session machines of both sides. No Twisted, no I/O, no clock."""
