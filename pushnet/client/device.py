"""A device of the push network: registers, stays connected, receives each message once.

```
 RESTING --start--> CALLING --connected--> GREETING --welcome--> ONLINE
    ^                  |                       |                    |
    `------ pause -----+------- lost ----------+------- lost -------'
```
The pause grows with every failure (full jitter, so a crowd that lost one Broker does not come back as one),
and each attempt goes to the next Broker in the list. When the server says how long to stay away, that is
kept to. A Broker that gives a device away says where to: it goes there at once, and if nobody answers
there, to the next in the list, as always. What must not be forgotten goes to the `store` before the
application sees a message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IDelayedCall, IProtocol, ITCPTransport
from twisted.internet.protocol import Factory, Protocol
from twisted.logger import Logger
from twisted.python.failure import Failure

from pushnet.client.store import MemoryStore, Store
from pushnet.device.device_session import (
    Closed,
    DeviceSession,
    Directed,
    Event,
    Known,
    Memory,
    Message,
    Missed,
    Welcomed,
)
from pushnet.device.errors import PeerBrokeProtocol
from pushnet.device.frames import Close, Reason
from pushnet.device.writing import HEARTBEAT, encode
from pushnet.world import World

GREETING_LIMIT_S = 15.0
"""From connected to welcome; a Broker itself gives up after 10 s."""
PAUSE_FIRST_S = 0.5
PAUSE_MAX_S = 60.0
SETTLED_S = 10.0
"""Online for so long, a device begins again with the shortest pause."""
CONNECT_LIMIT_S = 10.0
MOVE_LIMIT_S = 2.0
"""To reach the Broker that a device was sent to; whoever moves many of them spreads them over time."""

log = Logger()


class State(Enum):
    """Where a device is in its life; see the module's text."""

    RESTING = "resting"
    CALLING = "calling"
    GREETING = "greeting"
    ONLINE = "online"


