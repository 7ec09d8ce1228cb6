"""Reads endpoints from text: `tcp -h host -p port -t ms`, as Ice spells them, with its error texts."""

from __future__ import annotations

import base64
from ipaddress import ip_address

import attrs

from pushnet.wire.endpoints import (
    NAMES,
    PORT_MAX,
    TIMEOUT_MS,
    UDP,
    WS,
    WSS,
    Endpoint,
    StreamEndpoint,
    UdpEndpoint,
    endpoint_of,
)
from pushnet.wire.errors import EndpointParseException, MarshalException
from pushnet.wire.words import split_words

_TYPES = {name: type for type, name in NAMES.items()}
TTL_MAX = 255
_DIGITS_MAX = 10
"""Those of an int32. Python refuses to convert very long ones with an error of its own."""


@attrs.frozen
class EndpointDefaults:
    """What an endpoint's text may leave out; Ice's properties `Ice.Default.*`."""

    protocol: str = "tcp"
    host: str = ""
    timeout_ms: int = TIMEOUT_MS
    source: str = ""
    any_host: bool = False
    """`-h *` is allowed: these are an adapter's endpoints, not a proxy's."""


def parse_endpoint(text: str, defaults: EndpointDefaults) -> Endpoint | None:
    """None when the protocol is not known. Raises `EndpointParseException`."""
    words = split_words(text)
    if not words:
        raise EndpointParseException("value has no non-whitespace characters")
    name = words[0]
    if name == "default":
        name = defaults.protocol
    kind = _TYPES.get(name)
    if kind is None and name != "opaque":
        return None
    options = _Options(text, words[1:])
    if kind is None:
        return _parse_opaque(options)
    return _parse_udp(options, defaults) if kind == UDP else _parse_stream(kind, options, defaults)


class _Options:
    """The options of one endpoint, taken one by one; what is left over is unknown."""

    def __init__(self, text: str, words: list[str]) -> None:
        self.text = text.strip()
        self._words = words
        self._found: dict[str, str | None] = {}
        pos = 0
        while pos < len(words):
            option = words[pos]
            if not option.startswith("-") or len(option) < 2:
                raise self.error(f"unrecognized argument `{option}'")
            pos += 1
            self._found[option] = None
            if pos < len(words) and not words[pos].startswith("-"):
                self._found[option] = words[pos]
                pos += 1

    def error(self, what: str) -> EndpointParseException:
        return EndpointParseException(f"{what} in endpoint `{self.text}'")

    def take(self, option: str) -> str | None:
        """The argument of an option that must have one; None when the option is not there."""
        if option not in self._found:
            return None
        argument = self._found.pop(option)
        if not argument:
            raise self.error(f"no argument provided for {option} option")
        return argument

    def flag(self, option: str) -> bool:
        if option not in self._found:
            return False
        argument = self._found.pop(option)
        if argument is not None:
            raise self.error(f"unexpected argument `{argument}' provided for {option} option")
        return True

    def number(self, option: str, what: str, least: int, most: int) -> int | None:
        argument = self.take(option)
        if argument is None:
            return None
        digits = argument.removeprefix("+")
        if not digits.isdecimal() or len(digits) > _DIGITS_MAX:
            raise self.error(f"invalid {what} value `{argument}'")
        value = int(digits)
        if not least <= value <= most:
            raise self.error(f"{what} value `{argument}' out of range")
        return value

    def end(self) -> None:
        for option in self._found:
            raise self.error(f"unrecognized argument `{option}'")


def _host(options: _Options, defaults: EndpointDefaults) -> str:
    host = options.take("-h")
    if host is None:
        host = defaults.host
    if host == "*":
        if not defaults.any_host:
            raise EndpointParseException(f"`-h *' not valid for proxy endpoint `{options.text}'")
        return ""
    if '"' in host or "'" in host:
        raise options.error("no host has quotes in its name")
    return host


def _source(options: _Options, defaults: EndpointDefaults) -> str:
    source = options.take("--sourceAddress")
    if source is None:
        return defaults.source
    try:
        ip_address(source)
    except ValueError:
        raise options.error("invalid IP address provided for --sourceAddress option") from None
    return source


def _timeout(options: _Options, defaults: EndpointDefaults) -> int:
    argument = options.take("-t")
    if argument is None:
        return defaults.timeout_ms
    if argument == "infinite":
        return -1
    if not argument.isdecimal() or len(argument) > _DIGITS_MAX or not 1 <= int(argument) < 2**31:
        raise options.error(f"invalid timeout value `{argument}'")
    return int(argument)


def _parse_stream(kind: int, options: _Options, defaults: EndpointDefaults) -> Endpoint:
    host = _host(options, defaults)
    port = options.number("-p", "port", 0, PORT_MAX) or 0
    timeout_ms = _timeout(options, defaults)
    compress = options.flag("-z")
    source = _source(options, defaults)
    resource = ""
    if kind in (WS, WSS):
        resource = options.take("-r") or "/"
    options.end()
    return StreamEndpoint(kind, host, port, timeout_ms, compress, resource, source)


def _parse_udp(options: _Options, defaults: EndpointDefaults) -> Endpoint:
    host = _host(options, defaults)
    port = options.number("-p", "port", 0, PORT_MAX) or 0
    compress = options.flag("-z")
    source = _source(options, defaults)
    interface = options.take("--interface") or ""
    ttl = options.number("--ttl", "TTL", 0, TTL_MAX)
    connect = options.flag("-c")
    for version in ("-v", "-e"):
        options.take(version)
    options.end()
    return UdpEndpoint(host, port, compress, source, interface, -1 if ttl is None else ttl, connect)


def _parse_opaque(options: _Options) -> Endpoint:
    kind = options.number("-t", "type", 0, 32_767)
    version = options.take("-e") or "1.0"
    value = options.take("-v")
    options.end()
    if kind is None:
        raise options.error("no -t option")
    if value is None:
        raise options.error("no -v option")
    major, _, minor = version.partition(".")
    if len(version) > _DIGITS_MAX or not (
        major.isdecimal() and minor.isdecimal() and int(major) < 256 and int(minor) < 256
    ):
        raise options.error(f"invalid encoding version `{version}'")
    try:
        data = base64.b64decode(value, validate=True)
    except ValueError:
        raise options.error(f"invalid base64 in `{value}'") from None
    try:
        return endpoint_of(kind, (int(major), int(minor)), data)
    except MarshalException as wrong:
        raise options.error(str(wrong)) from None
