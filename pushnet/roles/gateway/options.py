"""The `options` of a push: how long it is kept, what it replaces, what the caller calls it.

What has an effect here is in `Options`; the rest is for vendors' channels and JPush's console: it is checked
and has none.
"""

from __future__ import annotations

from typing import Final, cast

import attrs

from pushnet.roles.gateway.checks import (
    Rules,
    as_flag,
    as_integer,
    check_level,
    flag,
    free_list,
    free_object,
    integer,
    one_of,
    text,
)
from pushnet.roles.gateway.errors import BAD_SCREEN_ON, ApiError, bad_value
from pushnet.roles.gateway.json_text import INTEGER_MAX

TIME_TO_LIVE_DEFAULT_S: Final = 86_400
TIME_TO_LIVE_MAX_S: Final = 864_000
"""Ten days: JPush's documentation of 2019, and what its VIP customers have today."""
BIG_PUSH_MINUTES_MAX: Final = 1400


def _third_party(value: object, name: str) -> None:
    for vendor, settings in check_level(value, name, dict.fromkeys(VENDORS, free_object)).items():
        found = cast("dict[str, object]", settings)
        for key, allowed in _DISTRIBUTIONS.items():
            if found.get(key) is not None:
                one_of(*allowed)(found[key], f"{name}.{vendor}.{key}")


def _send_number(value: object, name: str) -> None:
    if as_integer(value, name) == 0:
        raise bad_value(name, "must not be 0")


VENDORS = ("xiaomi", "huawei", "honor", "meizu", "oppo", "vivo", "fcm", "nio", "asus", "tuibida")
_DISTRIBUTIONS = {
    "distribution": ("first_ospush", "ospush", "jpush", "secondary_push"),
    "distribution_fcm": ("jpush", "fcm", "pns", "secondary_fcm_push", "secondary_pns_push"),
    "distribution_customize": ("first_ospush", "jpush", "secondary_push"),
}
OPTIONS: Rules = {
    "sendno": _send_number,
    "time_to_live": integer(0, TIME_TO_LIVE_MAX_S),
    "override_msg_id": integer(0, INTEGER_MAX),
    "apns_production": flag,
    "apns_collapse_id": text(64),
    "big_push_duration": integer(0, BIG_PUSH_MINUTES_MAX),
    "third_party_channel": _third_party,
    "classification": integer(0, 1),
    "target_event": free_list,
    "active_push": flag,
    "need_backup": flag,
    "test_model": flag,
    "test_message": flag,
    "receipt_id": text(),
    "business_operation_code": text(),
    "notification_3rd_ver": one_of("v1", "v2"),
    "auto_truncation": flag,
    "alternate_set": flag,
    "geofence": free_object,
    "portal_extra": free_object,
}


@attrs.frozen
class Options:
    sendno: int = 0
    """Echoed in the answer; 0 when the caller gave none."""
    ttl_s: int = TIME_TO_LIVE_DEFAULT_S
    override: int = 0
    """The id of the message that this one replaces, or 0."""
    active_push: bool = False
    big_push_minutes: int = 0


def parse_options(value: object) -> Options:
    """Checked `options`. Raises `ApiError`."""
    found = check_level(value, "options", OPTIONS) if value is not None else {}
    made = Options(
        sendno=as_integer(found.get("sendno", 0), "options.sendno"),
        ttl_s=as_integer(found.get("time_to_live", TIME_TO_LIVE_DEFAULT_S), "options.time_to_live"),
        override=as_integer(found.get("override_msg_id", 0), "options.override_msg_id"),
        active_push=as_flag(found.get("active_push", False), "options.active_push"),
        big_push_minutes=as_integer(found.get("big_push_duration", 0), "options.big_push_duration"),
    )
    if as_flag(found.get("need_backup", False), "options.need_backup") and not made.active_push:
        raise ApiError(BAD_SCREEN_ON, "options.need_backup is for options.active_push only")
    if made.active_push and made.big_push_minutes:
        raise ApiError(BAD_SCREEN_ON, "options.active_push cannot be combined with big_push_duration")
    return made
