"""The servants of one adapter by identity and facet, and which operation a request means.

A request goes to the servant of its identity and facet; else to the default servant of its category, else to
that of all categories; else to whom the servant locator of its category finds, else to whom that of all
categories finds. With middleware all of that is behind the middleware.

What a request means is kept by the bytes that say so, so that the next one of its kind is found by
comparing bytes; everything kept is dropped when the servants change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pushnet.rpc.current import TOKEN_KEY
from pushnet.rpc.exceptions import (
    AlreadyRegisteredException,
    FacetNotExistException,
    IllegalIdentityException,
    IllegalServantException,
    LocalException,
    NotRegisteredException,
    ObjectNotExistException,
    OperationNotExistException,
)
from pushnet.rpc.incoming import Answer, Dispatcher, Request
from pushnet.rpc.once import OnceOnly
from pushnet.rpc.operations import ServantOperation
from pushnet.rpc.servant import DISPATCHED, Servant, mode_error, operation_of, serve_request
from pushnet.rpc.servant_locators import ServantLocator, serve_located
from pushnet.wire.identity import Identity
from pushnet.wire.request import RequestHead

_KNOWN_MAX = 4096
"""Different targets kept; with more in use, all are forgotten and learnt again."""
Middleware = Callable[[Dispatcher], Dispatcher]
"""Given whoever comes next, makes whoever stands before them."""


class Target:
    """What a request means: a servant's operation, or the error to answer."""

    __slots__ = ("error", "operation", "servant")

    def __init__(
        self, servant: Any, operation: ServantOperation | None, error: LocalException | None
    ) -> None:
        self.servant = servant
        """Whatever the operation serves with: a servant, or a `Dispatcher`."""
        self.operation = operation
        self.error = error


