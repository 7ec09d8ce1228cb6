"""One operation, three times: in the contract, in the proxy, and in what the skeleton does with a request."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from pushnet.slice.docs import doc_of
from pushnet.slice.emit.codecs import Codecs, Place, function
from pushnet.slice.emit.docstrings import docstring
from pushnet.slice.emit.encoding10 import Encoding10, call_differs10, params_differ10
from pushnet.slice.emit.layout import INDENT, bracketed, expression, indented, listed
from pushnet.slice.emit.names import Locals, Names, inside_name, operation_name, python_name
from pushnet.slice.emit.optionals import Optionals
from pushnet.slice.emit.types import Types, holds_classes, holds_proxies
from pushnet.slice.model import Interface, Operation, Type

_NORMAL, _NONMUTATING, _IDEMPOTENT = 0, 1, 2


@attrs.frozen
class Field:
    """Something that travels: a parameter or the return value, under its Python name."""

    type: Type
    name: str
    tag: int | None


class Operations:
    """Writes the operations of one module."""

    def __init__(self, names: Names, types: Types, codecs: Codecs, old: Encoding10) -> None:
        self._names = names
        self._types = types
        self._codecs = codecs
        self._old = old
        self._optionals = Optionals(names, types, codecs)

    # The contract

    def contract(self, operation: Operation) -> list[str]:
        """The method of the contract, with its docs."""
        names = self._names
        locals_ = self._locals(operation)
        current = names.stub("Current")
        parameters = [locals_("self"), *self._parameters(operation)]
        parameters += [f"{locals_('current')}: {current} | None = None", "/"]
        result = f"{names.support('collections.abc', 'Awaitable')}[{self._types.result(operation)}]"
        outs = tuple(parameter.name for parameter in operation.outs)
        renamed = {parameter.name: python_name(parameter.name) for parameter in operation.parameters}
        doc = docstring(doc_of(operation), 2, outs, renamed, f"The operation `{operation.name}`.")
        tail = f") -> {result}:" if doc else f") -> {result}: ..."
        lines = bracketed(f"def {operation_name(operation.name)}(", parameters, tail, 1)
        return [*lines, *indented([*doc, "..."])] if doc else lines

    # The proxy

    def call(self, interface: Interface, operation: Operation) -> list[str]:
        """The method of the proxy."""
        names = self._names
        locals_ = self._locals(operation)
        self_, context = locals_("self"), locals_("context")
        parameters = [self_, *self._parameters(operation)]
        for index in range(len(operation.ins), _required(operation), -1):
            parameters[index] += " = None"
        parameters.append(f"{context}: {names.stub('CallContext')} = None")
        result = f"{names.support('twisted.internet.defer', 'Deferred')}[{self._types.result(operation)}]"
        lines = bracketed(f"def {operation_name(operation.name)}(", parameters, f") -> {result}:", 1)
        return lines + indented(self._call_body(interface, operation, self_, context, locals_))

    def _call_body(
        self, interface: Interface, operation: Operation, self_: str, context: str, locals_: Locals
    ) -> list[str]:
        fields = [Field(item.type, python_name(item.name), item.tag) for item in operation.ins]
        required = [(field.type, field.name) for field in fields if field.tag is None]
        head = f"return {self_}._ice_call("
        descriptor = self._private("OP", interface, operation)
        if not fields:
            return bracketed(head, [descriptor, 'b""', context], ")", 2)
        lines: list[str] = []
        if params_differ10(operation):
            names = [field.name for field in fields]
            together = f"({names[0]},)" if len(names) == 1 else f"({', '.join(names)})"
            lines.append(f"if {self_}._ice_old:")
            call = bracketed(f"return {self_}._ice_call10(", [descriptor, together, context], ")", 3)
            lines += indented(call)
        packed = self._codecs.packed(required) if len(required) == len(fields) else None
        if packed is not None:
            line = f"{head}{descriptor}, {packed[0]}({', '.join(packed[1])}), {context})"
            if len(line) <= 102:
                return [*lines, line]
        out, values = locals_("out"), locals_("values")
        return [
            *lines,
            f"{out} = {self._names.builtin('bytearray')}()",
            *self._value_writer(interface, operation, fields, values, f"{self_}._ice_sliced"),
            *self._codecs.write(required, out, 2, values),
            *self._optionals.write(_tagged(fields), out, locals_),
            *bracketed(head, [descriptor, out, context], ")", 2),
        ]

    def descriptor(self, interface: Interface, operation: Operation) -> list[str]:
        """What the proxy tells the runtime about the operation."""
        names = self._names
        name = self._private("OP", interface, operation)
        reader = self._private("result", interface, operation, "read_") if _results(operation) else "None"
        throws = [names.ref(exception) for exception in operation.throws]
        thrown = f"({throws[0]},)" if len(throws) == 1 else f"({', '.join(throws)})"
        arguments = [f'"{operation.name}"', str(_mode(operation)), reader, thrown]
        if call_differs10(operation):
            arguments.append(f"old={self._private('OLD', interface, operation)}")
        class_ = names.stub("Operation")
        return bracketed(f"{name}: {class_}[{self._types.result(operation)}] = {class_}(", arguments, ")")

    def old(self, interface: Interface, operation: Operation) -> list[str]:
        """What both sides tell the runtime for encoding 1.0, where that differs."""
        return self._old.call(operation, self._private("OLD", interface, operation))

    def _value_writer(
        self, interface: Interface, operation: Operation, fields: Sequence[Field], values: str, default: str
    ) -> list[str]:
        """The statement that makes a writer of instances, where there may be any.

        Args:
            default: says whether the format is the sliced one where Slice says nothing.
        """
        if not any(holds_classes(field.type) for field in fields):
            return []
        sliced = {True: "sliced=True", False: "", None: default}[_sliced(interface, operation)]
        return [f"{values} = {self._names.value_writer()}({sliced})"]

    def _value_reader(self, fields: Sequence[Field], place: Place, source: str) -> list[str]:
        """The statement that makes a reader of instances, where there may be any."""
        if not _may_bring_classes(fields):
            return []
        return [f"{place.source} = {self._names.value_reader()}({source})"]

    def _place(self, fields: Sequence[Field], locals_: Locals, source: str) -> Place:
        """Where decoding begins; instances and proxies are read through the reader of instances, if any."""
        classes = _may_bring_classes(fields)
        return Place(locals_("buf"), locals_("pos"), locals_("values") if classes else source)

    def _read_optionals(self, fields: Sequence[Field], place: Place, locals_: Locals) -> list[str]:
        tagged = _tagged(fields)
        seeking = self._optionals.read(tagged, place, locals_, 1, f"{place.source}.skip")
        return [*self._optionals.unset(tagged), *seeking]

    def _ended(self, place: Place) -> list[str]:
        """Nothing may be left but optional values that only the peer knows."""
        pass_over = self._names.support("pushnet.wire.leftovers", "pass_over")
        here = place.here()
        return [
            f"if {here} != {self._names.builtin('len')}({place.buf}):",
            f"{INDENT}{pass_over}({place.buf}, {here}, {place.source})",
        ]

    def result_reader(self, interface: Interface, operation: Operation) -> list[str]:
        """The function that decodes the results, if there are any."""
        results = self._inside(_results(operation))
        if not results:
            return []
        names = self._names
        locals_ = names.locals(field.name for field in results)
        source = locals_("source")
        place = self._place(results, locals_, source)
        required = [field for field in _wire_order(results, operation) if field.tag is None]
        hint = self._types.result(operation)
        body = self._value_reader(results, place, source)
        body += self._read_results(results, required, place, locals_, hint)
        parameters = self._reader_parameters(place, source)
        return function(self._private("result", interface, operation, "read_"), parameters, hint, body)

    def _read_results(
        self, fields: Sequence[Field], required: Sequence[Field], place: Place, locals_: Locals, hint: str
    ) -> list[str]:
        pairs = [(field.type, field.name) for field in required]
        lines, expressions = self._codecs.read(pairs, place, 1, locals_)
        made = dict(zip([field.name for field in required], expressions, strict=True))
        lines += self._read_optionals(fields, place, locals_)
        returned = [made.get(field.name, field.name) for field in fields]
        if len(fields) > 1:
            return [*lines, *self._ended(place), *listed("return ", returned, "", 1)]
        field = fields[0]
        last = lines[-1] if lines else ""
        if field.tag is None and last.startswith(f"({field.name},) = "):
            lines[-1] = f"{field.name}: {hint} = {last.partition(' = ')[2]}[0]"
        return [*lines, *self._ended(place), *expression("return ", returned[0], "", 1)]

    def _reader_parameters(self, place: Place, source: str) -> list[str]:
        names = self._names
        return [
            f"{place.buf}: {names.builtin('bytes')}",
            f"{place.pos}: {names.builtin('int')}",
            f"{source}: {names.stub('Source')}",
        ]

    # The skeleton

    def server(self, interface: Interface, operation: Operation) -> list[str]:
        """The function that decodes the arguments and calls the servant."""
        names = self._names
        fields = self._inside([Field(item.type, python_name(item.name), item.tag) for item in operation.ins])
        locals_ = names.locals(field.name for field in fields)
        servant, current = locals_("servant"), locals_("current")
        place = self._place(fields, locals_, current)
        required = [(field.type, field.name) for field in fields if field.tag is None]
        lines, expressions = self._codecs.read(required, place, 1, locals_)
        made = dict(zip([name for _, name in required], expressions, strict=True))
        lines = [*self._value_reader(fields, place, current), *lines]
        lines += self._read_optionals(fields, place, locals_)
        lines += self._ended(place) if fields else []
        arguments = [made.get(field.name, field.name) for field in fields]
        method = f"return {servant}.{operation_name(operation.name)}("
        lines += bracketed(method, [*arguments, current], ")", 1)
        parameters = [
            f"{servant}: {names.ref(interface)}",
            f"{place.buf}: {names.builtin('bytes')}",
            f"{place.pos}: {names.builtin('int')}",
            f"{current}: {names.stub('Current')}",
        ]
        name = self._private("serve", interface, operation)
        return function(name, parameters, names.support("typing", "Any"), lines)

    def result_writer(self, interface: Interface, operation: Operation) -> list[str]:
        """The function that encodes the results, if there are any that one `pack` does not do."""
        if not _results(operation) or self._pack_only(operation) is not None:
            return []
        names = self._names
        fields = self._inside(_results(operation))
        locals_ = names.locals(field.name for field in fields)
        out, value = locals_("out"), locals_("value")
        lines: list[str] = []
        if len(fields) == 1:
            fields = [attrs.evolve(fields[0], name=value)]
        else:
            lines += listed("", [field.name for field in fields], f" = {value}", 1)
        required = [(field.type, field.name) for field in _wire_order(fields, operation) if field.tag is None]
        packed = self._codecs.packed(required) if len(required) == len(fields) else None
        result = names.builtin("bytearray")
        if packed is not None:
            result = names.builtin("bytes")
            lines += bracketed(f"return {packed[0]}(", packed[1], ")", 1)
        else:
            lines.append(f"{out} = {names.builtin('bytearray')}()")
            values = locals_("values")
            sliced = locals_("sliced")
            lines += self._value_writer(interface, operation, fields, values, sliced)
            lines += self._codecs.write(required, out, 1, values)
            lines += self._optionals.write(_tagged(fields), out, locals_, 1)
            lines.append(f"return {out}")
        name = self._private("result", interface, operation, "write_")
        parameters = [f"{value}: {self._types.result(operation)}"]
        if any(holds_classes(field.type) for field in fields) and _sliced(interface, operation) is None:
            parameters.append(f"{locals_('sliced')}: {names.builtin('bool')} = False")
        return function(name, parameters, result, lines)

    def table_entry(self, interface: Interface, operation: Operation) -> list[str]:
        """The operation's line in the skeleton's table."""
        writer = "None"
        if _results(operation):
            writer = self._pack_only(operation) or self._private("result", interface, operation, "write_")
        arguments = [
            f'"{operation.name}"',
            str(_mode(operation)),
            self._private("serve", interface, operation),
            writer,
        ]
        sliced = _sliced(interface, operation)
        if sliced is not None:
            arguments.append(f"sliced={sliced}")
        elif any(holds_classes(field.type) for field in _results(operation)):
            arguments.append("either_format=True")
        if call_differs10(operation):
            arguments.append(f"old={self._private('OLD', interface, operation)}")
        head = f'b"{operation.name}": {self._names.stub("ServantOperation")}('
        return bracketed(head, arguments, "),", 1)

    def _pack_only(self, operation: Operation) -> str | None:
        """The `pack` that encodes the one result of a basic type, if that is all there is."""
        results = _results(operation)
        if len(results) != 1 or results[0].tag is not None or holds_proxies(results[0].type):
            return None
        packed = self._codecs.packed([(results[0].type, "value")])
        return packed[0] if packed is not None and packed[1] == ["value"] else None

    # Shared

    def _parameters(self, operation: Operation) -> list[str]:
        return [
            f"{python_name(item.name)}: {self._types.optional(item.type, item.tag, accepting=True)}"
            for item in operation.ins
        ]

    def _locals(self, operation: Operation) -> Locals:
        return self._names.locals(python_name(parameter.name) for parameter in operation.parameters)

    def _inside(self, fields: Sequence[Field]) -> list[Field]:
        """The fields under names that hide none of the module's own."""
        return [attrs.evolve(field, name=inside_name(field.name, self._names)) for field in fields]

    def _private(self, what: str, interface: Interface, operation: Operation, verb: str = "") -> str:
        return f"_{verb}{what}_{self._names.own(interface)}_{operation.name}"


