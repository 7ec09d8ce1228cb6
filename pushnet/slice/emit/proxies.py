"""Interfaces as three classes: the contract, the proxy and the skeleton."""

from __future__ import annotations

from collections.abc import Sequence

from pushnet.slice.docs import doc_of
from pushnet.slice.emit.docstrings import docstring, plain_docstring
from pushnet.slice.emit.layout import bracketed, collection, indented
from pushnet.slice.emit.names import Names
from pushnet.slice.emit.operations import Operations
from pushnet.slice.model import Interface

_ROOT = "::Ice::Object"


def near_bases(interface: Interface) -> list[Interface]:
    """The bases without those that other bases have already: Python cannot order them otherwise."""
    return [
        base for base in interface.bases if not any(base in other.ancestors() for other in interface.bases)
    ]


def can_be_ordered(interface: Interface) -> bool:
    """Whether Python finds an order for the bases' bases."""
    return _linear(interface) is not None


def _linear(interface: Interface) -> list[Interface] | None:
    """The order of attribute lookup, as Python computes it (C3)."""
    bases = near_bases(interface)
    lists: list[list[Interface]] = []
    for base in bases:
        linear = _linear(base)
        if linear is None:
            return None
        lists.append(linear)
    lists.append(list(bases))
    order = [interface]
    while any(lists):
        lists = [items for items in lists if items]
        head = next((items[0] for items in lists if not any(items[0] in other[1:] for other in lists)), None)
        if head is None:
            return None
        order.append(head)
        lists = [[item for item in items if item is not head] for items in lists]
    return order


class Interfaces:
    """Writes the classes of one module's interfaces."""

    def __init__(self, names: Names, operations: Operations) -> None:
        self._names = names
        self._operations = operations

    def contract(self, interface: Interface) -> list[str]:
        """What both sides promise, with all docs."""
        bases = [self._names.ref(base) for base in near_bases(interface)]
        lines = self._heading(interface, "", [*bases, self._names.support("typing", "Protocol")])
        parts = [docstring(doc_of(interface), 1)]
        parts += [self._operations.contract(operation) for operation in interface.operations]
        return lines + indented(_spaced(parts) or ["pass"]) + self._names.alias(interface)

    def proxy(self, interface: Interface) -> list[str]:
        """The class whose objects call."""
        names = self._names
        bases = [names.ref(base, suffix="Prx") for base in near_bases(interface)] or [names.stub("ObjectPrx")]
        lines = self._heading(interface, "Prx", bases)
        title = names.own(interface)
        text = f"Calls {_article(title)} `{title}` wherever it is."
        if not interface.defined:
            text = f"Stands for {_article(title)} `{title}`, defined elsewhere: cast it to the class there."
        parts = [plain_docstring(text, 1), [self._type_id(interface)]]
        parts += [self._operations.call(interface, operation) for operation in interface.operations]
        return lines + indented(_spaced(parts))

    def skeleton(self, interface: Interface) -> list[str]:
        """The base of servants."""
        names = self._names
        bases = [names.ref(base, suffix="Servant") for base in near_bases(interface)] or [
            names.stub("Servant")
        ]
        lines = self._heading(interface, "Servant", bases)
        ids = sorted({_ROOT, interface.type_id, *(base.type_id for base in interface.ancestors())})
        class_var = names.support("typing", "ClassVar")
        head = f"ice_type_ids: {class_var}[{names.builtin('tuple')}[{names.builtin('str')}, ...]] = ("
        body = [self._type_id(interface), *collection(head, [f'"{item}"' for item in ids], ")", 1)]
        title = names.own(interface)
        text = f"Serves {_article(title)} `{title}`: subclass it and write the methods of the contract."
        doc = plain_docstring(text, 1)
        return lines + indented(_spaced([doc, body]))

    def table(self, interface: Interface) -> list[str]:
        """The skeleton's operations by name, inherited ones too."""
        bases = near_bases(interface)
        if not interface.operations and len(bases) < 2:
            return []
        lines = [f"**{self._names.ref(base, suffix='Servant')}.ice_operations," for base in bases]
        for operation in interface.operations:
            lines += self._operations.table_entry(interface, operation)
        return [f"{self._names.own(interface, suffix='Servant')}.ice_operations = {{", *indented(lines), "}"]

    def _type_id(self, interface: Interface) -> str:
        hint = f"{self._names.support('typing', 'ClassVar')}[{self._names.builtin('str')}]"
        return f'ice_type: {hint} = "{interface.type_id}"'

    def _heading(self, interface: Interface, suffix: str, bases: Sequence[str]) -> list[str]:
        return bracketed(f"class {self._names.own(interface, suffix=suffix)}(", bases, "):")


def _spaced(parts: Sequence[list[str]]) -> list[str]:
    """The parts with an empty line between them."""
    lines: list[str] = []
    for part in parts:
        if part:
            lines += ([""] if lines else []) + part
    return lines


def _article(title: str) -> str:
    return "an" if title[0] in "AEIOaeio" else "a"
