"""What changes of the books, the papers and the agents' reports are called in the log of events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final, TypeVar

import attrs
import msgspec

from pushnet.gen.pushnet.event import EventFilter
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.roles.registry.books import Event, What
from pushnet.roles.registry.papers import LEADING, PLACE, ROLL, SCALE, SETTINGS, VERSION
from pushnet.roles.registry.records import AdapterRecord, NodeRecord, ObjectRecord, ProcessRecord

T = TypeVar("T")

FRESH_MS: Final = 10_000
"""Of an agent heard for the first time: a phase that began longer ago is no news."""
HEAD: Final = SETTINGS + "head"
_CHECKED: Final = {True: "server.wrong", False: "server.right"}
"""What its check says of a server that serves."""
_OVERDUE: Final = "a process was to end and did not within `stop_limit_s`: it was killed"


@attrs.frozen
class Happened:
    """One event before it has a position; `at_ms` is by the wall clock of who wrote it down."""

    kind: str
    who: str
    text: str = ""
    at_ms: int = 0
    position: int = 0


def of_book(event: Event) -> Happened:
    """A node, an adapter, an object or a policy has changed."""
    subject, _, how = event.what.name.partition("_")
    if event.what is What.policy:
        return Happened("policy.set", event.name)
    if event.what is What.node_down:
        return Happened("node.lapsed" if event.lapsed else "node.left", event.name, _node(event))
    if event.what is What.adapter_removed and event.lapsed:
        return Happened("adapter.lapsed", event.name, _about(event))
    return Happened(f"{subject}.{how}", event.name, _about(event))


def _about(event: Event) -> str:
    record = event.record
    if isinstance(record, AdapterRecord):
        return f"{record.endpoints} in {record.group}" if record.group else record.endpoints
    if isinstance(record, ProcessRecord):
        return record.endpoints
    if isinstance(record, ObjectRecord):
        return f"{record.type_id} {record.proxy}".strip()
    return _node(event)


def _node(event: Event) -> str:
    record = event.record
    if not isinstance(record, NodeRecord):
        return ""
    told = [
        record.role,
        record.version,
        f"process {record.pid}",
        "/".join((record.region, record.zone)).strip("/"),
    ]
    return " ".join(word for word in told if word)


@attrs.frozen
class _Applied:
    """What is told of a generation."""

    who: str = ""
    why: str = ""


@attrs.frozen
class _Rolling:
    """What is told of a roll; of a set that is scaled the journal."""

    version: str = ""
    state: str = ""
    journal: tuple[str, ...] = ()


def of_paper(key: str, before: str, value: str, others: Mapping[str, str]) -> list[Happened]:
    """An entry of the papers was put, or is gone (empty `value`).

    Args:
        before: what it was.
        others: what else stands in the papers, by key.
    """
    if key == HEAD and value:
        applied = _read(others.get(SETTINGS + value, ""), _Applied) or _Applied()
        words = " ".join(filter(None, [f"generation {value}", f"by {applied.who}" if applied.who else ""]))
        return [Happened("settings.applied", value, f"{words}: {applied.why}" if applied.why else words)]
    kind, _, name = key.partition("/")
    if f"{kind}/" == SCALE:
        journal = (_read(value, _Rolling) or _Rolling()).journal
        return [Happened("scale.set", name, journal[-1])] if journal else []
    named = {VERSION: "version.wanted", PLACE: "server.placed", LEADING: "leader.taken"}
    if f"{kind}/" in named:
        if value:
            return [Happened(named[f"{kind}/"], name, value)]
        return [Happened("leader.gone", name, before)] if f"{kind}/" == LEADING else []
    if f"{kind}/" == ROLL:
        return _of_roll(name, before, value)
    return []


def _of_roll(kind: str, before: str, value: str) -> list[Happened]:
    """The lines that its journal has more than before, and its state when that is another."""
    now, then = _read(value, _Rolling), _read(before, _Rolling) or _Rolling()
    if now is None:
        return []
    known = dict.fromkeys(then.journal)
    news = [Happened("roll.journal", kind, line) for line in now.journal if line not in known]
    if (now.state, now.version) != (then.state, then.version):
        news.append(Happened(f"roll.{now.state}", kind, now.version))
    return news


def _read(text: str, kind: type[T]) -> T | None:
    """None: there is nothing, or it is not understood."""
    try:
        return msgspec.json.decode(text, type=kind) if text else None
    except msgspec.MsgspecError:
        return None


def of_report(before: Sequence[ServerState] | None, now: Sequence[ServerState]) -> list[Happened]:
    """An agent told how its servers are; `before`: None when it was not heard before."""
    known = {state.id: state for state in before or ()}
    news = [state for state in now if _is_news(known.get(state.id), state, first=before is None)]
    killed = [state for state in now if _killed(state) > _killed(known.get(state.id)) and known]
    checked = [state for state in now if _is_wrong(known.get(state.id)) != _is_wrong(state)]
    gone = [name for name in known if not any(state.id == name for state in now)]
    return [
        *(Happened(f"server.{state.phase.name.lower()}", state.id, _server(state)) for state in news),
        *(Happened("server.killed", state.id, f"{_OVERDUE} at {state.agent}") for state in killed),
        *(Happened(_CHECKED[_is_wrong(state)], state.id, _server(state)) for state in checked),
        *(Happened("server.removed", name, f"at {known[name].agent}") for name in gone),
    ]


def _killed(state: ServerState | None) -> float:
    return state.resources.get("killed", 0.0) if state is not None else 0.0


def _is_wrong(state: ServerState | None) -> bool:
    return state is not None and "check_failed" in state.resources


def _is_news(before: ServerState | None, state: ServerState, *, first: bool) -> bool:
    if before is None:
        return state.sinceMs < FRESH_MS if first else state.phase is not ServerPhase.Resting
    return (before.phase, before.version, before.pid) != (state.phase, state.version, state.pid)


def _server(state: ServerState) -> str:
    told = [
        state.version,
        f"process {state.pid}" if state.pid else "",
        f"at {state.agent}" if state.agent else "",
    ]
    words = " ".join(filter(None, told))
    return f"{words}: {state.reason}" if state.reason else words


def fits(event: Happened, asked: EventFilter) -> bool:
    """Whether a filter lets an event through."""
    if event.at_ms < asked.sinceMs or (asked.untilMs and event.at_ms >= asked.untilMs):
        return False
    if asked.who and not fnmatchcase(event.who, asked.who):
        return False
    kinds = list(asked.kinds)
    return not kinds or any(event.kind == kind or event.kind.startswith(f"{kind}.") for kind in kinds)
