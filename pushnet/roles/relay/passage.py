"""Forwarding, both ways: requests of clients to objects inside, and calls from inside to clients' callbacks.

Parameters and results pass as the bytes they came as; the relay does not know the interfaces. One-way
requests stay one-way, facet and mode are those of the request, and the context loses what only the grid may
say. What a client hears of a failure inside names no address and no file.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final

from twisted.internet.defer import Deferred

from pushnet.roles.relay.context import admitted
from pushnet.roles.relay.routing import Target
from pushnet.roles.relay.servant import Reception
from pushnet.roles.relay.sessions import Session
from pushnet.roles.relay.turns import Overload
from pushnet.rpc.current import ConnectionContract
from pushnet.rpc.exceptions import (
    InvocationTimeoutException,
    LocalException,
    NoEndpointException,
    NotRegisteredException,
    ObjectNotExistException,
    RequestFailedException,
    UnknownException,
    UnknownLocalException,
)
from pushnet.rpc.stubs import Blobject, Current, ObjectPrx

ADD_PROXY: Final = "ice_add_proxy"
"""As the operation of `ObjectNotExist` it asks a client to announce its target again and to repeat."""


class Inwards(Blobject):
    """Default servant of the public adapter: stands for every object inside."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    async def ice_invoke(self, params: bytes, current: Current) -> tuple[bool, bytes]:
        session = self._reception.lobby.session(current)
        target = self._target(session, current)
        try:
            await session.turns.take(target, len(params))
        except Overload as overload:
            self._reception.lobby.overload(session)
            raise UnknownException(str(overload)) from overload
        try:
            context = admitted(current.ctx)
            lane = self._reception.inside.lane(target, session.number)
            answer = await _told(
                lane.call(lambda proxy: _sent(proxy, params, current, context), not current.requestId),
                current,
            )
        finally:
            session.turns.give_back(target, len(params))
        self._reception.metrics.forwarded_in.inc()
        return answer

    def _target(self, session: Session[ConnectionContract], current: Current) -> Target:
        """The object meant. Raises `ObjectNotExistException`: tells the client what to do."""
        metrics = self._reception.metrics
        if not self._reception.door.admits(current.id):
            metrics.refused_identity.inc()
            raise ObjectNotExistException(current.id, reason="not to be called from outside")
        target = session.routing.find(current.id)
        if target is None:
            metrics.refused_unannounced.inc()
            raise ObjectNotExistException(current.id, current.facet, ADD_PROXY, "not announced")
        return target


class Outwards(Blobject):
    """Default servant of the inner adapter: stands for every callback object of every client."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    async def ice_invoke(self, params: bytes, current: Current) -> tuple[bool, bytes]:
        session = self._reception.lobby.in_category(current.id.category)
        if session is None:
            self._reception.metrics.refused_category.inc()
            raise ObjectNotExistException(current.id, current.facet, current.operation, "no such client")
        proxy = session.connection.createProxy(current.id)
        answer = await _told(_sent(proxy, params, current, dict(current.ctx)), current)
        self._reception.metrics.forwarded_out.inc()
        return answer


def _sent(
    proxy: ObjectPrx, params: bytes, current: Current, context: dict[str, str]
) -> Deferred[tuple[bool, bytes]]:
    """Send the request on."""
    if current.facet:
        proxy = proxy.ice_facet(current.facet)
    if not current.requestId:
        proxy = proxy.ice_oneway()
    return proxy.ice_invoke(current.operation, current.mode, params, context)


async def _told(answer: Awaitable[tuple[bool, bytes]], current: Current) -> tuple[bool, bytes]:
    """The answer, if there is to be one, or what the caller may hear of a failure."""
    try:
        return await answer
    except (NotRegisteredException, NoEndpointException) as error:
        raise ObjectNotExistException(
            current.id, current.facet, current.operation, "the registry does not know it"
        ) from error
    except (RequestFailedException, UnknownException):
        raise
    except InvocationTimeoutException as error:
        raise UnknownLocalException("the object behind the relay did not answer in time") from error
    except LocalException as error:
        raise UnknownLocalException("the object behind the relay cannot be reached") from error
