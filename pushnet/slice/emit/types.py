"""What Slice's types are in Python, and how they lie on the wire."""

from __future__ import annotations

from pushnet.slice.emit.buffers import Buffers, python_form
from pushnet.slice.emit.layout import quoted
from pushnet.slice.emit.names import Names, enumerator_name, member_name
from pushnet.slice.metadata import EXTERNAL
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
    Operation,
    Proxy,
    Sequence,
    Struct,
    Type,
    Value,
)

CODES = {"byte": "B", "bool": "?", "short": "h", "int": "i", "long": "q", "float": "f", "double": "d"}
"""`struct` codes of the types of fixed size."""

SIZES = {"B": 1, "?": 1, "h": 2, "i": 4, "q": 8, "f": 4, "d": 8}
_PYTHON = {"bool": "bool", "float": "float", "double": "float", "string": "str"}


def external(entity: Entity) -> bool:
    """Whether the type comes from a module that people wrote."""
    return entity.metadata_value(EXTERNAL) is not None


def is_bytes(type_: Type) -> bool:
    """Whether it is a sequence of bytes, which is `bytes` unless metadata says otherwise."""
    return isinstance(type_, Sequence) and type_.element == Builtin("byte") and python_form(type_) == ""


def is_tuple(type_: Type) -> bool:
    """Whether it is a sequence that is to be a tuple."""
    return isinstance(type_, Sequence) and python_form(type_) == "tuple"


def is_buffer(type_: Type) -> bool:
    """Whether it is a sequence that is neither list nor tuple nor bytes."""
    return isinstance(type_, Sequence) and python_form(type_) not in ("", "list", "tuple")


def fixed_codes(type_: Type) -> str | None:
    """The `struct` codes of a type whose size is always the same, nested structs laid flat."""
    if isinstance(type_, Builtin):
        return CODES.get(type_.name)
    if isinstance(type_, Struct) and not external(type_):
        codes = [fixed_codes(member.type) for member in type_.members]
        return None if None in codes else "".join(code for code in codes if code)
    return None


def wire_size_min(type_: Type) -> int:
    """The fewest bytes a value takes: the guard against claims that memory could not hold."""
    if isinstance(type_, Builtin):
        return SIZES[CODES[type_.name]] if type_.name in CODES else 1
    if isinstance(type_, Struct):
        return sum(wire_size_min(member.type) for member in type_.members)
    return 2 if isinstance(type_, Proxy) else 1


def holds_proxies(type_: Type) -> bool:
    """Whether reading it makes proxies, which takes a `source`."""
    if isinstance(type_, Struct):
        return not external(type_) and any(holds_proxies(member.type) for member in type_.members)
    if isinstance(type_, Sequence):
        return holds_proxies(type_.element)
    if isinstance(type_, Dictionary):
        return holds_proxies(type_.key) or holds_proxies(type_.value)
    return isinstance(type_, Proxy)


def is_value(type_: Type) -> bool:
    """Whether it is an instance of a class: also when nothing but its root is known."""
    if isinstance(type_, Builtin):
        return type_.name in ("Object", "Value")
    return isinstance(type_, Class | Interface)


def holds_classes(type_: Type) -> bool:
    """Whether there may be instances of classes in it, which takes a `ValueWriter` and a `ValueReader`."""
    if isinstance(type_, Struct):
        return not external(type_) and any(holds_classes(member.type) for member in type_.members)
    if isinstance(type_, Sequence):
        return holds_classes(type_.element)
    if isinstance(type_, Dictionary):
        return holds_classes(type_.value)
    return is_value(type_)


def differs10(type_: Type) -> bool:
    """Whether encoding 1.0 has other bytes for it."""
    if isinstance(type_, Struct):
        return not external(type_) and any(differs10(member.type) for member in type_.members)
    if isinstance(type_, Sequence):
        return differs10(type_.element)
    if isinstance(type_, Dictionary):
        return differs10(type_.key) or differs10(type_.value)
    return isinstance(type_, Enum | Proxy) or is_value(type_)


def needs_tuple(key: Type) -> bool:
    """Whether a dictionary's key is read as a list, which Python cannot have as a key."""
    return isinstance(key, Sequence) and python_form(key) in ("", "list") and not is_bytes(key)


