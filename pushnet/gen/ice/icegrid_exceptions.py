# Written by slice2tx from idl/ice/icegrid_exceptions.ice. To change it, change the Slice file.
"""What can be wrong, as ZeroC's IceGrid tells it."""

from __future__ import annotations

from typing import Any

import attrs

from pushnet.rpc.stubs import ExceptionSlice, Source, UserException
from pushnet.wire.basic import read_string, write_string
from pushnet.wire.identity import Identity, read_Identity, write_Identity

__all__ = [
    "AccessDeniedException",
    "AdapterNotExistException",
    "AllocationException",
    "AllocationTimeoutException",
    "ApplicationNotExistException",
    "BadSignalException",
    "DeploymentException",
    "FileNotAvailableException",
    "NodeNotExistException",
    "NodeUnreachableException",
    "ObjectExistsException",
    "ObjectNotRegisteredException",
    "ObserverAlreadyRegisteredException",
    "PermissionDeniedException",
    "RegistryNotExistException",
    "RegistryUnreachableException",
    "ServerNotExistException",
    "ServerStartException",
    "ServerStopException",
    "ServerUnreachableException",
]


@attrs.frozen
class PermissionDeniedException(UserException):
    reason: str = ""


@attrs.frozen
class AccessDeniedException(UserException):
    lockUserId: str = ""


@attrs.frozen
class AllocationException(UserException):
    reason: str = ""


@attrs.frozen
class AllocationTimeoutException(AllocationException):
    pass


@attrs.frozen
class ObserverAlreadyRegisteredException(UserException):
    id: Identity = attrs.field(factory=Identity)


@attrs.frozen
class FileNotAvailableException(UserException):
    reason: str = ""


@attrs.frozen
class ApplicationNotExistException(UserException):
    name: str = ""


@attrs.frozen
class ServerNotExistException(UserException):
    id: str = ""


@attrs.frozen
class ServerStartException(UserException):
    id: str = ""
    reason: str = ""


@attrs.frozen
class ServerStopException(UserException):
    id: str = ""
    reason: str = ""


@attrs.frozen
class ServerUnreachableException(UserException):
    name: str = ""
    reason: str = ""


@attrs.frozen
class AdapterNotExistException(UserException):
    id: str = ""


@attrs.frozen
class ObjectExistsException(UserException):
    id: Identity = attrs.field(factory=Identity)


@attrs.frozen
class ObjectNotRegisteredException(UserException):
    id: Identity = attrs.field(factory=Identity)


@attrs.frozen
class NodeNotExistException(UserException):
    name: str = ""


@attrs.frozen
class NodeUnreachableException(UserException):
    name: str = ""
    reason: str = ""


@attrs.frozen
class RegistryNotExistException(UserException):
    name: str = ""


@attrs.frozen
class RegistryUnreachableException(UserException):
    name: str = ""
    reason: str = ""


@attrs.frozen
class DeploymentException(UserException):
    reason: str = ""


@attrs.frozen
class BadSignalException(UserException):
    reason: str = ""


# The wire: how the above becomes bytes and back.


def _write_PermissionDeniedException(out: bytearray, value: PermissionDeniedException) -> None:
    write_string(out, value.reason)


def _read_PermissionDeniedException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


PermissionDeniedException.ice_slice = ExceptionSlice(
    "::IceGrid::PermissionDeniedException",
    PermissionDeniedException,
    _write_PermissionDeniedException,
    _read_PermissionDeniedException,
    None,
)


def _write_AccessDeniedException(out: bytearray, value: AccessDeniedException) -> None:
    write_string(out, value.lockUserId)


def _read_AccessDeniedException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    lockUserId, pos = read_string(buf, pos)
    return (lockUserId,), pos


AccessDeniedException.ice_slice = ExceptionSlice(
    "::IceGrid::AccessDeniedException",
    AccessDeniedException,
    _write_AccessDeniedException,
    _read_AccessDeniedException,
    None,
)


def _write_AllocationException(out: bytearray, value: AllocationException) -> None:
    write_string(out, value.reason)


def _read_AllocationException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


AllocationException.ice_slice = ExceptionSlice(
    "::IceGrid::AllocationException",
    AllocationException,
    _write_AllocationException,
    _read_AllocationException,
    None,
)


