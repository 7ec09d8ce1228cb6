"""How a request may be framed, and how large and how slow it may be: limits and the odd headers they catch.

What two programs could read differently is refused: two lengths, a length beside chunks, another encoding
than chunks. (Request smuggling lives on such differences; see the advisories of `twisted.web`.)
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from pushnet.roles.gateway.errors import BAD_VALUE, TOO_BIG, ApiError

LENGTH_DIGITS_MAX = 15
"""Of a Content-Length: more is no length but an attack on the integer parser."""
SECOND_HOST = (b"host", b"content-length", b"transfer-encoding", b"authorization")
"""Headers that may stand once: two of them would be read differently by two programs."""


@attrs.frozen
class HttpLimits:
    """See the module's text; sizes in bytes, times in seconds. Defaults: failure-model 3.4."""

    header_bytes_max: int = 16 * 1024
    body_bytes_max: int = 4 * 1024 * 1024
    header_s: float = 5.0
    body_s: float = 30.0
    body_grace_s: float = 5.0
    body_bytes_per_s_min: int = 1024
    """On average since the blank line, once `body_grace_s` have passed."""
    idle_s: float = 60.0
    linger_s: float = 2.0
    connections_max: int = 4096
    """Well below the 20,000 descriptors a process may have; further connections are closed at once."""


def odd(what: str) -> ApiError:
    return ApiError(BAD_VALUE, f"Bad HTTP request: {what}")


def too_large(limits: HttpLimits) -> ApiError:
    return ApiError(TOO_BIG, f"The body is larger than {limits.body_bytes_max} bytes", status=413)


def wrong_header(name: bytes, value: bytes, seen: Mapping[bytes, int], limits: HttpLimits) -> ApiError | None:
    """What is wrong with one header more, if anything."""
    if name in SECOND_HOST and seen[name] > 1:
        return odd(f"two {name.decode('ascii')} headers")
    if name == b"transfer-encoding" and value.lower() != b"chunked":
        return odd("a Transfer-Encoding other than chunked")
    if b"content-length" in seen and b"transfer-encoding" in seen:
        return odd("both Content-Length and Transfer-Encoding")
    if name == b"content-length" and value.isdigit():
        too_long = len(value) > LENGTH_DIGITS_MAX or int(value) > limits.body_bytes_max
        return too_large(limits) if too_long else None
    return None
