"""Proxies and endpoints as text, as Ice writes them: `id -f facet -t -e 1.1:tcp -h host -p 10000 -t 60000`.

Parsing is tolerant as Ice's is (any order of options, any white space) and says what is wrong and where.
Source: the Ice manual, "Proxy and Endpoint Syntax".
"""

from __future__ import annotations

import base64
import binascii

import attrs

from pushnet.wire.identity import (
    Identity,
    IdentityParseException,
    escape,
    identity_from_string,
    identity_to_string,
    unescape,
)
from pushnet.wire.reference import PROTOCOLS, Endpoint, Reference

_TYPES = {name: number for number, name in PROTOCOLS.items()}
_MODE_LETTERS = {"t": 0, "o": 1, "O": 2, "d": 3, "D": 4}
_MODE_OF = "toOdD"
_BLANKS = " \t\r\n"


class ProxyParseException(Exception):
    """A text is no proxy: the message shows the text and what is wrong."""


class EndpointParseException(Exception):
    """A text is no endpoint: the message shows the text and what is wrong."""


@attrs.frozen
class Defaults:
    """What counts when an endpoint does not say it (`Ice.Default.*`)."""

    host: str = ""
    protocol: str = "tcp"
    timeout_ms: int = 60_000


def parse_proxy(text: str, defaults: Defaults | None = None) -> Reference | None:
    """Read a proxy; None for the empty text. Raises `ProxyParseException`, `EndpointParseException`,
    `IdentityParseException`.
    """
    defaults = defaults or Defaults()
    head, separator, tail = _split_head(text)
    words = _words(head, text)
    if not words:
        if separator or text.strip(_BLANKS):
            raise ProxyParseException(f"no identity in `{text}'")
        return None
    reference = _with_options(Reference(_identity(words[0], text)), words[1:], text)
    if separator == ":":
        endpoints = tuple(parse_endpoint(part, defaults) for part in _split_endpoints(tail, text))
        return attrs.evolve(reference, endpoints=endpoints)
    if separator == "@":
        return attrs.evolve(reference, adapter_id=_adapter_id(tail, text))
    return reference


def format_proxy(reference: Reference | None) -> str:
    """The reverse of `parse_proxy`, in the order in which Ice writes it."""
    if reference is None:
        return ""
    parts = [_quoted(identity_to_string(reference.identity), " :@")]
    if reference.facet:
        parts.append("-f " + _quoted(escape(reference.facet, ""), " :@"))
    parts.append("-" + _MODE_OF[reference.mode])
    if reference.secure:
        parts.append("-s")
    if reference.protocol != (1, 0):
        parts.append("-p {}.{}".format(*reference.protocol))
    parts.append("-e {}.{}".format(*reference.encoding))
    text = " ".join(parts)
    for endpoint in reference.endpoints:
        text += ":" + format_endpoint(endpoint)
    if reference.adapter_id:
        text += " @ " + _quoted(escape(reference.adapter_id, ""), " :@")
    return text


def parse_endpoint(text: str, defaults: Defaults | None = None) -> Endpoint:
    """Read one endpoint, such as `tcp -h localhost -p 10000`. Raises `EndpointParseException`."""
    defaults = defaults or Defaults()
    try:
        words = _words(text, text)
    except ProxyParseException as error:
        raise EndpointParseException(str(error)) from None
    if not words:
        raise EndpointParseException(f"no endpoint in `{text}'")
    protocol = defaults.protocol if words[0] == "default" else words[0]
    options = _options(words[1:], text)
    if protocol == "opaque":
        return _opaque(options, text)
    if protocol not in _TYPES:
        raise EndpointParseException(f"unknown protocol `{words[0]}' in endpoint `{text}'")
    return _known(_TYPES[protocol], options, defaults, text)


