"""The registry as a service: one adapter on the cluster's registry port, one state, one timer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from twisted.internet.interfaces import IDelayedCall

from pushnet.grid.tables import AGENT, BY_TLS, ServerSettings
from pushnet.grid.tokens import OPERATOR
from pushnet.grid.wellknown import (
    AUTHORITY,
    CLUSTER,
    DEPLOYER,
    EVENTS,
    GRID_REGISTRY,
    LISTS,
    LOCATOR,
    LOCATOR_FINDER,
    LOCATOR_REGISTRY,
    QUERY,
    REGISTRY,
    TOKENS,
)
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.login import Login
from pushnet.roles.registry.admin import AdminI
from pushnet.roles.registry.admin_servers import AgentServers
from pushnet.roles.registry.admin_session import AdminSessionI, UpdateLock
from pushnet.roles.registry.answers import Answers
from pushnet.roles.registry.authority_servant import AuthorityI
from pushnet.roles.registry.cluster import ClusterI
from pushnet.roles.registry.cluster_book import ClusterBook
from pushnet.roles.registry.cluster_reports import Reports
from pushnet.roles.registry.cluster_writing import ClusterWriting
from pushnet.roles.registry.deploying import Deploying
from pushnet.roles.registry.desk import Desk
from pushnet.roles.registry.event_log import Limits
from pushnet.roles.registry.event_servant import EventsI
from pushnet.roles.registry.gaps import Gaps
from pushnet.roles.registry.homes import Homes
from pushnet.roles.registry.joining import Joining, guard, leads_to
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.list_servant import ListsI
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.roles.registry.observers import Observers
from pushnet.roles.registry.own import TYPES, OwnObjects
from pushnet.roles.registry.probing import Probing
from pushnet.roles.registry.proxies import Proxies
from pushnet.roles.registry.registration import LocatorRegistryI
from pushnet.roles.registry.servant import LocatorFinderI, LocatorI, QueryI, RegistryI, SecureLocatorI
from pushnet.roles.registry.sessions import GridRegistryI, SessionI, Sessions
from pushnet.roles.registry.stewarding import Stewarding
from pushnet.roles.registry.token_servant import TokensI
from pushnet.roles.registry.waking import Waking
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.stubs import ObjectPrx
from pushnet.stores.registry.embedded import EmbeddedState
from pushnet.stores.registry.etcd import EtcdState
from pushnet.stores.registry.state import RegistryState

TICKS_PER_LEASE: Final = 6
"""How often leases are looked at: an entry is dropped at most a sixth of a lease late."""
GUARDED: Final = {
    REGISTRY: {"setPolicy": OPERATOR},
    CLUSTER: {
        **dict.fromkeys(("settings", "compare", "apply", "restored"), OPERATOR),
        **dict.fromkeys(("plan", "report"), AGENT),
    },
    LISTS: dict.fromkeys(("put", "remove"), OPERATOR),
    DEPLOYER: dict.fromkeys(("deploy", "pause", "resume", "abort", "rollback"), OPERATOR),
}
"""Who may call what, where not everybody may join."""
IN_THE_CLEAR: Final = (LOCATOR, LOCATOR_FINDER, LOCATOR_REGISTRY, QUERY, REGISTRY)
"""What there is without TLS where nodes show certificates: lookups. Who would join there is told why not."""
EVERYTHING: Final = (*(identity for identity in TYPES if identity != LOCATOR), TOKENS)
COUNTS: Final = ["nodes", "strangers", "adapters", "groups", "objects"]


class RegistryService(RoleService):
    """Serves from the moment its tables are read."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._metrics = RegistryMetrics(parts.metrics)
        self._metrics.watch(COUNTS, self.gauges)
        self._ledger: Ledger | None = None
        self._adapter: ObjectAdapter | None = None
        self._tls_adapter: ObjectAdapter | None = None
        self._tick_due: IDelayedCall | None = None
        self._ticks = 0
        self._book: ClusterBook | None = None
        self._events: EventsI | None = None
        self._lists: ListsI | None = None
        self._authority: AuthorityI | None = None
        self._waking: Waking | None = None
        self._gaps: Gaps | None = None
        self._deploying: Deploying | None = None
        self._stewarding: Stewarding | None = None

    async def open(self) -> None:
        parts = self.parts
        ledger = self._ledger = self.make_ledger()
        ledger.on_failure(self.give_up)
        await ledger.open()
        proxies, own = Proxies(parts.communicator), OwnObjects()
        probing = Probing(parts.world, ledger, proxies)
        answers = Answers(ledger.lookups, proxies, own, self._metrics.lookups)
        desk = Desk(parts.world, ledger, proxies, own, answers)
        self._adapter = parts.communicator.createObjectAdapterWithEndpoints("registry", self._endpoint())
        self._tls_adapter = self._make_tls()
        adapter = self._inner
        joining = self._open_joining(ledger)
        _add_servants(adapter, desk, probing, joining)
        adapter.add(TokensI(parts.world, ledger, parts.settings.cluster.secret), TOKENS)
        self._events = EventsI(parts.world, ledger.events)
        adapter.add(self._events, EVENTS)
        self._lists = ListsI(parts.world, ledger)
        adapter.add(self._lists, LISTS)
        reports = self._open_cluster(adapter, ledger, joining)
        desk.is_kept = reports.keeps
        probing.idlers = reports.idlers
        assert self._book is not None
        Homes(ledger, self._book, reports)
        self._waking = Waking(parts.world, ledger, self._book, proxies)
        desk.wake = self._waking.wake
        self._open_gaps(desk, reports)
        sessions = self._open_sessions(adapter, desk, reports)
        self._guard(adapter, joining)
        await self._open_doors(desk, joining)
        self._tick(desk, probing, sessions)
        parts.membership.offer(adapter)
        await parts.membership.start()

    def _open_joining(self, ledger: Ledger) -> Joining:
        """Decides who may join; lets this registry in itself."""
        parts = self.parts

        def servers(address: str) -> list[ServerSettings]:
            book = self._book
            known = (book.settings if book is not None else None) or parts.settings
            places = book.places if book is not None else {}
            return [each for each in known.server if is_at(places.get(each.name, each.agent), address)]

        def is_at(agent: str, address: str) -> bool:
            member = ledger.books.nodes.get(agent)
            adapters = member.record.adapters if member is not None else ()
            return any(leads_to(each.endpoints, address) for each in adapters)

        def planned(adapter: str, address: str) -> bool:
            return any(adapter in server.adapters for server in servers(address))

        def is_server(name: str, address: str) -> bool:
            return any(name == server.name for server in servers(address))

        def refused(who: str, why: str) -> None:
            ledger.events.record("join.refused", who, why)

        papers, name = ledger.books.papers, parts.node.name
        joining = Joining(parts.world, parts.settings.cluster, papers, planned, is_server, refused, name)
        parts.membership.token = parts.membership.token or joining.own
        return joining

    def _guard(self, adapter: ObjectAdapter, joining: Joining) -> None:
        """What agents only may read, and operators only may change."""
        by_tls = self.parts.settings.cluster.join == BY_TLS
        tokens = {TOKENS: dict.fromkeys(("keep", "revoke", "all"), OPERATOR)} if by_tls else {}
        for identity, roles in {**GUARDED, **tokens}.items():
            servant = adapter.find(identity)
            if servant is not None:
                guard(servant, joining, roles)

    @property
    def _inner(self) -> ObjectAdapter:
        """Where nodes and operators find everything: over TLS only, where that is wanted."""
        assert self._adapter is not None
        by_tls = self.parts.settings.cluster.join == BY_TLS
        return self._tls_adapter if self._tls_adapter is not None and by_tls else self._adapter

    def _make_tls(self) -> ObjectAdapter | None:
        """One port above, for those that show certificates, where there are any."""
        parts = self.parts
        if not parts.settings.cluster.tls:
            return None
        host, port = parts.node.host or parts.settings.cluster.host, self._port() + 1
        endpoint = f"ssl -h {host} -p {port}"
        return parts.communicator.createObjectAdapterWithEndpoints("registry-tls", endpoint)

    async def _open_doors(self, desk: Desk, joining: Joining) -> None:
        """Have the same objects at both ports, or in the clear only what everybody may look up."""
        plain, inside, inner = self._adapter, self._tls_adapter, self._inner
        assert plain is not None
        if inside is not None:
            folder = self.parts.settings.cluster.tls
            authority = self._authority = AuthorityI(self.parts.world, desk.ledger, joining, folder)
            guard(authority, joining, {"revoke": OPERATOR})
            inside.add(authority, AUTHORITY)
            shown = IN_THE_CLEAR if inner is inside else EVERYTHING
            for identity in shown:
                servant = inner.find(identity)
                if servant is not None:
                    (plain if inner is inside else inside).add(servant, identity)
            if inner is inside:
                inside.remove(LOCATOR)
            inside.add(SecureLocatorI(desk, inside), LOCATOR)
            await inside.activate()
        await plain.activate()
        settings = self.parts.settings
        desk.own.publish(plain, self._places(settings.registries))
        if inner is inside:
            secret = [identity for identity in TYPES if identity not in IN_THE_CLEAR]
            desk.own.publish(inside, self._places(settings.doors), secret)

    def _places(self, endpoints: Sequence[str]) -> list[ObjectPrx]:
        found = [self.parts.communicator.stringToProxy(f"other:{each}") for each in endpoints]
        return [each for each in found if each is not None]

    def make_ledger(self) -> Ledger:
        """Decides who is taken in, kept, let go."""
        parts = self.parts
        kept = Limits.of(parts.node.registry.events_mib, parts.node.registry.events_days)
        state = self.make_state()
        return Ledger(parts.world, parts.settings, parts.node.name, state, self._metrics, kept)

    def make_state(self) -> RegistryState:
        """Where the registry keeps what must not be forgotten."""
        cluster, name = self.parts.settings.cluster, self.parts.node.name
        if cluster.etcd:
            return EtcdState(self.parts.world, cluster.etcd, cluster.name, name, cluster.lease_s)
        return EmbeddedState(self.parts.world)

    def _open_cluster(self, adapter: ObjectAdapter, ledger: Ledger, joining: Joining) -> Reports:
        """Keep the settings of the whole cluster, and go by those that were applied; how its servers are."""
        world = self.parts.world
        book = self._book = ClusterBook(world, ledger.books.papers)
        if book.settings is not None:
            ledger.adopt(book.settings)
        book.followers.append(ledger.adopt)
        ledger.agent_of = book.agent_of
        writing, reports = ClusterWriting(world, ledger, book), Reports(world, ledger, book)
        self._deploying = Deploying(self.parts, ledger, book, reports)
        self._deploying.add_to(adapter)
        self._stewarding = Stewarding(world, ledger, self._deploying.leading, book, reports)
        cluster = ClusterI(ledger, book, writing, reports, self._stewarding)
        cluster.is_for = joining.is_agent
        adapter.add(cluster, CLUSTER)
        return reports

    def _open_gaps(self, desk: Desk, reports: Reports) -> None:
        """Have who looks for a server that is being replaced wait for it."""
        book, waking = self._book, self._waking
        assert book is not None and waking is not None
        gaps = self._gaps = Gaps(self.parts.world, desk.ledger, lambda id: book.home(id)[0], reports.returns)
        reports.followers.append(lambda agent, before, now: gaps.look())
        waking.otherwise = gaps.wait
        desk.await_object = gaps.wait

    def _open_sessions(self, adapter: ObjectAdapter, desk: Desk, reports: Reports) -> Sessions:
        """Let clients and administrators have sessions, if the configuration names any."""
        world, registry = self.parts.world, self.parts.node.registry
        sessions, lock = Sessions(world, adapter), UpdateLock()
        assert self._book is not None
        admin = AdminI(desk, AgentServers(desk, reports, self._book))
        observers = Observers(world, desk.ledger.books, admin)
        reports.followers.append(observers.reported)

        def admin_session() -> AdminSessionI:
            books = desk.ledger.books
            return AdminSessionI(sessions, books, admin, observers, lock, self.parts.node.name)

        adapter.add(
            GridRegistryI(
                sessions,
                Login(world, registry.users, "registry.users"),
                Login(world, registry.admins, "registry.admins"),
                lambda: SessionI(sessions, desk.answers),
                admin_session,
            ),
            GRID_REGISTRY,
        )
        return sessions

    def _endpoint(self) -> str:
        node, cluster = self.parts.node, self.parts.settings.cluster
        return f"tcp -h {node.host or cluster.host} -p {self._port()}"

    def _port(self) -> int:
        return self.parts.node.port or self.parts.settings.cluster.registry_port

    def _tick(self, desk: Desk, probing: Probing, sessions: Sessions) -> None:
        desk.look()
        sessions.sweep()
        desk.ledger.tick()
        if self._deploying is not None:
            self._deploying.tick()
        if self._stewarding is not None:
            self._stewarding.tick()
        if self._ticks % TICKS_PER_LEASE == 0:
            probing.round()
        self._ticks += 1
        pause_s = desk.ledger.lease_s / TICKS_PER_LEASE
        self._tick_due = self.parts.world.call_later(pause_s, self._tick, desk, probing, sessions)

    async def close(self) -> None:
        await self.parts.membership.stop()
        if self._tick_due is not None and self._tick_due.active():
            self._tick_due.cancel()
        if self._book is not None:
            self._book.close()
        if self._events is not None:
            self._events.close()
        if self._lists is not None:
            self._lists.close()
        if self._authority is not None:
            self._authority.close()
        if self._waking is not None:
            self._waking.close()
        if self._gaps is not None:
            self._gaps.close()
        if self._deploying is not None:
            self._deploying.let_go()
        for adapter in (self._tls_adapter, self._adapter):
            if adapter is not None:
                await adapter.deactivate()
        if self._deploying is not None:
            await self._deploying.close()
        if self._ledger is not None:
            await self._ledger.close()

    def health(self) -> dict[str, object]:
        trouble = self._ledger.trouble if self._ledger is not None else ""
        well = super().health()
        return {**well, "ok": bool(well["ok"]) and not trouble, "trouble": trouble}

    def gauges(self) -> dict[str, float]:
        return self._ledger.counts() if self._ledger is not None else dict.fromkeys(COUNTS, 0.0)


def _add_servants(adapter: ObjectAdapter, desk: Desk, probing: Probing, joining: Joining) -> None:
    adapter.add(LocatorI(desk), LOCATOR)
    adapter.add(LocatorRegistryI(desk, probing, joining), LOCATOR_REGISTRY)
    adapter.add(QueryI(desk), QUERY)
    adapter.add(LocatorFinderI(desk), LOCATOR_FINDER)
    adapter.add(RegistryI(desk, probing, joining), REGISTRY)


def make_service(parts: Parts) -> RoleService:
    """The registry of `parts.settings`."""
    return RegistryService(parts)
