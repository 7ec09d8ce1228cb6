# Written by slice2tx from idl/ice/icegrid_descriptors.ice. To change it, change the Slice file.
"""How a server was deployed: what IceGrid's tools print of it."""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct

import attrs

from pushnet.gen.ice.identity import read_StringSeq, write_StringSeq
from pushnet.wire.basic import read_count, read_string, write_size, write_string
from pushnet.wire.errors import MarshalException
from pushnet.wire.identity import Identity, read_Identity, write_Identity
from pushnet.wire.makers import maker_of
from pushnet.wire.value_reader import ValueReader
from pushnet.wire.value_writer import ValueWriter
from pushnet.wire.values import Value, ValueSlice

__all__ = [
    "AdapterDescriptor",
    "CommunicatorDescriptor",
    "DbEnvDescriptor",
    "DistributionDescriptor",
    "ObjectDescriptor",
    "PropertyDescriptor",
    "PropertySetDescriptor",
    "ServerDescriptor",
    "read_AdapterDescriptor",
    "read_AdapterDescriptorSeq",
    "read_DbEnvDescriptor",
    "read_DbEnvDescriptorSeq",
    "read_DistributionDescriptor",
    "read_ObjectDescriptor",
    "read_ObjectDescriptorSeq",
    "read_PropertyDescriptor",
    "read_PropertyDescriptorSeq",
    "read_PropertySetDescriptor",
    "write_AdapterDescriptor",
    "write_AdapterDescriptorSeq",
    "write_DbEnvDescriptor",
    "write_DbEnvDescriptorSeq",
    "write_DistributionDescriptor",
    "write_ObjectDescriptor",
    "write_ObjectDescriptorSeq",
    "write_PropertyDescriptor",
    "write_PropertyDescriptorSeq",
    "write_PropertySetDescriptor",
]


@attrs.frozen(order=True)
class ObjectDescriptor:
    id: Identity = attrs.field(factory=Identity)
    type: str = ""
    proxyOptions: str = ""


@attrs.frozen(order=True)
class AdapterDescriptor:
    name: str = ""
    description: str = ""
    id: str = ""
    replicaGroupId: str = ""
    priority: str = ""
    registerProcess: bool = False
    serverLifetime: bool = False
    objects: list[ObjectDescriptor] = attrs.field(factory=list)
    allocatables: list[ObjectDescriptor] = attrs.field(factory=list)


@attrs.frozen(order=True)
class PropertyDescriptor:
    name: str = ""
    value: str = ""


@attrs.frozen(order=True)
class PropertySetDescriptor:
    references: list[str] = attrs.field(factory=list)
    properties: list[PropertyDescriptor] = attrs.field(factory=list)


@attrs.frozen(order=True)
class DbEnvDescriptor:
    name: str = ""
    description: str = ""
    dbHome: str = ""
    properties: list[PropertyDescriptor] = attrs.field(factory=list)


@attrs.frozen(order=True)
class DistributionDescriptor:
    icepatch: str = ""
    directories: list[str] = attrs.field(factory=list)


@attrs.define(eq=False, slots=False)
class CommunicatorDescriptor(Value):
    adapters: list[AdapterDescriptor] = attrs.field(factory=list)
    propertySet: PropertySetDescriptor = attrs.field(factory=PropertySetDescriptor)
    dbEnvs: list[DbEnvDescriptor] = attrs.field(factory=list)
    logs: list[str] = attrs.field(factory=list)
    description: str = ""


@attrs.define(eq=False, slots=False)
class ServerDescriptor(CommunicatorDescriptor):
    id: str = ""
    exe: str = ""
    iceVersion: str = ""
    pwd: str = ""
    options: list[str] = attrs.field(factory=list)
    envs: list[str] = attrs.field(factory=list)
    activation: str = ""
    activationTimeout: str = ""
    deactivationTimeout: str = ""
    applicationDistrib: bool = False
    distrib: DistributionDescriptor = attrs.field(factory=DistributionDescriptor)
    allocatable: bool = False
    user: str = ""


# The wire: how the above becomes bytes and back.

_S_o = Struct("<?")
_S_oo = Struct("<??")

_new_AdapterDescriptor = maker_of(AdapterDescriptor)
_new_DbEnvDescriptor = maker_of(DbEnvDescriptor)
_new_DistributionDescriptor = maker_of(DistributionDescriptor)
_new_ObjectDescriptor = maker_of(ObjectDescriptor)
_new_PropertyDescriptor = maker_of(PropertyDescriptor)
_new_PropertySetDescriptor = maker_of(PropertySetDescriptor)


