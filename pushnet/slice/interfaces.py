"""What holds for operations and for inheritance between interfaces."""

from __future__ import annotations

from pushnet.slice.model import Class, Interface, Operation
from pushnet.slice.source import Diagnostics, Position


def check_bases(
    name: str, bases: list[Interface], positions: list[Position], diagnostics: Diagnostics
) -> None:
    """No base need be named twice; no operation may come from two that have nothing to do with each other."""
    for index, base in enumerate(bases):
        if base in bases[:index]:
            message = f"interface `{name}` extends `{base.type_id}` twice: once is enough"
            diagnostics.warning(positions[index], message)
    origins: dict[str, tuple[Operation, Interface]] = {}
    for base, position in zip(bases, positions, strict=True):
        for interface in (base, *base.ancestors()):
            for operation in interface.operations:
                before = origins.setdefault(operation.name.lower(), (operation, interface))
                if before[0] is operation:
                    continue
                where = f"`{before[1].type_id}` and from `{interface.type_id}`, which are unrelated"
                what = f"`{operation.name}`"
                if before[0].name != operation.name:
                    what = f"`{before[0].name}` and `{operation.name}`, which differ only in case,"
                message = f"ambiguous inheritance: interface `{name}` gets operation {what} from {where}"
                diagnostics.error(position, message)


def check_operations(interface: Interface, diagnostics: Diagnostics) -> None:
    """No operation has the name of its interface, of another, or of an inherited one."""
    inherited = {
        operation.name.lower(): (operation, ancestor)
        for ancestor in interface.ancestors()
        for operation in ancestor.operations
    }
    own: dict[str, Operation] = {}
    for operation in interface.operations:
        key = operation.name.lower()
        position = operation.position
        if key == interface.name.lower():
            message = f"operation `{operation.name}` cannot have the name of its interface"
            diagnostics.error(position, message)
        if key in own:
            difference = "" if own[key].name == operation.name else f", as `{own[key].name}` but for case"
            message = f"operation `{operation.name}` is defined already at {own[key].position}{difference}"
            diagnostics.error(position, message)
        elif key in inherited:
            before, origin = inherited[key]
            difference = (
                "" if before.name == operation.name else f" as `{before.name}`, which differs only in case"
            )
            message = f"operation `{operation.name}` is inherited from `{origin.type_id}` already{difference}"
            diagnostics.error(position, message)
        own.setdefault(key, operation)


def check_beside_members(cls: Class, diagnostics: Diagnostics) -> None:
    """No operation of a class has the name of a data member, whichever of the two is inherited."""
    members = {member.name.lower(): member for member in cls.all_members()}
    if cls.interface is None:
        return
    for interface in (cls.interface, *cls.interface.ancestors()):
        for operation in interface.operations:
            member = members.get(operation.name.lower())
            if member is None or (interface is not cls.interface and member not in cls.members):
                continue
            difference = "" if member.name == operation.name else ", but for case"
            if interface is cls.interface:
                message = f"operation `{operation.name}` has the name of the data member at {member.position}"
                diagnostics.error(operation.position, message + difference)
            else:
                message = f"data member `{member.name}` has the name of the operation at {operation.position}"
                diagnostics.error(member.position, message + difference)


def check_parameters(operation: Operation, diagnostics: Diagnostics) -> None:
    """Parameters have names of their own, and those that go in stand before those that come out."""
    seen: dict[str, str] = {}
    out_seen = False
    for parameter in operation.parameters:
        key = parameter.name.lower()
        if key in seen:
            difference = (
                "" if seen[key] == parameter.name else f", which differs only in case from `{seen[key]}`"
            )
            message = f"operation `{operation.name}` has a second parameter `{parameter.name}`{difference}"
            diagnostics.error(parameter.position, message)
        seen.setdefault(key, parameter.name)
        if out_seen and not parameter.out:
            message = f"`{parameter.name}` goes in and must stand before the `out` parameters"
            diagnostics.error(parameter.position, message)
        out_seen = out_seen or parameter.out
