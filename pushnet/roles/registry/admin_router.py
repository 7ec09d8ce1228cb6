"""The admin objects of stock servers, through the registry: their process, properties, logger, metrics.

A server's admin object is often at an address that only its own machine reaches. The registry passes calls
on to where the server said it is, for as long as an administrator's session lasts: the category in which the
objects are found is the session's, and nobody can guess it.
"""

from __future__ import annotations

from typing import Final

from pushnet.roles.registry.books import Books
from pushnet.roles.registry.proxies import Proxies
from pushnet.rpc.exceptions import ObjectNotExistException
from pushnet.rpc.stubs import Blobject, Current
from pushnet.wire.identity import Identity

CATEGORY: Final = "IceGridServerAdmin-"
LIMIT_MS: Final = 30_000


def category_of(admin: Identity) -> str:
    """The category of a session, by the identity under which it has `IceGrid::Admin`."""
    return CATEGORY + admin.name


class ServerAdmins(Blobject):
    """Stands for the admin object of every server: the identity's name is the server's id."""

    def __init__(self, books: Books, proxies: Proxies) -> None:
        self._books = books
        self._proxies = proxies

    async def ice_invoke(self, params: bytes, current: Current) -> tuple[bool, bytes]:
        process = self._books.processes.get(current.id.name)
        proxy = self._proxies.proxy(process.record.proxy) if process is not None else None
        if proxy is None:
            reason = "the server has not told where it is administered (Ice.Admin.Endpoints)"
            raise ObjectNotExistException(current.id, current.facet, current.operation, reason)
        there = proxy.ice_facet(current.facet).ice_invocationTimeout(LIMIT_MS)
        return await there.ice_invoke(current.operation, current.mode, params, dict(current.ctx))
