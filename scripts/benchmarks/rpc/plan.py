"""What is measured: blocks, a workload and a transport each, with the client-server pairs they compare."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

SYSTEMS = ("ours", "icepy", "icecpp", "grpcio", "amp", "pb", "before")
"""`before` is pushnet as of another commit, when one is named."""
PEERS = SYSTEMS[1:-1]
MIXED = (("icecpp", "ours"), ("ours", "icecpp"), ("icepy", "ours"), ("ours", "icepy"), ("icecpp", "before"))
"""(client, server). The two stock programs are not crossed: that says nothing about us."""
CONNECTIONS = 1000
CHUNK = 500


@dataclass(frozen=True)
class Block:
    """Cells that are compared with each other; in each round they are measured one right after the other."""

    workload: str
    window: int
    tls: bool
    pairings: tuple[tuple[str, str], ...]
    what: str

    @property
    def name(self) -> str:
        window = str(self.window) if self.workload == "add" else ""
        return f"{self.workload}{window}{'-tls' if self.tls else ''}"


def _block(
    workload: str,
    window: int,
    what: str,
    without: Collection[str] = (),
    mixed: bool = False,
    tls: bool = False,
) -> Block:
    own = tuple((name, name) for name in SYSTEMS if name not in without)
    return Block(workload, window, tls, own + (MIXED if mixed else ()), what)


_NO_MEGABYTE = ("amp", "pb")
"""AMP's values have at most 65,535 bytes, Perspective Broker's strings 655,360."""
_NO_BATCH = ("grpcio", "amp", "pb")
BLOCKS = (
    _block("add", 1, "`int add(int, int)`, one call at a time", mixed=True),
    _block("add", 64, "`add`, 64 calls under way", mixed=True),
    _block("add", 1024, "`add`, 1,024 calls under way", mixed=True),
    _block("bytes1k", 64, "1 kB of bytes echoed, 64 calls under way"),
    _block("bytes1m", 2, "1 MB of bytes echoed, 2 calls under way", _NO_MEGABYTE),
    _block("structs", 8, "a list of 100 structs with strings echoed, 8 calls under way"),
    _block("classes", 8, "a graph of 50 class instances echoed, 8 calls under way"),
    _block("dict", 8, "a dictionary of 1,000 entries echoed, 8 calls under way"),
    _block("oneway", 1, "one-way flood: what the servant got"),
    _block("batch", 1, "flood of batches of 500: what the servant got", _NO_BATCH),
    _block("connections", CONNECTIONS, "`add` on 1,000 connections, one call under way on each"),
    _block("add", 1, "`add` over TLS, one call at a time", tls=True),
    _block("add", 64, "`add` over TLS, 64 calls under way", tls=True),
    _block("add", 1024, "`add` over TLS, 1,024 calls under way", tls=True),
    _block("bytes1k", 64, "1 kB over TLS, 64 calls under way", tls=True),
    _block("bytes1m", 2, "1 MB over TLS, 2 calls under way", _NO_MEGABYTE, tls=True),
    _block("oneway", 1, "one-way flood over TLS", tls=True),
    _block("connections", CONNECTIONS, "1,000 connections over TLS, one call under way on each", tls=True),
)


def chosen(only: Iterable[str], systems: Collection[str]) -> list[Block]:
    """The blocks of these names (all when there are none), with the pairings of these systems."""
    names = set(only)
    unknown = names - {block.name for block in BLOCKS}
    if unknown:
        raise SystemExit(
            f"bench: no workload is named {', '.join(sorted(unknown))}. There are: "
            + " ".join(block.name for block in BLOCKS)
        )
    found = []
    for block in BLOCKS:
        pairings = tuple(pair for pair in block.pairings if set(pair) <= set(systems))
        if pairings and (not names or block.name in names):
            found.append(Block(block.workload, block.window, block.tls, pairings, block.what))
    return found
