"""What goes back to the app server: a status, JSON bytes, and headers.

No answer is ever without a JSON body: some SDKs cannot live with an empty or an HTML one.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from pushnet.roles.gateway.errors import ApiError
from pushnet.roles.gateway.json_text import encode

ACCEPTED_EMPTY = b"{}"


@attrs.frozen
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str] = attrs.field(factory=dict)

    def with_headers(self, more: Mapping[str, str]) -> Answer:
        return attrs.evolve(self, headers={**self.headers, **more})


def success(value: object) -> Answer:
    return Answer(200, encode(value))


def refusal(error: ApiError) -> Answer:
    """`{"error": {"code": ..., "message": ...}}`, with the ids that were not taken where there are any."""
    told: dict[str, object] = {"code": error.code, "message": error.message}
    if error.illegal:
        told["illegal_rids"] = list(error.illegal)
    headers = {"Allow": error.allow} if error.allow else {}
    return Answer(error.http_status, encode({"error": told}), headers)
