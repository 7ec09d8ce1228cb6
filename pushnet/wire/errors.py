"""What goes wrong below an operation: errors of the runtime and of a peer's bytes, named as Ice names them.

`IceException` is the root of all, `LocalException` of what is not declared in Slice. The classes here are
those that bytes and texts alone can cause; those of calls and connections stand in `pushnet.rpc.exceptions`.
Beside Ice's members each has `reason`, which says in words what is wrong.
"""

from __future__ import annotations

import builtins

import attrs

from pushnet.wire.versions import Encoding_1_1, EncodingVersion, Protocol_1_0, ProtocolVersion

_NO_ENCODING = EncodingVersion()
_NO_PROTOCOL = ProtocolVersion()


class IceException(Exception):
    """The root of Ice's exceptions and of those that Slice files declare; Ice calls it `Exception`."""

    def ice_id(self) -> str:
        """The type id, as in `::Ice::MarshalException`."""
        raise NotImplementedError

    def ice_name(self) -> str:
        """The same without the colons before it."""
        return self.ice_id().removeprefix("::")


@attrs.frozen
class LocalException(IceException):
    """Something failed that no Slice file declares; `reason` says what, in words an operator can use."""

    reason: str = ""

    def __str__(self) -> str:
        return self.reason

    def ice_id(self) -> str:
        """Ice's name of it, as in what a caller is told of an `UnknownLocalException`."""
        return f"::Ice::{type(self).__name__}"


class ProtocolException(LocalException):
    """The peer breaks the protocol. Its connection is closed, nothing else is touched."""


@attrs.frozen
class BadMagicException(ProtocolException):
    """A message does not begin with `IceP`: the peer does not speak Ice."""

    badMagic: bytes = b""
    """What it begins with."""


@attrs.frozen
class UnsupportedProtocolException(ProtocolException):
    """The peer speaks another version of the protocol than 1.0."""

    bad: ProtocolVersion = _NO_PROTOCOL
    supported: ProtocolVersion = Protocol_1_0


@attrs.frozen
class UnsupportedEncodingException(ProtocolException):
    """An encapsulation is in an encoding that cannot be read here."""

    bad: EncodingVersion = _NO_ENCODING
    supported: EncodingVersion = Encoding_1_1


class UnknownMessageException(ProtocolException):
    """A message is of no known type."""


class UnknownReplyStatusException(ProtocolException):
    """A reply has a status that cannot be."""


class CompressionException(ProtocolException):
    """A compressed message cannot be inflated."""


class MarshalException(ProtocolException):
    """Bytes do not make the value they should make."""


class UnmarshalOutOfBoundsException(MarshalException):
    """The bytes end before the value does."""


@attrs.frozen
class NoValueFactoryException(MarshalException):
    """An instance is of a class that is not known here, and there is no base to fall back to."""

    type: str = ""
    """The type id of the class."""


@attrs.frozen
class UnexpectedObjectException(MarshalException):
    """An instance is of another class than the one that must stand there."""

    type: str = ""
    """The type id of the class that is there."""
    expectedType: str = ""


class IllegalMessageSizeException(ProtocolException):
    """A message claims to be smaller than its own header."""


class MemoryLimitException(MarshalException):
    """A message claims to be larger than `Ice.MessageSizeMax` allows."""


class ParseException(LocalException):
    """A text is not the string form of what was asked for: the caller's or the configuration's fault."""

    @property
    def str(self) -> builtins.str:
        """Ice's name for what is wrong."""
        return self.reason


class IdentityParseException(ParseException):
    """A text is not an identity."""


class ProxyParseException(ParseException):
    """A text is not a proxy."""


class EndpointParseException(ParseException):
    """A text is not an endpoint."""
