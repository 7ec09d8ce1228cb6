"""The one door to everything outside the process: time, network, storage, entropy, workers, processes.

A node is built from a `World` handed in at construction and touches nothing else. Two worlds exist: the
real one (`pushnet.app.realworld`) and the simulated one (`pushnet.sim`), where the whole cluster runs in
one thread under a seed. A house test forbids the usual side doors (`reactor`, `time`, `random`, `socket`,
`open` ...) everywhere else.
"""

from pushnet.world.contracts import (
    ANY_FAMILY,
    LISTENING_SOCKETS,
    PLAIN,
    UNKNOWN_STATUS,
    DatagramOptions,
    DatagramSocket,
    Entropy,
    Entry,
    EpollStreams,
    Families,
    HeldSocket,
    ListeningSocket,
    Processes,
    Reserved,
    SpawnedProcess,
    Storage,
    Usage,
    Worker,
    World,
)

__all__ = [
    "ANY_FAMILY",
    "LISTENING_SOCKETS",
    "PLAIN",
    "UNKNOWN_STATUS",
    "DatagramOptions",
    "DatagramSocket",
    "Entropy",
    "Entry",
    "EpollStreams",
    "Families",
    "HeldSocket",
    "ListeningSocket",
    "Processes",
    "Reserved",
    "SpawnedProcess",
    "Storage",
    "Usage",
    "Worker",
    "World",
]
