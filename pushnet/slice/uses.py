"""Names where they are used: as types, as bases, in throws clauses."""

from __future__ import annotations

from typing import TypeVar

from pushnet.slice import syntax
from pushnet.slice.metadata import DEPRECATED
from pushnet.slice.model import (
    Builtin,
    Class,
    Dictionary,
    Entity,
    Enum,
    Exception_,
    Interface,
    Proxy,
    Sequence,
    Struct,
    Type,
)
from pushnet.slice.scopes import Lookup, Scope, a
from pushnet.slice.source import Diagnostics, Position
from pushnet.slice.values import type_title

E = TypeVar("E", bound=Entity)

_KEYS = ("bool", "byte", "short", "int", "long", "string")


class Uses:
    """Resolves what is used, and reports what cannot be used there."""

    def __init__(self, lookup: Lookup, diagnostics: Diagnostics) -> None:
        self._lookup = lookup
        self._diagnostics = diagnostics

    def base(self, name: syntax.Name | None, cls: type[E], scope: Scope) -> E | None:
        """The entity of that kind; `None`, reported, when there is none."""
        if name is None:
            return None
        if name.text in ("Object", "Value", "LocalObject"):
            self._error(name.position, f"`{name.text}` is the base of everything already: leave it out")
            return None
        entity = self._lookup.find(name.text, scope, name.position)
        if entity is None or isinstance(entity, cls):
            return entity
        self._error(name.position, f"`{name.text}` is {a(entity.kind)}, not {a(cls.kind)}")
        return None

    def usable_base(self, entity: Interface | Class, base: Interface | Class, position: Position) -> bool:
        """Whether the base is complete and another one; reported when not."""
        if base is entity:
            self._error(position, f"{entity.kind} `{entity.name}` cannot be its own base")
            return False
        if not base.defined:
            self._error(position, f"`{base.name}` is only declared so far: define it before it is a base")
            return False
        if base.local and not entity.local:
            self._error(position, f"{entity.kind} `{entity.name}` cannot have the local base `{base.name}`")
        return True

    def type(self, written: syntax.TypeName, scope: Scope, level: int) -> Type | None:
        """The type that is meant; `None`, reported, when there is none."""
        if written.builtin:
            return Proxy(None) if written.proxy else Builtin(written.text)
        entity = self._lookup.find(written.text, scope, written.position)
        if entity is None:
            return None
        if isinstance(entity, Interface | Class) and written.proxy:
            if entity.local:
                self._error(written.position, f"`{written.text}` is local: what never travels has no proxies")
                return None
            if isinstance(entity, Class):
                self._warning(written, "a proxy for a class is deprecated: use an interface", level)
            return Proxy(entity)
        if written.proxy:
            message = f"`{written.text}` is {a(entity.kind)}: only interfaces have proxies"
            self._error(written.position, message)
            return None
        if isinstance(entity, Exception_):
            self._error(written.position, f"`{written.text}` is an exception, which cannot be used as a type")
            return None
        if isinstance(entity, Interface) and not entity.local:
            self._warning(
                written, f"an interface by value is deprecated: `{written.text}*` is its proxy", level
            )
        if isinstance(entity, Enum | Struct | Sequence | Dictionary | Class | Interface):
            return entity
        self._error(written.position, f"`{written.text}` is {a(entity.kind)}, not a type")
        return None

    def not_local(self, owner: Entity, type_: Type, position: Position) -> None:
        """What is not local cannot hold what is."""
        if getattr(owner, "local", False):
            return
        if type_ == Builtin("LocalObject") or getattr(type_, "local", False):
            message = (
                f"{owner.kind} `{owner.name}` is not local and cannot hold the local `{type_title(type_)}`"
            )
            self._error(position, message)

    def _error(self, position: Position, message: str) -> None:
        self._diagnostics.error(position, message)

    def _warning(self, written: syntax.TypeName, message: str, level: int) -> None:
        if level == 0:
            self._diagnostics.warning(written.position, message, DEPRECATED)


def legal_key(key: Type) -> bool:
    """Whether a dictionary may have keys of the type."""
    if isinstance(key, Builtin):
        return key.name in _KEYS
    if isinstance(key, Struct):
        return all(legal_key(member.type) for member in key.members)
    if isinstance(key, Sequence):
        return legal_key(key.element)
    return isinstance(key, Enum)


def holds_sequence(key: Type) -> bool:
    """Whether there is a sequence in the type."""
    if isinstance(key, Struct):
        return any(holds_sequence(member.type) for member in key.members)
    return isinstance(key, Sequence)
