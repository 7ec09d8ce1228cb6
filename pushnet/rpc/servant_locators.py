"""Servant locators: they find, or make, the servant for each request of a category anew.

    locate(current)                     -> a servant, or (servant, cookie), or None
    the servant serves the request
    finished(current, servant, cookie)  always, when there was a servant
    deactivate(category)                once, when the adapter is destroyed

Each may be a coroutine or return a Deferred. What `locate` or `finished` raises goes to the caller, user
exceptions too; what `finished` raises replaces what the servant answered.
"""

from __future__ import annotations

from typing import Any

from twisted.logger import Logger

from pushnet.rpc.current import Current
from pushnet.rpc.incoming import Answer, Request
from pushnet.rpc.servant import Servant, awaited, serve_request

_log = Logger(namespace="pushnet.rpc")


class ServantLocator:
    """Derive from it and write `locate`; the other two where something is to be given back."""

    def locate(self, current: Current) -> Any:
        """The servant for this request, or that and a cookie for `finished`; None when there is no object."""
        raise NotImplementedError

    def finished(self, current: Current, servant: Servant, cookie: Any) -> Any:
        """The servant has served the request."""

    def deactivate(self, category: str) -> Any:
        """The adapter is destroyed."""


async def serve_located(locator: ServantLocator, request: Request) -> Answer | None:
    """Let the servant that `locator` finds serve `request`; None when there is none."""
    current = request.current
    found = await awaited(locator.locate(current))
    servant, cookie = found if isinstance(found, tuple) and len(found) == 2 else (found, None)
    if not isinstance(servant, Servant):
        if servant is not None:
            _log.warn(
                "the servant locator {locator} found a {kind} for `{identity}', which is no servant",
                locator=type(locator).__name__,
                kind=type(servant).__name__,
                identity=str(current.id),
            )
        return None
    try:
        return await serve_request(servant, request)
    finally:
        await awaited(locator.finished(current, servant, cookie))
