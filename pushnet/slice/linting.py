"""`slice2tx lint`: what the compiler accepts and a reader stumbles over.

| rule | what it wants |
|---|---|
| `doc-missing` | every interface, operation and exception says what it is for |
| `doc-stale` | docs name parameters and exceptions that are there |
| `name-style` | types begin with a capital, operations, parameters and members do not |
| `idempotent` | operations that only get something say so, so that they can be repeated |
| `unused-include` | every include is needed |
| `guard` | every file can be included twice: `#pragma once` |
| `format` | the text is as `slice2tx fmt` writes it |

A file of somebody else's interfaces, where a contract must stay as it is, says at its top which rules do not
hold in it: `[["pn:lint-ignore:doc-missing,idempotent"]]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from pushnet.slice.compilation import Compilation
from pushnet.slice.docs import doc_of
from pushnet.slice.formatting import formatted
from pushnet.slice.model import (
    Class,
    Const,
    Dictionary,
    Entity,
    Enum,
    Enumerator,
    Exception_,
    Interface,
    Module,
    Operation,
    Proxy,
    Sequence,
    Struct,
)
from pushnet.slice.source import Position

_GETTER = re.compile(r"(get|is|has|list|find)([A-Z]|$)")
_GUARD = re.compile(r"^\s*#\s*(pragma\s+once|ifndef\s+\w+)", re.MULTILINE)


@attrs.frozen(order=True)
class Finding:
    """Something to be tidied up."""

    position: Position
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.position}: {self.rule}: {self.message}"


def lint(compilation: Compilation, text: str) -> list[Finding]:
    """What there is to say about a file without errors, in the order of the text."""
    found = [
        *_docs(compilation),
        *_names(compilation),
        *_operations(compilation),
        *_includes(compilation),
        *_text(compilation, text),
    ]
    return sorted({item for item in found if item.rule not in compilation.lint_ignored})


def _own(compilation: Compilation) -> list[Entity]:
    return [item for item in compilation.unit.own() if not (isinstance(item, Interface) and item.of_class)]


def _own_operations(compilation: Compilation) -> Iterator[Operation]:
    for entity in _own(compilation):
        if isinstance(entity, Interface | Class):
            yield from entity.operations


def _docs(compilation: Compilation) -> Iterator[Finding]:
    documented = [item for item in _own(compilation) if isinstance(item, Interface | Exception_)]
    for entity in [*documented, *_own_operations(compilation)]:
        declared = isinstance(entity, Interface) and not entity.defined
        if entity.doc is None and not declared:
            message = f"{entity.kind} `{entity.name}` has no doc comment: say what it is for"
            yield Finding(entity.position, "doc-missing", message)
    for operation in _own_operations(compilation):
        doc = doc_of(operation)
        names = {parameter.name for parameter in operation.parameters}
        for name, _ in doc.params:
            if name not in names:
                message = f"`{operation.name}` has no parameter `{name}`"
                yield Finding(operation.position, "doc-stale", message)
        thrown = {exception.name for exception in operation.throws}
        for name, _ in doc.throws:
            if name not in thrown:
                yield Finding(operation.position, "doc-stale", f"`{operation.name}` does not throw `{name}`")
        if doc.returns and operation.returns is None:
            yield Finding(operation.position, "doc-stale", f"`{operation.name}` returns nothing")


def _names(compilation: Compilation) -> Iterator[Finding]:
    for entity in _own(compilation):
        if not isinstance(entity, Module) and not entity.name[0].isupper():
            message = f"{entity.kind} `{entity.name}` should begin with a capital"
            yield Finding(entity.position, "name-style", message)
        for part in _parts(entity):
            if part.name[0].isupper():
                message = f"{part.kind} `{part.name}` should begin with a small letter"
                yield Finding(part.position, "name-style", message)


def _parts(entity: Entity) -> Iterator[Entity]:
    if isinstance(entity, Struct | Exception_ | Class):
        yield from entity.members
    if isinstance(entity, Interface | Class):
        for operation in entity.operations:
            yield operation
            yield from operation.parameters


def _operations(compilation: Compilation) -> Iterator[Finding]:
    for operation in _own_operations(compilation):
        if _GETTER.match(operation.name) and operation.returns is not None and not operation.idempotent:
            message = f"`{operation.name}` looks as if it could be repeated: make it `idempotent`"
            yield Finding(operation.position, "idempotent", message)


def _includes(compilation: Compilation) -> Iterator[Finding]:
    """Includes from which nothing is used, neither directly nor from what they include."""
    sources = compilation.sources
    used = {sources[item.position.file].key for entity in _own(compilation) for item in _used(entity)}
    filled = {sources[entity.position.file].key for entity in compilation.unit.entities}
    reached: dict[str, set[str]] = {}
    for inclusion in compilation.inclusions:
        reached.setdefault(sources[inclusion.position.file].key, set()).add(inclusion.file.key)
    for inclusion in compilation.inclusions:
        if inclusion.level != 1 or sources[inclusion.position.file].key != compilation.file.key:
            continue
        within = _closure(inclusion.file.key, reached)
        if within & filled and not within & used:
            yield Finding(
                inclusion.position, "unused-include", f"nothing of `{inclusion.file.relative}` is used"
            )


def _closure(start: str, reached: dict[str, set[str]]) -> set[str]:
    found = {start}
    waiting = [start]
    while waiting:
        fresh = reached.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found


def _used(entity: Entity) -> Iterator[Entity]:
    """The entities that one names."""
    types: list[object] = []
    if isinstance(entity, Struct | Exception_ | Class):
        types += [member.type for member in entity.members]
        types += [member.default.value for member in entity.members if member.default is not None]
    if isinstance(entity, Exception_ | Class):
        types.append(entity.base)
    if isinstance(entity, Class):
        types += entity.implements
    if isinstance(entity, Sequence):
        types.append(entity.element)
    if isinstance(entity, Dictionary):
        types += [entity.key, entity.value]
    if isinstance(entity, Const):
        types += [entity.type, entity.value.value]
    if isinstance(entity, Interface):
        types += entity.bases
    if isinstance(entity, Interface | Class):
        for operation in entity.operations:
            types += [operation.returns, *operation.throws]
            types += [parameter.type for parameter in operation.parameters]
    for type_ in types:
        target = type_.target if isinstance(type_, Proxy) else type_
        if isinstance(target, Enumerator) and isinstance(target.enum, Enum):
            target = target.enum
        if isinstance(target, Entity):
            yield target


def _text(compilation: Compilation, text: str) -> Iterator[Finding]:
    top = Position(str(compilation.file.path), 1, 1)
    if not _GUARD.search(text):
        yield Finding(top, "guard", "the file cannot be included twice: begin it with `#pragma once`")
    if formatted(text) != text:
        lines = zip(text.split("\n"), formatted(text).split("\n"), strict=False)
        number = next((index for index, (old, new) in enumerate(lines, 1) if old != new), 1)
        place = Position(str(compilation.file.path), number, 1)
        yield Finding(place, "format", "from here on the text is not as `slice2tx fmt` writes it")
