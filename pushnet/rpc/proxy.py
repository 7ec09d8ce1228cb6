"""`ObjectPrx`, the root of all proxies: calls an object wherever it is. Names are Ice's.

Proxies are values: an `ice_` method that changes something returns another proxy. All proxies of one object
share its connection, with many calls under way at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, TypeVar

from twisted.internet.defer import Deferred, fail, succeed
from twisted.python.failure import Failure

from pushnet.rpc.batch import batch_of
from pushnet.rpc.calls import (
    QUICK_BYTES_MAX,
    OldOneWayCall,
    OldTwoWayCall,
    OneWayCall,
    QuickCall,
    RawCall,
    RawOneWayCall,
    TwoWayCall,
)
from pushnet.rpc.current import CallContext
from pushnet.rpc.exceptions import (
    FacetNotExistException,
    FixedProxyException,
    MarshalException,
    TwowayOnlyException,
)
from pushnet.rpc.operations import Operation, Source
from pushnet.rpc.proxy_options import ProxyOptions, named
from pushnet.rpc.reference import Reference
from pushnet.rpc.special import special_call
from pushnet.wire.basic import read_string, read_strings, write_string
from pushnet.wire.identity import Identity
from pushnet.wire.proxies import Mode, read_proxy_data, write_proxy_data
from pushnet.wire.request import ENCAPSULATION_BYTES, encapsulated

P = TypeVar("P", bound="ObjectPrx")


class ObjectPrx(ProxyOptions):
    """Calls an object of any interface."""

    ice_type: ClassVar[str] = "::Ice::Object"
    _ice_old = False
    """Whether parameters are to be written in encoding 1.0."""
    _ice_sliced = False
    """Whether instances of classes travel in the sliced format where Slice does not say."""

    def __init__(self, reference: Reference) -> None:
        super().__init__(reference)
        if reference.old:
            self._ice_old = True
        if reference.runtime.sliced:
            self._ice_sliced = True

    # Calling.

    def _ice_call(
        self, operation: Operation[Any], params: bytes | bytearray, context: CallContext = None
    ) -> Deferred[Any]:
        """What generated methods do: one call, whose Deferred cancels it."""
        reference = self.ice_reference
        if context is None and reference.plain and reference.runtime.watch_call is None:
            head, connection = reference.heads.get(operation), reference.connection
            if (
                head is not None
                and connection is not None
                and connection.active
                and len(params) <= QUICK_BYTES_MAX
            ):
                quick = QuickCall(reference, operation, params, head, connection)
                if reference.timeout_ms > 0:
                    quick.expires = reference.runtime.deadlines.after(reference.timeout_ms)
                quick.request_id = connection.send_call(quick, head, params)
                return quick.deferred
        if reference.one_way:
            return self._ice_one_way(operation, params, context)
        kind: Any = OldTwoWayCall if reference.old else TwoWayCall
        if reference.special:
            return special_call(reference, kind, operation, params, context)
        watch = reference.runtime.watch_call
        call = (kind if watch is None else watch(kind))(reference, operation, params)
        call.begin(context)
        answer: Deferred[Any] = call.deferred
        return answer

    def _ice_call10(
        self, operation: Operation[Any], arguments: tuple[Any, ...], context: CallContext
    ) -> Deferred[Any]:
        """The same in encoding 1.0, for operations whose parameters differ there."""
        assert operation.old is not None, "generated code calls this for no other operations"
        return self._ice_call(operation, operation.old.write_params(arguments), context)

    def ice_invoke(
        self, operation: str, mode: int, params: bytes | None, context: CallContext = None
    ) -> Deferred[tuple[bool, bytes]]:
        """Call an operation by name. Parameters and results are encapsulations, passed on untouched.

        Args:
            params: nothing at all stands for an encapsulation with nothing in it.

        Returns:
            Whether it succeeded (else the bytes are a user exception), and the results.

        Raises:
            MarshalException: the parameters are no encapsulation.
        """
        reference = self.ice_reference
        params = _checked(params) if params else encapsulated(b"", reference.data.encoding)
        described: Operation[Any] = Operation(operation, int(mode), None)
        if reference.data.mode in (Mode.batchOneway, Mode.batchDatagram):
            return self._ice_batch(described, params, context).addCallback(lambda _: (True, b""))
        if reference.special and not reference.one_way:
            given = reference.context(0) if context is None else context
            return special_call(reference, RawCall, described, params, given)
        kind: Any = RawOneWayCall if reference.one_way else RawCall
        watch = reference.runtime.watch_call
        call = (kind if watch is None else watch(kind))(reference, described, params)
        call.begin(reference.context(0) if context is None else context)
        answer: Deferred[Any] = call.deferred
        return answer

    def ice_ping(self, context: CallContext = None) -> Deferred[None]:
        """Answers when the object is there."""
        return self._ice_call(_PING, b"", context)

    def ice_isA(self, type_id: str, context: CallContext = None) -> Deferred[bool]:
        """Whether the object has that interface."""
        out = bytearray()
        write_string(out, type_id)
        return self._ice_call(_IS_A, out, context)

    def ice_id(self, context: CallContext = None) -> Deferred[str]:
        """The type id of the object's most derived interface."""
        return self._ice_call(_ID, b"", context)

    def ice_ids(self, context: CallContext = None) -> Deferred[list[str]]:
        """The type ids of all its interfaces."""
        return self._ice_call(_IDS, b"", context)

    def ice_flushBatchRequests(self) -> Deferred[None]:
        """Send what was called through this batch proxy."""
        return batch_of(self.ice_reference).flush()

    def ice_getConnection(self) -> Deferred[Any]:
        """The connection calls go through, established if need be; None when there is none to go through.

        Raises why it was closed when the proxy is bound to one that was.
        """
        reference = self.ice_reference
        fixed = reference.options.fixed
        if fixed is not None:
            fixed.throwException()
            return succeed(fixed)
        connection = reference.connection
        if connection is not None and connection.active:
            return succeed(_real(connection))
        found: Deferred[Any] = reference.runtime.connection_for(reference)
        return found.addCallback(_real)

    def ice_getCachedConnection(self) -> Any:
        return _real(self.ice_reference.connection)

    def _ice_one_way(
        self, operation: Operation[Any], params: bytes | bytearray, context: CallContext
    ) -> Deferred[Any]:
        reference = self.ice_reference
        mode = reference.data.mode
        if operation.twoway_only:
            return fail(TwowayOnlyException(f"{operation.name} has results or exceptions", operation.name))
        if mode in (Mode.oneway, Mode.datagram):
            kind: Any = OldOneWayCall if reference.old else OneWayCall
            watch = reference.runtime.watch_call
            call = (kind if watch is None else watch(kind))(reference, operation, params)
            call.begin(context)
            answer: Deferred[Any] = call.deferred
            return answer
        return self._ice_batch(operation, encapsulated(params, (1, 0 if reference.old else 1)), context)

    def _ice_batch(
        self, operation: Operation[Any], encapsulation: bytes, context: CallContext
    ) -> Deferred[Any]:
        """Gather a request. It has no time of its own; of contexts only a plain one goes along."""
        reference = self.ice_reference
        head = reference.head(operation)
        if context is not None and isinstance(context, Mapping):
            head = reference.head_with(operation, dict(context))
        return batch_of(reference).add(self, operation.name, head + encapsulation)

    # Other proxies of the same object, or of another.

    @classmethod
    def uncheckedCast(cls, proxy: ObjectPrx | None, facet: str | None = None) -> Self | None:
        """The same proxy, of this class, without asking the object."""
        if proxy is None:
            return None
        reference = proxy.ice_reference
        if facet is not None and facet != reference.data.facet:
            reference = reference.changed(facet=facet)
        return cls(reference)

    @classmethod
    def checkedCast(
        cls, proxy: ObjectPrx | None, facetOrContext: str | CallContext = None, context: CallContext = None
    ) -> Deferred[Self | None]:
        """The same proxy, of this class, if the object says that it has the interface; else None.

        None also when the object has not the facet. The context may stand in place of the facet.
        """
        if facetOrContext is not None and not isinstance(facetOrContext, str):
            facetOrContext, context = None, facetOrContext
        cast = cls.uncheckedCast(proxy, facetOrContext)
        if cast is None:
            return succeed(None)
        asked = cast.ice_isA(cls.ice_type, context)
        answer: Deferred[Any] = asked.addCallback(lambda has: cast if has else None)
        return answer.addErrback(_no_such_facet)

    @classmethod
    def ice_staticId(cls) -> str:
        return cls.ice_type

    def ice_identity(self, identity: Identity) -> ObjectPrx:
        return ObjectPrx(self.ice_reference.changed(identity=named(identity)))

    def ice_facet(self, facet: str) -> ObjectPrx:
        return ObjectPrx(self.ice_reference.changed(facet=facet))


