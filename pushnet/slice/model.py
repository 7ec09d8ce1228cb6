"""The checked model: what the definitions mean. Everything in it is resolved and legal.

Entities are compared by identity. Those that may refer to themselves (interfaces, classes) are completed
after they are made; nothing changes once the checker has returned.
"""

from __future__ import annotations

from typing import ClassVar, TypeAlias

import attrs

from pushnet.slice.lexer import DocComment
from pushnet.slice.source import Position


@attrs.define(eq=False)
class Entity:
    """Anything that has a name in a scope."""

    kind: ClassVar[str] = "definition"

    name: str
    scope: tuple[str, ...]
    """The names of the modules around it, the outermost first."""

    position: Position
    level: int = 0
    """The include level of its file: 0 is the file being compiled."""

    doc: DocComment | None = None
    metadata: tuple[str, ...] = ()

    @property
    def type_id(self) -> str:
        """`::A::B::Name`."""
        return "::" + "::".join((*self.scope, self.name))

    def metadata_value(self, prefix: str) -> str | None:
        """The rest of the first metadata that begins with `prefix`."""
        for item in self.metadata:
            if item.startswith(prefix):
                return item[len(prefix) :]
        return None


@attrs.frozen
class Builtin:
    """A type that Slice brings along: `int`, `string`; `Value` and `Object` by value too."""

    name: str
    kind: ClassVar[str] = "type"


@attrs.define(eq=False)
class Module(Entity):
    """A module, however often it is opened."""

    kind: ClassVar[str] = "module"


@attrs.define(eq=False)
class Enumerator(Entity):
    """One value of an enum."""

    kind: ClassVar[str] = "enumerator"
    value: int = 0
    enum: Enum | None = None


@attrs.define(eq=False)
class Enum(Entity):
    """An enumeration."""

    kind: ClassVar[str] = "enum"
    local: bool = False
    enumerators: list[Enumerator] = attrs.Factory(list)


@attrs.frozen
class Value:
    """A constant's or a default's value, fitting its type."""

    value: int | float | str | bool | Enumerator


@attrs.define(eq=False)
class Const(Entity):
    """A constant."""

    kind: ClassVar[str] = "constant"
    type: Type = Builtin("int")
    value: Value = Value(0)


@attrs.define(eq=False)
class Member(Entity):
    """A data member of a struct, an exception or a class."""

    kind: ClassVar[str] = "data member"
    type: Type = Builtin("int")
    tag: int | None = None
    default: Value | None = None


@attrs.define(eq=False)
class Struct(Entity):
    """A structure."""

    kind: ClassVar[str] = "struct"
    local: bool = False
    members: list[Member] = attrs.Factory(list)


@attrs.define(eq=False)
class Exception_(Entity):
    """A user exception."""

    kind: ClassVar[str] = "exception"
    local: bool = False
    base: Exception_ | None = None
    members: list[Member] = attrs.Factory(list)

    def all_members(self) -> list[Member]:
        """Those of the bases first."""
        inherited = self.base.all_members() if self.base is not None else []
        return inherited + self.members


@attrs.define(eq=False)
class Sequence(Entity):
    """A sequence."""

    kind: ClassVar[str] = "sequence"
    local: bool = False
    element: Type = Builtin("int")


@attrs.define(eq=False)
class Dictionary(Entity):
    """A dictionary."""

    kind: ClassVar[str] = "dictionary"
    local: bool = False
    key: Type = Builtin("int")
    value: Type = Builtin("int")


@attrs.define(eq=False)
class Parameter(Entity):
    """A parameter of an operation."""

    kind: ClassVar[str] = "parameter"
    type: Type = Builtin("int")
    tag: int | None = None
    out: bool = False


@attrs.define(eq=False)
class Operation(Entity):
    """An operation of an interface (or, deprecated, of a class)."""

    kind: ClassVar[str] = "operation"
    idempotent: bool = False
    returns: Type | None = None
    returns_tag: int | None = None
    parameters: list[Parameter] = attrs.Factory(list)
    throws: list[Exception_] = attrs.Factory(list)

    @property
    def ins(self) -> list[Parameter]:
        """The parameters that travel with the request."""
        return [parameter for parameter in self.parameters if not parameter.out]

    @property
    def outs(self) -> list[Parameter]:
        """The parameters that travel with the reply."""
        return [parameter for parameter in self.parameters if parameter.out]


@attrs.define(eq=False)
class Interface(Entity):
    """An interface; only declared as long as `defined` is false."""

    kind: ClassVar[str] = "interface"
    local: bool = False
    defined: bool = False
    bases: list[Interface] = attrs.Factory(list)
    operations: list[Operation] = attrs.Factory(list)
    of_class: Class | None = None
    """The class whose operations these are, if it is no interface by itself."""

    def ancestors(self) -> list[Interface]:
        """All bases, near and far, each once, in the order they are met."""
        found: list[Interface] = []
        for base in self.bases:
            for interface in (base, *base.ancestors()):
                if interface not in found:
                    found.append(interface)
        return found


@attrs.define(eq=False)
class Class(Entity):
    """A class: a value with identity in a graph."""

    kind: ClassVar[str] = "class"
    local: bool = False
    defined: bool = False
    compact_id: int | None = None
    base: Class | None = None
    implements: list[Interface] = attrs.Factory(list)
    members: list[Member] = attrs.Factory(list)
    operations: list[Operation] = attrs.Factory(list)
    interface: Interface | None = None
    """What can be called of it, where it has or inherits operations."""

    def all_members(self) -> list[Member]:
        """Those of the bases first."""
        inherited = self.base.all_members() if self.base is not None else []
        return inherited + self.members


@attrs.frozen
class Proxy:
    """`X*`; without a target, `Object*`."""

    target: Interface | Class | None
    kind: ClassVar[str] = "proxy"


Type: TypeAlias = Builtin | Enum | Struct | Sequence | Dictionary | Interface | Class | Proxy
"""What a member, parameter or element may be."""


@attrs.frozen
class Unit:
    """One translation unit, checked: all entities in the order of the text, those of included files too."""

    entities: tuple[Entity, ...]
    doc: DocComment | None
    """The first doc comment on a module of the file itself."""

    modules: tuple[str, ...]
    """The outermost modules the file itself opens, `A::B` where one holds nothing but the next."""

    def own(self) -> list[Entity]:
        """The entities of the file being compiled."""
        return [entity for entity in self.entities if entity.level == 0]