def _write_AllocationTimeoutException(out: bytearray, value: AllocationTimeoutException) -> None:
    """Has no members of its own."""


def _read_AllocationTimeoutException(buf: bytes, pos: int, source: Source) -> tuple[tuple[()], int]:
    return (), pos


AllocationTimeoutException.ice_slice = ExceptionSlice(
    "::IceGrid::AllocationTimeoutException",
    AllocationTimeoutException,
    _write_AllocationTimeoutException,
    _read_AllocationTimeoutException,
    AllocationException.ice_slice,
)


def _write_ObserverAlreadyRegisteredException(
    out: bytearray, value: ObserverAlreadyRegisteredException
) -> None:
    write_Identity(out, value.id)


def _read_ObserverAlreadyRegisteredException(
    buf: bytes, pos: int, source: Source
) -> tuple[tuple[Any, ...], int]:
    id, pos = read_Identity(buf, pos)
    return (id,), pos


ObserverAlreadyRegisteredException.ice_slice = ExceptionSlice(
    "::IceGrid::ObserverAlreadyRegisteredException",
    ObserverAlreadyRegisteredException,
    _write_ObserverAlreadyRegisteredException,
    _read_ObserverAlreadyRegisteredException,
    None,
)


def _write_FileNotAvailableException(out: bytearray, value: FileNotAvailableException) -> None:
    write_string(out, value.reason)


def _read_FileNotAvailableException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


FileNotAvailableException.ice_slice = ExceptionSlice(
    "::IceGrid::FileNotAvailableException",
    FileNotAvailableException,
    _write_FileNotAvailableException,
    _read_FileNotAvailableException,
    None,
)


def _write_ApplicationNotExistException(out: bytearray, value: ApplicationNotExistException) -> None:
    write_string(out, value.name)


def _read_ApplicationNotExistException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    name, pos = read_string(buf, pos)
    return (name,), pos


ApplicationNotExistException.ice_slice = ExceptionSlice(
    "::IceGrid::ApplicationNotExistException",
    ApplicationNotExistException,
    _write_ApplicationNotExistException,
    _read_ApplicationNotExistException,
    None,
)


def _write_ServerNotExistException(out: bytearray, value: ServerNotExistException) -> None:
    write_string(out, value.id)


def _read_ServerNotExistException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    id, pos = read_string(buf, pos)
    return (id,), pos


ServerNotExistException.ice_slice = ExceptionSlice(
    "::IceGrid::ServerNotExistException",
    ServerNotExistException,
    _write_ServerNotExistException,
    _read_ServerNotExistException,
    None,
)


def _write_ServerStartException(out: bytearray, value: ServerStartException) -> None:
    write_string(out, value.id)
    write_string(out, value.reason)


def _read_ServerStartException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    id, pos = read_string(buf, pos)
    reason, pos = read_string(buf, pos)
    return (id, reason), pos


ServerStartException.ice_slice = ExceptionSlice(
    "::IceGrid::ServerStartException",
    ServerStartException,
    _write_ServerStartException,
    _read_ServerStartException,
    None,
)


def _write_ServerStopException(out: bytearray, value: ServerStopException) -> None:
    write_string(out, value.id)
    write_string(out, value.reason)


def _read_ServerStopException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    id, pos = read_string(buf, pos)
    reason, pos = read_string(buf, pos)
    return (id, reason), pos


ServerStopException.ice_slice = ExceptionSlice(
    "::IceGrid::ServerStopException",
    ServerStopException,
    _write_ServerStopException,
    _read_ServerStopException,
    None,
)


def _write_ServerUnreachableException(out: bytearray, value: ServerUnreachableException) -> None:
    write_string(out, value.name)
    write_string(out, value.reason)


def _read_ServerUnreachableException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    name, pos = read_string(buf, pos)
    reason, pos = read_string(buf, pos)
    return (name, reason), pos


ServerUnreachableException.ice_slice = ExceptionSlice(
    "::IceGrid::ServerUnreachableException",
    ServerUnreachableException,
    _write_ServerUnreachableException,
    _read_ServerUnreachableException,
    None,
)


