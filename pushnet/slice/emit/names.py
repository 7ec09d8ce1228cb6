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
    Unit,
)

_PROXY_METHODS = ("checkedCast", "uncheckedCast")
_EXCEPTION_ATTRIBUTES = ("add_note", "args", "with_traceback")
_ENUM_ATTRIBUTES = frozenset(name for name in dir(int) if not name.startswith("_")) | {"mro", "name", "value"}


def python_name(name: str) -> str:
    """The name itself; a Python keyword gets a `_` in front."""
    return f"_{name}" if keyword.iskeyword(name) else name


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

    def __call__(self, name: str) -> str:
        """`name`, or with underscores in front when that is the user's; the same for the same name."""
        while name in self._taken:
            name = f"_{name}"
        return name

    def fresh(self, name: str) -> str:
        """Like a call, and taken from now on."""
        name = self(name)
        self._taken.add(name)
        return name


class Names:
    """Python names of the entities of one unit, as its module sees them."""

    def __init__(self, unit: Unit, sources: Mapping[str, SourceFile], package: str) -> None:
        self._sources = sources
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
        derived = {f"{base}{suffix}" for base in self.types for suffix in ("Prx", "Servant")}
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
        return self.imports.use(
            self.module_of(entity), prefix + base + suffix, f"{local}_" if shadowed else local
        )

    def own(self, entity: Entity, prefix: str = "", suffix: str = "") -> str:
        """The name under which an entity of this file is defined."""
        return prefix + self._locals[entity] + suffix

    def is_shadowed(self, entity: Entity) -> bool:
        """Whether a member, operation or parameter has the name of the entity's class."""
        return self._locals[entity] in self._attributes

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


def module_name(file: SourceFile, package: str) -> str:
    """The Python module of a Slice file."""
    parts = [package] if package else []
    return ".".join((*parts, *file.module_parts))


def base_names(unit: Unit) -> dict[Entity, str]:
    """The name of each entity in the module of its file: qualified where two Slice modules share it."""
    generated = (Enum, Struct, Sequence, Dictionary, Exception_, Const, Interface, Class)
    counts: dict[tuple[str, str], int] = {}
    entities = [entity for entity in unit.entities if isinstance(entity, generated)]
    for entity in entities:
        key = (entity.position.file, entity.name)
        counts[key] = counts.get(key, 0) + 1
    return {
        entity: _qualified(entity)
        if counts[entity.position.file, entity.name] > 1
        else python_name(entity.name)
        for entity in entities
    }


def module_names(entity: Entity, base: str) -> list[str]:
    """The names that an entity has in its Python module."""
    if isinstance(entity, Interface):
        return [base, f"{base}Prx", f"{base}Servant"]
    if isinstance(entity, Sequence | Dictionary):
        return [f"read_{base}", f"write_{base}"]
    return [base, f"read_{base}", f"write_{base}"] if isinstance(entity, Enum | Struct) else [base]


def _qualified(entity: Entity) -> str:
    return "_".join((*entity.scope, entity.name))


def _attributes(unit: Unit) -> frozenset[str]:
    """The user's names below types: members, operations and parameters of this file."""
    names: set[str] = set()
    for entity in unit.own():
        if isinstance(entity, Struct | Exception_ | Class):
            names.update(member_name(member.name, entity) for member in entity.members)
        elif isinstance(entity, Interface):
            for operation in entity.operations:
                names.add(operation_name(operation.name))
                names.update(python_name(parameter.name) for parameter in operation.parameters)
    return frozenset(names)
