"""The syntax tree: what was written, before anybody asks what it means."""

from __future__ import annotations

import attrs

from pushnet.slice.lexer import DocComment
from pushnet.slice.source import Position


@attrs.frozen
class Name:
    """A name where it was written."""

    text: str
    position: Position


@attrs.frozen
class TypeName:
    """A type where it is used: a keyword such as `int`, or a name, perhaps with `*`."""

    text: str
    builtin: bool
    proxy: bool
    position: Position


@attrs.frozen
class Literal:
    """What stands behind `=`."""

    kind: str
    """`integer`, `float`, `string`, `boolean` or `name`."""

    text: str
    value: int | float | str | bool
    position: Position


@attrs.frozen
class Tag:
    """`optional(...)`: a number, or the name of a constant or enumerator."""

    number: Literal | None
    position: Position


@attrs.frozen(kw_only=True)
class Definition:
    """What all definitions have."""

    name: Name
    doc: DocComment | None = None
    metadata: tuple[Name, ...] = ()
    level: int = 0


@attrs.frozen(kw_only=True)
class Module(Definition):
    """`module X { ... }`."""

    body: tuple[Definition, ...]


@attrs.frozen(kw_only=True)
class Const(Definition):
    """`const type X = value`."""

    type: TypeName
    value: Literal


@attrs.frozen(kw_only=True)
class Enumerator(Definition):
    """One value of an enum."""

    value: Literal | None


@attrs.frozen(kw_only=True)
class Enum(Definition):
    """`enum X { ... }`."""

    local: bool
    enumerators: tuple[Enumerator, ...]


@attrs.frozen(kw_only=True)
class Member(Definition):
    """A data member."""

    type: TypeName
    tag: Tag | None
    default: Literal | None


@attrs.frozen(kw_only=True)
class Struct(Definition):
    """`struct X { ... }`."""

    local: bool
    members: tuple[Member, ...]


@attrs.frozen(kw_only=True)
class Exception_(Definition):
    """`exception X extends Y { ... }`."""

    local: bool
    base: Name | None
    members: tuple[Member, ...]


@attrs.frozen(kw_only=True)
class Sequence(Definition):
    """`sequence<T> X`."""

    local: bool
    element: TypeName
    element_metadata: tuple[Name, ...]


@attrs.frozen(kw_only=True)
class Dictionary(Definition):
    """`dictionary<K, V> X`."""

    local: bool
    key: TypeName
    value: TypeName


@attrs.frozen(kw_only=True)
class Parameter(Definition):
    """A parameter of an operation."""

    type: TypeName
    tag: Tag | None
    out: bool


@attrs.frozen(kw_only=True)
class Operation(Definition):
    """An operation; `returns` is `None` for void."""

    idempotent: bool
    returns: TypeName | None
    returns_tag: Tag | None
    parameters: tuple[Parameter, ...]
    throws: tuple[Name, ...]


@attrs.frozen(kw_only=True)
class Interface(Definition):
    """`interface X extends Y, Z { ... }`."""

    local: bool
    bases: tuple[Name, ...]
    operations: tuple[Operation, ...]


@attrs.frozen(kw_only=True)
class InterfaceDeclaration(Definition):
    """`interface X;`."""

    local: bool


@attrs.frozen(kw_only=True)
class Class(Definition):
    """`class X(id) extends Y implements Z { ... }`."""

    local: bool
    compact_id: Literal | None
    base: Name | None
    implements: tuple[Name, ...]
    members: tuple[Member, ...]
    operations: tuple[Operation, ...]


@attrs.frozen(kw_only=True)
class ClassDeclaration(Definition):
    """`class X;`."""

    local: bool


@attrs.frozen
class SyntaxTree:
    """One translation unit: all definitions, those of included files too, and file metadata by file."""

    definitions: tuple[Definition, ...]
    file_metadata: tuple[tuple[str, Name], ...]
