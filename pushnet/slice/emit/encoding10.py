"""What the runtime must know to serve encoding 1.0: shapes of the types and operations that differ there.

Only named types that differ get a shape of their own, `old_T`; all others are named where they are used.
"""

from __future__ import annotations

from collections.abc import Sequence as Items

from pushnet.slice.emit.layout import bracketed, collection, indented
from pushnet.slice.emit.names import Names, member_name, operation_name
from pushnet.slice.emit.types import (
    Types,
    differs10,
    external,
    holds_classes,
    is_bytes,
    is_tuple,
    is_value,
    wire_size_min,
)
from pushnet.slice.model import (
    Builtin,
    Class,
    Dictionary,
    Enum,
    Exception_,
    Operation,
    Proxy,
    Sequence,
    Struct,
    Type,
)

_MODULE = "pushnet.wire.encoding10"


class Encoding10:
    """Writes the shapes of one module."""

    def __init__(self, names: Names, types: Types) -> None:
        self._names = names
        self._types = types

    def named(self, type_: Enum | Struct | Sequence | Dictionary) -> list[str]:
        """The shape of a named type that differs; nothing for others."""
        if not differs10(type_):
            return []
        names = self._names
        head = f"{names.own(type_, prefix='old_')} = "
        if isinstance(type_, Enum):
            return [f"{head}{self._enum(type_)}"]
        if isinstance(type_, Sequence):
            arguments = [self.shape(type_.element), str(wire_size_min(type_.element))]
            if is_tuple(type_):
                arguments.append(names.builtin("tuple"))
            return bracketed(f"{head}{self._use('Sequence10')}(", arguments, ")")
        if isinstance(type_, Dictionary):
            size = wire_size_min(type_.key) + wire_size_min(type_.value)
            arguments = [self.shape(type_.key), self.shape(type_.value), str(size)]
            return bracketed(f"{head}{self._use('Dictionary10')}(", arguments, ")")
        members = [
            f'("{member_name(member.name, type_)}", {self.shape(member.type)})' for member in type_.members
        ]
        return _call(f"{head}{self._use('Struct10')}(", [names.ref(type_), members])

    def shape(self, type_: Type) -> str:
        """The expression for a type's shape."""
        if is_value(type_):
            return f"{self._use('Class10')}({self._types.value_class(type_)})"
        if isinstance(type_, Builtin):
            return self._use(type_.name.upper())
        if isinstance(type_, Proxy):
            return f"{self._use('Proxy10')}({self._types.proxy_class(type_)})"
        if is_bytes(type_):
            return self._use("BYTES")
        assert isinstance(type_, Enum | Struct | Sequence | Dictionary)
        if isinstance(type_, Enum) and external(type_):
            return self._enum(type_)
        if differs10(type_):
            return self._names.ref(type_, prefix="old_")
        writer, reader = (self._names.ref(type_, prefix=prefix) for prefix in ("write_", "read_"))
        return f"{self._use('Same')}({writer}, {reader})"

    def members(self, entity: Class | Exception_) -> list[str]:
        """The own members of a class or an exception, if they differ; optional ones do not travel."""
        if not any(member.tag is not None or differs10(member.type) for member in entity.members):
            return []
        items = [
            f'("{member_name(member.name, entity)}", {self._optional(member.type, member.tag)})'
            for member in entity.members
        ]
        return _tuple(f"{self._names.own(entity, prefix='_old_')} = ", items)

    def call(self, operation: Operation, name: str) -> list[str]:
        """The shapes of an operation that differs; nothing for others."""
        if not call_differs10(operation):
            return []
        ins = [self._optional(item.type, item.tag) for item in operation.ins]
        outs = [self._optional(item.type, item.tag) for item in operation.outs]
        if operation.returns is not None:
            outs.insert(0, self._optional(operation.returns, operation.returns_tag))
        arguments: list[str | list[str]] = [f'"{operation_name(operation.name)}"', ins, outs]
        if operation.returns is not None and operation.returns_tag is None:
            arguments.append("returns=True")
        if any(holds_classes(item.type) for item in operation.ins if item.tag is None):
            arguments.append("classes_in=True")
        out_types = [item.type for item in operation.outs if item.tag is None]
        if operation.returns is not None and operation.returns_tag is None:
            out_types.append(operation.returns)
        if any(holds_classes(type_) for type_ in out_types):
            arguments.append("classes_out=True")
        cls = self._names.support("pushnet.wire.call10", "Call10")
        return _call(f"{name} = {cls}(", arguments)

    def _optional(self, type_: Type, tag: int | None) -> str:
        return self.shape(type_) if tag is None else "None"

    def _enum(self, enum: Enum) -> str:
        return f'{self._use("Enum10")}({self._names.ref(enum)}, "{enum.type_id}")'

    def _use(self, name: str) -> str:
        return self._names.support(_MODULE, name)


def params_differ10(operation: Operation) -> bool:
    """Whether the parameters of a request have other bytes."""
    return any(item.tag is not None or differs10(item.type) for item in operation.ins)


def call_differs10(operation: Operation) -> bool:
    """Whether request or reply have other bytes."""
    if operation.returns is not None and (operation.returns_tag is not None or differs10(operation.returns)):
        return True
    outs = any(item.tag is not None or differs10(item.type) for item in operation.outs)
    return outs or params_differ10(operation)


def _tuple(head: str, items: Items[str], tail: str = "", depth: int = 0) -> list[str]:
    if len(items) == 1 and len(head) + len(items[0]) + len(tail) + 3 + 4 * depth <= 110:
        return [f"{head}({items[0]},){tail}"]
    return collection(f"{head}(", items, f"){tail}", depth)


def _call(head: str, arguments: Items[str | list[str]]) -> list[str]:
    """A call some of whose arguments are tuples."""
    flat = [
        item if isinstance(item, str) else _tuple("", item)[0] if len(item) == 1 else f"({', '.join(item)})"
        for item in arguments
    ]
    inner = ", ".join(flat)
    if len(head) + len(inner) + 1 <= 110:
        return [f"{head}{inner})"]
    if len(inner) + 4 <= 110:
        return [head, f"    {inner}", ")"]
    lines: list[str] = []
    for item in arguments:
        lines += [f"{item},"] if isinstance(item, str) else _tuple("", item, ",", 1)
    return [head, *indented(lines), ")"]
