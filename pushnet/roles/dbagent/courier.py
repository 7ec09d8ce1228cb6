"""Errands to Brokers that nobody waits for: close what a newer login has replaced, hand over what waits.

Each Broker has a lane: so many errands under way, others in line. When one fails the Broker is gone or will
not come to it: the lane is emptied, since a Broker that has lost its connections has nothing to close, and
`reminders` bring messages again. When a Broker says that it does not hold a device, `on_absent` is told.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from twisted.internet.defer import CancelledError, Deferred
from twisted.logger import Logger

from pushnet.gen.pushnet.broker import Broker, BrokerPrx, Target
from pushnet.gen.pushnet.push import Message
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException
from pushnet.rpc.stubs import UserException
from pushnet.world import World

AT_ONCE: Final = 32
"""Errands under way to one Broker."""
IN_LINE_MAX: Final = 20_000
"""Errands in line for one Broker: all its devices have logged in elsewhere."""
CALL_LIMIT_MS: Final = 2000

Errand = Callable[[Broker], Awaitable[object]]

_log = Logger(namespace="pushnet.dbagent")


class Courier:
    """Runs errands.

    Args:
        find: makes a Broker's proxy from its name.
        on_absent: called with app, Broker and the target of a device that the Broker does not hold.
    """

    def __init__(
        self, world: World, find: Callable[[str], Broker], on_absent: Callable[[str, str, Target], object]
    ) -> None:
        self._world = world
        self._find = find
        self._on_absent = on_absent
        self._lanes: dict[str, _Lane] = {}

    def evict(self, broker: str, app: str, ordinal: int, epoch: int) -> None:
        """A device has logged in elsewhere, with this epoch."""
        self._send(broker, lambda proxy: proxy.evict(app, ordinal, epoch))

    def deliver(self, broker: str, app: str, message: Message, targets: list[Target]) -> None:
        """A message waits for devices that the Broker holds."""

        async def deliver(proxy: Broker) -> None:
            absent = frozenset(await proxy.deliver(app, message, targets))
            for target in targets:
                if target.ordinal in absent:
                    self._on_absent(app, broker, target)

        self._send(broker, deliver)

    def close(self) -> None:
        """Give up all errands."""
        for lane in list(self._lanes.values()):
            lane.give_up()

    def __len__(self) -> int:
        """Errands in line and under way."""
        return sum(len(lane) for lane in self._lanes.values())

    def _send(self, broker: str, errand: Errand) -> None:
        lane = self._lanes.get(broker)
        if lane is None:
            lane = self._lanes[broker] = _Lane(self._find(broker))
        if not lane.put(errand):
            return
        work = Deferred.fromCoroutine(lane.run())
        lane.running[work] = None
        work.addBoth(self._ended, broker, lane, work)
        self._world.background("an errand to a Broker", work)

    def _ended(self, result: object, broker: str, lane: _Lane, work: Deferred[None]) -> object:
        lane.running.pop(work, None)
        if not lane.running and self._lanes.get(broker) is lane:
            del self._lanes[broker]
        return result


class _Lane:
    """One Broker's errands."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._line: deque[Errand] = deque()
        self.running: dict[Deferred[None], None] = {}

    def __len__(self) -> int:
        return len(self._line) + len(self.running)

    def put(self, errand: Errand) -> bool:
        """Take an errand. Whether somebody more should run."""
        if len(self._line) >= IN_LINE_MAX:
            self._line.popleft()
        self._line.append(errand)
        return len(self.running) < AT_ONCE

    async def run(self) -> None:
        """Run errands until there are none."""
        while self._line:
            errand = self._line.popleft()
            try:
                await errand(self._broker)
            except CancelledError:
                return
            except (LocalException, UserException) as error:
                _log.info("errands to a Broker given up: {error!r}", error=error, left=len(self._line))
                self._line.clear()

    def give_up(self) -> None:
        self._line.clear()
        for work in list(self.running):
            work.cancel()


def broker_named(communicator: Communicator, name: str) -> Broker:
    """The Broker of that node, found by name when it is called."""
    proxy = BrokerPrx.uncheckedCast(communicator.stringToProxy(f"broker/{name}"))
    assert proxy is not None
    return proxy.ice_invocationTimeout(CALL_LIMIT_MS)
