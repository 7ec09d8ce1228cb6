"""Sequences for which `python:` metadata asks for something else than a list, a tuple or `bytes`."""

from __future__ import annotations

from pushnet.slice.emit.names import Names
from pushnet.slice.metadata import DOTTED
from pushnet.slice.model import Builtin, Sequence

_PREFIX = "python:"
_NUMBERS = {
    "bool": (1, "b", "?", 0, "?"),
    "byte": (1, "b", "B", 1, "i1"),
    "short": (2, "h", "h", 2, "i2"),
    "int": (4, "i", "i", 3, "i4"),
    "long": (8, "q", "q", 4, "i8"),
    "float": (4, "f", "f", 5, "f4"),
    "double": (8, "d", "d", 6, "f8"),
}
"""For each type its size, the type code of arrays, the `struct` code, Ice's number, and numpy's name."""


def python_form(sequence: Sequence) -> str:
    """What metadata makes of it: `list`, `tuple`, `array`, `ndarray`, `view:factory`, `message:class`; empty
    where it says nothing that fits the elements.
    """
    element = sequence.element.name if isinstance(sequence.element, Builtin) else ""
    for item in sequence.metadata:
        said = item.removeprefix(_PREFIX).removeprefix("seq:") if item.startswith(_PREFIX) else ""
        head, _, rest = said.partition(":")
        if said in ("list", "tuple"):
            return said
        if head == "protobuf" and element == "byte" and DOTTED.match(rest) is not None:
            return f"message:{rest}"
        if element in _NUMBERS:
            if said == "array.array":
                return "array"
            if said == "numpy.ndarray":
                return "ndarray"
            if head == "memoryview" and DOTTED.match(rest) is not None:
                return f"view:{rest}"
    return ""


class Buffers:
    """Writes what one module says of such sequences."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def annotation(self, sequence: Sequence, accepting: bool) -> str:
        """The type hint; an accepting one takes any sequence of numbers."""
        kind, _, path = python_form(sequence).partition(":")
        if kind == "message":
            return self._imported(path)
        if accepting or kind == "view":
            return self._names.support("typing", "Any")
        if kind == "ndarray":
            any_ = self._names.support("typing", "Any")
            return f"{self._names.imports.module('numpy')}.ndarray[{any_}, {any_}]"
        number = "float" if _of(sequence)[1] in "fd" else "int"
        return f"{self._array()}[{self._names.builtin(number)}]"

    def default(self, sequence: Sequence) -> tuple[str, str | None]:
        """A member's default as an expression, or what makes it."""
        kind, _, path = python_form(sequence).partition(":")
        if kind == "message":
            return "", self._imported(path)
        if kind == "view":
            return "()", None
        if kind == "ndarray":
            return "", f'lambda: {self._names.imports.module("numpy")}.zeros(0, "{_of(sequence)[4]}")'
        return "", f'lambda: {self._array()}("{_of(sequence)[1]}")'

    def codec(
        self, sequence: Sequence, out: str, value: str, buf: str, pos: str
    ) -> tuple[list[str], list[str]]:
        """The statements that write and read it."""
        kind, _, path = python_form(sequence).partition(":")
        if kind == "message":
            read = f"return {self._wire('read_message')}({buf}, {pos}, {self._imported(path)})"
            return [f"{self._wire('write_message')}({out}, {value})"], [read]
        size, code, wire_code, number, dtype = _of(sequence)
        write = [f'{self._wire("write_buffer")}({out}, {value}, "{wire_code}", {size})']
        if kind == "array":
            return write, [f'return {self._wire("read_array")}({buf}, {pos}, "{code}", {size})']
        if kind == "view":
            arguments = f"{buf}, {pos}, {self._imported(path)}, {number}, {size}"
            return write, [f"return {self._wire('read_viewed')}({arguments})"]
        numpy, numbers = self._names.imports.module("numpy"), "_numbers"
        return write, [
            f"{numbers}, {pos} = {self._wire('read_buffer')}({buf}, {pos}, {size})",
            f'return {numpy}.frombuffer({numbers}, "{dtype}"), {pos}',
        ]

    def _array(self) -> str:
        return self._names.support("array", "array")

    def _wire(self, name: str) -> str:
        return self._names.support("pushnet.wire.buffers", name)

    def _imported(self, path: str) -> str:
        module, _, name = path.rpartition(".")
        return self._names.support(module, name)


def _of(sequence: Sequence) -> tuple[int, str, str, int, str]:
    assert isinstance(sequence.element, Builtin), "others have no such form"
    return _NUMBERS[sequence.element.name]
