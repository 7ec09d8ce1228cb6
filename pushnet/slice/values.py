"""Constants, defaults, enumerators and tags: whether a value fits where it stands."""

from __future__ import annotations

from pushnet.slice import syntax
from pushnet.slice.metadata import DEPRECATED
from pushnet.slice.model import Builtin, Const, Entity, Enum, Enumerator, Type, Value
from pushnet.slice.scopes import Lookup, Scope
from pushnet.slice.source import Diagnostics

INT32_MAX = 2**31 - 1

RANGES = {
    "byte": (0, 255),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), INT32_MAX),
    "long": (-(2**63), 2**63 - 1),
}
_FLOAT_MAX = 3.4028234663852886e38


def type_title(type_: Type) -> str:
    """How messages call a type."""
    if isinstance(type_, Builtin):
        return type_.name
    if isinstance(type_, Entity):
        return type_.type_id
    return f"{type_.target.type_id}*" if type_.target is not None else "Object*"


class Values:
    """Checks values against types."""

    def __init__(self, lookup: Lookup, diagnostics: Diagnostics) -> None:
        self._lookup = lookup
        self._diagnostics = diagnostics

    def fit(self, type_: Type, literal: syntax.Literal, scope: Scope, what: str) -> Value | None:
        """The literal as a value of the type; `None`, reported, when it is none."""
        if isinstance(type_, Enum):
            return self._enumerator(type_, literal, scope, what)
        if not isinstance(type_, Builtin) or type_.name in ("Object", "LocalObject", "Value"):
            self._error(literal, f"{what} of type `{type_title(type_)}` cannot have a value")
            return None
        if literal.kind == "name":
            return self._from_constant(type_, literal, scope, what)
        return self._checked(type_, literal.kind, literal.value, literal, what)

    def integer(self, literal: syntax.Literal, scope: Scope, what: str) -> int | None:
        """An integer, or a constant or enumerator that is one."""
        if literal.kind == "integer":
            return int(literal.value)
        if literal.kind == "name":
            entity = self._find(literal, scope)
            if isinstance(entity, Enumerator):
                return entity.value
            if isinstance(entity, Const) and type(entity.value.value) is int:
                return entity.value.value
            if entity is not None:
                self._error(literal, f"{what}: {entity.kind} `{literal.text}` is no integer")
            return None
        self._error(literal, f"{what} must be an integer")
        return None

    def tag(self, tag: syntax.Tag | None, scope: Scope, taken: dict[int, str], name: str) -> int | None:
        """A tag within range that nobody in `taken` has yet."""
        if tag is None or tag.number is None:
            return None
        number = self.integer(tag.number, scope, "the tag of an optional")
        if number is None:
            return None
        if not 0 <= number <= INT32_MAX:
            self._diagnostics.error(
                tag.position, f"tag {number} of `{name}` is out of range: 0 to {INT32_MAX}"
            )
            return None
        if number in taken:
            self._diagnostics.error(tag.position, f"tag {number} of `{name}` is taken by `{taken[number]}`")
            return None
        taken[number] = name
        return number

    def _find(self, literal: syntax.Literal, scope: Scope) -> Entity | None:
        entity = self._lookup.probe(literal.text, scope, literal.position)
        if entity is not None:
            return entity
        enumerators = self._unscoped(literal, scope)
        if len(enumerators) > 1:
            names = " or ".join(f"`{item.enum.name}::{item.name}`" for item in enumerators if item.enum)
            self._error(literal, f"`{literal.text}` could mean {names}")
            return None
        if enumerators:
            return enumerators[0]
        return self._lookup.find(literal.text, scope, literal.position)

    def _unscoped(self, literal: syntax.Literal, scope: Scope | None) -> list[Enumerator]:
        """Enumerators named without their enum; `A::red` means one in module `A`."""
        *path, name = literal.text.removeprefix("::").split("::")
        if path and scope is not None:
            module = self._lookup.probe("::".join(path), scope, literal.position)
            inner = self._lookup.scope_of(module) if module is not None else None
            return inner.unscoped(name) if inner is not None else []
        while scope is not None:
            if found := scope.unscoped(name):
                return found
            scope = scope.parent
        return []

    def _enumerator(self, enum: Enum, literal: syntax.Literal, scope: Scope, what: str) -> Value | None:
        if literal.kind != "name":
            self._error(literal, f"{what} wants an enumerator of `{enum.type_id}`, not {literal.text}")
            return None
        entity: Entity | None = None
        if "::" not in literal.text:
            entity = next((item for item in enum.enumerators if item.name == literal.text), None)
            if entity is not None:
                self._unscoped_warning(enum, literal)
        entity = entity or self._find(literal, scope)
        if isinstance(entity, Const) and entity.type is enum:
            return entity.value
        if isinstance(entity, Enumerator) and entity.enum is enum:
            return Value(entity)
        if entity is not None:
            self._error(literal, f"{what}: `{literal.text}` is no enumerator of `{enum.type_id}`")
        return None

    def _unscoped_warning(self, enum: Enum, literal: syntax.Literal) -> None:
        message = f"`{literal.text}` without its enum is deprecated: write `{enum.name}::{literal.text}`"
        self._diagnostics.warning(literal.position, message, DEPRECATED)

    def _from_constant(
        self, type_: Builtin, literal: syntax.Literal, scope: Scope, what: str
    ) -> Value | None:
        entity = self._find(literal, scope)
        if entity is None:
            return None
        if not isinstance(entity, Const):
            self._error(literal, f"{what}: {entity.kind} `{literal.text}` is no constant")
            return None
        kinds = {bool: "boolean", int: "integer", float: "float", str: "string"}
        kind = kinds.get(type(entity.value.value))
        if kind is None or isinstance(entity.value.value, Enumerator):
            self._error(literal, f"{what} of type `{type_.name}` cannot be the enumerator `{literal.text}`")
            return None
        return self._checked(type_, kind, entity.value.value, literal, what)

    def _checked(
        self, type_: Builtin, kind: str, value: int | float | str | bool, literal: syntax.Literal, what: str
    ) -> Value | None:
        if type_.name in RANGES and kind == "integer":
            low, high = RANGES[type_.name]
            if not low <= int(value) <= high:
                self._error(literal, f"{what}: {value} is out of range for `{type_.name}`: {low} to {high}")
                return None
            return Value(int(value))
        if type_.name in ("float", "double") and kind in ("integer", "float"):
            if type_.name == "float" and abs(float(value)) > _FLOAT_MAX:
                self._error(literal, f"{what}: {literal.text} is too large for `float`")
                return None
            return Value(float(value))
        if (type_.name, kind) in (("bool", "boolean"), ("string", "string")):
            return Value(value)
        self._error(literal, f"{what} of type `{type_.name}` cannot be the {kind} {literal.text}")
        return None

    def _error(self, literal: syntax.Literal, message: str) -> None:
        self._diagnostics.error(literal.position, message)
