"""Many values as one SQL parameter: a JSON list, for `json_each`. One statement does the work of many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

_JSON: Final = msgspec.json.Encoder()


def listed(values: Iterable[Any]) -> str:
    """The values (integers, texts, or lists of them) as a JSON list."""
    return _JSON.encode(list(values)).decode()