class Types:
    """Annotations and values, in the names of one module."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._buffers = Buffers(names)

    def annotation(self, type_: Type, accepting: bool = False) -> str:
        """The type hint; an accepting one takes any sequence or mapping."""
        names = self._names
        if is_value(type_):
            return f"{self.value_class(type_)} | None"
        if isinstance(type_, Builtin):
            return names.builtin(_PYTHON.get(type_.name, "int"))
        if isinstance(type_, Proxy):
            return f"{self.proxy_class(type_)} | None"
        if isinstance(type_, Sequence):
            if is_bytes(type_):
                return names.builtin("bytes")
            if is_buffer(type_):
                return self._buffers.annotation(type_, accepting)
            element = self.annotation(type_.element, accepting)
            if accepting:
                return f"{names.support('collections.abc', 'Sequence')}[{element}]"
            if is_tuple(type_):
                return f"{names.builtin('tuple')}[{element}, ...]"
            return f"{names.builtin('list')}[{element}]"
        if isinstance(type_, Dictionary):
            outer = names.support("collections.abc", "Mapping") if accepting else names.builtin("dict")
            return f"{outer}[{self.key(type_.key)}, {self.annotation(type_.value, accepting)}]"
        return names.ref(type_)

    def key(self, type_: Type) -> str:
        """The type hint of a dictionary's key: a sequence must be a tuple there."""
        if needs_tuple(type_):
            assert isinstance(type_, Sequence)
            return f"{self._names.builtin('tuple')}[{self.annotation(type_.element)}, ...]"
        return self.annotation(type_)

    def optional(self, type_: Type, tag: int | None, accepting: bool = False) -> str:
        """The type hint of something that may be left out when it has a tag."""
        hint = self.annotation(type_, accepting)
        return hint if tag is None or hint.endswith("| None") else f"{hint} | None"

    def value_class(self, type_: Type) -> str:
        """The class of which instances must be."""
        if isinstance(type_, Class) and type_.defined:
            return self._names.ref(type_)
        return self._names.support("pushnet.wire.values", "Value")

    def proxy_class(self, proxy: Proxy) -> str:
        """The class of proxies; those of a class without operations can call what every object has."""
        target = proxy.target.interface if isinstance(proxy.target, Class) else proxy.target
        return self._names.stub("ObjectPrx") if target is None else self._names.ref(target, suffix="Prx")

    def result(self, operation: Operation) -> str:
        """The type hint of what an operation returns."""
        hints = [] if operation.returns is None else [self.optional(operation.returns, operation.returns_tag)]
        hints += [self.optional(parameter.type, parameter.tag) for parameter in operation.outs]
        if not hints:
            return "None"
        return hints[0] if len(hints) == 1 else f"{self._names.builtin('tuple')}[{', '.join(hints)}]"

    def literal(self, value: Value, type_: Type) -> str:
        """A constant value."""
        plain = value.value
        if isinstance(plain, Enumerator):
            assert isinstance(type_, Enum), "the checker lets enumerators stand only for enums"
            return f"{self._names.ref(type_)}.{enumerator_name(plain.name)}"
        return quoted(plain) if isinstance(plain, str) else repr(plain)

    def field(self, member: Member, owner: Struct | Exception_ | Class) -> list[str]:
        """A data member as an attribute of its class."""
        name = member_name(member.name, owner)
        hint = self.optional(member.type, member.tag)
        default, factory = self._default(member)
        alias = name if name != member.name else "self_" if name == "self" else None
        if factory is None and alias is None:
            return [f"{name}: {hint} = {default}"]
        arguments = [f"factory={factory}"] if factory is not None else [f"default={default}"]
        if alias is not None:
            arguments.append(f"alias={quoted(alias)}")
        return [f"{name}: {hint} = {self._names.imports.module('attrs')}.field({', '.join(arguments)})"]

    def _default(self, member: Member) -> tuple[str, str | None]:
        """The default as an expression, or what makes it."""
        type_ = member.type
        if member.default is not None:
            return self.literal(member.default, type_), None
        if member.tag is not None or is_value(type_):
            return "None", None
        if isinstance(type_, Builtin):
            return {"bool": "False", "float": "0.0", "double": "0.0", "string": '""'}.get(
                type_.name, "0"
            ), None
        if isinstance(type_, Enum):
            return f"{self._names.ref(type_)}.{enumerator_name(type_.enumerators[0].name)}", None
        if isinstance(type_, Proxy):
            return "None", None
        if is_bytes(type_):
            return 'b""', None
        if is_tuple(type_):
            return "()", None
        if isinstance(type_, Sequence) and is_buffer(type_):
            return self._buffers.default(type_)
        if isinstance(type_, Sequence):
            return "", self._names.builtin("list")
        if isinstance(type_, Dictionary):
            return "", self._names.builtin("dict")
        return "", self._names.ref(type_)

    def constant(self, const: Const) -> str:
        """`Name: Final = value`."""
        final = self._names.support("typing", "Final")
        return f"{self._names.own(const)}: {final} = {self.literal(const.value, const.type)}"
