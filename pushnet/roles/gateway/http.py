"""HTTP/1.1 in front of a `Gateway`: Twisted's channel, made hard against slow, oversized and odd input.

Stock `twisted.web` has no limit on a body and only idle timeouts. Here every phase has a *total* deadline:

    idle      between requests                     `idle_s`, then closed
    header    from the first byte to the blank line `header_s`, then 408
    body      from there to the body's last byte    `body_s`, then 408; likewise when it comes too slowly
    answer    the gateway's own deadline

Framing is by one Content-Length or by chunks, and by nothing else; whatever is odd is answered with a JSON
error and the connection is closed, after reading on for `linger_s` so that the error is not lost in a reset.
One request at a time: what a client sends ahead of its answer is dropped, and the connection closed behind
the answer.
"""

# mypy: allow-untyped-calls
# Twisted's HTTPChannel and Request carry few annotations.

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any, cast

from twisted.internet.defer import CancelledError, Deferred, ensureDeferred
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel
from twisted.web.http import Request as HttpRequest

from pushnet.roles.gateway.answer import Answer, refusal
from pushnet.roles.gateway.errors import BAD_VALUE, BUSY, ApiError
from pushnet.roles.gateway.framing import HttpLimits, odd, too_large, wrong_header
from pushnet.roles.gateway.gateway import Call, Gateway
from pushnet.world import World

PACE_STEP_S = 0.001
"""Less than this is no time left."""


class RestRequest(HttpRequest):
    """One request: collects its body, asks the gateway, writes the answer."""

    channel: RestChannel

    def __init__(self, channel: RestChannel, queued: int = 0) -> None:
        super().__init__(channel, False, parsePOSTFormSubmission=False)
        self._asking: Deferred[Answer] | None = None
        self._lost = False
        self._size = 0

    def gotLength(self, length: int | None) -> None:
        self.content = BytesIO()

    def handleContentChunk(self, data: bytes) -> None:
        self._size += len(data)
        self.channel.body_bytes = self._size
        if self._size > self.channel.limits.body_bytes_max:
            self.channel.refuse(too_large(self.channel.limits))
        else:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        self.method, self.uri, self.clientproto = command, path, version
        assert self.content is not None
        body = self.content.getvalue()
        authorization = self.requestHeaders.getRawHeaders(b"authorization", [b""])[0]
        channel = self.channel
        host = str(getattr(channel.getPeer(), "host", ""))
        call = Call(command, path, authorization or None, body, host)
        self._asking = ensureDeferred(channel.gateway.answer(call))
        writing = self._asking.addCallbacks(self._write, self._failed)
        channel.world.background("an answer", writing)

    def connectionLost(self, reason: Failure) -> None:
        self._lost = True
        super().connectionLost(reason)
        if self._asking is not None:
            self._asking.cancel()

    def _write(self, answer: Answer) -> None:
        if self._lost:
            return
        self.setResponseCode(answer.status)
        self.responseHeaders.setRawHeaders("Content-Type", ["application/json; charset=utf-8"])
        self.responseHeaders.setRawHeaders("Content-Length", [str(len(answer.body))])
        for name, value in answer.headers.items():
            self.responseHeaders.setRawHeaders(name, [value])
        if not self.channel.may_stay():
            self.responseHeaders.setRawHeaders("Connection", ["close"])
        self.write(answer.body)
        self.finish()

    def _failed(self, failure: Failure) -> None:
        failure.trap(CancelledError)


