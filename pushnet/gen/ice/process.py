# Written by slice2tx from idl/ice/process.ice. To change it, change the Slice file.
"""What the Slice file declares in `Ice`."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from struct import Struct
from typing import Any, ClassVar, Protocol

from twisted.internet.defer import Deferred

from pushnet.gen.ice.identity import read_PropertyDict, write_PropertyDict
from pushnet.rpc.stubs import CallContext, Current, ObjectPrx, Operation, Servant, ServantOperation, Source
from pushnet.wire.basic import read_string, write_string
from pushnet.wire.leftovers import pass_over

__all__ = [
    "Process",
    "ProcessPrx",
    "ProcessServant",
    "PropertiesAdmin",
    "PropertiesAdminPrx",
    "PropertiesAdminServant",
]


class Process(Protocol):
    """The administrative face of a server process."""

    def shutdown(self, current: Current | None = None, /) -> Awaitable[None]:
        """Begin an orderly shutdown; the answer comes before the process ends."""
        ...

    def writeMessage(self, message: str, fd: int, current: Current | None = None, /) -> Awaitable[None]:
        """Write `message` to standard output (fd 1) or standard error (fd 2)."""
        ...


class PropertiesAdmin(Protocol):
    """Reading and changing the properties of a running communicator."""

    def getProperty(self, key: str, current: Current | None = None, /) -> Awaitable[str]: ...

    def getPropertiesForPrefix(
        self, prefix: str, current: Current | None = None, /
    ) -> Awaitable[dict[str, str]]: ...

    def setProperties(
        self, newProperties: Mapping[str, str], current: Current | None = None, /
    ) -> Awaitable[None]: ...


class ProcessPrx(ObjectPrx):
    """Calls a `Process` wherever it is."""

    ice_type: ClassVar[str] = "::Ice::Process"

    def shutdown(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Process_shutdown, b"", context)

    def writeMessage(self, message: str, fd: int, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, message)
        out += _S_i.pack(fd)
        return self._ice_call(_OP_Process_writeMessage, out, context)


class PropertiesAdminPrx(ObjectPrx):
    """Calls a `PropertiesAdmin` wherever it is."""

    ice_type: ClassVar[str] = "::Ice::PropertiesAdmin"

    def getProperty(self, key: str, context: CallContext = None) -> Deferred[str]:
        out = bytearray()
        write_string(out, key)
        return self._ice_call(_OP_PropertiesAdmin_getProperty, out, context)

    def getPropertiesForPrefix(self, prefix: str, context: CallContext = None) -> Deferred[dict[str, str]]:
        out = bytearray()
        write_string(out, prefix)
        return self._ice_call(_OP_PropertiesAdmin_getPropertiesForPrefix, out, context)

    def setProperties(self, newProperties: Mapping[str, str], context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_PropertyDict(out, newProperties)
        return self._ice_call(_OP_PropertiesAdmin_setProperties, out, context)


class ProcessServant(Servant):
    """Serves a `Process`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Ice::Process"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Ice::Process")


class PropertiesAdminServant(Servant):
    """Serves a `PropertiesAdmin`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Ice::PropertiesAdmin"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Ice::PropertiesAdmin")


# The wire: how the above becomes bytes and back.

_S_i = Struct("<i")


def _serve_Process_shutdown(servant: Process, buf: bytes, pos: int, current: Current) -> Any:
    return servant.shutdown(current)


_OP_Process_shutdown: Operation[None] = Operation("shutdown", 0, None, ())


def _serve_Process_writeMessage(servant: Process, buf: bytes, pos: int, current: Current) -> Any:
    message, pos = read_string(buf, pos)
    (fd,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.writeMessage(message, fd, current)


_OP_Process_writeMessage: Operation[None] = Operation("writeMessage", 0, None, ())

ProcessServant.ice_operations = {
    b"shutdown": ServantOperation("shutdown", 0, _serve_Process_shutdown, None),
    b"writeMessage": ServantOperation("writeMessage", 0, _serve_Process_writeMessage, None),
}


def _read_result_PropertiesAdmin_getProperty(buf: bytes, pos: int, source: Source) -> str:
    result, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_PropertiesAdmin_getProperty(
    servant: PropertiesAdmin, buf: bytes, pos: int, current: Current
) -> Any:
    key, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getProperty(key, current)


def _write_result_PropertiesAdmin_getProperty(value: str) -> bytearray:
    out = bytearray()
    write_string(out, value)
    return out


_OP_PropertiesAdmin_getProperty: Operation[str] = Operation(
    "getProperty", 0, _read_result_PropertiesAdmin_getProperty, ()
)


def _read_result_PropertiesAdmin_getPropertiesForPrefix(
    buf: bytes, pos: int, source: Source
) -> dict[str, str]:
    result, pos = read_PropertyDict(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_PropertiesAdmin_getPropertiesForPrefix(
    servant: PropertiesAdmin, buf: bytes, pos: int, current: Current
) -> Any:
    prefix, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getPropertiesForPrefix(prefix, current)


def _write_result_PropertiesAdmin_getPropertiesForPrefix(value: dict[str, str]) -> bytearray:
    out = bytearray()
    write_PropertyDict(out, value)
    return out


_OP_PropertiesAdmin_getPropertiesForPrefix: Operation[dict[str, str]] = Operation(
    "getPropertiesForPrefix", 0, _read_result_PropertiesAdmin_getPropertiesForPrefix, ()
)


def _serve_PropertiesAdmin_setProperties(
    servant: PropertiesAdmin, buf: bytes, pos: int, current: Current
) -> Any:
    newProperties, pos = read_PropertyDict(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.setProperties(newProperties, current)


_OP_PropertiesAdmin_setProperties: Operation[None] = Operation("setProperties", 0, None, ())

PropertiesAdminServant.ice_operations = {
    b"getProperty": ServantOperation(
        "getProperty", 0, _serve_PropertiesAdmin_getProperty, _write_result_PropertiesAdmin_getProperty
    ),
    b"getPropertiesForPrefix": ServantOperation(
        "getPropertiesForPrefix",
        0,
        _serve_PropertiesAdmin_getPropertiesForPrefix,
        _write_result_PropertiesAdmin_getPropertiesForPrefix,
    ),
    b"setProperties": ServantOperation("setProperties", 0, _serve_PropertiesAdmin_setProperties, None),
}
