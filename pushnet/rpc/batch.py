"""Batches: requests gathered by one proxy and sent as one message."""

from __future__ import annotations

from twisted.internet.defer import Deferred, succeed

from pushnet.rpc.calls import BatchCall
from pushnet.rpc.datagrams import datagram_bytes_max
from pushnet.rpc.operations import Operation
from pushnet.rpc.reference import Reference
from pushnet.wire.request import HEAD_POS, batch_message, batched_request

FLUSH: Operation[None] = Operation("ice_flushBatchRequests", 0, None)
BATCH_BYTES_MAX = 1024 * 1024 - 1024
"""Ice flushes a batch before it grows past a message (`Ice.BatchAutoFlushSize`)."""


class Batch:
    """What one proxy has gathered."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._requests: list[bytes] = []
        self._bytes = 0
        self._bytes_max = BATCH_BYTES_MAX
        if reference.datagram:
            self._bytes_max = datagram_bytes_max(reference.runtime.properties) - HEAD_POS

    def add(self, head: bytes, params: bytes | bytearray) -> Deferred[None]:
        """Gather one request; fires at once, or when a batch that was full has left."""
        request = batched_request(head, params, (1, 0) if self._reference.old else (1, 1))
        flushed: Deferred[None] = succeed(None)
        if self._requests and self._bytes + len(request) > self._bytes_max:
            flushed = self.flush()
        self._requests.append(request)
        self._bytes += len(request)
        return flushed

    def flush(self) -> Deferred[None]:
        """Send what is gathered; fires when it has left."""
        requests, self._requests, self._bytes = self._requests, [], 0
        if not requests:
            return succeed(None)
        call = BatchCall(self._reference, FLUSH, batch_message(requests))
        call.begin(None)
        return call.deferred
