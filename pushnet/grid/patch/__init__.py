"""What a release is, who may sign it, what of it is missing here, and from whom to fetch that. No I/O.

The rules are TUF's (The Update Framework), in four signed documents:

    root        which keys sign what, how many of them it takes; each root is signed by the one before
    release     one version of one program: every file with size and sha256, and how it may travel
    snapshot    all releases that count today, each by the digest of its document
    timestamp   which snapshot is today's; short-lived, so that nobody can hold back what is new

Who follows them (`trust`) can be lied to by every mirror and on every wire, and installs nothing that was
not signed; whoever steals the online keys (snapshot, timestamp) can at worst withhold, never plant.
Bytes in, values or `Refused` out; time is an argument.
"""
