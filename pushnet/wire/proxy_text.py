"""Proxies as text: `identity -f facet -t -e 1.1:endpoint:endpoint`, `identity @ adapter`, `identity`."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from pushnet.wire.endpoint_text import EndpointDefaults, parse_endpoint
from pushnet.wire.endpoints import Endpoint, StreamEndpoint, UdpEndpoint
from pushnet.wire.errors import (
    EndpointParseException,
    ParseException,
    ProxyParseException,
)
from pushnet.wire.escapes import ToStringMode, unescape
from pushnet.wire.identity import IllegalIdentityException, identityToString, stringToIdentity
from pushnet.wire.proxies import Mode, ProxyData
from pushnet.wire.words import (
    QUOTES,
    closing_quote,
    escaped_and_quoted,
    quoted,
    skip_blanks,
    split_endpoints,
    word_end,
)

_MODES = {
    "-t": Mode.twoway,
    "-o": Mode.oneway,
    "-O": Mode.batchOneway,
    "-d": Mode.datagram,
    "-D": Mode.batchDatagram,
}
_VERSION_CHARACTERS_MAX = 10
"""More than any version has; Python refuses to convert very long numbers with an error of its own."""
_MODE_OPTIONS = {mode: option for option, mode in _MODES.items()}


def _nothing(text: str) -> None:
    """For callers who do not care about endpoints of unknown protocols."""


def parse_proxy(
    text: str,
    defaults: EndpointDefaults | None = None,
    encoding: tuple[int, int] = (1, 1),
    ignored: Callable[[str], None] = _nothing,
) -> ProxyData | None:
    """None for the empty text and an empty quotation.

    Raises a `ParseException` that says what is wrong and in which text.

    Args:
        defaults: what endpoints may leave out.
        encoding: the encoding when none is given.
        ignored: is told the text of each endpoint whose protocol is unknown, when another is known.
    """
    if not text:
        return None
    identity, pos = _identity(text)
    if not identity:
        if skip_blanks(text, pos) != len(text):
            raise ProxyParseException(f"invalid characters after identity in `{text}'")
        return None
    data = ProxyData(stringToIdentity(identity), encoding=encoding)
    data, pos = _options(text, pos, data)
    if not data.identity.name:
        told = f"an identity needs a name, `{text}' gives only a category"
        raise IllegalIdentityException(told, data.identity)
    if pos == len(text):
        return data
    if text[pos] == "@":
        return attrs.evolve(data, adapter_id=_adapter_id(text, pos + 1))
    return attrs.evolve(data, endpoints=parse_endpoints(text[pos + 1 :], defaults, text, ignored))


def parse_endpoints(
    text: str,
    defaults: EndpointDefaults | None = None,
    whole: str = "",
    ignored: Callable[[str], None] = _nothing,
) -> tuple[Endpoint, ...]:
    """Endpoints separated by colons; at least one must be of a known protocol."""
    known: list[Endpoint] = []
    unknown: list[str] = []
    for part in split_endpoints(text):
        endpoint = parse_endpoint(part, defaults or EndpointDefaults())
        if endpoint is None:
            unknown.append(part.strip())
        else:
            known.append(endpoint)
    if not known:
        raise EndpointParseException(f"invalid endpoint `{unknown[0]}' in `{whole or text}'")
    for part in unknown:
        ignored(part)
    return tuple(known)


def parse_adapter_endpoints(text: str, defaults: EndpointDefaults) -> tuple[Endpoint, ...]:
    """Endpoints of an object adapter: all must be known, and a colon may follow the last one, as in Ice.

    With `defaults.any_host` they are those to listen at, which nothing is sent from.
    """
    parts = split_endpoints(text)
    if len(parts) > 1 and not parts[-1]:
        parts.pop()
    endpoints: list[Endpoint] = []
    for part in parts:
        if not part.strip():
            raise EndpointParseException("invalid empty object adapter endpoint")
        endpoint = parse_endpoint(part, defaults)
        if endpoint is None:
            raise EndpointParseException(f"invalid object adapter endpoint `{part.strip()}'")
        if defaults.any_host and isinstance(endpoint, StreamEndpoint | UdpEndpoint) and endpoint.source:
            told = f"`--sourceAddress' not valid for object adapter endpoint `{endpoint}'"
            raise EndpointParseException(told)
        endpoints.append(endpoint)
    return tuple(endpoints)


def proxy_text(data: ProxyData | None, mode: ToStringMode = ToStringMode.Unicode) -> str:
    """The string form; `parse_proxy` reads it back."""
    if data is None:
        return ""
    text = quoted(identityToString(data.identity, mode))
    if data.facet:
        text += f" -f {escaped_and_quoted(data.facet, mode)}"
    text += f" {_MODE_OPTIONS[data.mode]}"
    text += " -s" if data.secure else ""
    text += f" -p {_version(data.protocol)}" if data.protocol != (1, 0) else ""
    text += f" -e {_version(data.encoding)}"
    if data.endpoints:
        return text + "".join(f":{endpoint}" for endpoint in data.endpoints)
    return f"{text} @ {escaped_and_quoted(data.adapter_id, mode)}" if data.adapter_id else text


def _identity(text: str) -> tuple[str, int]:
    """The identity's text, quotes taken off, and where it ends."""
    pos = skip_blanks(text, 0)
    if pos == len(text):
        raise ProxyParseException(f"no non-whitespace characters found in `{text}'")
    if text[pos] in QUOTES:
        end = closing_quote(text, pos)
        if end < 0:
            raise ProxyParseException(f"mismatched quotes around identity in `{text}'")
        identity, pos = text[pos + 1 : end], end + 1
    else:
        end = word_end(text, pos, ":@")
        identity, pos = text[pos:end], end
        if not identity:
            raise ProxyParseException(f"no identity in `{text}'")
    return identity, pos


