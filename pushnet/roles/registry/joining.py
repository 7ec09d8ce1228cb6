"""Who may join, and who may change the grid: by `join` of the cluster's settings.

    open    everybody
    token   who shows a token for its role (`pushnet.grid.tokens`)
    tls     who comes over TLS with a certificate of the cluster's authority, made out for its name and role

Lookups are for everybody, as in IceGrid. Stock Ice servers cannot show tokens: unless all is open they come
over TLS with a certificate for the role `server`, or the settings have an agent run a server with that
adapter, and they come from where that agent is.
Operators show what nodes show: nothing, a token or a certificate, for the role `operator`.

Whoever is refused again and again is refused without a look for a while, by address.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from itertools import pairwise
from typing import Any, Final

import attrs

from pushnet.grid.tables import AGENT, BY_TLS, OPEN, ClusterSettings
from pushnet.grid.tokens import (
    CONTEXT,
    NOT_ALLOWED,
    SERVER,
    Token,
    digest_of,
    fault,
    token_id,
    token_text,
)
from pushnet.roles.certificates import HOME, certificate_fault, checked
from pushnet.roles.registry.papers import REVOKED, TOKEN, Papers
from pushnet.rpc.exceptions import UnknownException
from pushnet.rpc.stubs import Current
from pushnet.world import World

JOINS_AT_ONCE: Final = 500
JOINS_PER_S: Final = 50.0
"""Of one address; a machine has some tens of nodes."""
REFUSALS_MAX: Final = 10
REFUSED_S: Final = 10.0
PEERS_MAX: Final = 1024
OWN_BYTES: Final = 32


class NotAdmitted(Exception):
    """The caller may not do that: the text says why."""


@attrs.define
class _Peer:
    """One address."""

    left: float
    """Joins it may begin at once."""
    seen_at: float
    refused: int = 0
    refused_at: float = 0.0


class Joining:
    """The registry's doorkeeper.

    Args:
        planned: whether an adapter is one that an agent at that address is to have a server serve.
        is_server: whether an agent at that address is to run a server of that name.
    """

    def __init__(
        self,
        world: World,
        cluster: ClusterSettings,
        papers: Papers,
        planned: Callable[[str, str], bool],
        is_server: Callable[[str, str], bool],
        refused: Callable[[str, str], object],
        own_name: str = "",
    ) -> None:
        self.own = token_text(world.entropy.token(6), world.entropy.token(OWN_BYTES))
        """By which this registry joins itself."""
        self._world = world
        self._how = cluster.join
        self._papers = papers
        self._planned = planned
        self._is_server = is_server
        self._refused = refused
        self._own_name = own_name
        self._peers: OrderedDict[str, _Peer] = OrderedDict()
        self._revocations: tuple[int, dict[str, int]] | None = None
        """As read last; None: something has changed since. Every join and renewal looks at them."""
        papers.followers.append(self._changed)

    def admit(self, current: Current | None, name: str, role: str) -> None:
        """A node wants to join. Raises `NotAdmitted`."""
        peer = self._peer(current)
        now = self._world.monotonic()
        peer.left = min(JOINS_AT_ONCE, peer.left + (now - peer.seen_at) * JOINS_PER_S)
        peer.seen_at = now
        if peer.left < 1.0:
            raise NotAdmitted("too many joins from there; later")
        peer.left -= 1.0
        self._decide(current, name, role)

    def recognise(self, current: Current | None, name: str) -> None:
        """A node that is in wants to stay, or to leave. Raises `NotAdmitted`."""
        self._decide(current, name, "")

    def admit_stranger(self, current: Current | None, adapter: str) -> None:
        """A stock Ice server wants to register. Raises `NotAdmitted`."""
        if self._how != OPEN and not self._planned(adapter, peer_address(current)):
            wrong = self._certificate_fault(current, "", SERVER)
            if wrong:
                self._refuse(current, adapter, f"no agent has a server with that adapter, and {wrong}")

    def admit_server(self, current: Current | None, server: str) -> None:
        """A stock Ice server wants to be asked to end, when it is to. Raises `NotAdmitted`."""
        if self._how != OPEN and not self._is_server(server, peer_address(current)):
            wrong = self._certificate_fault(current, "", SERVER)
            if wrong:
                self._refuse(current, server, f"no agent has a server of that name, and {wrong}")

    def allow(self, current: Current | None, role: str) -> None:
        """Somebody wants what only that role may. Raises `NotAdmitted`."""
        if self._how == OPEN:
            return
        if self._how == BY_TLS:
            wrong = self._certificate_fault(current, "", role)
        else:
            wrong = self._token_fault(current, role)
        if wrong:
            self._refuse(current, role, wrong)

    def is_agent(self, current: Current | None, agent: str) -> None:
        """Somebody wants what that agent is to do, or tells how it is. Raises `UnknownException`.

        Tokens are for roles, not for names; certificates are for both.
        """
        if self._how != BY_TLS:
            return
        wrong = self._certificate_fault(current, agent or HOME, AGENT)
        if wrong:
            try:
                self._refuse(current, agent, wrong)
            except NotAdmitted as error:
                raise UnknownException(f"{NOT_ALLOWED}{error}") from error

    def revocations(self) -> tuple[int, dict[str, int]]:
        """The revision of the newest; and names, and when their certificates were revoked."""
        if self._revocations is None:
            found = self._papers.under(REVOKED)
            number = max((entry.revision for entry in found.values()), default=0)
            self._revocations = number, {name: int(entry.value) for name, entry in found.items()}
        return self._revocations

    def revoked(self) -> dict[str, int]:
        """Names, and when their certificates were revoked."""
        return self.revocations()[1]

    def _changed(self, key: str) -> None:
        if key.startswith(REVOKED):
            self._revocations = None

    def roles_by_token(self, current: Current | None, name: str) -> list[str]:
        """What the caller's token is for. Raises `NotAdmitted`."""
        wrong = self._token_fault(current, "")
        if wrong:
            self._refuse(current, name, wrong)
        return list(Token.from_text(self._papers.value(f"{TOKEN}{token_id(_shown(current))}")).roles)

    def _certificate_fault(self, current: Current | None, name: str, role: str) -> str:
        return certificate_fault(current, name, role, self.revoked())

    def _decide(self, current: Current | None, name: str, role: str) -> None:
        if self._how == OPEN or self._is_own(current, name):
            return
        if self._how == BY_TLS:
            wrong = self._certificate_fault(current, name, role)
        else:
            wrong = self._token_fault(current, role)
        if wrong:
            self._refuse(current, name, wrong)

    def _is_own(self, current: Current | None, name: str) -> bool:
        own = Token("", digest_of(self.own), ("registry",), 0)
        return bool(self._own_name) and name == self._own_name and not fault(own, _shown(current), "", 0)

    def _token_fault(self, current: Current | None, role: str) -> str:
        text = _shown(current)
        kept = self._papers.value(f"{TOKEN}{token_id(text)}")
        return fault(Token.from_text(kept) if kept else None, text, role, self._world.wall())

    def _refuse(self, current: Current | None, who: str, why: str) -> None:
        peer = self._peer(current)
        now = self._world.monotonic()
        if now - peer.refused_at > REFUSED_S:
            peer.refused = 0
        peer.refused += 1
        peer.refused_at = now
        if peer.refused <= REFUSALS_MAX:
            self._refused(who, why)
        raise NotAdmitted(why if peer.refused <= REFUSALS_MAX else "refused too often; later")

    def _peer(self, current: Current | None) -> _Peer:
        address = peer_address(current)
        peer = self._peers.get(address)
        if peer is None:
            peer = self._peers[address] = _Peer(JOINS_AT_ONCE, self._world.monotonic())
            if len(self._peers) > PEERS_MAX:
                self._peers.popitem(last=False)
        self._peers.move_to_end(address)
        return peer