class Servants:
    """A map of servants. `version` changes with every change to it."""

    def __init__(self, once: OnceOnly) -> None:
        self.version = 0
        self._once = once
        self._servants: dict[Identity, dict[str, Servant]] = {}
        self._defaults: dict[str, Servant] = {}
        self._locators: dict[str, ServantLocator] = {}
        self._middleware: list[Middleware] = []
        self._watcher: Middleware | None = None
        self._pipeline: Dispatcher | None = None
        self._known: dict[bytes, Target] = {}

    def add(self, servant: Servant, identity: Identity, facet: str = "") -> None:
        check_servant(servant)
        check_identity(identity)
        facets = self._servants.setdefault(identity, {})
        if facet in facets:
            raise already("servant", _name(identity, facet))
        facets[facet] = servant
        self._changed()

    def remove(self, identity: Identity, facet: str = "") -> Servant:
        check_identity(identity)
        facets = self._servants.get(identity, {})
        if facet not in facets:
            raise not_registered("servant", _name(identity, facet))
        servant = facets.pop(facet)
        if not facets:
            del self._servants[identity]
        self._changed()
        return servant

    def remove_all(self, identity: Identity) -> dict[str, Servant]:
        """Every facet of an object."""
        check_identity(identity)
        if identity not in self._servants:
            raise not_registered("servant", _name(identity))
        facets = self._servants.pop(identity)
        self._changed()
        return facets

    def add_default(self, servant: Servant, category: str) -> None:
        check_servant(servant)
        if category in self._defaults:
            raise already("default servant", category)
        self._defaults[category] = servant
        self._changed()

    def remove_default(self, category: str) -> Servant:
        if category not in self._defaults:
            raise not_registered("default servant", category)
        servant = self._defaults.pop(category)
        self._changed()
        return servant

    def default(self, category: str) -> Servant | None:
        return self._defaults.get(category)

    def add_locator(self, locator: ServantLocator, category: str) -> None:
        if locator is None:
            raise IllegalServantException("a servant locator cannot be None")
        if category in self._locators:
            raise already("servant locator", category)
        self._locators[category] = locator
        self._changed()

    def remove_locator(self, category: str) -> ServantLocator:
        if category not in self._locators:
            raise not_registered("servant locator", category)
        locator = self._locators.pop(category)
        self._changed()
        return locator

    def locator(self, category: str) -> ServantLocator | None:
        return self._locators.get(category)

    def take_locators(self) -> dict[str, ServantLocator]:
        """All of them; from now on there is none."""
        locators, self._locators = self._locators, {}
        self._changed()
        return locators

    def use(self, middleware: Middleware) -> None:
        """Put it behind the middleware there is, and before the servants."""
        self._middleware.append(middleware)
        self._build()

    def watch(self, middleware: Middleware | None) -> None:
        """Put it before all other middleware, instead of what was put there before; None: nothing."""
        if middleware != self._watcher:
            self._watcher = middleware
            self._build()

    def find(self, identity: Identity, facet: str = "") -> Servant | None:
        """The servant for an object: its own, or the default one for its category or for all."""
        servant = self._servants.get(identity, {}).get(facet)
        return servant or self._defaults.get(identity.category) or self._defaults.get("")

    def facets(self, identity: Identity) -> dict[str, Servant]:
        return dict(self._servants.get(identity, {}))

    def clear(self) -> None:
        """Drop the servants, default ones too."""
        self._servants.clear()
        self._defaults.clear()
        self._changed()

    def target(self, head: RequestHead) -> Target:
        """What the request with this head means."""
        if TOKEN_KEY in head.context:
            return Target(self._once.before(self._pipeline or self._to_servants), DISPATCHED, None)
        target = self._known.get(head.target)
        if target is None:
            target = self._find_target(head)
            if len(self._known) >= _KNOWN_MAX:
                self._known.clear()
            self._known[head.target] = target
        return target

    def _find_target(self, head: RequestHead) -> Target:
        if self._pipeline is not None:
            return Target(self._pipeline, DISPATCHED, None)
        servant = self.find(head.identity, head.facet)
        if servant is None:
            if self._locator_for(head.identity) is not None:
                return Target(self._to_located, DISPATCHED, None)
            return Target(None, None, self._nobody(head.identity, head.facet, head.operation))
        operation = operation_of(servant, head.operation)
        if operation is None:
            error = OperationNotExistException(head.identity, head.facet, head.operation)
            return Target(None, None, error)
        return Target(servant, operation, mode_error(operation, head.mode))

    async def _to_servants(self, request: Request) -> Answer:
        """The end of the pipeline."""
        current = request.current
        servant = self.find(current.id, current.facet)
        return await (self._to_located(request) if servant is None else serve_request(servant, request))

    async def _to_located(self, request: Request) -> Answer:
        """Whom no servant was added for."""
        current = request.current
        locator = self._locator_for(current.id)
        answer = None if locator is None else await serve_located(locator, request)
        if answer is None:
            raise self._nobody(current.id, current.facet, current.operation)
        return answer

    def _locator_for(self, identity: Identity) -> ServantLocator | None:
        return self._locators.get(identity.category) or self._locators.get("")

    def _nobody(self, identity: Identity, facet: str, operation: str) -> LocalException:
        kind = FacetNotExistException if identity in self._servants else ObjectNotExistException
        return kind(identity, facet, operation)

    def _build(self) -> None:
        """Chain middleware, if there is any."""
        layers = [*([] if self._watcher is None else [self._watcher]), *self._middleware]
        pipeline: Dispatcher = self._to_servants
        for each in reversed(layers):
            pipeline = each(pipeline)
        self._pipeline = pipeline if layers else None
        self._changed()

    def _changed(self) -> None:
        self.version += 1
        self._known.clear()


def check_identity(identity: Identity) -> None:
    if not identity.name:
        raise IllegalIdentityException("an object needs a name", identity)


def check_servant(servant: object) -> None:
    if servant is None:
        raise IllegalServantException("cannot add null servant to Object Adapter")


def already(kind: str, name: str) -> AlreadyRegisteredException:
    return AlreadyRegisteredException(kind, name, f"there is a {kind} `{name}'")


def not_registered(kind: str, name: str) -> NotRegisteredException:
    return NotRegisteredException(kind, name, f"there is no {kind} `{name}'")


def _name(identity: Identity, facet: str = "") -> str:
    return f"{identity} -f {facet}" if facet else str(identity)
