"""The reference of interfaces: what Slice files define, as pages of blocks that two renderers write.

A block is a heading, a text, a signature or a list. Signatures and the terms of lists are spans: text, some
of it with a link to where a type is defined.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

import attrs

from pushnet.slice.compilation import Compilation
from pushnet.slice.docs import Doc, doc_of, read_doc
from pushnet.slice.emit.names import emitted
from pushnet.slice.model import (
    Builtin,
    Class,
    Const,
    Dictionary,
    Entity,
    Enum,
    Enumerator,
    Exception_,
    Interface,
    Member,
    Module,
    Operation,
    Proxy,
    Struct,
    Type,
    Value,
)
from pushnet.slice.model import Sequence as SliceSequence
from pushnet.slice.pages_html import page_html
from pushnet.slice.pages_markdown import page_markdown
from pushnet.slice.spans import Block, Heading, Listing, Page, Signature, Span, Text, anchor


def reference(compilations: Sequence[Compilation], kind: str, title: str) -> Mapping[str, str]:
    """The pages by path, `index` among them; `kind` is `html` or `markdown`."""
    suffix, render = (".html", page_html) if kind == "html" else (".md", page_markdown)
    paths = {item.file.key: "/".join(item.file.module_parts) + suffix for item in compilations}
    pages = [_FilePage(item, paths).page(f"index{suffix}") for item in compilations]
    index = _index(pages, f"index{suffix}", title)
    return {page.path: render(page) for page in [index, *pages]}


def _index(pages: Sequence[Page], path: str, title: str) -> Page:
    blocks: list[Block] = [Heading(1, title, "")]
    for page in sorted(pages, key=lambda page: page.path):
        blocks.append(Heading(2, page.title, ""))
        items = [
            ([Span(block.text, posixpath.relpath(page.path, ".") + f"#{block.anchor}")], block.summary)
            for block in page.blocks
            if isinstance(block, Heading) and block.level == 2
        ]
        blocks.append(Listing("", tuple(items)))
    return Page(path, title, "", tuple(blocks))


@attrs.frozen
class _Links:
    """Where types are described, seen from one page."""

    compilation: Compilation
    paths: Mapping[str, str]
    here: str

    def to(self, entity: Entity) -> str:
        """The address of an entity; nothing when it is on no page."""
        path = self.paths.get(self.compilation.sources[entity.position.file].key)
        if path is None:
            return ""
        page = "" if path == self.here else posixpath.relpath(path, posixpath.dirname(self.here) or ".")
        return f"{page}#{anchor(entity.type_id)}"


class _FilePage:
    """The page of one file."""

    def __init__(self, compilation: Compilation, paths: Mapping[str, str]) -> None:
        self._compilation = compilation
        self._path = paths[compilation.file.key]
        self._links = _Links(compilation, paths, self._path)

    def page(self, index: str) -> Page:
        unit = self._compilation.unit
        title = str(self._compilation.file.relative)
        blocks: list[Block] = [Heading(1, title, "")]
        blocks += _texts(read_doc(unit.doc))
        for entity in emitted(unit):
            if not isinstance(entity, Module) and not (isinstance(entity, Interface) and entity.of_class):
                blocks += self._entity(entity)
        up = posixpath.relpath(index, posixpath.dirname(self._path) or ".")
        return Page(self._path, title, up, tuple(blocks))

    def _entity(self, entity: Entity) -> list[Block]:
        doc = doc_of(entity)
        summary = doc.text.split("\n\n")[0].replace("\n", " ")
        blocks: list[Block] = [
            Heading(2, f"{entity.kind} {entity.name}", anchor(entity.type_id), summary),
            Signature(tuple(self._signature(entity))),
            *_texts(doc),
        ]
        if isinstance(entity, Struct | Exception_ | Class) and entity.members:
            blocks.append(Listing("Members", tuple(self._member(member) for member in entity.members)))
        if isinstance(entity, Enum):
            items = [([Span(f"{item.name} = {item.value}")], _brief(item)) for item in entity.enumerators]
            blocks.append(Listing("Values", tuple(items)))
        if isinstance(entity, Interface | Class):
            for operation in entity.operations:
                blocks += self._operation(entity, operation)
        return blocks

    def _signature(self, entity: Entity) -> list[Span]:
        spans = [Span(f"{entity.kind} {entity.name}")]
        if isinstance(entity, SliceSequence):
            return [Span("sequence<"), *self._type(entity.element), Span(f"> {entity.name}")]
        if isinstance(entity, Dictionary):
            key, value = self._type(entity.key), self._type(entity.value)
            return [Span("dictionary<"), *key, Span(", "), *value, Span(f"> {entity.name}")]
        if isinstance(entity, Const):
            value_text = _value(entity.value)
            return [Span("const "), *self._type(entity.type), Span(f" {entity.name} = {value_text}")]
        if isinstance(entity, Class) and entity.compact_id is not None:
            spans.append(Span(f"({entity.compact_id})"))
        bases: list[Entity] = []
        if isinstance(entity, Interface):
            bases += entity.bases
        elif isinstance(entity, Exception_ | Class) and entity.base is not None:
            bases.append(entity.base)
        return spans + self._named(" extends ", bases)

    def _named(self, word: str, entities: Sequence[Entity]) -> list[Span]:
        spans: list[Span] = []
        for entity in entities:
            spans += [Span(", " if spans else word), Span(entity.name, self._links.to(entity))]
        return spans

    def _type(self, type_: Type) -> list[Span]:
        if isinstance(type_, Builtin):
            return [Span(type_.name)]
        if isinstance(type_, Proxy):
            if type_.target is None:
                return [Span("Object*")]
            return [Span(type_.target.name, self._links.to(type_.target)), Span("*")]
        return [Span(type_.name, self._links.to(type_))]

    def _member(self, member: Member) -> tuple[list[Span], str]:
        spans = [*_tag(member.tag), *self._type(member.type), Span(f" {member.name}")]
        if member.default is not None:
            spans.append(Span(f" = {_value(member.default)}"))
        return spans, _brief(member)

    def _operation(self, owner: Entity, operation: Operation) -> list[Block]:
        doc = doc_of(operation)
        spans = [Span("idempotent ")] if operation.idempotent else []
        spans += _tag(operation.returns_tag)
        spans += [Span("void")] if operation.returns is None else self._type(operation.returns)
        spans.append(Span(f" {operation.name}("))
        for index, item in enumerate(operation.parameters):
            spans.append(Span((", " if index else "") + ("out " if item.out else "")))
            spans += [*_tag(item.tag), *self._type(item.type), Span(f" {item.name}")]
        spans += [Span(")"), *self._named(" throws ", operation.throws)]
        place = anchor(f"{owner.type_id}::{operation.name}")
        blocks: list[Block] = [Heading(3, operation.name, place), Signature(tuple(spans)), *_texts(doc)]
        described = [([Span(name)], text) for name, text in doc.params]
        if described:
            blocks.append(Listing("Parameters", tuple(described)))
        if doc.returns:
            blocks.append(Text(f"Returns: {doc.returns}"))
        if doc.throws:
            items = [([Span(name)], text) for name, text in doc.throws]
            blocks.append(Listing("Throws", tuple(items)))
        return blocks


def _texts(doc: Doc) -> list[Block]:
    blocks: list[Block] = [Text(part) for part in doc.text.split("\n\n") if part.strip()]
    if doc.deprecated is not None:
        blocks.append(Text(f"Deprecated: {doc.deprecated}".rstrip(": ")))
    if doc.see:
        blocks.append(Text(f"See also: {', '.join(doc.see)}."))
    return blocks


def _brief(entity: Entity) -> str:
    doc = doc_of(entity)
    deprecated = f" Deprecated: {doc.deprecated}".rstrip(": ") if doc.deprecated is not None else ""
    return f"{doc.text}{deprecated}".strip()


def _tag(tag: int | None) -> list[Span]:
    return [] if tag is None else [Span(f"optional({tag}) ")]


def _value(value: Value) -> str:
    plain = value.value
    if isinstance(plain, Enumerator):
        return f"{plain.enum.name}::{plain.name}" if plain.enum is not None else plain.name
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return f'"{plain}"' if isinstance(plain, str) else str(plain)
