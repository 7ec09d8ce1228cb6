"""`Current`: the call a servant is serving; and how a call made while serving goes on from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from pushnet.rpc.acm import ConnectionClose
from pushnet.rpc.info import ConnectionInfo
from pushnet.wire.identity import Identity
from pushnet.wire.proxies import ProxyData
from pushnet.wire.request import OperationMode, RequestHead
from pushnet.wire.values import ValueIndex
from pushnet.wire.versions import Encoding_1_1, EncodingVersion

T = TypeVar("T")
DEADLINE_KEY = "_pn.dl"
"""In a request's context: the milliseconds the caller still waits."""
TOKEN_KEY = "_pn.tok"
"""In a request's context: the token of a call that is to have its effect exactly once."""
ATTEMPT_KEY = "_pn.att"
"""In a request's context: how often it was tried before."""
CARRIED_ON = (ATTEMPT_KEY, "traceparent")
"""What of a context goes on to calls made while serving, besides the deadline."""


class ConnectionContract(Protocol):
    """What servants and applications may do with a connection."""

    def createProxy(self, identity: Identity) -> Any:
        """A proxy that calls an object of the peer through this connection (`ObjectPrx`)."""
        ...

    def setAdapter(self, adapter: Any) -> None:
        """Let the peer call the objects of `adapter` through this connection; None: no objects."""
        ...

    def getAdapter(self) -> Any: ...

    def getInfo(self) -> ConnectionInfo: ...

    def setCloseCallback(self, callback: Callable[[Any], object] | None) -> None:
        """`callback(connection)` when the connection is gone; at once when it is already.

        Unlike Ice's, each callback given is called, once however often it is given; None takes all away.
        """
        ...

    def setHeartbeatCallback(self, callback: Callable[[Any], object] | None) -> None:
        """`callback(connection)` for each heartbeat of the peer."""
        ...

    def heartbeat(self) -> Any: ...

    def close(self, mode: ConnectionClose = ConnectionClose.GracefullyWithWait) -> Any:
        """Close it; fires when it is gone."""
        ...


class Current:
    """One request being served."""

    work: Any
    """The Deferred of what is being done. Like the next not set unless there is one: few requests have it."""
    canceled: bool
    """It was given up."""
    expires: int
    """The tick of its deadline."""
    _context: dict[str, str]
    __slots__ = (
        "_cancellable",
        "_context",
        "_once",
        "adapter",
        "canceled",
        "con",
        "deadline",
        "encoding",
        "expires",
        "head",
        "requestId",
        "work",
    )

    def __init__(
        self,
        con: ConnectionContract,
        adapter: Any,
        head: RequestHead,
        request_id: int,
        deadline: float | None = None,
        encoding: EncodingVersion = Encoding_1_1,
    ) -> None:
        self.con = con
        self.adapter = adapter
        self.head = head
        self.requestId = request_id
        """0 when no answer is wanted."""
        self.deadline = deadline
        """When the caller stops waiting, in monotonic seconds; None when it did not say."""
        self.encoding = encoding

    @property
    def once(self) -> Any:
        """What says that the caller wants the effect exactly once (`pushnet.rpc.once.Once`), or None."""
        return getattr(self, "_once", None)

    def begin_once(self, once: T) -> T:
        """Tell the servant of it."""
        self._once = once
        return once

    @property
    def cancellable(self) -> bool:
        """Whether the work is to be given up when nobody waits for it any more; a servant may set it."""
        given: bool | None = getattr(self, "_cancellable", None)
        if given is not None:
            return given
        runtime = self.adapter.communicator
        return self.head.mode != 0 and self.once is None and bool(runtime.cancel_idempotent)

    @cancellable.setter
    def cancellable(self, cancellable: bool) -> None:
        self._cancellable = cancellable

    @property
    def id(self) -> Identity:
        return self.head.identity

    @property
    def facet(self) -> str:
        return self.head.facet

    @property
    def operation(self) -> str:
        return self.head.operation

    @property
    def mode(self) -> OperationMode:
        return OperationMode(self.head.mode)

    @property
    def ctx(self) -> dict[str, str]:
        """The context of the request. What an interceptor changes in it the servant sees."""
        try:
            return self._context
        except AttributeError:
            self._context = dict(self.head.context)
            return self._context

    @property
    def ice_values(self) -> ValueIndex:
        """Classes are found through the adapter's communicator, too."""
        index: ValueIndex = self.adapter.communicator.ice_values
        return index

    def ice_reference(self, data: ProxyData) -> Any:
        """Proxies among the arguments belong to the adapter's communicator."""
        return self.adapter.communicator.ice_reference(data)


CallContext = Current | Mapping[str, str] | None
"""What a call may be given: nothing, a context, or the call being served, whose deadline and trace go on."""
