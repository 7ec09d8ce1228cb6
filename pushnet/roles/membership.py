"""A node's place in the grid: taken at start, kept by heartbeats, given up at the end.

A node offers its adapters, then starts: it joins the registry with all of them at once and is granted a
lease of `ttl` seconds under an epoch. From then on it renews every third of the lease, telling its gauges.
Where there are several registries any of them will do: a node stays with one until it fails it, then turns to
the next. Four things may go wrong, and each has one answer:

* no registry answers: the node goes on serving and keeps trying, for ever;
* the registry has forgotten the lease, or it ran out: the node joins again, with a higher epoch;
* a newer process of the same name has joined: the node serves what it has, and joins again only when the name
  is free; two that took it from each other in turns would help nobody;
* another installation has the name, as when a folder was copied: the node waits for two leases, in which one
  that is dead goes, then `NameTakenException` says who has it, or the node that serves already waits on;
* at start nobody answers, or the entry is refused: tried again with growing pauses until `JOIN_LIMIT_S`
  has passed, then `JoinFailedException` says where it knocked and what it heard.

All waiting is measured on the monotonic clock. `holds_lease` is the node's own, cautious view: the lease
counts from before the request was sent, so it never ends later here than at the registry.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from zlib import crc32

import attrs
from twisted.internet.defer import CancelledError, Deferred, ensureDeferred
from twisted.internet.task import deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure

from pushnet.gen.pushnet.registry import (
    AdapterEntry,
    Lease,
    LeaseLostException,
    NodeInfo,
    RegistrationRefusedException,
    RegistryPrx,
    WellKnownObject,
)
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.installations import CONTEXT as INSTALLATION
from pushnet.grid.installations import LEASES_WAITED, TAKE_OVER, TAKEN
from pushnet.grid.settings import NodeSettings, Settings
from pushnet.grid.tables import BY_TLS
from pushnet.grid.tokens import CONTEXT
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.certificates import masters_only
from pushnet.roles.installing import Installation, installation_of
from pushnet.roles.loadmeter import LoadMeter
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.admin.process import ProcessFacet
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException
from pushnet.rpc.stubs import ObjectPrx
from pushnet.wire.identity import Identity
from pushnet.world import World

P = TypeVar("P", bound=ObjectPrx)
JOIN_LIMIT_S = 60.0
"""How long a node that starts waits for a registry; long enough for a registry that starts beside it."""
PAUSE_FIRST_S = 0.1
PAUSE_MAX_S = 5.0
LOOKS_PER_RENEWAL = 4
"""How often between two renewals it is looked how much the node has to do."""
LEAVE_TRIES = 2
"""Registries asked to let a node go, each for a third of the lease; then the lease runs out by itself."""
ASKED_LIMIT_S = 2.0
"""For the question to each registry who has a name."""
CALL_LIMIT_S = 5.0
"""For one call of the registry; renewals take a third of the lease if that is less."""


class JoinFailedException(Exception):
    """No registry took the node in: the text says where it knocked and what it heard last."""


class NameTakenException(JoinFailedException):
    """Another installation has the node's name, and lives: the text says which, and what helps."""


@attrs.frozen
class _Offer:
    """One adapter, and what is to be found through it."""

    adapter: ObjectAdapter
    adapter_id: str
    group: str
    objects: tuple[WellKnown, ...]


