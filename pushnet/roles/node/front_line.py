"""One client of a front, and its way to whatever server there is.

Messages pass both ways as they come. When the server is about to change, the line *turns*: requests are held
back, what is unanswered is waited for, then an `ice_ping` is sent behind everything else. Its reply says that
all one-way and batch requests before it have been read: the old server will serve them whatever happens next,
and the successor gets none of this client's requests before them. Then the line parts from the old server
with CloseConnection, reads it to the end, and goes on with the successor, beginning with what was held back.
The client sees nothing of that.

* A callback of the old server's may need further requests before it is answered. While the server waits for
  the client, requests are not held back.
* A client that has been called back is told to come again (CloseConnection) once it has turned: the successor
  does not know it. What it has sent until it hangs up is passed on: one-way and batch requests to the
  successor; two-way ones it repeats itself.
* A server that closes with nothing unanswered is connected to again when there is something to say to it.
  When something is unanswered it has ignored that, and the client is told so with CloseConnection: it
  repeats it.
* A server that is lost with something unanswered: the client is lost without a word, as by a crash, since
  nobody knows what was done. With nothing unanswered it is told CloseConnection.
* A client that hangs up: what it has sent still reaches the server.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from twisted.internet.interfaces import IDelayedCall

from pushnet.roles.node.front_counts import TIMED_MASK
from pushnet.roles.node.front_sides import FULL, Side
from pushnet.wire.identity import Identity
from pushnet.wire.message import BATCH, REPLY, REQUEST, VALIDATE, VALIDATE_MESSAGE
from pushnet.wire.request import OperationMode, head_bytes, request_message, target_bytes

BARRIER_ID: Final = -0x504E
"""Servers echo any id but 0, and no client counts downwards."""
_PING: Final = head_bytes(
    target_bytes(Identity("barrier", "_pn"), "", "ice_ping", OperationMode.Nonmutating), {}
)
BARRIER: Final = request_message(BARRIER_ID, _PING, b"")
"""Any answer will do, also that there is no such object."""
HELD_BYTES_MAX: Final = 1024 * 1024
"""So much of a client's is kept while its server changes; then it is not read."""
PATIENCE_S: Final = 30.0
"""How long a client that wants something waits for a server to come."""
CLOSE_S: Final = 10.0
"""How long either end has to hang up after CloseConnection."""
RETRY_FIRST_S: Final = 0.05
RETRY_MAX_S: Final = 1.0


class House(Protocol):
    """The front, for its lines."""

    def later(self, delay_s: float, function: Callable[..., object], *args: object) -> IDelayedCall: ...

    def now(self) -> float: ...

    def took(self, began_at: float) -> None:
        """A request that came then is answered."""
        ...

    def connect(self, line: Line) -> bool:
        """Connect to the server: `Line.reached` or `Line.unreached` follows. False: there is none."""
        ...

    def left(self, side: Side) -> None:
        """A connection to a server has ended."""
        ...

    def dropped(self, messages: int) -> None:
        """Messages that need no answer are lost: no server has come for them."""
        ...

    def over(self, line: Line) -> None: ...


