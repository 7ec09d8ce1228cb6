"""A node has nothing to do with who is revoked: no connection begins, and those that are there end.

The registries keep which names were revoked and when (`pushnet ca revoke`). Nodes learn of changes by long
polls, all at once. While no registry answers they go by what they know; one that starts then knows of none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cryptography import x509
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import deferLater
from twisted.logger import Logger

from pushnet.gen.pushnet.join import AuthorityPrx, RevokedNames
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.settings import Settings
from pushnet.roles.certificates import Revoked, revoked_name
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException, OperationNotExistException
from pushnet.rpc.security import Judge
from pushnet.world import World

WAIT_MS: Final = 20_000
"""Of one long poll."""
MARGIN_MS: Final = 5_000
PAUSE_FIRST_S: Final = 0.2
PAUSE_MAX_S: Final = 2.0
PAUSE_OLD_S: Final = 60.0
"""Before a registry of a version that tells nothing of it is asked again: it may have been rolled by then."""

_log = Logger(namespace="pushnet.certificates")


class Revoking:
    """One node's side.

    Args:
        authority: at all registries.
        turn_away: has connections judged, those that are there and those that come; returns whom it cut off.
    """

    def __init__(
        self, world: World, authority: AuthorityPrx, turn_away: Callable[[Judge], list[str]]
    ) -> None:
        self.revoked: Revoked = {}
        self._world = world
        limited = AuthorityPrx.uncheckedCast(authority.ice_invocationTimeout(WAIT_MS + MARGIN_MS))
        assert limited is not None, "a proxy with a timeout is a proxy"
        self._authority = limited
        self._turn_away = turn_away
        self._known = -1
        self._answered = True
        self._following: Deferred[None] | None = None

    def start(self) -> None:
        self._following = Deferred.fromCoroutine(self._follow())
        self._world.background("following what is revoked", self._following)

    def stop(self) -> None:
        if self._following is not None:
            following, self._following = self._following, None
            following.cancel()

    async def _follow(self) -> None:
        pause_s = PAUSE_FIRST_S
        try:
            while True:
                try:
                    told = await self._authority.revocations(self._known, WAIT_MS if self._known >= 0 else 0)
                except (LocalException, UnavailableException) as error:
                    if self._following is None:
                        return
                    self._silent(error)
                    old = isinstance(error, OperationNotExistException)
                    await deferLater(self._world.clock, PAUSE_OLD_S if old else pause_s)
                    pause_s = min(pause_s * 2, PAUSE_MAX_S)
                    continue
                pause_s = PAUSE_FIRST_S
                self._answered = True
                self._take(told)
        except CancelledError:
            return

    def _take(self, told: RevokedNames) -> None:
        if told.number == self._known:
            return
        self._known, self.revoked = told.number, dict(told.names)
        for peer in self._turn_away(self._judge):
            _log.warn("cut off: {peer}", peer=peer)

    def _judge(self, certificate: x509.Certificate) -> str:
        name = revoked_name(certificate, self.revoked)
        return f"the certificate of {name} is revoked" if name else ""

    def _silent(self, error: Exception) -> None:
        if self._answered:
            self._answered = False
            told = f"{type(error).__name__}: {error}"
            _log.warn(
                "no registry tells which certificates are revoked, going by what is known: {error}",
                error=told,
            )


def revoking(world: World, communicator: Communicator, settings: Settings) -> Revoking:
    """Of a node that calls, and is called, over mutual TLS."""
    address = ":".join(["PushNet/Authority", *settings.doors])
    authority = AuthorityPrx.uncheckedCast(communicator.stringToProxy(address))
    assert authority is not None
    return Revoking(world, authority, communicator.turn_away)
