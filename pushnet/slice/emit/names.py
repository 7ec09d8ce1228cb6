"""Python's names for Slice's: keywords, clashes between modules, locals that get out of the user's way."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping

from pushnet.slice.emit.imports import Imports
from pushnet.slice.files import SourceFile
from pushnet.slice.metadata import EXTERNAL
from pushnet.slice.model import (
    Class,
    Const,
    Dictionary,
    Entity,
    Enum,
    Exception_,
    Interface,
    Sequence,
    Struct,
    Type,
    Unit,
)
from pushnet.slice.shipped import PACKAGE, is_shipped

_TAKEN_FOR_KEYWORDS = ("exec", "print", "self")
_PROXY_METHODS = ("checkedCast", "uncheckedCast")
_EXCEPTION_ATTRIBUTES = ("add_note", "args", "with_traceback")
_ENUM_ATTRIBUTES = frozenset(name for name in dir(int) if not name.startswith("_")) | {"mro", "name", "value"}


def python_name(name: str) -> str:
    """The name itself; a Python keyword gets a `_` in front, and what slice2py takes for one."""
    return f"_{name}" if keyword.iskeyword(name) or name in _TAKEN_FOR_KEYWORDS else name


def operation_name(name: str) -> str:
    """An operation's method; the names of every proxy's own methods get a `_` too."""
    return f"_{name}" if name in _PROXY_METHODS else python_name(name)


def enumerator_name(name: str) -> str:
    """An enumerator; the names of an integer's own attributes get a `_` too."""
    return f"_{name}" if name in _ENUM_ATTRIBUTES else python_name(name)


def member_name(name: str, owner: Entity) -> str:
    """A data member; in exceptions the names every exception has get a `_` too."""
    if isinstance(owner, Exception_) and name in _EXCEPTION_ATTRIBUTES:
        return f"_{name}"
    return python_name(name)


class Locals:
    """The local names of one function: the user's first, ours around them."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._given: set[str] = set()

    def __call__(self, name: str) -> str:
        """`name`, or with underscores in front when that is the user's; the same for the same name."""
        while name in self._taken:
            name = f"_{name}"
        self._given.add(name)
        return name

    def fresh(self, name: str) -> str:
        """One that nobody has, and that is taken from now on."""
        while name in self._taken or name in self._given:
            name = f"_{name}"
        self._taken.add(name)
        return name


class Names:
    """Python names of the entities of one unit, as its module sees them."""

    def __init__(
        self,
        unit: Unit,
        sources: Mapping[str, SourceFile],
        package: str,
        circle: frozenset[str] = frozenset(),
    ) -> None:
        self._sources = sources
        self._circle = circle
        self._package = package
        self._bases = base_names(unit)
        own = {base for entity, base in self._bases.items() if entity.level == 0}
        imported = [(entity, base) for entity, base in self._bases.items() if entity.level > 0]
        counts: dict[str, int] = {}
        for _, base in imported:
            counts[base] = counts.get(base, 0) + 1
        self._locals = dict(self._bases)
        for entity, base in imported:
            if base in own or counts[base] > 1:
                self._locals[entity] = _qualified(entity)
        self._attributes = _attributes(unit)
        self.types = frozenset(self._locals.values())
        derived = {f"{base}{suffix}" for base in self.types for suffix in ("Prx", "Servant", "Value")}
        self.imports = Imports(self.types | derived | self._attributes)

    def module_of(self, entity: Entity) -> str:
        """The Python module in which the entity's names are."""
        external = entity.metadata_value(EXTERNAL)
        if external is not None:
            return external.rpartition(".")[0]
        return module_name(self._sources[entity.position.file], self._package)

    def ref(self, entity: Entity, prefix: str = "", suffix: str = "") -> str:
        """The name to write for the entity's class, `read_` function and so on; imports it where needed."""
        local = prefix + self._locals[entity] + suffix
        shadowed = local in self._attributes
        external = entity.metadata_value(EXTERNAL)
        if entity.level == 0 and external is None:
            return f"{local}_" if shadowed else local
        base = self._bases[entity] if external is None else external.rpartition(".")[2]
        late = external is None and self._sources[entity.position.file].key in self._circle
        return self.imports.use(
            self.module_of(entity), prefix + base + suffix, f"{local}_" if shadowed else local, late
        )

    def own(self, entity: Entity, prefix: str = "", suffix: str = "") -> str:
        """The name under which an entity of this file is defined."""
        return prefix + self._locals[entity] + suffix

    def is_shadowed(self, entity: Entity) -> bool:
        """Whether a member, operation or parameter has the name of the entity's class."""
        return self._locals[entity] in self._attributes

    def alias(self, entity: Entity) -> list[str]:
        """A second name, for use where a member, operation or parameter of the same name hides the class."""
        return ["", "", f"{self.ref(entity)} = {self.own(entity)}"] if self.is_shadowed(entity) else []

    def support(self, module: str, name: str) -> str:
        """A name the generated code itself needs."""
        return self.imports.support(module, name)

    def stub(self, name: str) -> str:
        """A name of the runtime."""
        return self.imports.support("pushnet.rpc.stubs", name)

    def basic(self, name: str) -> str:
        """A codec of a basic type."""
        return self.imports.support("pushnet.wire.basic", name)

    def value_writer(self) -> str:
        """The class that writes instances of classes."""
        return self.imports.support("pushnet.wire.value_writer", "ValueWriter")

    def value_reader(self) -> str:
        """The class that reads them."""
        return self.imports.support("pushnet.wire.value_reader", "ValueReader")

    def builtin(self, name: str) -> str:
        """A builtin of Python."""
        return self.imports.builtin(name)

    def locals(self, taken: Iterable[str] = ()) -> Locals:
        """Names for a function in which the user's names `taken` occur."""
        return Locals({*taken, *self.types})


