"""The servants of one adapter by identity and facet, and which operation a request means.

What a request means is kept by the bytes that say so, so that the next one of its kind is found by
comparing bytes; everything kept is dropped when the servants change.
"""

from __future__ import annotations

from pushnet.rpc.exceptions import (
    AlreadyRegisteredException,
    FacetNotExistException,
    IllegalIdentityException,
    LocalException,
    NotRegisteredException,
    ObjectNotExistException,
    OperationNotExistException,
    UnknownLocalException,
)
from pushnet.rpc.operations import ServantOperation
from pushnet.rpc.servant import Servant, operation_of
from pushnet.wire.identity import Identity
from pushnet.wire.request import OperationMode, RequestHead

_KNOWN_MAX = 4096
"""Different targets kept; with more in use, all are forgotten and learnt again."""


class Target:
    """What a request means: a servant's operation, or the error to answer."""

    __slots__ = ("error", "operation", "servant")

    def __init__(
        self, servant: Servant | None, operation: ServantOperation | None, error: LocalException | None
    ) -> None:
        self.servant = servant
        self.operation = operation
        self.error = error


class Servants:
    """A map of servants. `version` changes with every change to it."""

    def __init__(self) -> None:
        self.version = 0
        self._servants: dict[Identity, dict[str, Servant]] = {}
        self._defaults: dict[str, Servant] = {}
        self._known: dict[bytes, Target] = {}

    def add(self, servant: Servant, identity: Identity, facet: str = "") -> None:
        if not identity.name:
            raise IllegalIdentityException("an object needs a name")
        facets = self._servants.setdefault(identity, {})
        if facet in facets:
            raise AlreadyRegisteredException(f"there is a servant `{identity}' with facet `{facet}'")
        facets[facet] = servant
        self._changed()

    def remove(self, identity: Identity, facet: str = "") -> Servant:
        facets = self._servants.get(identity, {})
        if facet not in facets:
            raise NotRegisteredException(f"there is no servant `{identity}' with facet `{facet}'")
        servant = facets.pop(facet)
        if not facets:
            del self._servants[identity]
        self._changed()
        return servant

    def add_default(self, servant: Servant, category: str) -> None:
        if category in self._defaults:
            raise AlreadyRegisteredException(f"there is a default servant for `{category}'")
        self._defaults[category] = servant
        self._changed()

    def remove_default(self, category: str) -> Servant:
        if category not in self._defaults:
            raise NotRegisteredException(f"there is no default servant for `{category}'")
        servant = self._defaults.pop(category)
        self._changed()
        return servant

    def default(self, category: str) -> Servant | None:
        return self._defaults.get(category)

    def find(self, identity: Identity, facet: str = "") -> Servant | None:
        """The servant for an object: its own, or the default one for its category or for all."""
        servant = self._servants.get(identity, {}).get(facet)
        return servant or self._defaults.get(identity.category) or self._defaults.get("")

    def facets(self, identity: Identity) -> dict[str, Servant]:
        return dict(self._servants.get(identity, {}))

    def clear(self) -> None:
        self._servants.clear()
        self._defaults.clear()
        self._changed()

    def target(self, head: RequestHead) -> Target:
        """What the request with this head means."""
        target = self._known.get(head.target)
        if target is None:
            target = self._find_target(head)
            if len(self._known) >= _KNOWN_MAX:
                self._known.clear()
            self._known[head.target] = target
        return target

    def _find_target(self, head: RequestHead) -> Target:
        servant = self.find(head.identity, head.facet)
        if servant is None:
            kind = FacetNotExistException if head.identity in self._servants else ObjectNotExistException
            return Target(None, None, kind("", head.identity, head.facet, head.operation))
        operation = operation_of(servant, head.operation)
        if operation is None:
            error = OperationNotExistException("", head.identity, head.facet, head.operation)
            return Target(None, None, error)
        return Target(servant, operation, _mode_error(operation, head.mode))

    def _changed(self) -> None:
        self.version += 1
        self._known.clear()


def _mode_error(operation: ServantOperation, mode: int) -> LocalException | None:
    """Nonmutating stands for Idempotent; anything else must be as declared."""
    if operation.any_mode or mode == operation.mode:
        return None
    if operation.mode == OperationMode.Idempotent and mode == OperationMode.Nonmutating:
        return None
    expected, received = OperationMode(operation.mode).name, OperationMode(mode).name
    return UnknownLocalException(
        f"unexpected operation mode. expected = ::Ice::{expected} received = ::Ice::{received}"
    )
