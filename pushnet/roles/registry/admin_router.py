"""The admin objects of servers, through the registry: a stock server's facets, a node's process.

A server's admin object is often at an address that only its own machine reaches. The registry passes calls
on to where the server said it is, for as long as an administrator's session lasts: the category in which the
objects are found is the session's, and nobody can guess it.
"""

from __future__ import annotations

from typing import Final

from pushnet.roles.registry.admin_ending import process_of
from pushnet.roles.registry.books import Books
from pushnet.roles.registry.lookups import Lookups
from pushnet.roles.registry.proxies import Proxies
from pushnet.rpc.exceptions import ObjectNotExistException
from pushnet.rpc.stubs import Blobject, Current, ObjectPrx
from pushnet.wire.identity import Identity

CATEGORY: Final = "IceGridServerAdmin-"
FACET: Final = "Process"
LIMIT_MS: Final = 30_000


def category_of(admin: Identity) -> str:
    """The category of a session, by the identity under which it has `IceGrid::Admin`."""
    return CATEGORY + admin.name


class ServerAdmins(Blobject):
    """Stands for the admin object of every server: the identity's name is the server's id."""

    def __init__(self, books: Books, lookups: Lookups, proxies: Proxies) -> None:
        self._books = books
        self._lookups = lookups
        self._proxies = proxies

    async def ice_invoke(self, params: bytes, current: Current) -> tuple[bool, bytes]:
        there = self._there(current.id.name, current.facet)
        if there is None:
            reason = "the server has not told where it is administered (Ice.Admin.Endpoints)"
            raise ObjectNotExistException(current.id, current.facet, current.operation, reason)
        limited = there.ice_invocationTimeout(LIMIT_MS)
        return await limited.ice_invoke(current.operation, current.mode, params, dict(current.ctx))

    def _there(self, name: str, facet: str) -> ObjectPrx | None:
        """Where a server said that its admin object is, or of a node its process."""
        process = self._books.processes.get(name)
        if process is not None:
            proxy = self._proxies.proxy(process.record.proxy)
            return proxy.ice_facet(facet) if proxy is not None else None
        return process_of(name, self._books, self._lookups, self._proxies) if facet == FACET else None
