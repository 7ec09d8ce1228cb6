"""Contexts that go along with every call without being given to it (Ice's property `Ice.ImplicitContext`).

A call that is given a context says that and nothing else. Any other says what its proxy has, and what the
implicit context has besides. With `Shared` there is one of them for the communicator. With `PerThread` each
line of work has its own: what Ice ties to a thread is tied here to what Python calls a context, so that a
coroutine sets it for itself and for what it calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Protocol

from pushnet.rpc.exceptions import InitializationException


class ImplicitContext(Protocol):
    """What `Communicator.getImplicitContext()` answers."""

    def getContext(self) -> dict[str, str]:
        """A copy of it."""
        ...

    def setContext(self, context: Mapping[str, str] | None) -> None: ...

    def containsKey(self, key: str) -> bool: ...

    def get(self, key: str) -> str:
        """The empty string when it has no such key."""
        ...

    def put(self, key: str, value: str) -> str:
        """Returns the value it had before, or the empty string."""
        ...

    def remove(self, key: str) -> str:
        """Returns the value it had, or the empty string."""
        ...


class SharedContext:
    """The same for all calls of a communicator."""

    def __init__(self) -> None:
        self._context: dict[str, str] = {}

    def getContext(self) -> dict[str, str]:
        return dict(self._now())

    def setContext(self, context: Mapping[str, str] | None) -> None:
        self._become(dict(context or {}))

    def containsKey(self, key: str) -> bool:
        return key in self._now()

    def get(self, key: str) -> str:
        return self._now().get(key, "")

    def put(self, key: str, value: str) -> str:
        before = self.get(key)
        self._become({**self._now(), key: value})
        return before

    def remove(self, key: str) -> str:
        before = self.get(key)
        self._become({other: value for other, value in self._now().items() if other != key})
        return before

    def _now(self) -> dict[str, str]:
        return self._context

    def _become(self, context: dict[str, str]) -> None:
        self._context = context


class PerContext(SharedContext):
    """One for each line of work (`contextvars`)."""

    def __init__(self) -> None:
        super().__init__()
        self._variable: ContextVar[dict[str, str]] = ContextVar("pushnet implicit context")

    def _now(self) -> dict[str, str]:
        return self._variable.get(self._context)

    def _become(self, context: dict[str, str]) -> None:
        self._variable.set(context)


def implicit_context(kind: str) -> ImplicitContext | None:
    """What the property says. Raises `InitializationException` when it says what there is not."""
    if kind in ("", "None"):
        return None
    if kind == "Shared":
        return SharedContext()
    if kind == "PerThread":
        return PerContext()
    raise InitializationException(f"'{kind}' is not a valid value for Ice.ImplicitContext")
