"""Versions as texts, by Ice's names: `stringToEncodingVersion("1.1")` and back; which are spoken here."""

from __future__ import annotations

import re

from pushnet.wire.errors import ParseException
from pushnet.wire.versions import Encoding_1_0, Encoding_1_1, EncodingVersion, Protocol_1_0, ProtocolVersion

_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")


class VersionParseException(ParseException):
    """A text is not a version."""


def stringToEncodingVersion(text: str) -> EncodingVersion:
    """Of `major.minor`. Raises `VersionParseException`."""
    return EncodingVersion(*_numbers(text))


def stringToProtocolVersion(text: str) -> ProtocolVersion:
    """Of `major.minor`. Raises `VersionParseException`."""
    return ProtocolVersion(*_numbers(text))


def encodingVersionToString(version: tuple[int, int]) -> str:
    return "{}.{}".format(*version)


def protocolVersionToString(version: tuple[int, int]) -> str:
    return "{}.{}".format(*version)


def currentEncoding() -> EncodingVersion:
    """In which parameters are written unless a proxy says otherwise."""
    return Encoding_1_1


def currentProtocol() -> ProtocolVersion:
    """The protocol of all messages."""
    return Protocol_1_0


def currentProtocolEncoding() -> EncodingVersion:
    """In which the messages themselves are written."""
    return Encoding_1_0


def _numbers(text: str) -> tuple[int, int]:
    major, dot, minor = text.partition(".")
    if not dot:
        raise VersionParseException(f"malformed version value `{text}'")
    for part, name in ((major, "major"), (minor, "minor")):
        if not _NUMBER.fullmatch(part):
            raise VersionParseException(f"invalid {name} version value `{text}'")
    if not (0 <= int(major) < 256 and 0 <= int(minor) < 256):
        raise VersionParseException(f"range error in version `{text}'")
    return int(major), int(minor)
