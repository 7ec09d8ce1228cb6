"""One Slice file as one Python module, in the order in which one reads it.

Values, errors, contracts with all docs, proxies, skeletons; the wire comes last, behind one comment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import attrs

from pushnet.slice.compilation import Compilation
from pushnet.slice.docs import read_doc
from pushnet.slice.emit.classes import constant, enum_class, interface_value, value_class
from pushnet.slice.emit.codecs import Codecs
from pushnet.slice.emit.docstrings import docstring, plain_docstring
from pushnet.slice.emit.encoding10 import Encoding10
from pushnet.slice.emit.forms import with_forms
from pushnet.slice.emit.layout import collection, quoted
from pushnet.slice.emit.names import Names, by_value, emitted
from pushnet.slice.emit.operations import Operations
from pushnet.slice.emit.proxies import Interfaces
from pushnet.slice.emit.slices import Slices
from pushnet.slice.emit.types import Types, external, is_bytes
from pushnet.slice.emit.wiretypes import WireTypes, public_functions
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
)

E = TypeVar("E", bound=Entity)


def emit_module(compilation: Compilation, package: str) -> str:
    """The text of the module for a compilation without errors."""
    formed = attrs.evolve(compilation, unit=with_forms(compilation.unit))
    return _Emission(formed, package).text()


class _Emission:
    def __init__(self, compilation: Compilation, package: str) -> None:
        self._compilation = compilation
        self._unit = compilation.unit
        self._names = Names(compilation.unit, compilation.sources, package, compilation.circle())
        self._types = Types(self._names)
        self._codecs = Codecs(self._names, self._types)
        self._wire_types = WireTypes(self._names, self._types, self._codecs)
        old = Encoding10(self._names, self._types)
        self._old = old
        self._slices = Slices(self._names, self._types, self._codecs, old)
        self._operations = Operations(self._names, self._types, self._codecs, old)
        self._interfaces = Interfaces(self._names, self._operations)
        self._own = [entity for entity in emitted(compilation.unit) if not external(entity)]

    def text(self) -> str:
        sections = self._values() + self._errors() + self._contracts()
        wire = self._wire()
        self._borrow()
        title = self._compilation.file.title
        header = [
            f"# Written by slice2tx from {title}. To change it, change the Slice file.",
            *self._title(),
            "",
            *self._names.imports.lines(),
        ]
        blocks = [
            header,
            collection("__all__ = [", [quoted(name) for name in self._public()], "]"),
            *sections,
        ]
        if late := self._names.imports.late_lines():
            blocks += [
                ["# These files include each other: what follows needs this module's own classes.", *late]
            ]
        if wire:
            blocks += [["# The wire: how the above becomes bytes and back."], *wire]
        lines: list[str] = []
        before: list[str] = []
        for block in blocks:
            lines += _gap(before, block) + block
            before = block
        return "\n".join(lines) + "\n"

    def _title(self) -> list[str]:
        unit = self._compilation.unit
        if unit.doc is not None:
            return docstring(read_doc(unit.doc), 0)
        modules = " and ".join(f"`{module}`" for module in unit.modules) or "nothing"
        return plain_docstring(f"What the Slice file declares in {modules}.", 0)

    def _public(self) -> list[str]:
        names = self._names
        public: list[str] = []
        for entity in emitted(self._compilation.unit):
            if isinstance(entity, Interface):
                public += [names.own(entity, suffix="Prx")]
                if entity.defined:
                    public += [names.own(entity), names.own(entity, suffix="Servant")]
            elif isinstance(entity, Enum | Struct):
                public += [names.own(entity), *public_functions(entity, names)]
            elif isinstance(entity, Exception_ | Const) or (isinstance(entity, Class) and entity.defined):
                public.append(names.own(entity))
            elif isinstance(entity, Sequence | Dictionary) and not is_bytes(entity):
                public += public_functions(entity, names)
        public += [names.own(interface, suffix="Value") for interface in by_value(self._unit)]
        return sorted(public)

    def _borrow(self) -> None:
        """Types that people wrote can be had from here as well."""
        for entity in emitted(self._compilation.unit):
            if external(entity):
                self._names.ref(entity)
                if isinstance(entity, Enum | Struct):
                    self._names.ref(entity, prefix="read_")
                    self._names.ref(entity, prefix="write_")

    def _each(self, kind: type[E], write: Callable[[E], list[str]]) -> list[list[str]]:
        return [lines for entity in self._own if isinstance(entity, kind) and (lines := write(entity))]

    def _values(self) -> list[list[str]]:
        sections: list[list[str]] = []
        for entity in self._own:
            if isinstance(entity, Const):
                sections.append(constant(entity, self._types))
            elif isinstance(entity, Enum):
                sections.append(enum_class(entity, self._names))
            elif isinstance(entity, Struct) or (isinstance(entity, Class) and entity.defined):
                sections.append(value_class(entity, self._names, self._types))
        sections += [interface_value(interface, self._names) for interface in by_value(self._unit)]
        return sections

    def _errors(self) -> list[list[str]]:
        return self._each(Exception_, lambda entity: value_class(entity, self._names, self._types))

    def _contracts(self) -> list[list[str]]:
        def defined(write: Callable[[Interface], list[str]]) -> Callable[[Interface], list[str]]:
            return lambda interface: write(interface) if interface.defined else []

        return [
            *self._each(Interface, defined(self._interfaces.contract)),
            *self._each(Interface, self._interfaces.proxy),
            *self._each(Interface, defined(self._interfaces.skeleton)),
        ]

    def _wire(self) -> list[list[str]]:
        blocks: list[list[str]] = []
        for entity in self._own:
            if isinstance(entity, Enum):
                blocks += self._wire_types.enum(entity)
            elif isinstance(entity, Struct):
                blocks += self._wire_types.struct(entity)
            elif isinstance(entity, Sequence) and not is_bytes(entity):
                blocks += self._wire_types.sequence(entity)
            elif isinstance(entity, Dictionary):
                blocks += self._wire_types.dictionary(entity)
            elif isinstance(entity, Exception_):
                blocks += self._slices.exception(entity)
            elif isinstance(entity, Class) and entity.defined:
                blocks += self._slices.value(entity)
            if isinstance(entity, Enum | Struct | Sequence | Dictionary) and (old := self._old.named(entity)):
                blocks.append(old)
        blocks += [self._slices.interface(interface) for interface in by_value(self._unit)]
        for entity in self._own:
            if isinstance(entity, Interface) and entity.defined:
                blocks += self._interface(entity)
        return [*filter(None, (self._codecs.struct_lines(), self._codecs.maker_lines())), *blocks]

    def _interface(self, interface: Interface) -> list[list[str]]:
        blocks: list[list[str]] = []
        for operation in interface.operations:
            blocks += [
                self._operations.old(interface, operation),
                self._operations.result_reader(interface, operation),
                self._operations.server(interface, operation),
                self._operations.result_writer(interface, operation),
                self._operations.descriptor(interface, operation),
            ]
        blocks.append(self._interfaces.table(interface))
        return [block for block in blocks if block]


def _gap(before: list[str], block: list[str]) -> list[str]:
    """The empty lines between two blocks: two around classes and functions."""
    if not before:
        return []
    return ["", ""] if _is_suite(before) or _is_suite(block) else [""]


def _is_suite(block: list[str]) -> bool:
    return block[0].startswith(("def ", "class ", "@"))
