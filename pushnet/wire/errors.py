"""What can be wrong with bytes that a peer sent: the names are Ice's, the fault is the peer's."""

from __future__ import annotations

import attrs


@attrs.frozen
class ProtocolException(Exception):
    """The bytes of a peer break the protocol; the connection they came on is of no more use."""

    reason: str = ""

    def __str__(self) -> str:
        return self.reason


@attrs.frozen
class BadMagicException(ProtocolException):
    """A message does not begin with `IceP`."""


@attrs.frozen
class UnsupportedProtocolException(ProtocolException):
    """A message is of another protocol version than 1.0."""


@attrs.frozen
class UnsupportedEncodingException(ProtocolException):
    """A message or an encapsulation is in an encoding we do not read."""


@attrs.frozen
class UnknownMessageException(ProtocolException):
    """A message has a type that does not exist."""


@attrs.frozen
class IllegalMessageSizeException(ProtocolException):
    """A message says it is smaller than its own header."""


@attrs.frozen
class MemoryLimitException(ProtocolException):
    """A message is larger than `Ice.MessageSizeMax`."""


@attrs.frozen
class ConnectionNotValidatedException(ProtocolException):
    """The first message of a server was not the validation."""


@attrs.frozen
class UnknownReplyStatusException(ProtocolException):
    """A reply has a status that does not exist."""


@attrs.frozen
class MarshalException(ProtocolException):
    """Values could not be read from the bytes they should be in."""
