"""Why a call failed, as far as no Slice file declares it. Names and hierarchy are Ice's.

Whose fault: those below `ProtocolException` are the peer's; `RequestFailedException` and what is unknown
tell what the other side answered; the rest tells what became of the connection or the call on this side.
"""

from __future__ import annotations

from struct import error as StructError

import attrs
from twisted.internet.defer import CancelledError

from pushnet.net.tls import SecurityException
from pushnet.wire.errors import (
    BadMagicException,
    CompressionException,
    EndpointParseException,
    IceException,
    IdentityParseException,
    IllegalMessageSizeException,
    LocalException,
    MarshalException,
    MemoryLimitException,
    NoValueFactoryException,
    ParseException,
    ProtocolException,
    ProxyParseException,
    UnexpectedObjectException,
    UnknownMessageException,
    UnknownReplyStatusException,
    UnmarshalOutOfBoundsException,
    UnsupportedEncodingException,
    UnsupportedProtocolException,
)
from pushnet.wire.identity import Identity, IllegalIdentityException
from pushnet.wire.version_text import VersionParseException


class InitializationException(LocalException):
    """A property of the communicator has no usable value."""


class PropertyException(InitializationException):
    """A property is asked for in a way its value or name does not allow."""


@attrs.frozen
class SyscallException(LocalException):
    """The system refuses something."""

    error: int = 0
    """Its number of what went wrong (`errno`); 0 when there is none."""


@attrs.frozen
class FileException(SyscallException):
    """A file cannot be read."""

    path: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class EndpointSelectionTypeParseException(ParseException):
    """A property names a way of choosing endpoints that there is not."""


class CommunicatorDestroyedException(LocalException):
    """The communicator is destroyed; nothing can be called through it any more."""


@attrs.frozen
class ObjectAdapterDeactivatedException(LocalException):
    """The object adapter is deactivated."""

    name: str = ""
    reason: str = ""


@attrs.frozen
class ObjectAdapterIdInUseException(LocalException):
    """An active adapter elsewhere has this adapter's id."""

    id: str = ""
    reason: str = ""


class IllegalServantException(LocalException):
    """What was to be added is no servant."""


@attrs.frozen
class AlreadyRegisteredException(LocalException):
    """There is something under that name already."""

    kindOfObject: str = ""
    id: str = ""
    reason: str = ""


@attrs.frozen
class NotRegisteredException(LocalException):
    """Nothing is registered under that name: here, or at the locator."""

    kindOfObject: str = ""
    id: str = ""
    reason: str = ""


@attrs.frozen
class NoEndpointException(LocalException):
    """The proxy has no endpoint that can be called from here."""

    proxy: str = ""


class FeatureNotSupportedException(LocalException):
    """Ice has it, this runtime does not."""

    @property
    def unsupportedFeature(self) -> str:
        """Ice's name for what that is."""
        return self.reason


class FixedProxyException(LocalException):
    """A proxy that is bound to one connection cannot do that."""


@attrs.frozen
class TwowayOnlyException(LocalException):
    """The operation has results or exceptions and was called one-way."""

    operation: str = ""


class SocketException(SyscallException):
    """The network failed."""


class ConnectFailedException(SocketException):
    """No connection could be established."""


class ConnectionRefusedException(ConnectFailedException):
    """Nobody listens there."""


class TimeoutException(LocalException):
    """Something took longer than it was given."""


class ConnectTimeoutException(ConnectFailedException, TimeoutException):
    """The connection was not established in time."""


@attrs.frozen
class DNSException(ConnectFailedException):
    """The host has no address."""

    host: str = ""


class ConnectionLostException(SocketException):
    """The connection broke. Whether what was sent has been done is not known."""


class ConnectionTimeoutException(SocketException, TimeoutException):
    """The peer has not been heard of for too long."""


class CloseTimeoutException(TimeoutException):
    """The peer has not answered in time that the connection is to be closed. Nothing here raises it: such a
    connection is cut, and tells why it was to be closed."""