def read_proxy(buf: bytes, pos: int, source: Source, kind: type[P]) -> tuple[P | None, int]:
    """A proxy of class `kind`, or None."""
    data, pos = read_proxy_data(buf, pos)
    return (None if data is None else kind(source.ice_reference(data))), pos


def write_proxy(out: bytearray, proxy: ObjectPrx | None) -> None:
    """Raises `FixedProxyException`: a proxy bound to a connection means nothing to others."""
    if proxy is None:
        write_proxy_data(out, None)
        return
    if proxy.ice_reference.options.fixed is not None:
        raise FixedProxyException(f"{proxy} is bound to a connection and cannot be passed on")
    write_proxy_data(out, proxy.ice_reference.data)


def _checked(params: bytes | bytearray | memoryview) -> bytes:
    """The bytes of an encapsulation. What a server would close the connection for is refused here."""
    if not isinstance(params, bytes | bytearray | memoryview):
        raise TypeError(f"parameters are the bytes of an encapsulation, and not {type(params).__name__}")
    checked = bytes(params)
    if len(checked) < ENCAPSULATION_BYTES or int.from_bytes(checked[:4], "little") != len(checked):
        raise MarshalException(f"{len(checked)} bytes of parameters are no encapsulation")
    return checked


def _real(connection: Any) -> Any:
    """Who calls objects of the same communicator has no connection: see `pushnet.rpc.collocated`."""
    return None if getattr(connection, "adapter", None) is not None else connection


def _no_such_facet(failure: Failure) -> None:
    if not isinstance(failure.value, FacetNotExistException):
        failure.raiseException()


def _read_bool(buf: bytes, pos: int, source: Source) -> bool:
    return bool(buf[pos])


def _read_text(buf: bytes, pos: int, source: Source) -> str:
    return read_string(buf, pos)[0]


def _read_texts(buf: bytes, pos: int, source: Source) -> list[str]:
    return read_strings(buf, pos)[0]


_PING: Operation[None] = Operation("ice_ping", 1, None)
_IS_A: Operation[bool] = Operation("ice_isA", 1, _read_bool)
_ID: Operation[str] = Operation("ice_id", 1, _read_text)
_IDS: Operation[list[str]] = Operation("ice_ids", 1, _read_texts)
