"""What a roll is decided on: how the servers are, as agents tell, and what nodes tell of themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, Protocol

from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.gates import Objection, Reading
from pushnet.grid.roll import NodeFact
from pushnet.roles.registry.books import Books

HEARD_S_MAX: Final = 10.0
"""What was told longer ago is known no more; an agent that is started again is silent for some seconds."""
FRESH_S_MAX: Final = 3.0
"""Agents report every second: what is older was told by nobody who lives."""
PREPARING: Final = "preparing"
"""Among its resources while its release is fetched, though it serves."""
CHECK_FAILED: Final = "check_failed"
"""Among its resources when its reason is what its check says of it, though it serves."""
LAST_END: Final = "last_end"
"""Among its resources when its reason is how its last process ended, before this one served."""
_PREPARING: Final = (ServerPhase.Fetching, ServerPhase.Draining)
_IN_TROUBLE: Final = (ServerPhase.Failed, ServerPhase.Pausing)


class ServersKnown(Protocol):
    """How agents told that their servers are."""

    def states(self) -> Sequence[ServerState]:
        """Every server of the cluster."""
        ...

    def heard_s(self, agent: str) -> float | None:
        """How long ago an agent was heard; None: never."""
        ...


class Facts:
    """Of every server of the cluster.

    Args:
        is_node: whether a server is a node of pushnet's, which serves only while it holds a lease.
    """

    def __init__(self, books: Books, servers: ServersKnown, is_node: Callable[[str], bool]) -> None:
        self._books = books
        self._servers = servers
        self._is_node = is_node
        self._restarts: dict[tuple[str, str], int] = {}
        self._counted: dict[tuple[str, str], tuple[float, float]] = {}

    def states(self, kind: str = "") -> list[ServerState]:
        """Of one kind, or all; by id."""
        return [state for state in self._servers.states() if kind in ("", state.kind)]

    def all_heard(self, names: Collection[str]) -> bool:
        """Whether of each of these it is known how it is."""
        heard = [state for state in self._servers.states() if state.id in names]
        return all(self._servers.heard_s(state.agent) is not None for state in heard)

    def of(self, names: Collection[str]) -> list[NodeFact]:
        """How these servers are; who is in nobody's plan and told by nobody is not among them."""
        return [self.fact(state) for state in self._servers.states() if state.id in names]

    def fact(self, state: ServerState) -> NodeFact:
        """One server. One that rests, as nobody wants it to run, will start with what it is to have."""
        refused = self._refused(state)
        rests = state.phase is ServerPhase.Resting and not state.reason and bool(state.versionWanted)
        return NodeFact(
            name=state.id,
            version=state.versionWanted if rests else state.version,
            serving=rests or self._serves(state),
            place=state.agent,
            wanted=state.versionWanted,
            preparing=state.phase in _PREPARING or PREPARING in state.resources,
            trouble=refused or self._trouble(state),
            phase_s=0.0 if refused else state.sinceMs / 1000,
        )

    def _serves(self, state: ServerState) -> bool:
        if self._is_node(state.id):
            return state.phase is ServerPhase.Serving and state.id in self._books.nodes
        heard_s = self._servers.heard_s(state.agent)
        return state.phase is ServerPhase.Serving and heard_s is not None and heard_s <= HEARD_S_MAX

    def _refused(self, state: ServerState) -> str:
        """Why it goes on with what it has, though it is given another version."""
        heard_s = self._servers.heard_s(state.agent)
        stays = state.phase is ServerPhase.Serving and state.version != state.versionWanted
        stays = stays and not {CHECK_FAILED, LAST_END} & {*state.resources}  # that is said of what it has
        return state.reason if stays and heard_s is not None and heard_s <= FRESH_S_MAX else ""

    def _trouble(self, state: ServerState) -> str:
        """Why it could not be started or has ended, also when it was started again at once."""
        if state.phase in _IN_TROUBLE:
            return state.reason or f"it is {state.phase.name}"
        known = self._restarts.setdefault((state.id, state.version), state.restarts)
        if state.restarts > known:
            return state.reason or "it ended and was started again"
        return ""

    def checked(self, names: Collection[str]) -> list[Objection]:
        """What their checks say against these servers."""
        wrong = [state for state in self._servers.states() if CHECK_FAILED in state.resources]
        return [Objection(state.id, state.reason, "check") for state in wrong if state.id in names]

    def forget(self, names: Collection[str]) -> None:
        """Begin to count these anew: a roll is over."""
        self._restarts = {key: count for key, count in self._restarts.items() if key[0] not in names}
        self._counted = {key: count for key, count in self._counted.items() if key[0] not in names}

    def readings(self, names: Collection[str]) -> list[Reading]:
        """What these servers have done since a roll first asked."""
        return [self._reading(state) for state in self._servers.states() if state.id in names]

    def _reading(self, state: ServerState) -> Reading:
        told: Mapping[str, float] = {**state.resources, **self._books.readings.gauges(state.id)}
        requests, failures = told.get("requests", 0.0), told.get("failures", 0.0)
        process = (state.id, state.version)
        since, failed_since = self._counted.setdefault(process, (requests, failures))
        if requests < since or failures < failed_since:  # it was started again and counts from 0
            since, failed_since = self._counted[process] = (0.0, 0.0)
        return Reading(
            node=state.id,
            requests=int(requests - since),
            failures=int(failures - failed_since),
            p99_s=told.get("p99_ms", 0.0) / 1000,
            memory_bytes=int(told.get("memory_bytes", 0.0)),
            up_s=told.get("up_s", state.sinceMs / 1000),
            silent_s=told.get("silent_s", 0.0),
        )