def write_ObjectDescriptor(out: bytearray, value: ObjectDescriptor) -> None:
    write_Identity(out, value.id)
    write_string(out, value.type)
    write_string(out, value.proxyOptions)


def read_ObjectDescriptor(buf: bytes, pos: int) -> tuple[ObjectDescriptor, int]:
    id, pos = read_Identity(buf, pos)
    type, pos = read_string(buf, pos)
    proxyOptions, pos = read_string(buf, pos)
    return _new_ObjectDescriptor(id, type, proxyOptions), pos


def write_ObjectDescriptorSeq(out: bytearray, value: Sequence[ObjectDescriptor]) -> None:
    write_size(out, len(value))
    for item in value:
        write_ObjectDescriptor(out, item)


def read_ObjectDescriptorSeq(buf: bytes, pos: int) -> tuple[list[ObjectDescriptor], int]:
    count, pos = read_count(buf, pos, 4)
    items: list[ObjectDescriptor] = []
    for _ in range(count):
        item, pos = read_ObjectDescriptor(buf, pos)
        items.append(item)
    return items, pos


def write_AdapterDescriptor(out: bytearray, value: AdapterDescriptor) -> None:
    write_string(out, value.name)
    write_string(out, value.description)
    write_string(out, value.id)
    write_string(out, value.replicaGroupId)
    write_string(out, value.priority)
    out += _S_oo.pack(value.registerProcess, value.serverLifetime)
    write_ObjectDescriptorSeq(out, value.objects)
    write_ObjectDescriptorSeq(out, value.allocatables)


def read_AdapterDescriptor(buf: bytes, pos: int) -> tuple[AdapterDescriptor, int]:
    name, pos = read_string(buf, pos)
    description, pos = read_string(buf, pos)
    id, pos = read_string(buf, pos)
    replicaGroupId, pos = read_string(buf, pos)
    priority, pos = read_string(buf, pos)
    registerProcess, serverLifetime = _S_oo.unpack_from(buf, pos)
    objects, pos = read_ObjectDescriptorSeq(buf, pos + 2)
    allocatables, pos = read_ObjectDescriptorSeq(buf, pos)
    value = _new_AdapterDescriptor(
        name,
        description,
        id,
        replicaGroupId,
        priority,
        registerProcess,
        serverLifetime,
        objects,
        allocatables,
    )
    return value, pos


def write_AdapterDescriptorSeq(out: bytearray, value: Sequence[AdapterDescriptor]) -> None:
    write_size(out, len(value))
    for item in value:
        write_AdapterDescriptor(out, item)


def read_AdapterDescriptorSeq(buf: bytes, pos: int) -> tuple[list[AdapterDescriptor], int]:
    count, pos = read_count(buf, pos, 9)
    items: list[AdapterDescriptor] = []
    for _ in range(count):
        item, pos = read_AdapterDescriptor(buf, pos)
        items.append(item)
    return items, pos


def write_PropertyDescriptor(out: bytearray, value: PropertyDescriptor) -> None:
    write_string(out, value.name)
    write_string(out, value.value)


def read_PropertyDescriptor(buf: bytes, pos: int) -> tuple[PropertyDescriptor, int]:
    name, pos = read_string(buf, pos)
    value, pos = read_string(buf, pos)
    return _new_PropertyDescriptor(name, value), pos


