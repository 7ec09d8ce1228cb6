"""From the syntax tree to the checked model, in one pass: Slice defines before it uses.

What is wrong with a definition is reported, and the definition stays known under its name, so that one
mistake does not make all its uses wrong.
"""

from __future__ import annotations

from functools import singledispatchmethod
from typing import TypeVar

from pushnet.slice import syntax
from pushnet.slice.interfaces import (
    check_bases,
    check_beside_members,
    check_operations,
    check_parameters,
)
from pushnet.slice.metadata import (
    DEPRECATED,
    check_element,
    check_file_metadata,
    check_metadata,
    check_use,
)
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
    Module,
    Operation,
    Parameter,
    Sequence,
    Struct,
    Type,
    Unit,
)
from pushnet.slice.naming import Naming
from pushnet.slice.scopes import Lookup, Scope
from pushnet.slice.source import Diagnostics, Position
from pushnet.slice.uses import Uses, holds_sequence, legal_key
from pushnet.slice.values import INT32_MAX, Values, type_title

E = TypeVar("E", bound=Entity)
D = TypeVar("D", Interface, Class)

_ANY = Builtin("int")
"""Stands in for a type that is not known, which has been reported."""


def check(tree: syntax.SyntaxTree, diagnostics: Diagnostics) -> Unit:
    """The model of a unit. It is only good for output when `diagnostics` has no errors."""
    return _Checker(tree, diagnostics).run()


