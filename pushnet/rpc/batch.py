"""Batches: requests gathered by one proxy or for one connection, and sent as one message.

A batch leaves when it is flushed, and by itself before it would grow past `Ice.BatchAutoFlushSize` (in
kilobytes, default 1,024; 0: never). An interceptor given to the communicator sees each request before that:
`interceptor(request, count, size)` gets the request, and how many requests and bytes are gathered already;
it calls `request.enqueue()`, or else the request is dropped; it may flush `request.getProxy()` first. It may
as well be an object whose method `enqueue` is such a function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet.defer import Deferred, succeed

from pushnet.rpc.calls import BatchCall
from pushnet.rpc.datagrams import datagram_bytes_max
from pushnet.rpc.operations import Operation
from pushnet.rpc.properties import Properties
from pushnet.rpc.reference import Reference
from pushnet.rpc.squeezing import compression_level
from pushnet.wire.enums import SliceEnum
from pushnet.wire.message import as_it_is, deflated
from pushnet.wire.request import HEAD_POS, batch_message

FLUSH: Operation[None] = Operation("ice_flushBatchRequests", 0, None)
_AUTO_FLUSH_KB = 1024


class CompressBatch(SliceEnum):
    """Whether a connection's batch is compressed when it is flushed."""

    Yes = 0
    No = 1
    """Not even where everything else on the connection is."""
    BasedOnProxy = 2
    """If a proxy that put something in says so."""


class BatchRequest:
    """One request about to be gathered, for an interceptor."""

    def __init__(self, batch: Batch, proxy: Any, operation: str, request: bytes) -> None:
        self._batch = batch
        self._proxy = proxy
        self._operation = operation
        self._request = request
        self.flushed: Deferred[None] = succeed(None)
        """Fires when the batch that was full, if it was, has left."""

    def enqueue(self) -> None:
        """Gather it. What is not gathered is dropped."""
        self.flushed = self._batch.gather(self._request)

    def getProxy(self) -> Any:
        return self._proxy

    def getOperation(self) -> str:
        return self._operation

    def getSize(self) -> int:
        """Bytes."""
        return len(self._request)


class BatchRequestInterceptor(Protocol):
    """An object that sees each request for a batch."""

    def enqueue(self, request: BatchRequest, count: int, size: int) -> object: ...


Interceptor = Callable[[BatchRequest, int, int], object] | BatchRequestInterceptor


class Batch:
    """What one proxy, or the fixed proxies of one connection, have gathered."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._requests: list[bytes] = []
        self._bytes = HEAD_POS
        self._compress = False
        self._bytes_max = batch_bytes_max(reference.runtime.properties)
        if reference.datagram:
            self._bytes_max = datagram_bytes_max(reference.runtime.properties, "Ice.UDP.SndSize")

    def add(self, proxy: Any, operation: str, request: bytes) -> Deferred[None]:
        """Gather a request of `proxy`; fires at once, or when a batch that was full has left."""
        if proxy.ice_reference.options.compress:
            self._compress = True
        intercept: Callable[[BatchRequest, int, int], object] | None = (
            self._reference.runtime.batch_interceptor
        )
        if intercept is None:
            return self.gather(request)
        intercepted = BatchRequest(self, proxy, operation, request)
        intercept(intercepted, len(self._requests), self._bytes)
        return intercepted.flushed

    def gather(self, request: bytes) -> Deferred[None]:
        flushed: Deferred[None] = succeed(None)
        if self._requests and self._bytes + len(request) > self._bytes_max:
            flushed = self.flush()
        self._requests.append(request)
        self._bytes += len(request)
        return flushed

    def flush(self, compress: CompressBatch = CompressBatch.BasedOnProxy) -> Deferred[None]:
        """Send what is gathered; fires when it has left."""
        wanted = compress is CompressBatch.Yes or (compress is CompressBatch.BasedOnProxy and self._compress)
        requests, self._requests, self._bytes, self._compress = self._requests, [], HEAD_POS, False
        if not requests:
            return succeed(None)
        message = batch_message(requests)
        fixed = self._reference.options.fixed
        if fixed is not None and compress is CompressBatch.No:
            message = as_it_is(message)
        elif wanted and fixed is not None and not fixed.compress:
            message = deflated(message, compression_level(self._reference.runtime.properties))
        call = BatchCall(self._reference, FLUSH, message)
        call.begin(None)
        return call.deferred


def batch_of(reference: Reference) -> Batch:
    """Where a batch proxy gathers its requests: with itself, or with the connection it is bound to."""
    home = reference if reference.options.fixed is None else reference.options.fixed
    if home.batch is None:
        home.batch = Batch(reference)
    batch: Batch = home.batch
    return batch


def batch_bytes_max(properties: Properties) -> int:
    """Ice's property in bytes."""
    size = properties.getPropertyAsIntWithDefault("Ice.BatchAutoFlushSize", _AUTO_FLUSH_KB) * 1024
    return size if 0 < size < 2**31 else 2**31 - 1
