"""The benchmark's interface for Twisted's AMP: what bench.ice says, as one writes it there.

AMP has no references: the nodes of a graph are told by place in a list. Nor has it dictionaries of any key.
"""

from __future__ import annotations

from twisted.protocols.amp import AmpList, Boolean, Command, Integer, String, Unicode

ITEMS = AmpList(
    [
        (b"id", Integer()),
        (b"name", Unicode()),
        (b"place", Unicode()),
        (b"count", Integer()),
        (b"ready", Boolean()),
    ]
)
NODES = AmpList(
    [
        (b"id", Integer()),
        (b"name", Unicode()),
        (b"left", Integer(optional=True)),
        (b"right", Integer(optional=True)),
        (b"other", Integer(optional=True)),
    ]
)
COUNTS = AmpList([(b"key", Unicode()), (b"value", Integer())])


class Add(Command):
    arguments = [(b"a", Integer()), (b"b", Integer())]
    response = [(b"sum", Integer())]


class EchoBytes(Command):
    arguments = [(b"value", String())]
    response = [(b"value", String())]


class EchoItems(Command):
    arguments = [(b"value", ITEMS)]
    response = [(b"value", ITEMS)]


class EchoGraph(Command):
    arguments = [(b"value", NODES)]
    response = [(b"value", NODES)]


class EchoCounts(Command):
    arguments = [(b"value", COUNTS)]
    response = [(b"value", COUNTS)]


class Note(Command):
    arguments = [(b"number", Integer())]
    requiresAnswer = False


class Noted(Command):
    response = [(b"count", Integer())]