class Device:
    """One device. `start` it, and `on_message` is called once for each message, in each stream's order."""

    def __init__(
        self,
        world: World,
        app_key: str,
        device_key: str,
        brokers: Sequence[tuple[str, int]],
        platform: str = "android",
        on_message: Callable[[Message], object] | None = None,
        *,
        on_missed: Callable[[Missed], object] | None = None,
        store: Store | None = None,
    ) -> None:
        """
        Args:
            world: Time, network and chance.
            app_key: The app's key, 24 letters and digits.
            device_key: What this device is called by its maker; unique in the app, at most 128 bytes.
            brokers: Hosts and ports to try, in turn, from a random one on.
            platform: `android`, `ios`, ...
            on_message: Called with each message.
            on_missed: Called when messages are gone for good.
            store: Keeps the device's memory; `MemoryStore` when None.
        """
        assert brokers, "a device needs a Broker to connect to"
        self._world = world
        self._brokers = list(brokers)
        self._on_message = on_message
        self._on_missed = on_missed
        self._store = MemoryStore() if store is None else store
        self._session = DeviceSession(app_key, device_key, platform, self._store.load())
        self._rng = world.rng("client.device")
        self._next_broker = self._rng.randrange(len(brokers))
        self._attempts = 0
        self._stay_away_s = 0.0
        self._directed: tuple[str, int] | None = None
        self._heartbeat_s = 0.0
        self._heard_at = 0.0
        self._online_since = 0.0
        self._running = False
        self._line: _Line | None = None
        self._calling: Deferred[IProtocol] | None = None
        self._timer: IDelayedCall | None = None
        self._waiters: list[Deferred[str]] = []
        self._stopped: Deferred[None] | None = None
        self.state = State.RESTING
        self.connections = 0
        """How often a login has succeeded."""

    @property
    def registration_id(self) -> str:
        """What app servers call this device; "" before it is registered."""
        return self._session.memory.registration_id

    @property
    def memory(self) -> Memory:
        """What the device knows of itself now."""
        return self._session.memory

    def start(self) -> None:
        """Connect, and stay connected until `stop`."""
        if not self._running:
            self._running = True
            self._call()

    def when_online(self) -> Deferred[str]:
        """Fires with the registration id when the device is logged in: at once if it is."""
        if self.state is State.ONLINE:
            return succeed(self.registration_id)
        waiter: Deferred[str] = Deferred(self._waiters.remove)
        self._waiters.append(waiter)
        return waiter

    def stop(self) -> Deferred[None]:
        """Say goodbye and disconnect. Fires when the connection is gone."""
        self._running = False
        self._stop_timer()
        if self._calling is not None:
            self._calling.cancel()
        if self._line is None:
            self.state = State.RESTING
            return succeed(None)
        self._stopped = Deferred()
        if self.state is State.ONLINE:
            self._line.write(encode(Close(Reason.BYE)))
        self._line.hang_up()
        return self._stopped

    def _call(self) -> None:
        """Try the next Broker."""
        (host, port), limit_s = self._next_place()
        self._timer = None
        self.state = State.CALLING
        endpoint = self._world.client_endpoint(host, port, timeout_s=limit_s)
        factory = Factory.forProtocol(lambda: _Line(self))
        factory.noisy = False
        self._calling = endpoint.connect(factory)
        self._calling.addCallbacks(self._answered, self._no_answer)

    def _next_place(self) -> tuple[tuple[str, int], float]:
        """Where to connect, and how long to try."""
        if self._directed is not None:
            directed, self._directed = self._directed, None
            return directed, MOVE_LIMIT_S
        place = self._brokers[self._next_broker]
        self._next_broker = (self._next_broker + 1) % len(self._brokers)
        return place, CONNECT_LIMIT_S

    def _answered(self, protocol: IProtocol) -> None:
        self._calling = None

    def _no_answer(self, failure: Failure) -> None:
        self._calling = None
        self._rest()

    def _rest(self) -> None:
        """Not connected: try again after a pause, if at all."""
        self.state = State.RESTING
        if not self._running:
            return
        if self._directed is not None and not self._stay_away_s:
            self._timer = self._world.call_later(0, self._call)
            return
        longest_s = min(PAUSE_FIRST_S * 2**self._attempts, PAUSE_MAX_S)
        pause_s = self._stay_away_s + self._rng.uniform(0.0, longest_s)
        self._attempts = min(self._attempts + 1, 16)
        self._stay_away_s = 0.0
        self._timer = self._world.call_later(pause_s, self._call)

    # For the line.

    def connected(self, line: _Line) -> None:
        self._line = line
        self.state = State.GREETING
        line.write(self._session.connected())
        self._timer = self._world.call_later(GREETING_LIMIT_S, line.abort)

    def received(self, line: _Line, data: bytes) -> None:
        if line is not self._line or not self._running:
            return
        self._heard_at = self._world.monotonic()
        try:
            for event in self._session.receive(data):
                self._store.save(self._session.memory)
                self._show(event)
        except PeerBrokeProtocol as error:
            log.warn("the server broke the protocol: {error}", error=error)
            line.abort()
            return
        answer = self._session.to_send()
        if answer:
            line.write(answer)

    def lost(self, line: _Line) -> None:
        if line is not self._line:
            return
        self._line = None
        self._stop_timer()
        if self.state is State.ONLINE and self._world.monotonic() - self._online_since >= SETTLED_S:
            self._attempts = 0
        self._rest()
        if self._stopped is not None:
            stopped, self._stopped = self._stopped, None
            stopped.callback(None)

    # What the session says.

    def _show(self, event: Event) -> None:
        match event:
            case Message():
                self._tell(self._on_message, event)
            case Missed():
                self._tell(self._on_missed, event)
            case Welcomed():
                self._welcomed(event)
            case Directed(host, port):
                self._directed = (host, port)
            case Closed():
                self._stay_away_s = event.retry_after_s * self._rng.uniform(1.0, 1.5)
            case Known():
                pass

    def _tell(self, listener: Callable[..., object] | None, event: Event) -> None:
        """The application's mistakes are logged, not ours to die of."""
        if listener is None:
            return
        try:
            listener(event)
        except Exception:
            log.failure("the application failed on a message")

    def _welcomed(self, event: Welcomed) -> None:
        self.state = State.ONLINE
        self.connections += 1
        self._online_since = self._world.monotonic()
        self._stop_timer()
        self._heartbeat_s = event.heartbeat_s
        first_s = self._heartbeat_s * self._rng.uniform(0.5, 1.0)
        self._timer = self._world.call_later(first_s, self._beat)
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            waiter.callback(self.registration_id)

    def _beat(self) -> None:
        """Ask for a sign of life; when the last two were not answered the connection is dead."""
        self._timer = None
        if self._line is None:
            return
        if self._world.monotonic() - self._heard_at > 2.5 * self._heartbeat_s:
            self._line.abort()
            return
        self._line.write(HEARTBEAT)
        self._timer = self._world.call_later(self._heartbeat_s, self._beat)

    def _stop_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None


class _Line(Protocol):
    """One connection of a device."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def write(self, data: bytes) -> None:
        self._wire.write(data)

    def hang_up(self) -> None:
        self._wire.loseConnection()

    def abort(self) -> None:
        self._wire.abortConnection()

    @property
    def _wire(self) -> ITCPTransport:
        transport: ITCPTransport = self.transport  # type: ignore[assignment]
        return transport

    def connectionMade(self) -> None:
        self._device.connected(self)

    def dataReceived(self, data: bytes) -> None:
        self._device.received(self, data)

    def connectionLost(self, reason: Failure = None) -> None:  # type: ignore[assignment]
        self._device.lost(self)
