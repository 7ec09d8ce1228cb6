"""Push identifiers (`cid`): what an app server repeats so that a repeated call pushes nothing twice.

The gateway gives them out as `{app key}-{uuid}` and takes any short word: the queue remembers it for a day,
under the app's name, with the first answer.
"""

from __future__ import annotations

import re

from pushnet.roles.gateway.errors import bad_value
from pushnet.world import Entropy

COUNT_MAX = 1000
"""JPush's limit for one call of `/v3/push/cid`."""
KINDS = ("push", "schedule")
_WORD = re.compile(r"[\x21-\x7e]{1,128}")


def check_cid(value: object) -> str:
    """A `cid` as a push object may name it. Raises `ApiError`."""
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        raise bad_value("cid", "must be 1 to 128 printable ASCII characters")
    return value


def new_cids(app: str, count: str, kind: str, entropy: Entropy) -> list[str]:
    """As many as the query asks for (default 1). Raises `ApiError`."""
    if kind and kind not in KINDS:
        raise bad_value("type", "must be push or schedule")
    if count and not re.fullmatch("[0-9]{1,6}", count):
        raise bad_value("count", f"must be 1 to {COUNT_MAX}")
    wanted = int(count or "1")
    if not 1 <= wanted <= COUNT_MAX:
        raise bad_value("count", f"must be 1 to {COUNT_MAX}")
    return [f"{app}-{entropy.uuid()}" for _ in range(wanted)]


def publish_key(app: str, cid: str, message_id: int) -> str:
    """What names this publish in the queue: the caller's `cid`, or else the message's own id."""
    return f"{app}:{cid}" if cid else f"{app}:m{message_id}"