def write_PropertyDescriptorSeq(out: bytearray, value: Sequence[PropertyDescriptor]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.name.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.value.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_PropertyDescriptorSeq(buf: bytes, pos: int) -> tuple[list[PropertyDescriptor], int]:
    count, pos = read_count(buf, pos, 2)
    items: list[PropertyDescriptor] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            name = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            name, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            _value = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            _value, pos = read_string(buf, pos)
        items.append(_new_PropertyDescriptor(name, _value))
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return items, pos


def write_PropertySetDescriptor(out: bytearray, value: PropertySetDescriptor) -> None:
    write_StringSeq(out, value.references)
    write_PropertyDescriptorSeq(out, value.properties)


def read_PropertySetDescriptor(buf: bytes, pos: int) -> tuple[PropertySetDescriptor, int]:
    references, pos = read_StringSeq(buf, pos)
    properties, pos = read_PropertyDescriptorSeq(buf, pos)
    return _new_PropertySetDescriptor(references, properties), pos


def write_DbEnvDescriptor(out: bytearray, value: DbEnvDescriptor) -> None:
    write_string(out, value.name)
    write_string(out, value.description)
    write_string(out, value.dbHome)
    write_PropertyDescriptorSeq(out, value.properties)


def read_DbEnvDescriptor(buf: bytes, pos: int) -> tuple[DbEnvDescriptor, int]:
    name, pos = read_string(buf, pos)
    description, pos = read_string(buf, pos)
    dbHome, pos = read_string(buf, pos)
    properties, pos = read_PropertyDescriptorSeq(buf, pos)
    return _new_DbEnvDescriptor(name, description, dbHome, properties), pos


def write_DbEnvDescriptorSeq(out: bytearray, value: Sequence[DbEnvDescriptor]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.name.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.description.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.dbHome.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        write_PropertyDescriptorSeq(out, item.properties)


def read_DbEnvDescriptorSeq(buf: bytes, pos: int) -> tuple[list[DbEnvDescriptor], int]:
    count, pos = read_count(buf, pos, 4)
    items: list[DbEnvDescriptor] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            name = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            name, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            description = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            description, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            dbHome = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            dbHome, pos = read_string(buf, pos)
        properties, pos = read_PropertyDescriptorSeq(buf, pos)
        items.append(_new_DbEnvDescriptor(name, description, dbHome, properties))
    return items, pos


def write_DistributionDescriptor(out: bytearray, value: DistributionDescriptor) -> None:
    write_string(out, value.icepatch)
    write_StringSeq(out, value.directories)


def read_DistributionDescriptor(buf: bytes, pos: int) -> tuple[DistributionDescriptor, int]:
    icepatch, pos = read_string(buf, pos)
    directories, pos = read_StringSeq(buf, pos)
    return _new_DistributionDescriptor(icepatch, directories), pos


def _write_CommunicatorDescriptor(out: bytearray, value: CommunicatorDescriptor, values: ValueWriter) -> None:
    write_AdapterDescriptorSeq(out, value.adapters)
    write_PropertySetDescriptor(out, value.propertySet)
    write_DbEnvDescriptorSeq(out, value.dbEnvs)
    write_StringSeq(out, value.logs)
    write_string(out, value.description)


def _read_CommunicatorDescriptor(
    buf: bytes, pos: int, value: CommunicatorDescriptor, source: ValueReader
) -> int:
    value.adapters, pos = read_AdapterDescriptorSeq(buf, pos)
    value.propertySet, pos = read_PropertySetDescriptor(buf, pos)
    value.dbEnvs, pos = read_DbEnvDescriptorSeq(buf, pos)
    value.logs, pos = read_StringSeq(buf, pos)
    value.description, pos = read_string(buf, pos)
    return pos


CommunicatorDescriptor.ice_slice = ValueSlice(
    "::IceGrid::CommunicatorDescriptor",
    CommunicatorDescriptor,
    _write_CommunicatorDescriptor,
    _read_CommunicatorDescriptor,
)


def _write_ServerDescriptor(out: bytearray, value: ServerDescriptor, values: ValueWriter) -> None:
    write_string(out, value.id)
    write_string(out, value.exe)
    write_string(out, value.iceVersion)
    write_string(out, value.pwd)
    write_StringSeq(out, value.options)
    write_StringSeq(out, value.envs)
    write_string(out, value.activation)
    write_string(out, value.activationTimeout)
    write_string(out, value.deactivationTimeout)
    out += _S_o.pack(value.applicationDistrib)
    write_DistributionDescriptor(out, value.distrib)
    out += _S_o.pack(value.allocatable)
    write_string(out, value.user)


def _read_ServerDescriptor(buf: bytes, pos: int, value: ServerDescriptor, source: ValueReader) -> int:
    value.id, pos = read_string(buf, pos)
    value.exe, pos = read_string(buf, pos)
    value.iceVersion, pos = read_string(buf, pos)
    value.pwd, pos = read_string(buf, pos)
    value.options, pos = read_StringSeq(buf, pos)
    value.envs, pos = read_StringSeq(buf, pos)
    value.activation, pos = read_string(buf, pos)
    value.activationTimeout, pos = read_string(buf, pos)
    value.deactivationTimeout, pos = read_string(buf, pos)
    (value.applicationDistrib,) = _S_o.unpack_from(buf, pos)
    value.distrib, pos = read_DistributionDescriptor(buf, pos + 1)
    (value.allocatable,) = _S_o.unpack_from(buf, pos)
    value.user, pos = read_string(buf, pos + 1)
    return pos


ServerDescriptor.ice_slice = ValueSlice(
    "::IceGrid::ServerDescriptor",
    ServerDescriptor,
    _write_ServerDescriptor,
    _read_ServerDescriptor,
    CommunicatorDescriptor.ice_slice,
)
