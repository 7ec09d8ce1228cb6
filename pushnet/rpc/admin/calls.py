"""Calls that are counted for the metrics: classes that stand in for those of `pushnet.rpc.calls`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from pushnet.rpc.admin.views import Attributes, Map
from pushnet.rpc.admin.watch import Watch, Watched, of_connection
from pushnet.rpc.collocated import Collocated
from pushnet.wire.proxy_text import proxy_text
from pushnet.wire.slices import UserException

_HEAD_BYTES = 18
"""What Ice leaves out of sizes: a message's header and request id."""
_ENCAPSULATION_BYTES = 6


def watched_calls(watch: Watch, clock: Callable[[], float]) -> Callable[[type[Any]], type[Any]]:
    """Gives the counting stand-in of a class of calls; each is made once."""
    made: dict[type[Any], type[Any]] = {}

    def stand_in(kind: type[Any]) -> type[Any]:
        if kind not in made:
            made[kind] = _watched_kind(kind, watch, clock)
        return made[kind]

    return stand_in


def _watched_kind(kind: type[Any], watch: Watch, clock: Callable[[], float]) -> type[Any]:
    class WatchedCall(kind):  # type: ignore[misc]
        """A call in the maps `Invocation`, with each time it is sent in the groups below."""

        __slots__ = ("remote", "watched")

        def begin(self, context: Any) -> None:
            self.remote: Watched | None = None
            self.watched = watch.begin("Invocation", of_call(self))
            self.deferred.addBoth(self._over)
            super().begin(context)

        def send(self, connection: Any) -> None:
            self._left(0)
            here = isinstance(connection, Collocated)
            name = "Collocated" if here else "Remote"
            below: list[Map] = [entry.below[name] for entry in self.watched.entries if name in entry.below]
            self.remote = Watched(below, (of_collocated if here else of_remote)(connection), clock)
            size = len(self.head) + len(self.params) + _ENCAPSULATION_BYTES
            self.remote.add("size", size)
            super().send(connection)

        def replied(self, message: bytes, status: int) -> None:
            self._left(len(message) - _HEAD_BYTES)
            super().replied(message, status)

        def _repeat(self, error: Any) -> None:
            if self.remote is not None:
                self.remote.failed(error)
            self.watched.add("retry", 1)
            super()._repeat(error)

        def _left(self, reply_bytes: int) -> None:
            remote, self.remote = self.remote, None
            if remote is not None:
                remote.add("replySize", reply_bytes)
                remote.end()

        def _over(self, result: Any) -> Any:
            error = getattr(result, "value", None)
            if isinstance(error, UserException):
                self.watched.add("userException", 1)
            elif isinstance(error, BaseException):
                self.watched.failed(error)
                if self.remote is not None:
                    self.remote.failed(error)
            self._left(0)
            self.watched.end()
            return result

    return WatchedCall


def of_call(call: Any) -> Attributes:
    """What is known of a call."""
    data = call.reference.data

    def attribute(name: str) -> str | None:
        match name:
            case "parent":
                return "Communicator"
            case "id":
                return f"{_without_endpoints(data)} [{call.operation.name}]"
            case "operation":
                return str(call.operation.name)
            case "identity" | "facet":
                return str(getattr(data, name))
            case "encoding":
                return f"{data.encoding[0]}.{data.encoding[1]}"
            case "mode":
                return str(data.mode.name)
            case "proxy":
                return str(proxy_text(data))
        if name.startswith("context."):
            return dict(call.reference.options.context).get(name.removeprefix("context."))
        return None

    return attribute


def of_remote(connection: Any) -> Attributes:
    """What is known of one time a call is sent."""
    others = of_connection(connection)

    def attribute(name: str) -> str | None:
        match name:
            case "parent":
                return "Communicator"
            case "id":
                return str(connection.getEndpoint())
        return others(name)

    return attribute


def of_collocated(connection: Collocated) -> Attributes:
    """What is known of a call within the communicator."""
    return {"parent": "Communicator", "id": connection.adapter.getName()}.get


def _without_endpoints(data: Any) -> str:
    return str(proxy_text(attrs.evolve(data, endpoints=(), adapter_id="")))
