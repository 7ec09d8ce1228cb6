"""A node has nothing to do with who is revoked: no connection begins, and those that are there end.

The registries keep which names were revoked and when (`pushnet ca revoke`). Nodes learn of changes by long
polls, all at once. While no registry answers they go by what they know; one that starts then knows of none.
"""

from __future__ import annotations

from collections.abc import Callable

from cryptography import x509
from twisted.logger import Logger

from pushnet.gen.pushnet.join import AuthorityPrx, RevokedNames
from pushnet.grid.settings import Settings
from pushnet.roles.certificates import Revoked, revoked_name
from pushnet.roles.polling import LIMIT_MS, Polling
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.security import Judge
from pushnet.world import World

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
        limited = AuthorityPrx.uncheckedCast(authority.ice_invocationTimeout(LIMIT_MS))
        assert limited is not None, "a proxy with a timeout is a proxy"
        self._turn_away = turn_away
        self._polling = Polling(
            world, "following what is revoked", limited.revocations, self._take, self._silent
        )

    def start(self) -> None:
        self._polling.start()

    def stop(self) -> None:
        self._polling.stop()

    def _take(self, told: RevokedNames) -> None:
        self.revoked = dict(told.names)
        for peer in self._turn_away(self._judge):
            _log.warn("cut off: {peer}", peer=peer)

    def _judge(self, certificate: x509.Certificate) -> str:
        name = revoked_name(certificate, self.revoked)
        return f"the certificate of {name} is revoked" if name else ""

    def _silent(self, why: str) -> None:
        _log.warn(
            "no registry tells which certificates are revoked, going by what is known: {error}", error=why
        )


def revoking(world: World, communicator: Communicator, settings: Settings) -> Revoking:
    """Of a node that calls, and is called, over mutual TLS."""
    address = ":".join(["PushNet/Authority", *settings.doors])
    authority = AuthorityPrx.uncheckedCast(communicator.stringToProxy(address))
    assert authority is not None
    return Revoking(world, authority, communicator.turn_away)