class RestChannel(HTTPChannel):
    """One connection. Its phase is told by the deadline that runs."""

    requestFactory = RestRequest  # type: ignore[assignment]
    timeOut = None

    def __init__(
        self,
        world: World,
        gateway: Gateway,
        limits: HttpLimits,
        on_lost: Callable[[RestChannel], None],
    ) -> None:
        super().__init__()
        self.gateway = gateway
        self.limits = limits
        self.totalHeadersSize = self.MAX_LENGTH = limits.header_bytes_max
        self.world = world
        self._on_lost = on_lost
        self._deadline: IDelayedCall | None = None
        self._body_began = 0.0
        self.body_bytes = 0
        """Of the request that is being read."""
        self._seen: dict[bytes, int] = {}
        self._busy = False
        self._begun = False
        self._closing = False
        self._refused = False

    # Bytes in.

    def connectionMade(self) -> None:
        super().connectionMade()
        self._arm(self.limits.header_s, self._late)

    def dataReceived(self, data: bytes) -> None:
        if self._refused:
            return
        if self._busy:
            self._closing = True
            return
        if not self._begun:
            self._begun = True
            self._arm(self.limits.header_s, self._late)
        super().dataReceived(data)

    def lineReceived(self, line: bytes) -> None:
        if self._refused:
            return
        if line[:1] in (b" ", b"\t"):
            self.refuse(odd("a header goes on in a second line"))
        else:
            super().lineReceived(line)

    def rawDataReceived(self, data: bytes) -> None:
        if self._busy and data:
            self._closing = True
        elif not self._refused:
            super().rawDataReceived(data)

    def lineLengthExceeded(self, line: bytes) -> None:
        self.refuse(ApiError(BAD_VALUE, "The header is too large", status=431))

    def headerReceived(self, line: bytes) -> bool:
        name, _, value = line.partition(b":")
        name = name.lower()
        self._seen[name] = self._seen.get(name, 0) + 1
        wrong = wrong_header(name, value.strip(), self._seen, self.limits)
        if wrong is not None:
            self.refuse(wrong)
            return False
        return bool(super().headerReceived(line))

    def allHeadersReceived(self) -> None:
        if self._refused:
            return
        if b"host" not in self._seen and self._version == b"HTTP/1.1":
            self.refuse(odd("no Host"))
            return
        self._body_began, self.body_bytes = self.world.monotonic(), 0
        self._arm(min(self.limits.body_grace_s, self.limits.body_s), self._pace)
        super().allHeadersReceived()

    def _pace(self) -> None:
        """Go on reading the body as long as it comes fast enough: until it would not, or its time is up."""
        limits = self.limits
        allowed_s = min(
            max(limits.body_grace_s, self.body_bytes / limits.body_bytes_per_s_min), limits.body_s
        )
        left_s = self._body_began + allowed_s - self.world.monotonic()
        if left_s > PACE_STEP_S:
            self._arm(left_s, self._pace)
        else:
            self._late()

    def allContentReceived(self) -> None:
        if self._refused:
            return
        self._arm(None)
        self._busy = True
        self._seen = {}
        self._closing |= any(self._dataBuffer)
        super().allContentReceived()

    # Answers out.

    def may_stay(self) -> bool:
        """Whether the connection is kept for another request."""
        self.persistent = int(bool(self.persistent) and not self._closing)
        return bool(self.persistent)

    def requestDone(self, request: HttpRequest) -> None:
        self._busy = self._begun = False
        self._dataBuffer = []
        self._arm(self.limits.idle_s, self.abort)
        super().requestDone(request)

    def refuse(self, error: ApiError) -> None:
        """Tell the error, read on for a moment without looking, and close."""
        if self._refused:
            return
        self._refused = True
        self.persistent = 0
        answer = refusal(error)
        head = (
            f"HTTP/1.1 {answer.status} Refused\r\nContent-Type: application/json; charset=utf-8\r\n"
            f"Content-Length: {len(answer.body)}\r\nConnection: close\r\n\r\n"
        )
        if self.transport is not None:
            self.transport.write(head.encode("ascii") + answer.body)
        self._arm(self.limits.linger_s, self.abort)

    def drain(self) -> None:
        """Close, after the answer to what has come in if there is any."""
        self._closing = True
        if not (self._busy or self._begun or self._refused):
            self.loseConnection()

    def abort(self) -> None:
        """Close without waiting for what is unsent."""
        self._arm(None)
        if self.transport is not None:
            cast(Any, self.transport).abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._arm(None)
        self._refused = True
        super().connectionLost(reason)
        self._on_lost(self)

    def _respondToBadRequestAndDisconnect(self) -> None:
        """Twisted's channel calls this for whatever it cannot read."""
        self.refuse(odd("it cannot be read"))

    def _late(self) -> None:
        self.refuse(ApiError(BUSY, "The request did not come in time", status=408))

    def _arm(self, seconds: float | None, then: Any = None) -> None:
        """Replace the running deadline by another one, or none."""
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.world.call_later(seconds, then)