def inside_name(name: str, names: Names) -> str:
    """A member's or parameter's name as a local: it must not hide a class of the module."""
    return f"{name}__" if name in names.types else name


def emitted(unit: Unit) -> list[Entity]:
    """What of a unit's own file is written: not what is local, which never travels; but local enums are."""
    return [item for item in unit.own() if _travels(item)]


def _travels(entity: Entity) -> bool:
    return isinstance(entity, Enum) or not getattr(entity, "local", False)


def by_value(unit: Unit) -> list[Interface]:
    """The interfaces that the unit's own definitions pass by value, as Ice 3.7 still allows."""
    found: dict[Interface, None] = {}
    for entity in emitted(unit):
        types: list[Type | None] = []
        if isinstance(entity, Struct | Exception_ | Class):
            types += [member.type for member in entity.members]
        elif isinstance(entity, Sequence):
            types.append(entity.element)
        elif isinstance(entity, Dictionary):
            types.append(entity.value)
        elif isinstance(entity, Interface):
            for operation in entity.operations:
                types += [operation.returns, *(parameter.type for parameter in operation.parameters)]
        found.update((type_, None) for type_ in types if isinstance(type_, Interface))
    return list(found)


def module_name(file: SourceFile, package: str) -> str:
    """The Python module of a Slice file."""
    if is_shipped(file.root):
        return ".".join((PACKAGE, *file.module_parts))
    parts = [package] if package else []
    return ".".join((*parts, *file.module_parts))


def base_names(unit: Unit) -> dict[Entity, str]:
    """The name of each entity in the module of its file: qualified where two Slice modules share it."""
    generated = (Enum, Struct, Sequence, Dictionary, Exception_, Const, Interface, Class)
    counts: dict[tuple[str, str], int] = {}
    entities = [item for item in unit.entities if isinstance(item, generated) and _travels(item)]
    for entity in entities:
        key = (entity.position.file, _bare(entity))
        counts[key] = counts.get(key, 0) + 1
    return {
        entity: _qualified(entity)
        if counts[entity.position.file, _bare(entity)] > 1
        else python_name(_bare(entity))
        for entity in entities
    }


def _bare(entity: Entity) -> str:
    """The name without regard to others; what can be called of a class stands beside the class."""
    if isinstance(entity, Interface) and entity.of_class is not None:
        return f"{entity.name}Operations"
    return entity.name


def module_names(entity: Entity, base: str) -> list[str]:
    """The names that an entity has in its Python module."""
    if isinstance(entity, Interface):
        return [base, f"{base}Prx", f"{base}Servant"]
    if isinstance(entity, Sequence | Dictionary):
        return [f"read_{base}", f"write_{base}"]
    return [base, f"read_{base}", f"write_{base}"] if isinstance(entity, Enum | Struct) else [base]


def _qualified(entity: Entity) -> str:
    return "_".join((*entity.scope, _bare(entity)))


def _attributes(unit: Unit) -> frozenset[str]:
    """The user's names below types: members, operations and parameters of this file."""
    names: set[str] = set()
    for entity in emitted(unit):
        if isinstance(entity, Struct | Exception_ | Class):
            names.update(member_name(member.name, entity) for member in entity.members)
        elif isinstance(entity, Interface):
            for operation in entity.operations:
                names.add(operation_name(operation.name))
                names.update(python_name(parameter.name) for parameter in operation.parameters)
    return frozenset(names)
