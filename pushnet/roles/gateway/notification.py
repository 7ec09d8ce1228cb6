"""What a push may say: the tables of `notification`, `message` and their companions, and how big they may be.

Keys and ranges are those of JPush's documentation and its SDKs of 2026. Values are handed on to the
device as they came; what the tables check is what JPush would refuse.
"""

from __future__ import annotations

from collections.abc import Mapping

from pushnet.roles.gateway.checks import (
    Rules,
    anything,
    check_level,
    flag,
    free_list,
    free_object,
    integer,
    level,
    one_of,
    text,
    text_or_object,
)
from pushnet.roles.gateway.errors import TOO_BIG, ApiError, bad_value, missing
from pushnet.roles.gateway.json_text import encode

ANDROID_BYTES_MAX = 4000
"""`notification.android` (or the common alert) and `message` together."""
IOS_BYTES_MAX = 2000
MESSAGE_BYTES_MAX = 4000
WINPHONE_BYTES_MAX = 1000
INT32_MAX = 2**31 - 1

_text = text()


def _badge(value: object, name: str) -> None:
    """A number, or `+n` or `-n`."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise bad_value(name, 'must be an integer, "+n" or "-n"')
    if isinstance(value, str) and value and not value.lstrip("+-").isdecimal():
        raise bad_value(name, 'must be an integer, "+n" or "-n"')


ANDROID: Rules = {
    "alert": _text,
    "title": _text,
    "builder_id": integer(0, INT32_MAX),
    "channel_id": text(1000),
    "priority": integer(-2, 2),
    "category": _text,
    "style": integer(0, 3),
    "alert_type": integer(-1, 7),
    "big_text": _text,
    "inbox": text_or_object,
    "big_pic_path": _text,
    "large_icon": _text,
    "small_icon_uri": _text,
    "icon_bg_color": _text,
    "intent": free_object,
    "uri_activity": _text,
    "uri_action": _text,
    "badge_add_num": integer(1, 99),
    "badge_set_num": integer(0, 99),
    "badge_class": _text,
    "sound": _text,
    "show_begin_time": _text,
    "show_end_time": _text,
    "display_foreground": one_of("0", "1"),
    "custom_buttons": free_list,
    "mipns_content_forshort": _text,
    "oppns_content_forshort": _text,
    "vpns_content_forshort": _text,
    "mzpns_content_forshort": _text,
    "extras": free_object,
}
IOS: Rules = {
    "alert": text_or_object,
    "sound": text_or_object,
    "badge": _badge,
    "content-available": flag,
    "mutable-content": flag,
    "category": _text,
    "thread-id": _text,
    "interruption-level": one_of("active", "critical", "passive", "time-sensitive"),
    "extras": free_object,
}
HMOS: Rules = {
    "alert": _text,
    "title": _text,
    "category": _text,
    "large_icon": _text,
    "intent": free_object,
    "badge_add_num": integer(1, 99),
    "badge_set_num": integer(0, 99),
    "test_message": flag,
    "receipt_id": _text,
    "extras": free_object,
    "style": integer(0, 3),
    "inbox": text_or_object,
    "push_type": one_of(0, 1, 2, 7, 10),
    "extra_data": _text,
    "display_foreground": one_of("0", "1"),
    "sound": _text,
    "sound_duration": integer(0, INT32_MAX),
    "hm_payload": anything,
}
QUICKAPP: Rules = {"alert": _text, "title": _text, "page": _text, "extras": free_object}
WINPHONE: Rules = {"alert": _text, "title": _text, "_open_page": _text, "extras": free_object}
NOTIFICATION: Rules = {
    "alert": text_or_object,
    "android": level(ANDROID),
    "ios": level(IOS),
    "hmos": level(HMOS),
    "quickapp": level(QUICKAPP),
    "winphone": level(WINPHONE),
    "voip": free_object,
}
MESSAGE: Rules = {"msg_content": anything, "title": _text, "content_type": _text, "extras": free_object}
SMS: Rules = {
    "delay_time": integer(0, 24 * 3600),
    "signid": integer(0, INT32_MAX),
    "temp_id": integer(0, INT32_MAX),
    "temp_para": free_object,
    "active_filter": flag,
}
CALLBACK: Rules = {"url": _text, "params": free_object, "type": integer(1, 15)}


def parse_notification(value: object) -> dict[str, object]:
    """A checked `notification`. Raises `ApiError`."""
    found = check_level(value, "notification", NOTIFICATION)
    if not found:
        raise missing("notification is empty")
    _check_size("notification.ios", found.get("ios"), IOS_BYTES_MAX)
    _check_size("notification.winphone", found.get("winphone"), WINPHONE_BYTES_MAX)
    return found


def parse_message(value: object) -> dict[str, object]:
    """A checked `message`. Raises `ApiError`."""
    found = check_level(value, "message", MESSAGE)
    if "msg_content" not in found:
        raise missing("message.msg_content")
    _check_size("message", found, MESSAGE_BYTES_MAX)
    return found


def check_together(notification: Mapping[str, object], message: Mapping[str, object]) -> None:
    """Android counts the two as one message. Raises `ApiError`."""
    shown = notification.get("android", notification.get("alert", ""))
    size = len(encode(shown)) + (len(encode(message)) if message else 0)
    if size > ANDROID_BYTES_MAX:
        raise ApiError(
            TOO_BIG,
            f"The message is too big: notification and message are {size} bytes of {ANDROID_BYTES_MAX}",
        )


def _check_size(name: str, value: object, bytes_max: int) -> None:
    if value is not None and (size := len(encode(value))) > bytes_max:
        raise ApiError(TOO_BIG, f"The message is too big: {name} is {size} bytes of {bytes_max}")