def format_endpoint(endpoint: Endpoint) -> str:
    if endpoint.raw is not None:
        data = base64.b64encode(endpoint.raw).decode()
        return "opaque -t {} -e {}.{} -v {}".format(endpoint.type, *endpoint.encoding, data)
    text = (
        f"{endpoint.protocol} -h {_quoted(endpoint.host, ' :') if endpoint.host else '*'} -p {endpoint.port}"
    )
    if endpoint.protocol != "udp":
        text += f" -t {'infinite' if endpoint.timeout_ms < 0 else endpoint.timeout_ms}"
    if endpoint.compress:
        text += " -z"
    if endpoint.source:
        text += f" --sourceAddress {endpoint.source}"
    if endpoint.resource:
        text += f" -r {_quoted(endpoint.resource, ' :')}"
    return text


def _split_head(text: str) -> tuple[str, str, str]:
    """The identity with its options, then `:` or `@` or nothing, then what follows."""
    at = 0
    quote = ""
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in ":@":
            return text[:at], char, text[at + 1 :]
        at += 1
    return text, "", ""


def _split_endpoints(text: str, whole: str) -> list[str]:
    """Endpoints between colons that stand outside quotes and brackets (`[::1]` is none)."""
    parts, start, quote = [], 0, ""
    for at, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == ":":
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    if quote:
        raise EndpointParseException(f"mismatched quotes in `{whole}'")
    return parts


def _words(text: str, whole: str) -> list[str]:
    """Words between blanks; quotes may hold blanks and are taken off."""
    words: list[str] = []
    at = 0
    while at < len(text):
        if text[at] in _BLANKS:
            at += 1
        elif text[at] in "\"'":
            end = _closing(text, at, whole)
            words.append(text[at + 1 : end])
            at = end + 1
        else:
            end = at
            while end < len(text) and text[end] not in _BLANKS:
                end += 1
            words.append(text[at:end])
            at = end
    return words


def _closing(text: str, at: int, whole: str) -> int:
    end = at + 1
    while end < len(text) and text[end] != text[at]:
        end += 2 if text[end] == "\\" else 1
    if end >= len(text):
        raise ProxyParseException(f"mismatched quotes around identity in `{whole}'")
    return end


def _identity(word: str, whole: str) -> Identity:
    try:
        identity = identity_from_string(word)
    except IdentityParseException as error:
        raise ProxyParseException(f"{error} in `{whole}'") from None
    if not identity.name:
        raise ProxyParseException(f"no identity in `{whole}'")
    return identity


def _with_options(reference: Reference, words: list[str], whole: str) -> Reference:
    """Apply `-f -t -o -O -d -D -s -e -p`."""
    changes: dict[str, object] = {}
    at = 0
    while at < len(words):
        option = words[at]
        if len(option) != 2 or option[0] != "-":
            raise ProxyParseException(f"expected a proxy option but found `{option}' in `{whole}'")
        argument = None
        if at + 1 < len(words) and not words[at + 1].startswith("-"):
            argument = words[at + 1]
            at += 1
        at += 1
        changes.update(_option(option, argument, whole))
    return attrs.evolve(reference, **changes)  # type: ignore[arg-type]


def _option(option: str, argument: str | None, whole: str) -> dict[str, object]:
    letter = option[1]
    if letter in "fep" and argument is None:
        raise ProxyParseException(f"no argument provided for {option} option in `{whole}'")
    if letter in _MODE_LETTERS or letter == "s":
        if argument is not None:
            raise ProxyParseException(
                f"unexpected argument `{argument}' provided for {option} option in `{whole}'"
            )
        return {"secure": True} if letter == "s" else {"mode": _MODE_LETTERS[letter]}
    assert argument is not None or letter not in "fep"
    if letter == "f":
        return {"facet": _unescaped(argument or "", whole)}
    if letter == "e":
        return {"encoding": _version(argument or "", option, whole)}
    if letter == "p":
        return {"protocol": _version(argument or "", option, whole)}
    raise ProxyParseException(f"unknown option `{option}' in `{whole}'")


