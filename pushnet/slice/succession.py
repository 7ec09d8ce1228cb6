"""Whether one version of Slice definitions can follow another while programs of both talk to each other.

What travels decides: type ids of interfaces, classes and exceptions; names of operations; order and types of
parameters and members; tags; numbers of enumerators. Names of parameters, members, enumerators, structs,
sequences and dictionaries do not travel.

In a roll there are two kinds of pairs for a while: old clients of new servers, and new clients of old ones.
A change *breaks* a pair when a call that worked before fails or means something else. It calls for *caution*
when it breaks only what uses something new, such as a new operation: use it when all have been rolled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import attrs

from pushnet.slice.model import (
    Builtin,
    Class,
    Dictionary,
    Entity,
    Enum,
    Exception_,
    Interface,
    Member,
    Operation,
    Parameter,
    Proxy,
    Sequence,
    Struct,
    Type,
)
from pushnet.slice.source import Position
from pushnet.slice.values import type_title

OLD_CLIENTS, NEW_CLIENTS, BOTH = "old clients", "new clients", "old and new clients"
_ENUM10_STEPS = (0x7F, 0x7FFF)
"""Encoding 1.0 sends enumerators as a byte, a short or an int, by the largest."""


@attrs.frozen(order=True)
class Finding:
    """One change that matters."""

    position: Position
    """In the new version; in the old one for what is gone."""

    breaks: bool
    """Else: caution."""

    who: str
    what: str

    def __str__(self) -> str:
        verdict = f"breaks {self.who}" if self.breaks else f"caution: {self.who}"
        return f"{self.position}: {verdict}: {self.what}"


def compare(old: Iterable[Entity], new: Iterable[Entity]) -> list[Finding]:
    """What of the new version does not go with the old, in the order of the text."""
    findings: list[Finding] = []
    before, after = _by_id(old), _by_id(new)
    for type_id, was in before.items():
        now = after.get(type_id)
        if now is None or type(now) is not type(was):
            _gone(was, now, findings)
        elif isinstance(was, Interface) and isinstance(now, Interface):
            _interface(was, now, findings)
        elif isinstance(was, Struct) and isinstance(now, Struct):
            _members(was.members, now.members, now, findings)
        elif isinstance(was, Class) and isinstance(now, Class):
            _class(was, now, findings)
        elif isinstance(was, Exception_) and isinstance(now, Exception_):
            _base(was.base, now.base, now, findings)
            _members(was.members, now.members, now, findings)
        elif isinstance(was, Enum) and isinstance(now, Enum):
            _enum(was, now, findings)
        elif isinstance(was, Sequence | Dictionary) and isinstance(now, Sequence | Dictionary):
            why = _differs(was, now, named=False)
            if why is not None:
                findings.append(Finding(now.position, True, BOTH, why))
    for type_id, now in after.items():
        if type_id not in before and isinstance(now, Class | Exception_):
            _derived(now, before, findings)
    return sorted(findings)


def _derived(now: Class | Exception_, before: Mapping[str, Entity], findings: list[Finding]) -> None:
    """A new type that may come where an old one is expected."""
    base = now.base
    if base is not None and base.type_id in before:
        who = OLD_CLIENTS if isinstance(now, Exception_) else BOTH
        told = (
            f"{now.kind} `{now.name}` is new: who is old reads it as `{base.name}`, but only from operations"
            ' with ["format:sliced"]'
        )
        findings.append(Finding(now.position, False, who, told))


def _by_id(entities: Iterable[Entity]) -> dict[str, Entity]:
    """Each definition once; a declaration only where nothing is defined."""
    found: dict[str, Entity] = {}
    for entity in entities:
        if getattr(entity, "local", False):
            continue
        known = found.get(entity.type_id)
        if known is None or not getattr(known, "defined", True):
            found[entity.type_id] = entity
    return found


def _gone(was: Entity, now: Entity | None, findings: list[Finding]) -> None:
    if now is not None:
        told = f"`{was.type_id}` was {_a(was.kind)} and is {_a(now.kind)}"
        findings.append(Finding(now.position, True, BOTH, told))
    elif isinstance(was, Interface) and was.of_class is None:
        told = f"interface `{was.type_id}` is gone: serve it until no client asks for it"
        findings.append(Finding(was.position, True, OLD_CLIENTS, told))
    elif isinstance(was, Class | Exception_):
        told = f"{was.kind} `{was.type_id}` is gone: who still sends it is not understood"
        findings.append(Finding(was.position, True, BOTH, told))


def _interface(was: Interface, now: Interface, findings: list[Finding]) -> None:
    if not (was.defined and now.defined):
        return
    ids = {base.type_id for base in now.ancestors()}
    for base in was.ancestors():
        if base.type_id not in ids:
            told = f"interface `{now.name}` is no `{base.type_id}` any more: casts and its operations fail"
            findings.append(Finding(now.position, True, OLD_CLIENTS, told))
    before = {operation.name: operation for operation in was.operations}
    after = {operation.name: operation for operation in now.operations}
    inherited = {operation.name for base in now.ancestors() for operation in base.operations}
    for name, operation in before.items():
        if name in after:
            _operation(operation, after[name], findings)
        elif name not in inherited:
            told = f"operation `{now.name}::{name}` is gone: keep it until no client calls it"
            findings.append(Finding(operation.position, True, OLD_CLIENTS, told))
    for name, operation in after.items():
        if name not in before:
            told = f"operation `{now.name}::{name}` is new: old servers answer OperationNotExistException"
            findings.append(Finding(operation.position, False, NEW_CLIENTS, told))


def _operation(was: Operation, now: Operation, findings: list[Finding]) -> None:
    def breaks(what: str, position: Position = now.position) -> None:
        findings.append(Finding(position, True, BOTH, f"operation `{now.name}`: {what}"))

    if was.idempotent != now.idempotent:
        breaks(f"it {'is' if now.idempotent else 'is no longer'} idempotent: servers refuse the other mode")
    for what, before, after in (("parameter", was.ins, now.ins), ("out parameter", was.outs, now.outs)):
        _parameters(what, before, after, breaks)
    if was.returns is None or now.returns is None:
        tag = now.returns_tag if was.returns is None else was.returns_tag
        if was.returns is not now.returns and tag is None:
            breaks("it returns something" if was.returns is None else "it returns nothing any more")
    elif was.returns_tag != now.returns_tag:
        breaks("the result has another tag")
    else:
        why = _differs(was.returns, now.returns)
        if why is not None:
            breaks(f"the result: {why}")
    known = [each.type_id for each in was.throws]
    for thrown in now.throws:
        if not any(each in known for each in _lineage(thrown)):
            told = f"operation `{now.name}` may raise `{thrown.type_id}`: they see UnknownUserException"
            findings.append(Finding(now.position, False, OLD_CLIENTS, told))


def _parameters(what: str, was: list[Parameter], now: list[Parameter], breaks: Callable[..., None]) -> None:
    before = [each for each in was if each.tag is None]
    after = [each for each in now if each.tag is None]
    if len(before) != len(after):
        breaks(f"{what}s without a tag were {len(before)} and are {len(after)}: add and remove optional ones")
    else:
        for number, (old, new) in enumerate(zip(before, after, strict=True), 1):
            why = _differs(old.type, new.type)
            if why is not None:
                breaks(f"{what} {number}, `{new.name}`: {why}", new.position)
    tagged = {each.tag: each for each in was if each.tag is not None}
    for each in now:
        if each.tag in tagged:
            why = _differs(tagged[each.tag].type, each.type)
            if why is not None:
                breaks(f"{what} with tag {each.tag}, `{each.name}`: {why}", each.position)


def _class(was: Class, now: Class, findings: list[Finding]) -> None:
    if not (was.defined and now.defined):
        return
    if was.compact_id != now.compact_id:
        told = f"class `{now.name}` has another compact id: it is not recognised"
        findings.append(Finding(now.position, True, BOTH, told))
    _base(was.base, now.base, now, findings)
    _members(was.members, now.members, now, findings)


def _base(
    was: Class | Exception_ | None, now: Class | Exception_ | None, of: Entity, findings: list[Finding]
) -> None:
    before, after = (None if each is None else each.type_id for each in (was, now))
    if before != after:
        told = f"{of.kind} `{of.name}` has another base: it was `{before}` and is `{after}`"
        findings.append(Finding(of.position, True, BOTH, told))


def _members(was: list[Member], now: list[Member], of: Entity, findings: list[Finding]) -> None:
    def breaks(what: str, position: Position) -> None:
        findings.append(Finding(position, True, BOTH, f"{of.kind} `{of.name}`: {what}"))

    before = [member for member in was if member.tag is None]
    after = [member for member in now if member.tag is None]
    if len(before) != len(after):
        cure = "make a new struct" if isinstance(of, Struct) else "add and remove optional ones"
        breaks(f"members without a tag were {len(before)} and are {len(after)}: {cure}", of.position)
    else:
        for old, new in zip(before, after, strict=True):
            why = _differs(old.type, new.type)
            if why is not None:
                breaks(f"member `{new.name}`: {why}", new.position)
    tagged: Mapping[int | None, Member] = {member.tag: member for member in was if member.tag is not None}
    for member in now:
        if member.tag in tagged:
            why = _differs(tagged[member.tag].type, member.type)
            if why is not None:
                breaks(f"member with tag {member.tag}, `{member.name}`: {why}", member.position)


def _enum(was: Enum, now: Enum, findings: list[Finding]) -> None:
    before = {each.value: each for each in was.enumerators}
    after = {each.value: each for each in now.enumerators}
    names = {each.name: each.value for each in now.enumerators}
    for value, each in before.items():
        if names.get(each.name, value) != value:
            told = f"`{each.name}` of enum `{now.name}` was {value} and is {names[each.name]}"
            findings.append(Finding(now.position, True, BOTH, told))
        elif value not in after:
            told = (
                f"enum `{now.name}` has no {value} (`{each.name}`) any more: who sends it is not understood"
            )
            findings.append(Finding(now.position, True, OLD_CLIENTS, told))
    for value, each in after.items():
        if value not in before:
            told = f"`{each.name}` of enum `{now.name}` is new: who is old cannot read it"
            findings.append(Finding(each.position, False, BOTH, told))
    if before and after and _width10(max(before)) != _width10(max(after)):
        told = f"enum `{now.name}` has another width in encoding 1.0"
        findings.append(Finding(now.position, True, f"{BOTH} that use it", told))


def _width10(largest: int) -> int:
    return sum(largest > step for step in _ENUM10_STEPS)


def _lineage(of: Exception_) -> list[str]:
    """Its type id and those of its bases."""
    return [of.type_id, *([] if of.base is None else _lineage(of.base))]


def _differs(was: Type, now: Type, named: bool = True) -> str | None:
    """Why values of the two travel differently; None when they do not.

    Args:
        named: definitions of the same name are taken as the same: they are compared by themselves.
    """
    if named and _id(was) is not None and _id(was) == _id(now) and type(was) is type(now):
        return None
    told = f"it was `{type_title(was)}` and is `{type_title(now)}`"
    if isinstance(was, Proxy) and isinstance(now, Proxy):
        return None
    if isinstance(was, Sequence) and isinstance(now, Sequence):
        why = _differs(was.element, now.element)
        return why and f"elements: {why}"
    if isinstance(was, Dictionary) and isinstance(now, Dictionary):
        why = _differs(was.key, now.key) or _differs(was.value, now.value)
        return why and f"entries: {why}"
    if isinstance(was, Struct) and isinstance(now, Struct):
        types = [[member.type for member in each.members] for each in (was, now)]
        same = len(types[0]) == len(types[1]) and all(
            _differs(old, new) is None for old, new in zip(*types, strict=True)
        )
        return None if same else told
    if isinstance(was, Enum) and isinstance(now, Enum):
        values = [sorted(each.value for each in enum.enumerators) for enum in (was, now)]
        return None if values[0] == values[1] else told
    if isinstance(was, Builtin) and isinstance(now, Builtin) and was.name == now.name:
        return None
    return told


def _id(of: Type) -> str | None:
    return of.type_id if isinstance(of, Entity) else None


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