class CloseConnectionException(ProtocolException):
    """The peer closed the connection in an orderly way; it has not done what it had not answered."""


@attrs.frozen
class ConnectionManuallyClosedException(LocalException):
    """The application closed the connection."""

    graceful: bool = False
    """In an orderly way."""
    reason: str = ""


class ConnectionNotValidatedException(ProtocolException):
    """The server's first message is not the one that validates the connection."""


class DatagramLimitException(ProtocolException):
    """A request does not fit into a datagram."""


class InvocationTimeoutException(TimeoutException):
    """The call has not been answered in the time it was given."""


class InvocationCanceledException(LocalException, CancelledError):
    """The caller gave the call up."""


@attrs.frozen
class RequestFailedException(LocalException):
    """What was called is not there. A servant that raises one without an identity means itself."""

    id: Identity = attrs.field(factory=Identity)
    facet: str = ""
    operation: str = ""
    reason: str = ""

    def __str__(self) -> str:
        facet = f" facet `{self.facet}'" if self.facet else ""
        told = f"`{self.id}'{facet} operation `{self.operation}'"
        return f"{self.reason}: {told}" if self.reason else told


class ObjectNotExistException(RequestFailedException):
    """There is no object of that identity."""


class FacetNotExistException(RequestFailedException):
    """The object has no such facet."""


class OperationNotExistException(RequestFailedException):
    """The object has no such operation."""


class OverloadException(LocalException):
    """Not Ice's: the target refuses so much that the call was not even made. See `pushnet.rpc.throttle`."""


class UnknownException(LocalException):
    """The servant failed; the text has what the peer tells of it."""

    @property
    def unknown(self) -> str:
        """Ice's name for that text."""
        return self.reason


class UnknownLocalException(UnknownException):
    """The peer's runtime failed."""


class UnknownUserException(UnknownException):
    """The servant raised a user exception that the operation does not declare."""


def unreadable(told: str, error: Exception) -> MarshalException:
    """What Python's own error says of bytes that were read. `told` says where."""
    short = isinstance(error, StructError | IndexError)
    return (UnmarshalOutOfBoundsException if short else MarshalException)(told)


__all__ = [
    "AlreadyRegisteredException",
    "BadMagicException",
    "CloseConnectionException",
    "CloseTimeoutException",
    "CommunicatorDestroyedException",
    "CompressionException",
    "ConnectFailedException",
    "ConnectTimeoutException",
    "ConnectionLostException",
    "ConnectionManuallyClosedException",
    "ConnectionNotValidatedException",
    "ConnectionRefusedException",
    "ConnectionTimeoutException",
    "DNSException",
    "DatagramLimitException",
    "EndpointParseException",
    "EndpointSelectionTypeParseException",
    "FacetNotExistException",
    "FeatureNotSupportedException",
    "FileException",
    "FixedProxyException",
    "IceException",
    "IdentityParseException",
    "IllegalIdentityException",
    "IllegalMessageSizeException",
    "IllegalServantException",
    "InitializationException",
    "InvocationCanceledException",
    "InvocationTimeoutException",
    "LocalException",
    "MarshalException",
    "MemoryLimitException",
    "NoEndpointException",
    "NoValueFactoryException",
    "NotRegisteredException",
    "ObjectAdapterDeactivatedException",
    "ObjectAdapterIdInUseException",
    "ObjectNotExistException",
    "OperationNotExistException",
    "OverloadException",
    "ParseException",
    "PropertyException",
    "ProtocolException",
    "ProxyParseException",
    "RequestFailedException",
    "SecurityException",
    "SocketException",
    "SyscallException",
    "TimeoutException",
    "TwowayOnlyException",
    "UnexpectedObjectException",
    "UnknownException",
    "UnknownLocalException",
    "UnknownMessageException",
    "UnknownReplyStatusException",
    "UnknownUserException",
    "UnmarshalOutOfBoundsException",
    "UnsupportedEncodingException",
    "UnsupportedProtocolException",
    "VersionParseException",
    "unreadable",
]
