"""How administrators end nodes of pushnet: by the `Ice::Process` that each node offers to the grid."""

from __future__ import annotations

from typing import Final

from pushnet.gen.ice.process import ProcessPrx
from pushnet.roles.registry.books import Books
from pushnet.roles.registry.lookups import Lookups
from pushnet.roles.registry.proxies import Proxies
from pushnet.rpc.exceptions import LocalException
from pushnet.wire.identity import Identity
from pushnet.wire.proxy_text import parse_proxy

PROCESS: Final = "process"
"""The category of nodes' process objects."""
LIMIT_MS: Final = 5000


class CannotEnd(Exception):
    """The node cannot be asked to end: the text says why."""


def process_of(name: str, books: Books, lookups: Lookups, proxies: Proxies) -> ProcessPrx | None:
    """The process object of a node; None: it has not told of one."""
    identity = Identity(name, PROCESS)
    told = parse_proxy(books.directory.proxy(identity))
    found = lookups.adapter(told.adapter_id) if told is not None else None
    place = proxies.proxy(found.proxy) if found is not None else None
    return ProcessPrx.uncheckedCast(place.ice_identity(identity)) if place is not None else None


async def end_node(name: str, books: Books, lookups: Lookups, proxies: Proxies) -> None:
    """Ask a node to end; it drains first, after the answer. Raises `CannotEnd`."""
    process = process_of(name, books, lookups, proxies)
    if process is None:
        raise CannotEnd("it has not told how it can be asked to end")
    try:
        await process.ice_invocationTimeout(LIMIT_MS).shutdown()
    except LocalException as error:
        raise CannotEnd(f"it does not answer: {error}") from error
