"""A push object: read, checked, and turned into what travels: the audience and the bytes a device receives.

What a device receives (`PushOrder.body`) is compact JSON: `msg_id` (a string), then `notification`,
`message` and `inapp_message` as the app server gave them, and `override_msg_id` (a string) when this message
replaces another. Everything that concerns the server only stays here.
"""

from __future__ import annotations

from typing import cast

import attrs

from pushnet.gen.pushnet.push import Audience
from pushnet.roles.gateway.audience import parse_audience, parse_platforms
from pushnet.roles.gateway.checks import Rules, anything, check_level, free_object
from pushnet.roles.gateway.cid import check_cid
from pushnet.roles.gateway.errors import BAD_SCREEN_ON, NOT_OFFERED, ApiError, bad_value, missing
from pushnet.roles.gateway.json_text import JsonRefused, decode_object, encode
from pushnet.roles.gateway.message_id import made_at_ms
from pushnet.roles.gateway.notification import (
    CALLBACK,
    SMS,
    check_together,
    parse_message,
    parse_notification,
)
from pushnet.roles.gateway.options import Options, parse_options

BATCH_MAX = 1000
OVERRIDE_DAYS = 1
ONLINE_ONLY_S = 10
"""A push with `time_to_live` 0 is for devices that are online: it lives as long as a delivery may take."""
DAY_MS = 86_400_000

TOP: Rules = dict.fromkeys(
    (
        "cid",
        "platform",
        "audience",
        "notification",
        "message",
        "options",
        "sms_message",
        "callback",
        "inapp_message",
        "notification_3rd",
        "live_activity",
    ),
    anything,
)
SINGLE: Rules = {
    **{name: rule for name, rule in TOP.items() if name not in ("cid", "audience")},
    "target": anything,
}
"""One entry of a batch: `target` stands for the audience, the key of the entry for the cid."""


@attrs.frozen
class PushOrder:
    """A push as it was asked for, every part checked."""

    audience: Audience
    notification: dict[str, object]
    message: dict[str, object]
    inapp_message: dict[str, object]
    options: Options
    cid: str = ""

    def body(self, message_id: int) -> bytes:
        """What a device receives."""
        told: dict[str, object] = {"msg_id": str(message_id)}
        if self.notification:
            told["notification"] = self.notification
        if self.message:
            told["message"] = self.message
        if self.inapp_message:
            told["inapp_message"] = self.inapp_message
        if self.options.override:
            told["override_msg_id"] = str(self.options.override)
        return encode(told)

    def expires_ms(self, accepted_ms: int) -> int:
        return accepted_ms + (self.options.ttl_s or ONLINE_ONLY_S) * 1000

    def check_override(self, now_ms: int) -> None:
        """Only a message of the last day can be replaced. Raises `ApiError`."""
        if self.options.override:
            age_ms = now_ms - made_at_ms(self.options.override)
            if not -DAY_MS <= age_ms <= OVERRIDE_DAYS * DAY_MS:
                raise bad_value("options.override_msg_id", "no message of the last day has this id")


def read_json(body: bytes) -> dict[str, object]:
    """The body of a push call. Raises `ApiError`."""
    try:
        return decode_object(body)
    except JsonRefused as refused:
        raise bad_value("the body", str(refused)) from None


def parse_push(body: bytes) -> PushOrder:
    """A whole push object. Raises `ApiError`: the first thing that is wrong."""
    found = check_level(read_json(body), "", TOP)
    platforms = parse_platforms(found.get("platform"))
    audience = parse_audience(found.get("audience"), platforms)
    cid = check_cid(found["cid"]) if "cid" in found else ""
    return _order(found, audience, cid)


def parse_batch(body: bytes) -> dict[str, object]:
    """The entries of a batch by their cid, each still to be read by `parse_single`. Raises `ApiError`."""
    entries = check_level(read_json(body), "", {"pushlist": free_object}).get("pushlist")
    if entries is None:
        raise missing("pushlist")
    listed = cast("dict[str, object]", entries)
    if not 1 <= len(listed) <= BATCH_MAX:
        raise bad_value("pushlist", f"must have 1 to {BATCH_MAX} entries")
    return listed


def parse_single(cid: str, entry: object, kind: str) -> PushOrder:
    """One entry of a batch, for a target of `kind`: `alias` or `registration_id`. Raises `ApiError`."""
    found = check_level(entry, "", SINGLE)
    if "target" not in found:
        raise missing("target")
    audience = parse_audience({kind: [found["target"]]}, parse_platforms(found.get("platform")))
    return _order(found, audience, check_cid(cid))


def _order(found: dict[str, object], audience: Audience, cid: str) -> PushOrder:
    if "live_activity" in found:
        raise ApiError(NOT_OFFERED, "live_activity is not offered by this server")
    notification = parse_notification(found["notification"]) if "notification" in found else {}
    message = parse_message(found["message"]) if "message" in found else {}
    if not notification and not message:
        raise missing("notification or message")
    check_together(notification, message)
    _check_companions(found)
    options = parse_options(found.get("options"))
    if options.active_push and message:
        raise ApiError(BAD_SCREEN_ON, "options.active_push is for notifications only")
    inapp = cast("dict[str, object]", found.get("inapp_message", {}))
    return PushOrder(audience, notification, message, inapp, options, cid)


def _check_companions(found: dict[str, object]) -> None:
    """Parts for the server's other channels: checked, and without effect where there is no such channel."""
    if "sms_message" in found:
        check_level(found["sms_message"], "sms_message", SMS)
    if "callback" in found:
        check_level(found["callback"], "callback", CALLBACK)
    for name in ("inapp_message", "notification_3rd"):
        if name in found:
            free_object(found[name], name)