class Membership:
    """Keeps one node known to the registry. See the module's text for its life."""

    def __init__(
        self,
        world: World,
        communicator: Communicator,
        settings: Settings,
        node: NodeSettings,
        version: str = "",
        gauges: Callable[[], dict[str, float]] = dict,
        *,
        pid: int = 0,
        http: str = "",
    ) -> None:
        self._world = world
        self._communicator = communicator
        self._cluster = settings.cluster
        self._registries = settings.doors
        self._at = _first_registry(settings, node)
        self._node = node
        self._version = version
        self._gauges = gauges
        self._pid = pid
        self.http = http
        """Where health and metrics are, as `http://host:port`; set it before `start` when chosen late."""
        self.token = ""
        """Shown to registries; see `pushnet.grid.tokens`."""
        self.on_shutdown: Callable[[], object] | None = None
        """What `Ice::Process` orders, which is found as `process/<node>`; nobody can when None."""
        self.installation = ""
        """Whose process this is; empty: that of the world's folder. See `pushnet.grid.installations`."""
        self.take_over = False
        """Join once although another installation has the name."""
        self._offers: list[_Offer] = []
        self._meter = LoadMeter(communicator, self._adapters)
        self._keeping: Deferred[None] | None = None
        self._stopped = False
        self._replaced = False
        self._lease = Lease()
        self._lease_ends = 0.0
        self._log = Logger(namespace="pushnet.membership")

    def offer(
        self,
        adapter: ObjectAdapter,
        group: str = "",
        objects: Sequence[WellKnown] = (),
        adapter_id: str = "",
    ) -> None:
        """Tell the registry of `adapter` when joining. Call before `start`; once for each group it is in.

        Args:
            adapter: activated before `start` is called.
            group: the replica group it belongs to, or "".
            objects: found by identity alone, in the group or, without one, at this adapter.
            adapter_id: how the adapter is found; the node's name when empty.
        """
        self._offers.append(_Offer(adapter, adapter_id or self._node.name, group, tuple(objects)))

    @property
    def holds_lease(self) -> bool:
        """Whether the lease certainly runs at this moment."""
        return self._world.monotonic() < self._lease_ends

    @property
    def version(self) -> str:
        """What the registry is told that this node is."""
        return self._version

    @property
    def epoch(self) -> int:
        """The epoch of the present or last lease; 0 before the first."""
        return self._lease.epoch

    async def identify(self) -> Installation:
        """Know whose process this is."""
        if self.installation:
            return Installation(self.installation, new=False)
        found = await self._world.run_blocking(installation_of, self._world)
        self.installation = found.id
        return found

    async def is_taken(self) -> bool:
        """Whether somebody has the name at this moment; not when no registry tells."""
        for _ in self._registries:
            try:
                standing = await self._registry(ASKED_LIMIT_S).nodes()
                return self._node.name in [status.info.name for status in standing]
            except CancelledError:
                raise
            except (LocalException, UnavailableException):
                self._turn_to_next()
        return False

    async def start(self) -> None:
        """Join; the node can be found when this returns. Raises `JoinFailedException`."""
        self._stopped = False
        await self.identify()
        known = self._offers[0].adapter.find(self._process) if self._offers else None
        if self.on_shutdown is not None and self._offers and known is None:  # who failed to join tries again
            facet = ProcessFacet(self.on_shutdown)
            if self._cluster.join == BY_TLS:
                masters_only(facet, ("shutdown", "writeMessage"))
            self._offers[0].adapter.add(facet, self._process)
        await self._join(self._world.monotonic() + JOIN_LIMIT_S)
        self._keeping = ensureDeferred(self._keep())
        self._world.background("membership", self._keeping.addErrback(_expect_cancel))

    async def stop(self) -> None:
        """Leave the grid, so that nobody new is sent here. A registry that is gone is no error."""
        self._stopped = True
        if self._keeping is None:
            return
        self._keeping.cancel()
        self._keeping = None
        if not self._lease.epoch:
            return
        self._lease_ends = 0.0
        for _ in self._registries[:LEAVE_TRIES]:
            try:
                await self._registry(self._renew_limit_s).leave(self._node.name, self._lease.epoch)
                return
            except (LocalException, UnavailableException) as error:
                told = {"where": self._address, "error": _told(error)}
                self._log.info("left without telling the registry at {where}: {error}", **told)
                self._turn_to_next()

    async def _keep(self) -> None:
        """Renew until cancelled; whatever goes wrong, try again after a third of the lease."""
        while not self._stopped:
            for _ in range(LOOKS_PER_RENEWAL):
                await deferLater(self._world.clock, self._lease.ttlMs / 3000 / LOOKS_PER_RENEWAL)
                self._meter.look()
            gauges = self._readings()
            for _ in self._registries:
                try:
                    await self._renew(gauges)
                    break
                except LeaseLostException as lost:
                    await self._lost(lost.reason)
                    break
                except (LocalException, UnavailableException) as error:
                    told = {"where": self._address, "error": _told(error)}
                    self._log.warn("the registry at {where} does not answer, serving on: {error}", **told)
                    self._turn_to_next()

    async def _lost(self, reason: str) -> None:
        """Join again, but not over a newer process of the same name: it is meant to have it.

        What nobody renews lapses; then the name is free again.
        """
        try:
            standing = await self._registry(CALL_LIMIT_S).nodes()
        except (LocalException, UnavailableException) as error:
            self._log.warn("lease lost, and nobody tells to whom: {error}", error=_told(error))
            self._turn_to_next()
            return
        held = {status.info.name: status.epoch for status in standing}.get(self._node.name, 0)
        if held > self._lease.epoch:
            if not self._replaced:
                self._log.warn("a newer process of {name} is in; waiting", name=self._node.name)
            self._replaced = True
            return
        self._log.warn("lease lost, joining again: {reason}", reason=reason)
        await self._join(None)

    async def _renew(self, gauges: dict[str, float]) -> None:
        asked_at = self._world.monotonic()
        registry = self._registry(self._renew_limit_s)
        await registry.renew(self._node.name, self._lease.epoch, gauges)
        self._lease_ends = asked_at + self._lease.ttlMs / 1000

    def _readings(self) -> dict[str, float]:
        """What is told of this node: what its role tells goes before what is measured."""
        return {**self._meter.read(self._world.monotonic()), **self._gauges()}

    async def _join(self, until: float | None) -> None:
        """Join, again and again with growing pauses; after `until` raise what was heard last."""
        pause_s, pause_max_s = PAUSE_FIRST_S, PAUSE_MAX_S
        while not self._stopped:
            asked_at = self._world.monotonic()
            try:
                registry = self._introduced_whole(self._registry(CALL_LIMIT_S))
                self._lease = await registry.join(self._info(), *self._entries())
                self._lease_ends = asked_at + self._lease.ttlMs / 1000
                self._replaced = self.take_over = False
                return
            except CancelledError:
                raise
            except (LocalException, RegistrationRefusedException, UnavailableException) as error:
                failed, heard = self._join_failed(error), _told(error)
                if not isinstance(error, RegistrationRefusedException):
                    self._turn_to_next()
            taken = isinstance(failed, NameTakenException)
            if taken and pause_max_s == PAUSE_MAX_S:
                self._log.warn("{name} waits: {heard}", name=self._node.name, heard=str(failed))
                pause_s = pause_max_s = self._cluster.lease_s / 3
                until = until and min(until, asked_at + LEASES_WAITED * self._cluster.lease_s)
            if until is not None and self._world.monotonic() + pause_s > until:
                raise failed
            if taken:
                await self._until_free(until)
                continue
            self._log.info("not joined yet, trying again: {heard}", heard=heard)
            await deferLater(self._world.clock, pause_s * self._world.rng("membership").uniform(0.5, 1.0))
            pause_s = min(pause_s * 2, pause_max_s)

    async def _until_free(self, until: float | None) -> None:
        """Look again and again whether somebody still has the name: each refusal would be an event."""
        pause_s = self._cluster.lease_s / 3
        while not self._stopped and (until is None or self._world.monotonic() + pause_s <= until):
            await deferLater(self._world.clock, pause_s)
            if not await self.is_taken():
                return

    def _join_failed(self, error: Exception) -> JoinFailedException:
        """What is said when that was heard last."""
        if isinstance(error, RegistrationRefusedException) and error.reason.startswith(TAKEN):
            return NameTakenException(error.reason)
        return JoinFailedException(
            f"{self._node.name} cannot join the registry at {self._address}: {_told(error)}; "
            f"start the registry first, or correct cluster.host and cluster.registry_port"
        )

    def _info(self) -> NodeInfo:
        node = self._node
        return NodeInfo(node.name, node.role, self._version, node.region, self._pid, self.http, node.zone)

    def _introduced_whole(self, proxy: P) -> P:
        """Also as a process of its installation."""
        told = {INSTALLATION: self.installation, **({TAKE_OVER: "1"} if self.take_over else {})}
        return proxy.ice_context({**proxy.ice_getContext(), **told})

    def _adapters(self) -> list[ObjectAdapter]:
        return list(dict.fromkeys(offer.adapter for offer in self._offers))

    def _entries(self) -> tuple[list[AdapterEntry], list[WellKnownObject]]:
        """What was offered, as the registry wants to hear it."""
        adapters: list[AdapterEntry] = []
        objects: list[WellKnownObject] = []
        for offer in self._offers:
            direct = offer.adapter.createProxy(Identity("dummy", ""))
            adapters.append(AdapterEntry(offer.adapter_id, offer.group, direct))
            for known in offer.objects:
                proxy = self._indirect(known.identity, offer.group or offer.adapter_id)
                objects.append(WellKnownObject(known.type_id, proxy))
        if self.on_shutdown is not None and self._offers:
            proxy = self._indirect(self._process, self._offers[0].adapter_id)
            objects.append(WellKnownObject(ProcessFacet.ice_type, proxy))
        return adapters, objects

    @property
    def _process(self) -> Identity:
        return Identity(self._node.name, "process")

    def _indirect(self, identity: Identity, adapter_id: str) -> ObjectPrx:
        template = self._communicator.stringToProxy("template")
        assert template is not None
        return template.ice_identity(identity).ice_adapterId(adapter_id)

    @property
    def _address(self) -> str:
        return self._registries[self._at]

    def _turn_to_next(self) -> None:
        self._at = (self._at + 1) % len(self._registries)

    @property
    def _renew_limit_s(self) -> float:
        return min(CALL_LIMIT_S, self._cluster.lease_s / 3)

    def _registry(self, limit_s: float) -> RegistryPrx:
        proxy = self._communicator.stringToProxy(f"PushNet/Registry:{self._address}")
        registry = RegistryPrx.uncheckedCast(proxy)
        assert registry is not None
        return self.introduced(registry.ice_invocationTimeout(int(limit_s * 1000)))

    def introduced(self, proxy: P) -> P:
        """An object of a registry, to be called as this node."""
        return proxy.ice_context({CONTEXT: self.token}) if self.token else proxy


def _first_registry(settings: Settings, node: NodeSettings) -> int:
    """Nodes spread over the registries; a registry begins with itself."""
    registries = [known.name for known in settings.node if known.role == "registry"]
    if node.name in registries:
        return registries.index(node.name)
    return crc32(node.name.encode()) % len(settings.registries)


def _expect_cancel(failure: Failure) -> None:
    """The end of `_keep` when the node stops."""
    failure.trap(CancelledError)  # type: ignore[no-untyped-call]


def _told(error: Exception) -> str:
    """An error in one line: its kind and what it says."""
    said = str(error)
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