def _write_AdapterNotExistException(out: bytearray, value: AdapterNotExistException) -> None:
    write_string(out, value.id)


def _read_AdapterNotExistException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    id, pos = read_string(buf, pos)
    return (id,), pos


AdapterNotExistException.ice_slice = ExceptionSlice(
    "::IceGrid::AdapterNotExistException",
    AdapterNotExistException,
    _write_AdapterNotExistException,
    _read_AdapterNotExistException,
    None,
)


def _write_ObjectExistsException(out: bytearray, value: ObjectExistsException) -> None:
    write_Identity(out, value.id)


def _read_ObjectExistsException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    id, pos = read_Identity(buf, pos)
    return (id,), pos


ObjectExistsException.ice_slice = ExceptionSlice(
    "::IceGrid::ObjectExistsException",
    ObjectExistsException,
    _write_ObjectExistsException,
    _read_ObjectExistsException,
    None,
)


def _write_ObjectNotRegisteredException(out: bytearray, value: ObjectNotRegisteredException) -> None:
    write_Identity(out, value.id)


def _read_ObjectNotRegisteredException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    id, pos = read_Identity(buf, pos)
    return (id,), pos


ObjectNotRegisteredException.ice_slice = ExceptionSlice(
    "::IceGrid::ObjectNotRegisteredException",
    ObjectNotRegisteredException,
    _write_ObjectNotRegisteredException,
    _read_ObjectNotRegisteredException,
    None,
)


def _write_NodeNotExistException(out: bytearray, value: NodeNotExistException) -> None:
    write_string(out, value.name)


def _read_NodeNotExistException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    name, pos = read_string(buf, pos)
    return (name,), pos


NodeNotExistException.ice_slice = ExceptionSlice(
    "::IceGrid::NodeNotExistException",
    NodeNotExistException,
    _write_NodeNotExistException,
    _read_NodeNotExistException,
    None,
)


def _write_NodeUnreachableException(out: bytearray, value: NodeUnreachableException) -> None:
    write_string(out, value.name)
    write_string(out, value.reason)


def _read_NodeUnreachableException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    name, pos = read_string(buf, pos)
    reason, pos = read_string(buf, pos)
    return (name, reason), pos


NodeUnreachableException.ice_slice = ExceptionSlice(
    "::IceGrid::NodeUnreachableException",
    NodeUnreachableException,
    _write_NodeUnreachableException,
    _read_NodeUnreachableException,
    None,
)


def _write_RegistryNotExistException(out: bytearray, value: RegistryNotExistException) -> None:
    write_string(out, value.name)


def _read_RegistryNotExistException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    name, pos = read_string(buf, pos)
    return (name,), pos


RegistryNotExistException.ice_slice = ExceptionSlice(
    "::IceGrid::RegistryNotExistException",
    RegistryNotExistException,
    _write_RegistryNotExistException,
    _read_RegistryNotExistException,
    None,
)


def _write_RegistryUnreachableException(out: bytearray, value: RegistryUnreachableException) -> None:
    write_string(out, value.name)
    write_string(out, value.reason)


def _read_RegistryUnreachableException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    name, pos = read_string(buf, pos)
    reason, pos = read_string(buf, pos)
    return (name, reason), pos


RegistryUnreachableException.ice_slice = ExceptionSlice(
    "::IceGrid::RegistryUnreachableException",
    RegistryUnreachableException,
    _write_RegistryUnreachableException,
    _read_RegistryUnreachableException,
    None,
)


def _write_DeploymentException(out: bytearray, value: DeploymentException) -> None:
    write_string(out, value.reason)


def _read_DeploymentException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


DeploymentException.ice_slice = ExceptionSlice(
    "::IceGrid::DeploymentException",
    DeploymentException,
    _write_DeploymentException,
    _read_DeploymentException,
    None,
)


def _write_BadSignalException(out: bytearray, value: BadSignalException) -> None:
    write_string(out, value.reason)


def _read_BadSignalException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


BadSignalException.ice_slice = ExceptionSlice(
    "::IceGrid::BadSignalException",
    BadSignalException,
    _write_BadSignalException,
    _read_BadSignalException,
    None,
)
