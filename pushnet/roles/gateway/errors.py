"""What the REST API answers when it refuses: JPush's codes, and the HTTP status each one travels with.

Codes from 1000 belong to the push calls, those from 7000 to the device, tag and alias calls. The table's
source is JPush's public documentation (`docs/reference/rest.md` tells what each means here).
"""

from __future__ import annotations

from typing import Final

import attrs

FAILED: Final = 1000
NO_SUCH_CALL: Final = 1001
MISSING: Final = 1002
BAD_VALUE: Final = 1003
UNAUTHORIZED: Final = 1004
TOO_BIG: Final = 1005
UNKNOWN_KEY: Final = 1009
NO_TARGET: Final = 1011
BUSY: Final = 1030
BAD_SCREEN_ON: Final = 1035
RATE_EXCEEDED: Final = 2002
APP_DENIED: Final = 2003
ADDRESS_DENIED: Final = 2004
NOT_OFFERED: Final = 2007
TOO_MANY_BROADCASTS: Final = 2008
DEVICE_FAILED: Final = 7000
DEVICE_NO_AUTH: Final = 7001
DEVICE_BAD_VALUE: Final = 7002
DEVICE_UNAUTHORIZED: Final = 7004
DEVICE_PART_ILLEGAL: Final = 7013
DEVICE_ALIAS_FULL: Final = 7015
DEVICE_BUSY: Final = 7030

STATUS: Final = {
    FAILED: 500,
    NO_SUCH_CALL: 405,
    MISSING: 400,
    BAD_VALUE: 400,
    UNAUTHORIZED: 401,
    TOO_BIG: 400,
    UNKNOWN_KEY: 400,
    NO_TARGET: 400,
    BUSY: 503,
    BAD_SCREEN_ON: 400,
    RATE_EXCEEDED: 429,
    APP_DENIED: 403,
    ADDRESS_DENIED: 403,
    NOT_OFFERED: 403,
    TOO_MANY_BROADCASTS: 429,
    DEVICE_FAILED: 500,
    DEVICE_NO_AUTH: 401,
    DEVICE_BAD_VALUE: 400,
    DEVICE_UNAUTHORIZED: 401,
    DEVICE_PART_ILLEGAL: 400,
    DEVICE_ALIAS_FULL: 400,
    DEVICE_BUSY: 503,
}


@attrs.frozen
class ApiError(Exception):
    """The caller is told `code` and `message`, with the code's HTTP status unless `status` says another."""

    code: int
    message: str
    status: int = 0
    illegal: tuple[str, ...] = ()
    """Registration ids that were not taken, where the call names many."""
    allow: str = ""
    """The methods that would be right, for 405."""

    @property
    def http_status(self) -> int:
        return self.status or STATUS.get(self.code, 400)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def missing(name: str) -> ApiError:
    return ApiError(MISSING, f"Missing parameter: {name}")


def bad_value(name: str, why: str) -> ApiError:
    return ApiError(BAD_VALUE, f"Invalid value of {name}: {why}")


def bad_device_value(name: str, why: str) -> ApiError:
    return ApiError(DEVICE_BAD_VALUE, f"Invalid value of {name}: {why}")