def _may_bring_classes(fields: Sequence[Field]) -> bool:
    """Whether instances of classes may come: declared ones, or optional ones that only the peer knows."""
    return any(field.tag is not None or holds_classes(field.type) for field in fields)


def _results(operation: Operation) -> list[Field]:
    """The return value, then the out parameters, in the order in which Python returns them."""
    outs = [Field(item.type, python_name(item.name), item.tag) for item in operation.outs]
    if operation.returns is None:
        return outs
    name = "result"
    while any(field.name == name for field in outs):
        name = f"_{name}"
    return [Field(operation.returns, name, operation.returns_tag), *outs]


def _wire_order(fields: Sequence[Field], operation: Operation) -> list[Field]:
    """The fields of `_results` as they travel: the return value last."""
    return list(fields) if operation.returns is None else [*fields[1:], fields[0]]


def _tagged(fields: Sequence[Field]) -> list[tuple[int, Type, str]]:
    """The optional fields, by tag."""
    return sorted(
        ((field.tag, field.type, field.name) for field in fields if field.tag is not None),
        key=lambda item: item[0],
    )


def _mode(operation: Operation) -> int:
    if not operation.idempotent:
        return _NORMAL
    return _NONMUTATING if "nonmutating" in operation.metadata else _IDEMPOTENT


def _sliced(interface: Interface, operation: Operation) -> bool | None:
    """Whether instances and exceptions travel in the sliced format; None: as the communicator says."""
    for metadata in (operation.metadata, interface.metadata):
        for item in metadata:
            if item in ("format:sliced", "format:compact"):
                return item == "format:sliced"
    return None


def _required(operation: Operation) -> int:
    """How many parameters a caller must give: all but the optional ones at the end, as with Ice."""
    count = len(operation.ins)
    while count and operation.ins[count - 1].tag is not None:
        count -= 1
    return count
