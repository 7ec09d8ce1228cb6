"""Scopes and lookup: which entity a name means, and which names may stand side by side.

Names are compared without regard to case, and must be written with the same case everywhere: some of the
languages that Slice maps to do not tell them apart. A name that was used with one meaning in a scope must not
get another meaning there later.
"""

from __future__ import annotations

from difflib import get_close_matches

from pushnet.slice.model import Entity, Enumerator
from pushnet.slice.source import Diagnostics, Position


def a(kind: str) -> str:
    """The kind with its article."""
    return f"an {kind}" if kind[0] in "aeio" else f"a {kind}"


class Scope:
    """What is known inside one module, interface, class or exception."""

    def __init__(self, name: str, parent: Scope | None) -> None:
        self.name = name
        self.parent = parent
        self.children: dict[str, Scope] = {}
        self._entities: dict[str, Entity] = {}
        self._unscoped: dict[str, list[Enumerator]] = {}
        self._used: dict[str, tuple[Entity, Position]] = {}

    @property
    def path(self) -> tuple[str, ...]:
        """The names of the modules from the outermost to this one."""
        return () if self.parent is None else (*self.parent.path, self.name)

    def inner(self, name: str) -> Scope:
        """The scope of the module, enum or the like of that name."""
        return self.children.setdefault(name.lower(), Scope(name, self))

    def get(self, name: str) -> Entity | None:
        """What has that name here, whatever its case."""
        return self._entities.get(name.lower())

    def put(self, entity: Entity) -> None:
        """Give a name a meaning, or replace a declaration by its definition."""
        self._entities[entity.name.lower()] = entity

    def put_unscoped(self, enumerator: Enumerator) -> None:
        """Make an enumerator reachable without its enum's name, as Slice 3.7 still allows."""
        self._unscoped.setdefault(enumerator.name.lower(), []).append(enumerator)

    def unscoped(self, name: str) -> list[Enumerator]:
        """The enumerators that the name could mean."""
        return self._unscoped.get(name.lower(), [])

    def use(self, name: str, entity: Entity, position: Position) -> None:
        """Remember that the name, written first here, meant that entity."""
        self._used.setdefault(name.lower(), (entity, position))

    def used(self, name: str) -> tuple[Entity, Position] | None:
        """What the name has meant in this scope so far."""
        return self._used.get(name.lower())

    def visible(self) -> list[str]:
        """The names that can be seen from here, for hints."""
        names = [entity.name for entity in self._entities.values()]
        return names + (self.parent.visible() if self.parent is not None else [])


class Lookup:
    """Resolves names, and reports what cannot be resolved."""

    def __init__(self, root: Scope, diagnostics: Diagnostics) -> None:
        self._root = root
        self._diagnostics = diagnostics

    def find(self, text: str, scope: Scope, position: Position) -> Entity | None:
        """What `text` means in `scope`; `None`, reported, when nothing does."""
        entity = self.probe(text, scope, position)
        if entity is None:
            self._diagnostics.error(position, f"`{text}` is not defined{self._hint(text, scope)}")
        return entity

    def probe(self, text: str, scope: Scope, position: Position) -> Entity | None:
        """What `text` means in `scope`, if anything."""
        absolute = text.startswith("::")
        parts = text.removeprefix("::").split("::")
        start = self._root if absolute else self._innermost(parts[0], scope)
        if start is None:
            return None
        entity = self._descend(parts, start, position)
        first = start.get(parts[0])
        if not absolute and entity is not None and first is not None:
            self._introduce(parts[0], first, scope, position)
        return entity

    def scope_of(self, entity: Entity) -> Scope:
        """The scope that the entity opens."""
        scope = self._root
        for name in (*entity.scope, entity.name):
            scope = scope.inner(name)
        return scope

    def _innermost(self, name: str, scope: Scope | None) -> Scope | None:
        while scope is not None:
            if scope.get(name) is not None:
                return scope
            scope = scope.parent
        return None

    def _descend(self, parts: list[str], scope: Scope, position: Position) -> Entity | None:
        entity: Entity | None = None
        for index, part in enumerate(parts):
            entity = scope.get(part)
            if entity is None:
                return None
            if entity.name != part:
                message = f"`{part}` is written `{entity.name}` where it is defined, at {entity.position}"
                self._diagnostics.error(position, f"{message}: use the same case")
            if index + 1 < len(parts):
                scope = scope.inner(entity.name)
        return entity

    def _introduce(self, name: str, entity: Entity, scope: Scope, position: Position) -> None:
        before = scope.used(name)
        if before is None:
            scope.use(name, entity, position)
        elif before[0] is not entity:
            message = f"`{name}` has changed its meaning here: it meant `{before[0].type_id}` at {before[1]}"
            self._diagnostics.error(position, message)

    def _hint(self, text: str, scope: Scope) -> str:
        close = get_close_matches(text, sorted(set(scope.visible())), n=1)
        return f": did you mean `{close[0]}`?" if close else ""