def _options(text: str, pos: int, data: ProxyData) -> tuple[ProxyData, int]:
    """Read options up to `@`, `:` or the end."""
    while True:
        pos = skip_blanks(text, pos)
        if pos == len(text) or text[pos] in ":@":
            return data, pos
        end = word_end(text, pos, ":@")
        option = text[pos:end]
        if len(option) != 2 or option[0] != "-":
            raise ProxyParseException(f"expected a proxy option but found `{option}' in `{text}'")
        argument, pos = _argument(text, end, option)
        data = _with_option(text, data, option, argument)


def _argument(text: str, pos: int, option: str) -> tuple[str | None, int]:
    """The word behind an option, unless it is the next option."""
    pos = skip_blanks(text, pos)
    if pos == len(text) or text[pos] in "-:@":
        return None, pos
    if text[pos] in QUOTES:
        end = closing_quote(text, pos)
        if end < 0:
            raise ProxyParseException(f"mismatched quotes around value for {option} option in `{text}'")
        return text[pos + 1 : end], end + 1
    end = word_end(text, pos, ":@")
    return text[pos:end], end


def _with_option(text: str, data: ProxyData, option: str, argument: str | None) -> ProxyData:
    if option in "-f-e-p":
        if not argument:
            raise ProxyParseException(f"no argument provided for {option} option in `{text}'")
        if option == "-f":
            return attrs.evolve(data, facet=_unescaped(argument, "facet", text))
        if option == "-e":
            return attrs.evolve(data, encoding=parse_version(argument, "encoding", text))
        return attrs.evolve(data, protocol=parse_version(argument, "protocol", text))
    if option != "-s" and option not in _MODES:
        raise ProxyParseException(f"unknown option `{option}' in `{text}'")
    if argument is not None:
        raise ProxyParseException(
            f"unexpected argument `{argument}' provided for {option} option in `{text}'"
        )
    return attrs.evolve(data, secure=True) if option == "-s" else attrs.evolve(data, mode=_MODES[option])


def _adapter_id(text: str, pos: int) -> str:
    pos = skip_blanks(text, pos)
    if pos == len(text):
        raise ProxyParseException(f"missing adapter id in `{text}'")
    if text[pos] in QUOTES:
        end = closing_quote(text, pos)
        if end < 0:
            raise ProxyParseException(f"mismatched quotes around adapter id in `{text}'")
        adapter_id, pos = text[pos + 1 : end], end + 1
    else:
        end = word_end(text, pos, "")
        adapter_id, pos = text[pos:end], end
    rest = skip_blanks(text, pos)
    if rest != len(text):
        raise ProxyParseException(f"invalid trailing characters after `{text[:rest]}' in `{text}'")
    if not adapter_id:
        raise ProxyParseException(f"empty adapter id in `{text}'")
    return _unescaped(adapter_id, "adapter id", text)


def _unescaped(part: str, what: str, text: str) -> str:
    try:
        return unescape(part)
    except ParseException as error:
        raise ProxyParseException(f"invalid {what} in `{text}': {error}") from None


def parse_version(value: str, what: str, text: str) -> tuple[int, int]:
    """`major.minor`. Raises `ProxyParseException` that names `what` in `text`."""
    major, dot, minor = value.partition(".")
    if (
        dot
        and len(value) <= _VERSION_CHARACTERS_MAX
        and major.isdecimal()
        and minor.isdecimal()
        and int(major) < 256
        and int(minor) < 256
    ):
        return int(major), int(minor)
    raise ProxyParseException(f"invalid {what} version `{value}' in `{text}'")


def _version(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"
