"""From a request line to a call: every spelling that JPush's zones and SDKs use.

Two path sets are served side by side: the default zone's (`/v3/devices/...`, `/v3/aliases/...`,
`/v3/tags/...`) and the Beijing zone's (`/v3/device/...`, `/v3/device/aliases/...`, `/v3/device/tags/...`).
Trailing and doubled slashes do not count. `/v3/aliases/foo&new_format=true`, without the question mark, is a
known slip of one SDK.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote_to_bytes

import attrs

from pushnet.roles.gateway.errors import BAD_VALUE, DEVICE_BAD_VALUE, NO_SUCH_CALL, ApiError

QUERY_FIELDS_MAX: Final = 20
_ABSOLUTE = re.compile(rb"https?://[^/?]*", re.IGNORECASE)
_SLIP = re.compile(rb"&(?=(?:new_format|platform)=)")


@attrs.frozen
class Route:
    """Which call is meant. `call` is `push`, `device`...; `name` and `registration_id` come from the path."""

    call: str
    method: str
    device_api: bool = False
    """Whether the call is of the device, tag and alias API: its errors have codes from 7000."""
    name: str = ""
    """The tag, the alias or the registration id in the path."""
    registration_id: str = ""
    query: Mapping[str, str] = attrs.field(factory=dict)


_FIXED: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {
    (): ("root", ("GET", "HEAD")),
    ("v3",): ("root", ("GET", "HEAD")),
    ("v3", "push"): ("push", ("POST",)),
    ("v3", "push", "validate"): ("validate", ("POST",)),
    ("v3", "push", "cid"): ("cid", ("GET",)),
    ("v3", "push", "batch", "regid", "single"): ("batch_registration_id", ("POST",)),
    ("v3", "push", "batch", "alias", "single"): ("batch_alias", ("POST",)),
}
_DEVICE: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {
    ("devices", "status"): ("status", ("POST",)),
    ("devices", "*"): ("device", ("GET", "POST")),
    ("aliases", "*"): ("alias", ("GET", "POST", "DELETE")),
    ("tags",): ("tags", ("GET",)),
    ("tags", "*"): ("tag", ("POST", "DELETE")),
    ("tags", "*", "registration_ids", "*"): ("membership", ("GET",)),
}


def find_route(method: bytes, target: bytes) -> Route:
    """The call that a request line means. Raises `ApiError`: 404, 405 with the right methods, or 400."""
    absolute = _ABSOLUTE.match(target)
    path, _, query = target[absolute.end() if absolute else 0 :].partition(b"?")
    path, _, slipped = _SLIP.sub(b"?", path, count=1).partition(b"?")
    parts = _parts(path)
    verb = method.decode("ascii", "replace")
    fixed = _FIXED.get(parts)
    if fixed:
        return Route(_allowed(fixed, verb, device_api=False), verb, query=_query(query))
    return _device_route(parts, verb, b"&".join(part for part in (query, slipped) if part))


def _device_route(parts: tuple[str, ...], verb: str, query: bytes) -> Route:
    inner = _inner(parts)
    for pattern, found in _DEVICE.items():
        if len(pattern) == len(inner) and all(
            want in ("*", got) for want, got in zip(pattern, inner, strict=True)
        ):
            call = _allowed(found, verb, device_api=True)
            names = [got for want, got in zip(pattern, inner, strict=True) if want == "*"] + ["", ""]
            return Route(call, verb, True, names[0], names[1], _query(query))
    code = DEVICE_BAD_VALUE if inner and inner[0] in ("devices", "aliases", "tags") else NO_SUCH_CALL
    raise ApiError(code, f"No such call: {verb} /{'/'.join(parts)[:200]}", status=404)


def _inner(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The path below `/v3` in the default zone's spelling."""
    if parts[:1] != ("v3",):
        return ()
    if parts[1:2] == ("device",):
        return parts[2:] if parts[2:3] in (("aliases",), ("tags",)) else ("devices", *parts[2:])
    return parts[1:]


def _allowed(found: tuple[str, tuple[str, ...]], verb: str, *, device_api: bool) -> str:
    call, methods = found
    if verb not in methods:
        allow = ", ".join(methods)
        code = DEVICE_BAD_VALUE if device_api else NO_SUCH_CALL
        raise ApiError(code, f"This call supports {allow} only", status=405, allow=allow)
    return call


def _parts(path: bytes) -> tuple[str, ...]:
    try:
        return tuple(unquote_to_bytes(part).decode("utf-8") for part in path.split(b"/") if part)
    except UnicodeDecodeError:
        raise ApiError(BAD_VALUE, "The path is not UTF-8") from None


def _query(query: bytes) -> dict[str, str]:
    """The first value of each field."""
    try:
        pairs = parse_qsl(
            query.decode("ascii"), keep_blank_values=True, max_num_fields=QUERY_FIELDS_MAX, errors="strict"
        )
    except ValueError:
        raise ApiError(BAD_VALUE, "The query cannot be read") from None
    return dict(reversed(pairs))
