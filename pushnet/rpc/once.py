"""Exactly-once effect: a request that brings a token is done once, however often it comes.

The caller gives each logical call a token of its own, in the context as `_pn.tok`, and the same again when it
repeats the call. Whoever serves it keeps the answer under the token and the request's bytes, and gives that
answer to every repetition; a repetition that comes while the first is being served waits for it. What was not
answered with a result or a user exception is not kept: then nobody knows what was done, and a repetition is
done anew.

Nothing is lost in a crash when the answer is stored in one transaction with the effect. A servant does that:

    def transaction(connection):
        result = effect(connection)
        if current.once is not None:
            replies.keep_in(connection, current.once.keep(result))
        return result

with `replies` given to `adapter.keepReplies`. Answers of other servants are kept after their effect. Without
such a store an adapter keeps answers in memory, and a token that ends in `!` (an earlier attempt may have
been done) and is not known there is refused: it may have been done by a process that is gone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.rpc.current import TOKEN_KEY
from pushnet.rpc.exceptions import UnknownLocalException
from pushnet.rpc.incoming import Answer, Dispatcher, Request
from pushnet.rpc.operations import ServantOperation
from pushnet.rpc.servant import awaited, exception_answer
from pushnet.wire.request import encapsulated
from pushnet.wire.slices import UserException

TOKEN_CHARS_MAX = 64
AGAIN = "!"
KEY_BYTES = 16
REPLIES_MAX = 10_000
REPLIES_BYTES_MAX = 16 * 1024 * 1024
REPLY_AGE_S = 600.0
"""A caller that repeats later than that has long given up."""
UNKNOWN_OUTCOME = (
    "RequestTokenException: an earlier attempt may have been done, and nothing is known of it here"
)


@attrs.frozen
class Reply:
    """An answer to keep, and what it is found by."""

    key: bytes
    ok: bool
    encapsulation: bytes


class Replies(Protocol):
    """Where answers are kept. Both methods may return a Deferred."""

    durable: bool
    """Whether what was kept outlives the process, together with the effect."""

    def find(self, key: bytes) -> Any:
        """The `Answer` kept under that key, or None."""
        ...

    def keep(self, reply: Reply) -> Any: ...


class RecentReplies:
    """Answers in memory: the last ones, as many as fit, while they are young. Implements `Replies`."""

    durable = False

    def __init__(
        self,
        clock: Callable[[], float],
        count_max: int = REPLIES_MAX,
        bytes_max: int = REPLIES_BYTES_MAX,
        age_s: float = REPLY_AGE_S,
    ) -> None:
        self._clock = clock
        self._count_max = count_max
        self._bytes_max = bytes_max
        self._age_s = age_s
        self._bytes = 0
        self._kept: OrderedDict[bytes, tuple[float, Reply]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: bytes) -> Answer | None:
        self._forget_old()
        found = self._kept.get(key)
        return None if found is None else (found[1].ok, found[1].encapsulation)

    def keep(self, reply: Reply) -> None:
        self._forget_old()
        self._drop(reply.key)
        self._kept[reply.key] = (self._clock(), reply)
        self._bytes += len(reply.encapsulation)
        while len(self._kept) > self._count_max or self._bytes > self._bytes_max:
            self._drop(next(iter(self._kept)))

    def _forget_old(self) -> None:
        too_old = self._clock() - self._age_s
        while self._kept:
            key, (since, _) = next(iter(self._kept.items()))
            if since > too_old:
                return
            self._drop(key)

    def _drop(self, key: bytes) -> None:
        _, reply = self._kept.pop(key, (0.0, None))
        if reply is not None:
            self._bytes -= len(reply.encapsulation)


class Once:
    """What a servant has of the token: `current.once`."""

    __slots__ = ("encoding", "kept", "key", "operation")

    def __init__(self, key: bytes, encoding: tuple[int, int]) -> None:
        self.key = key
        self.encoding = encoding
        self.operation: ServantOperation | None = None
        self.kept = False

    def keep(self, result: Any = None) -> Reply:
        """The answer with that result, which the servant now stores itself with the effect."""
        write = self.operation.write_result if self.operation is not None else None
        self.kept = True
        return Reply(self.key, True, encapsulated(b"" if write is None else write(result), self.encoding))


class OnceOnly:
    """Stands before the servants of one adapter, for requests with tokens."""

    def __init__(self, replies: Replies) -> None:
        self.replies = replies
        self.repeated = 0
        """Requests that were answered without being done again."""
        self._running: dict[bytes, list[Deferred[Answer]]] = {}

    def before(self, following: Dispatcher) -> Dispatcher:
        """Serve by `following` what has not been served before."""

        async def dispatch(request: Request) -> Answer:
            token = request.current.head.context[TOKEN_KEY]
            if len(token) > TOKEN_CHARS_MAX:
                raise UnknownLocalException(f"RequestTokenException: a token has {len(token)} characters")
            key = key_of(token, request)
            running = self._running.get(key)
            if running is not None:
                self.repeated += 1
                waiting: Deferred[Answer] = Deferred()
                running.append(waiting)
                return await waiting
            self._running[key] = []
            try:
                answer = await self._answer(key, token.endswith(AGAIN), request, following)
            except BaseException as error:
                for waiting in self._running.pop(key):
                    waiting.errback(error)
                raise
            for waiting in self._running.pop(key):
                waiting.callback(answer)
            return answer

        return dispatch

    async def _answer(self, key: bytes, again: bool, request: Request, following: Dispatcher) -> Answer:
        found: Answer | None = await awaited(self.replies.find(key))
        if found is not None:
            self.repeated += 1
            return found
        if again and not self.replies.durable:
            raise UnknownLocalException(UNKNOWN_OUTCOME)
        once = request.current.begin_once(Once(key, request.current.encoding))
        try:
            answer = await following(request)
        except UserException as error:
            answer = exception_answer(error, request)
        if not once.kept:
            await awaited(self.replies.keep(Reply(key, *answer)))
        return answer


def key_of(token: str, request: Request) -> bytes:
    """Another request with the same token is another: nobody gets an answer he has not asked for."""
    digest = blake2b(token.removesuffix(AGAIN).encode(), digest_size=KEY_BYTES)
    digest.update(b"\0" + request.current.head.target + request.params)
    return digest.digest()
