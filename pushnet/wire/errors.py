"""What goes wrong below an operation: errors of the runtime and of a peer's bytes, named as Ice names them.

`LocalException` is the root of everything that is not declared in Slice. The classes here are those that
bytes and strings alone can cause; those of calls and connections stand in `pushnet.rpc.exceptions`.
"""

from __future__ import annotations

import attrs


@attrs.frozen
class LocalException(Exception):
    """Something failed that no Slice file declares; `reason` says what, in words an operator can use."""

    reason: str = ""

    def __str__(self) -> str:
        return self.reason

    def ice_id(self) -> str:
        """Ice's name of it, as in what a caller is told of an `UnknownLocalException`."""
        return f"::Ice::{type(self).__name__}"


class ProtocolException(LocalException):
    """The peer breaks the protocol. Its connection is closed, nothing else is touched."""


class BadMagicException(ProtocolException):
    """A message does not begin with `IceP`: the peer does not speak Ice."""


class UnsupportedProtocolException(ProtocolException):
    """The peer speaks another version of the protocol than 1.0."""


class UnsupportedEncodingException(ProtocolException):
    """An encapsulation is in an encoding that cannot be read here."""


class UnknownMessageException(ProtocolException):
    """A message is of no known type."""


class UnknownReplyStatusException(ProtocolException):
    """A reply has a status that cannot be."""


class CompressionException(ProtocolException):
    """A compressed message cannot be inflated."""


class MarshalException(ProtocolException):
    """Bytes do not make the value they should make."""


class NoValueFactoryException(MarshalException):
    """An instance is of a class that is not known here, and there is no base to fall back to."""


class UnexpectedObjectException(MarshalException):
    """An instance is of another class than the one that must stand there."""


class IllegalMessageSizeException(ProtocolException):
    """A message claims to be smaller than its own header."""


class MemoryLimitException(MarshalException):
    """A message claims to be larger than `Ice.MessageSizeMax` allows."""


class IllegalIdentityException(LocalException):
    """An identity has a category but no name."""


class ParseException(LocalException):
    """A text is not the string form of what was asked for: the caller's or the configuration's fault."""


class IdentityParseException(ParseException):
    """A text is not an identity."""


class ProxyParseException(ParseException):
    """A text is not a proxy."""


class EndpointParseException(ParseException):
    """A text is not an endpoint."""