class Line:
    """See the module's text."""

    def __init__(self, house: House) -> None:
        self.client = Side(self, self._client_met)
        self._house = house
        self._server: Side | None = None
        self._connecting = False
        self._flowing = False
        """Everything passes, both ways."""
        self._turning = False
        self._barrier = False
        """The ping behind everything else is under way."""
        self._asked: set[int] = set()
        """Requests of the client's that the server has not answered."""
        self._called: set[int] = set()
        """Requests of the server's that the client has not answered."""
        self._was_called = False
        self._leaving = False
        """The client has been told CloseConnection."""
        self._gone = False
        """The client will say nothing more."""
        self._wants = True
        """It is to be connected, if there is a server."""
        self._held: list[tuple[int, bytes]] = []
        """Held back for the server that comes: request ids (0: needs no answer) and messages."""
        self._held_bytes = 0
        self._retry_s = RETRY_FIRST_S
        self._timers: dict[str, IDelayedCall] = {}
        self._over = False
        self._blocks = 0
        self._sample = 0
        """The id of the request whose time is taken; 0: none."""
        self._sample_at = 0.0

    # What the front says.

    def turn(self) -> None:
        """The server is another one, or none any more."""
        server = self._server
        if server is None:
            self._stop("retry")
            self._next()
        elif not server.validated:
            server.cut_off()
        elif not self._turning:
            self._flowing = False
            self._turning = True
            self._next()

    def end(self) -> None:
        """The front closes: finish, then tell the client."""
        self._was_called = True
        if self._server is not None and self._server.validated:
            self.turn()
        else:
            self._tell_close()
            self._next()

    def give_up(self) -> None:
        """Time is over."""
        self._held.clear()
        self.client.cut_off()
        if self._server is not None:
            self._server.cut_off()

    def beat(self) -> None:
        """Time has passed: while the server cannot say that it lives, the front does."""
        if self._server is None and not self._leaving:
            self.client.write(VALIDATE_MESSAGE)

    @property
    def waits(self) -> bool:
        """Whether the client waits for an answer of a server that is there."""
        return self._flowing and bool(self._asked)

    def reached(self, side: Side) -> None:
        """The server's stream is there; it speaks first."""
        self._connecting = False
        self._server = side
        if self._over:
            side.cut_off()

    def unreached(self) -> None:
        """It is not: try again soon."""
        self._connecting = False
        if not self._over:
            self._later("retry", self._retry_s, self._next)
            self._retry_s = min(self._retry_s * 2, RETRY_MAX_S)

    # What the sides say.

    def heard(self, side: Side, data: bytes) -> None:
        cutter = side.cutter
        if self._flowing and not self._leaving and (side is self.client or side is self._server):
            if side is self.client:
                block = cutter.through(data, self._asked, self._called)
                if block:
                    self._server.write(block)  # type: ignore[union-attr]
                    self._blocks += 1
                    if not self._sample and not self._blocks & TIMED_MASK:
                        self._sample, self._sample_at = cutter.asked_last, self._house.now()
            else:
                block = cutter.through(data, self._called, self._asked)
                if block:
                    self.client.write(block)
                if self._sample and self._sample not in self._asked:
                    self._sample = 0
                    self._house.took(self._sample_at)
                if self._called:
                    self._was_called = True
        else:
            for kind, id, message in cutter.cut(data):
                if side is self.client:
                    self._from_client(kind, id, message)
                else:
                    self._from_server(side, kind, id, message)
            self._next()
        if cutter.closed:
            self._closed(side)
        elif cutter.error is not None:
            side.cut_off()

    def lost(self, side: Side) -> None:
        if side is self.client:
            self._client_gone()
            return
        self._house.left(side)
        if side is self._server:
            validated = side.validated
            self._part()
            if not validated:
                self.unreached()
            elif self._asked:
                self._crash()
            elif not self._turning:
                self._tell_close()
            else:
                self._after_turn()
            self._turning = self._barrier = False
            self._next()

    # The client.

    def _client_met(self, side: Side) -> None:
        side.write(VALIDATE_MESSAGE)
        self._next()

    def _from_client(self, kind: int, id: int, message: bytes) -> None:
        server = self._server
        if kind == REPLY:
            self._called.discard(id)
            if server is not None and server.validated:
                server.write(message)
        elif kind in (REQUEST, BATCH):
            if self._leaving and id:
                return
            if server is not None and (self._flowing or (self._turning and self._called)):
                if id:
                    self._asked.add(id)
                server.write(message)
            else:
                self._hold(id, message)

    def _hold(self, id: int, message: bytes) -> None:
        self._wants = True
        self._held.append((id, message))
        self._held_bytes += len(message)
        if self._held_bytes >= HELD_BYTES_MAX:
            self.client.hold(FULL)
        if "patience" not in self._timers:
            self._later("patience", PATIENCE_S, self._impatient)

    def _let_go(self, server: Side) -> None:
        """What was held back goes to that server."""
        self._stop("patience")
        held, self._held = self._held, []
        self._held_bytes = 0
        self._asked.update(id for id, _ in held if id)
        server.write(b"".join(message for _, message in held))
        self.client.release(FULL)

    def _closed(self, side: Side) -> None:
        """That side has said CloseConnection: hang up."""
        side.hang_up()
        if side is self.client:
            self._client_gone()
        elif side is self._server:
            self._part()
            self._wants = self._turning
            if self._asked:
                self._asked.clear()
                self._tell_close()
            elif self._turning:
                self._after_turn()
            self._turning = self._barrier = False
            self._next()

    def _client_gone(self) -> None:
        if not self._gone:
            self._gone = True
            self._stop("leaving")
            self._called.clear()
            self._asked.clear()
            self._next()

    def _tell_close(self) -> None:
        """The client shall come again; what it waits for it repeats."""
        if self._leaving or self._gone:
            return
        self._leaving = True
        self._drop_two_way()
        self.client.release(FULL)
        self.client.say_close()
        self._later("leaving", CLOSE_S, self.client.cut_off)

    def _crash(self) -> None:
        """The client is lost as its server was; what it has sent that needs no answer is not."""
        self._asked.clear()
        self._drop_two_way()
        self.client.hang_up()
        self._client_gone()

    def _drop_two_way(self) -> None:
        self._held = [(id, message) for id, message in self._held if not id]
        self._held_bytes = sum(len(message) for _, message in self._held)

    def _impatient(self) -> None:
        """No server has come."""
        if self._leaving or self._gone:
            self._house.dropped(len(self._held))
            self._held.clear()
        self._tell_close()
        if self._held:
            self._later("patience", PATIENCE_S, self._impatient)
        self._next()

    # The server.

    def _from_server(self, side: Side, kind: int, id: int, message: bytes) -> None:
        if side is not self._server:
            if (kind == REQUEST and not id) or kind == BATCH:
                self._tell(message)  # its last words
        elif not side.validated:
            self._validate(side, kind)
        elif kind == REPLY and id == BARRIER_ID:
            self._barrier = False
            if not self._asked and not self._called:
                self._turned(side)
        else:
            if kind == REPLY:
                self._asked.discard(id)
            elif kind == REQUEST and id:
                self._called.add(id)
                self._was_called = True
                if self._turning and self._held:
                    self._let_go(side)
            self._tell(message)

    def _tell(self, message: bytes) -> None:
        """After CloseConnection nothing more is said."""
        if not self._leaving:
            self.client.write(message)

    def _validate(self, side: Side, kind: int) -> None:
        if kind != VALIDATE:
            side.cut_off()
            return
        side.validated = True
        self._retry_s = RETRY_FIRST_S
        self._turning = False
        if self.client.alive:
            side.join(self.client)
        self._let_go(side)
        self._flowing = True

    def _turned(self, side: Side) -> None:
        """All that the old server was asked is done or in its hands."""
        self._turning = False
        self._part()
        self._farewell(side)
        self._after_turn()

    def _after_turn(self) -> None:
        if self._was_called:
            self._tell_close()

    def _farewell(self, side: Side) -> None:
        side.say_close()
        side.limit = self._house.later(CLOSE_S, side.cut_off)

    def _part(self) -> None:
        """No server any more."""
        side, self._server = self._server, None
        self._flowing = False
        self._called.clear()
        if side is not None:
            side.part()

    # What comes next.

    def _next(self) -> None:
        server = self._server
        if server is not None and server.validated:
            if self._turning:
                if not self._asked and not self._called and not self._barrier:
                    self._barrier = True
                    server.write(BARRIER)
            elif self._gone:
                self._part()
                self._farewell(server)
        if self._gone and self._server is None and not self._held:
            self._finish()
        elif self._server is None and not self._connecting and self._is_needed():
            self._connecting = self._house.connect(self)

    def _is_needed(self) -> bool:
        if "retry" in self._timers:
            return False
        return bool(self._held) or (self._wants and not self._leaving and not self._gone)

    def _finish(self) -> None:
        if not self._over:
            self._over = True
            for name in list(self._timers):
                self._stop(name)
            self._house.over(self)

    def _later(self, name: str, delay_s: float, function: Callable[[], object]) -> None:
        self._stop(name)
        self._timers[name] = self._house.later(delay_s, self._timed, name, function)

    def _timed(self, name: str, function: Callable[[], object]) -> None:
        del self._timers[name]
        function()

    def _stop(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()