def _version(text: str, option: str, whole: str) -> tuple[int, int]:
    major, dot, minor = text.partition(".")
    if not (dot and major.isascii() and major.isdigit() and minor.isascii() and minor.isdigit()):
        raise ProxyParseException(f"invalid version `{text}' for {option} option in `{whole}'")
    if int(major) > 255 or int(minor) > 255:
        raise ProxyParseException(f"invalid version `{text}' for {option} option in `{whole}'")
    return int(major), int(minor)


def _adapter_id(text: str, whole: str) -> str:
    words = _words(text, whole)
    if not words:
        raise ProxyParseException(f"missing adapter id in `{whole}'")
    if len(words) > 1:
        raise ProxyParseException(f"invalid trailing characters after `@ {words[0]}' in `{whole}'")
    return _unescaped(words[0], whole)


def _unescaped(text: str, whole: str) -> str:
    try:
        return unescape(text)
    except ValueError as error:
        raise ProxyParseException(f"invalid escape in `{whole}': {error}") from None


def _options(words: list[str], whole: str) -> dict[str, str | None]:
    """Option to argument, None where there is none. Raises `EndpointParseException`."""
    options: dict[str, str | None] = {}
    at = 0
    while at < len(words):
        option = words[at]
        if not option.startswith("-") or len(option) < 2:
            raise EndpointParseException(f"unrecognized argument `{option}' in endpoint `{whole}'")
        argument = None
        if at + 1 < len(words) and not (words[at + 1].startswith("-") and not words[at + 1][1:].isdigit()):
            argument = words[at + 1]
            at += 1
        at += 1
        options[option] = argument
    return options


def _known(kind: int, options: dict[str, str | None], defaults: Defaults, whole: str) -> Endpoint:
    host, port, timeout_ms, compress, resource, source = defaults.host, 0, defaults.timeout_ms, False, "", ""
    web = kind in (_TYPES["ws"], _TYPES["wss"])
    for option, argument in options.items():
        if option == "-z" and argument is None:
            compress = True
            continue
        if argument is None:
            raise EndpointParseException(f"no argument provided for {option} option in endpoint `{whole}'")
        if option == "-h":
            host = "" if argument == "*" else argument
        elif option == "-p":
            port = _number(argument, 0, 65535, whole)
        elif option == "-t":
            timeout_ms = -1 if argument in ("infinite", "-1") else _number(argument, 1, 2**31 - 1, whole)
        elif option == "--sourceAddress":
            source = argument
        elif option == "-r" and web:
            resource = argument
        else:
            raise EndpointParseException(f"unrecognized argument `{option}' in endpoint `{whole}'")
    if web and not resource:
        resource = "/"
    return Endpoint(kind, host, port, timeout_ms, compress, resource, source)


def _number(text: str, smallest: int, largest: int, whole: str) -> int:
    if not (text.isascii() and text.isdigit()) or not smallest <= int(text) <= largest:
        raise EndpointParseException(f"`{text}' is not {smallest} to {largest} in endpoint `{whole}'")
    return int(text)


def _opaque(options: dict[str, str | None], whole: str) -> Endpoint:
    kind, value, encoding = options.get("-t"), options.get("-v"), options.get("-e") or "1.0"
    if kind is None or value is None:
        raise EndpointParseException(f"an opaque endpoint needs -t and -v: `{whole}'")
    try:
        raw = base64.b64decode(value, validate=True)
    except binascii.Error:
        raise EndpointParseException(f"-v is not base64 in endpoint `{whole}'") from None
    major, _, minor = encoding.partition(".")
    if not (major.isdigit() and minor.isdigit()):
        raise EndpointParseException(f"invalid version `{encoding}' in endpoint `{whole}'")
    return Endpoint(_number(kind, 0, 32767, whole), raw=raw, encoding=(int(major), int(minor)))


def _quoted(text: str, special: str) -> str:
    return f'"{text}"' if any(char in special for char in text) else text