class _Checker:
    def __init__(self, tree: syntax.SyntaxTree, diagnostics: Diagnostics) -> None:
        self._tree = tree
        self._diagnostics = diagnostics
        self._root = Scope("", None)
        self._lookup = Lookup(self._root, diagnostics)
        self._values = Values(self._lookup, diagnostics)
        self._uses = Uses(self._lookup, diagnostics)
        metadata: dict[str, set[str]] = {}
        for file, item in tree.file_metadata:
            metadata.setdefault(file, set()).add(item.text)
        self._naming = Naming(diagnostics, metadata)
        self._entities: list[Entity] = []
        self._compact_ids: dict[int, Class] = {}

    def run(self) -> Unit:
        for file, item in self._tree.file_metadata:
            check_file_metadata(file, item, self._diagnostics)
        for definition in self._tree.definitions:
            if isinstance(definition, syntax.Module):
                self._module(definition, self._root)
            else:
                message = f"`{definition.name.text}` must be inside a module"
                self._error(definition.name.position, message)
        doc = next((item.doc for item in self._tree.definitions if item.level == 0 and item.doc), None)
        modules = [item.name.text for item in self._tree.definitions if item.level == 0]
        return Unit(tuple(self._entities), doc, tuple(dict.fromkeys(modules)))

    def _error(self, position: Position, message: str) -> None:
        self._diagnostics.error(position, message)

    def _warning(self, position: Position, message: str, level: int) -> None:
        if level == 0:
            self._diagnostics.warning(position, message, DEPRECATED)

    # Definitions

    def _module(self, definition: syntax.Module, scope: Scope) -> None:
        self._naming.check(definition.name, definition.level)
        before = scope.get(definition.name.text)
        if not (isinstance(before, Module) and before.name == definition.name.text):
            self._new(Module, definition, scope)
        inner = scope.inner(definition.name.text)
        for item in definition.body:
            if isinstance(item, syntax.Module):
                self._module(item, inner)
            else:
                self._define(item, inner)

    def _new(self, cls: type[E], definition: syntax.Definition, scope: Scope) -> E:
        """The entity of a definition, declared in its scope."""
        entity = self._bare(cls, definition, scope)
        self._naming.check(definition.name, definition.level)
        self._naming.declare(scope, entity)
        self._entities.append(entity)
        return entity

    def _bare(self, cls: type[E], definition: syntax.Definition, scope: Scope) -> E:
        name = definition.name
        metadata = tuple(item.text for item in definition.metadata)
        for item in definition.metadata:
            check_metadata(item, cls.kind, definition.level, self._diagnostics)
        return cls(name.text, scope.path, name.position, definition.level, definition.doc, metadata)

    def _check_uses(self, definition: syntax.Definition, type_: Type | None) -> None:
        for item in definition.metadata if definition.level == 0 else ():
            check_use(item, type_, self._diagnostics)

    @singledispatchmethod
    def _define(self, definition: syntax.Definition, scope: Scope) -> None:
        raise AssertionError(f"a definition of an unknown kind: {type(definition)}")

    @_define.register
    def _const(self, definition: syntax.Const, scope: Scope) -> None:
        what = f"constant `{definition.name.text}`"
        type_ = self._uses.type(definition.type, scope, definition.level)
        legal = isinstance(type_, Enum) or (
            isinstance(type_, Builtin) and type_.name not in ("Object", "Value")
        )
        value = None
        if type_ is not None and legal:
            value = self._values.fit(type_, definition.value, scope, what)  # which cannot be by its own name
        const = self._new(Const, definition, scope)
        if type_ is None:
            return
        const.type = type_
        if not legal:
            self._error(definition.type.position, f"{what} cannot have the type `{type_title(type_)}`")
        elif value is not None:
            const.value = value

    @_define.register
    def _enum(self, definition: syntax.Enum, scope: Scope) -> None:
        enum = self._new(Enum, definition, scope)
        enum.local = definition.local
        inner = scope.inner(enum.name)
        if not definition.enumerators:
            self._error(enum.position, f"enum `{enum.name}` must have at least one enumerator")
        following = 0
        taken: dict[int, Enumerator] = {}
        for item in definition.enumerators:
            self._naming.check(item.name, item.level)
            enumerator = self._bare(Enumerator, item, inner)
            enumerator.enum = enum
            if inner.get(enumerator.name) is not None:
                self._error(
                    enumerator.position, f"enum `{enum.name}` has an enumerator `{enumerator.name}` already"
                )
                continue
            if item.value is not None:
                value = self._values.integer(item.value, scope, f"the value of `{enumerator.name}`")
                following = following if value is None else value
            enumerator.value = following
            if not 0 <= following <= INT32_MAX:
                message = f"enumerator `{enumerator.name}` = {following} is out of range: 0 to {INT32_MAX}"
                self._error(enumerator.position, message)
            elif following in taken:
                message = (
                    f"enumerator `{enumerator.name}` has the value {following} of `{taken[following].name}`"
                )
                self._error(enumerator.position, message)
            taken.setdefault(following, enumerator)
            inner.put(enumerator)
            scope.put_unscoped(enumerator)
            enum.enumerators.append(enumerator)
            following += 1

    @_define.register
    def _struct(self, definition: syntax.Struct, scope: Scope) -> None:
        struct = self._new(Struct, definition, scope)
        struct.local = definition.local
        if not definition.members:
            self._error(struct.position, f"struct `{struct.name}` must have at least one member")
        for item in definition.members:
            if item.tag is not None:
                message = "a struct cannot have optional members: use a class or an exception"
                self._error(item.tag.position, message)
        members = [item for item in definition.members if not self._is_itself(item, struct, scope)]
        struct.members = self._members(tuple(members), struct, scope, [])

    def _is_itself(self, member: syntax.Member, struct: Struct, scope: Scope) -> bool:
        """Whether a struct is a member of itself, which is reported."""
        if member.type.builtin or member.type.proxy or member.type.text.rpartition("::")[2] != struct.name:
            return False
        inner = Scope(struct.name, scope)
        if self._lookup.probe(member.type.text, inner, member.type.position) is not struct:
            return False
        self._error(member.type.position, f"struct `{struct.name}` cannot contain itself: use a class")
        return True

    @_define.register
    def _exception(self, definition: syntax.Exception_, scope: Scope) -> None:
        base = self._uses.base(definition.base, Exception_, scope)
        exception = self._new(Exception_, definition, scope)
        exception.local = definition.local
        if base is exception:
            self._error(exception.position, f"exception `{exception.name}` cannot be its own base")
            base = None
        if base is not None and base.local and not exception.local:
            self._error(
                exception.position, f"exception `{exception.name}` cannot have the local base `{base.name}`"
            )
        exception.base = base
        inherited = base.all_members() if base is not None else []
        exception.members = self._members(definition.members, exception, scope, inherited)

    @_define.register
    def _sequence(self, definition: syntax.Sequence, scope: Scope) -> None:
        element = self._uses.type(definition.element, scope, definition.level)
        sequence = self._new(Sequence, definition, scope)
        sequence.local = definition.local
        if element is not None:
            sequence.element = element
            self._uses.not_local(sequence, element, definition.element.position)
            for item in definition.metadata if definition.level == 0 else ():
                check_element(item, element, self._diagnostics)

    @_define.register
    def _dictionary(self, definition: syntax.Dictionary, scope: Scope) -> None:
        key = self._uses.type(definition.key, scope, definition.level)
        value = self._uses.type(definition.value, scope, definition.level)
        dictionary = self._new(Dictionary, definition, scope)
        dictionary.local = definition.local
        if key is not None:
            dictionary.key = key
            self._key(dictionary, key, definition)
            self._uses.not_local(dictionary, key, definition.key.position)
        if value is not None:
            dictionary.value = value
            self._uses.not_local(dictionary, value, definition.value.position)

    def _key(self, dictionary: Dictionary, key: Type, definition: syntax.Dictionary) -> None:
        if not legal_key(key):
            message = (
                f"dictionary `{dictionary.name}` cannot have keys of type `{type_title(key)}`: use integers"
            )
            self._error(definition.key.position, f"{message}, bool, string, enums, or structs of these")
        elif holds_sequence(key):
            message = "sequences in dictionary keys are deprecated"
            self._warning(definition.key.position, message, definition.level)

    # Interfaces and classes

    @_define.register
    def _declared_interface(self, definition: syntax.InterfaceDeclaration, scope: Scope) -> None:
        self._declare(Interface, definition, scope, definition.local)

    @_define.register
    def _declared_class(self, definition: syntax.ClassDeclaration, scope: Scope) -> None:
        self._declare(Class, definition, scope, definition.local)

    def _declare(
        self, cls: type[Interface] | type[Class], definition: syntax.Definition, scope: Scope, local: bool
    ) -> Interface | Class:
        before = scope.get(definition.name.text)
        if isinstance(before, cls):
            self._naming.check(definition.name, definition.level)
            if before.name != definition.name.text:
                message = (
                    f"{cls.kind} `{definition.name.text}` was written `{before.name}` at {before.position}"
                )
                self._error(definition.name.position, message)
            if before.local != local:
                self._error(
                    definition.name.position, f"`{before.name}` is local in one place and not in another"
                )
            return before
        entity = self._new(cls, definition, scope)
        entity.local = local
        return entity

    @_define.register
    def _interface(self, definition: syntax.Interface, scope: Scope) -> None:
        interface = self._complete(Interface, definition, scope, definition.local)
        bases: list[Interface] = []
        positions: list[Position] = []
        for name in definition.bases:
            base = self._uses.base(name, Interface, scope)
            if base is not None and self._uses.usable_base(interface, base, name.position):
                bases.append(base)
                positions.append(name.position)
        check_bases(interface.name, bases, positions, self._diagnostics)
        interface.bases = list(dict.fromkeys(bases))
        interface.defined = True
        interface.operations = [self._operation(item, interface, scope) for item in definition.operations]
        check_operations(interface, self._diagnostics)

    def _complete(self, cls: type[D], definition: syntax.Definition, scope: Scope, local: bool) -> D:
        """The entity of a definition that may have been declared ahead."""
        before = scope.get(definition.name.text)
        if isinstance(before, cls):
            self._declare(cls, definition, scope, local)
            if before.defined:
                message = f"{cls.kind} `{before.name}` is defined already at {before.position}"
                self._error(definition.name.position, message)
                return self._bare(cls, definition, scope)
            fresh = self._bare(cls, definition, scope)
            before.position, before.level = fresh.position, fresh.level
            before.doc, before.metadata = fresh.doc or before.doc, fresh.metadata or before.metadata
            self._entities.remove(before)
            self._entities.append(before)
            return before
        entity = self._new(cls, definition, scope)
        entity.local = local
        return entity

    @_define.register
    def _class(self, definition: syntax.Class, scope: Scope) -> None:
        entity = self._complete(Class, definition, scope, definition.local)
        if definition.compact_id is not None:
            self._compact_id(entity, definition.compact_id, scope)
        base = self._uses.base(definition.base, Class, scope)
        if (
            base is not None
            and definition.base
            and self._uses.usable_base(entity, base, definition.base.position)
        ):
            entity.base = base
        for name in definition.implements:
            interface = self._uses.base(name, Interface, scope)
            if interface is not None and self._uses.usable_base(entity, interface, name.position):
                entity.implements.append(interface)
        if definition.implements:
            message = "classes that implement interfaces are deprecated"
            self._warning(definition.name.position, message, definition.level)
        entity.defined = True
        inherited = entity.base.all_members() if entity.base is not None else []
        entity.members = self._members(definition.members, entity, scope, inherited)
        entity.operations = [self._operation(item, entity, scope) for item in definition.operations]
        self._callable(entity)
        check_beside_members(entity, self._diagnostics)
        if entity.operations:
            message = "classes with operations are deprecated: put them into an interface"
            self._warning(definition.name.position, message, definition.level)

    def _callable(self, entity: Class) -> None:
        """Give a class with operations the interface that its proxies and servants have."""
        bases = list(entity.implements)
        if entity.base is not None and entity.base.interface is not None:
            bases.insert(0, entity.base.interface)
        if not (bases or entity.operations) or entity.local:
            return
        where = (entity.name, entity.scope, entity.position, entity.level)
        interface = Interface(
            *where, defined=True, bases=bases, operations=entity.operations, of_class=entity
        )
        entity.interface = interface
        check_operations(interface, self._diagnostics)
        self._entities.append(interface)

    def _compact_id(self, entity: Class, literal: syntax.Literal, scope: Scope) -> None:
        number = self._values.integer(literal, scope, "the compact id")
        if number is None:
            return
        if not 0 <= number <= INT32_MAX:
            self._error(literal.position, f"compact id {number} is out of range: 0 to {INT32_MAX}")
        elif number in self._compact_ids:
            other = self._compact_ids[number]
            self._error(literal.position, f"compact id {number} belongs to class `{other.type_id}` already")
        else:
            self._compact_ids[number] = entity
            entity.compact_id = number

    # Parts of definitions

    def _members(
        self,
        written: tuple[syntax.Member, ...],
        owner: Struct | Exception_ | Class,
        scope: Scope,
        inherited: list[Member],
    ) -> list[Member]:
        inner = Scope(owner.name, scope)
        names: dict[str, Member] = {member.name.lower(): member for member in inherited}
        tags: dict[int, str] = {}
        members: list[Member] = []
        for item in written:
            type_ = self._uses.type(item.type, inner, item.level)
            member = self._bare(Member, item, inner)
            self._naming.check(item.name, item.level)
            before = names.get(member.name.lower())
            if before is not None:
                how = (
                    "is defined already"
                    if before.name == member.name
                    else f"differs only in case from `{before.name}`"
                )
                where = "" if before in members else ", in a base"
                self._error(member.position, f"data member `{member.name}` {how} at {before.position}{where}")
            names.setdefault(member.name.lower(), member)
            member.tag = self._values.tag(item.tag, inner, tags, member.name)
            if type_ is not None:
                member.type = type_
                self._check_uses(item, type_)
                self._uses.not_local(owner, type_, item.type.position)
                if item.default is not None:
                    member.default = self._values.fit(
                        type_, item.default, inner, f"data member `{member.name}`"
                    )
            members.append(member)
        return members

    def _operation(self, written: syntax.Operation, owner: Interface | Class, scope: Scope) -> Operation:
        inner = scope.inner(owner.name)
        operation = self._bare(Operation, written, inner)
        self._naming.check(written.name, written.level)
        operation.idempotent = written.idempotent
        inside = Scope(written.name.text, inner)
        tags: dict[int, str] = {}
        if written.returns is not None:
            operation.returns = self._uses.type(written.returns, inner, written.level) or _ANY
            self._uses.not_local(owner, operation.returns, written.returns.position)
            operation.returns_tag = self._values.tag(written.returns_tag, inside, tags, "the return value")
        self._check_uses(written, operation.returns)
        used = inner.used(operation.name)
        if used is not None:
            message = (
                f"`{operation.name}` changes its meaning here: it means `{used[0].type_id}` at {used[1]}"
            )
            self._error(operation.position, f"{message}; write `{used[0].type_id}` there")
        for item in written.parameters:
            parameter = self._bare(Parameter, item, inner)
            self._naming.check(item.name, item.level)
            parameter.type = self._uses.type(item.type, inside, item.level) or _ANY
            self._uses.not_local(owner, parameter.type, item.type.position)
            self._check_uses(item, parameter.type)
            parameter.out = item.out
            parameter.tag = self._values.tag(item.tag, inside, tags, item.name.text)
            operation.parameters.append(parameter)
        for name in written.throws:
            exception = self._uses.base(name, Exception_, inner)
            if exception is None:
                continue
            if exception in operation.throws:
                self._error(name.position, f"`{name.text}` stands in the throws clause twice")
                continue
            if exception.local and not owner.local:
                self._error(
                    name.position, f"an operation that is not local cannot throw the local `{name.text}`"
                )
            operation.throws.append(exception)
        check_parameters(operation, self._diagnostics)
        return operation
