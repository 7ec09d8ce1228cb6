"""A node goes by the white and black lists of the registry: it knows them before it lets anybody in.

Changes come by long polls, to all nodes at once. While no registry answers the lists stay as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from pushnet.gen.pushnet.lists import ListsPrx, Rule, RuleBook
from pushnet.grid import lists
from pushnet.grid.settings import Settings
from pushnet.roles.polling import LIMIT_MS, Polling
from pushnet.rpc.communicator import Communicator
from pushnet.world import World

FIRST_LIMIT_S: Final = 10.0
"""A node that starts waits so long for the lists; then it goes on without, and says so."""
TIMER_S_MAX: Final = 3600.0

_log = Logger(namespace="pushnet.lists")


class Gatekeeper:
    """The lists as they hold at one node.

    Args:
        registries: where they are kept.
        changed: told after every change.
    """

    def __init__(self, world: World, registries: ListsPrx, changed: Callable[[], object]) -> None:
        self.lists = lists.Lists()
        self._world = world
        limited = ListsPrx.uncheckedCast(registries.ice_invocationTimeout(LIMIT_MS))
        assert limited is not None, "a proxy with a timeout is a proxy"
        self._polling = Polling(world, "following the lists", limited.rules, self._take, self._silent)
        self._changed = changed
        self._rules: Sequence[lists.Rule] = ()
        self._heard: Deferred[None] = Deferred()
        self._over: IDelayedCall | None = None

    async def start(self) -> None:
        """Returns when the lists are known, or nobody has told them in `FIRST_LIMIT_S`."""
        self._polling.start()
        late = self._world.call_later(FIRST_LIMIT_S, self._begin)
        await self._heard
        if late.active():
            late.cancel()

    def stop(self) -> None:
        self._polling.stop()
        if self._over is not None and self._over.active():
            self._over.cancel()
        self._begin()

    def _take(self, book: RuleBook) -> None:
        self._rules = [_read(rule) for rule in book.rules]
        self._settle()
        self._begin()

    def _settle(self) -> None:
        """Go by the rules that hold now, and look again when the first of them is over."""
        now_s = self._world.wall()
        holding = [rule for rule in self._rules if not rule.expires_s or rule.expires_s > now_s]
        self.lists = lists.Lists(holding)
        if self._over is not None and self._over.active():
            self._over.cancel()
        ends = [rule.expires_s - now_s for rule in holding if rule.expires_s]
        self._over = self._world.call_later(min([*ends, TIMER_S_MAX]), self._settle) if ends else None
        self._changed()

    def _begin(self) -> None:
        if not self._heard.called:
            if self._polling.known < 0 and self._polling.running:
                _log.warn("no registry tells the white and black lists: going on without them")
            self._heard.callback(None)

    def _silent(self, why: str) -> None:
        _log.warn("no registry tells of changes of the lists, they stay as they are: {error}", error=why)


def gatekeeper(
    world: World, communicator: Communicator, settings: Settings, changed: Callable[[], object]
) -> Gatekeeper:
    """One that asks the registries of the cluster."""
    proxy = ListsPrx.uncheckedCast(communicator.stringToProxy(":".join(["PushNet/Lists", *settings.doors])))
    assert proxy is not None
    return Gatekeeper(world, proxy, changed)


def _read(rule: Rule) -> lists.Rule:
    return lists.Rule(rule.list, rule.app, rule.value, rule.expiresS, rule.who, rule.why, rule.madeS)