def guard(servant: Any, joining: Joining, roles: Mapping[str, str]) -> None:
    """Let only some call operations of a servant: the role by the operation's name."""
    checked(servant, {name: _check(joining, role) for name, role in roles.items()})


def _check(joining: Joining, role: str) -> Callable[[Any], None]:
    def check(current: Any) -> None:
        try:
            joining.allow(current, role)
        except NotAdmitted as error:
            raise UnknownException(f"{NOT_ALLOWED}{error}") from error

    return check


def leads_to(endpoints: str, address: str) -> bool:
    """Whether that may be the machine of who listens at these endpoints. Names may mean any address."""
    hosts = [word for before, word in pairwise(endpoints.split()) if before == "-h"]
    return any(host == address or not _is_address(host) for host in hosts)


def _is_address(host: str) -> bool:
    try:
        ip_address(host.strip('"'))
    except ValueError:
        return False
    return True


def _shown(current: Current | None) -> str:
    """The token that came with a request."""
    return current.ctx.get(CONTEXT, "") if current is not None else ""


def peer_address(current: Current | None) -> str:
    if current is None or current.con is None:
        return ""
    info: Any = current.con.getInfo()
    while info is not None:
        if hasattr(info, "remoteAddress"):
            return str(info.remoteAddress)
        info = getattr(info, "underlying", None)
    return ""
