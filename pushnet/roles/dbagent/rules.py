"""JPush's rules for what the device API is given (`code` 7002), before the database is asked.

Whatever door a change comes through, what breaks a rule is not stored. That an alias has at most ten devices
(7015) is checked in the shard's own transaction, for the devices of the shard; the gateway counts over all
shards with TagAlias first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pushnet.gen.pushnet.dbagent import DeviceRuleException, DeviceUpdate

BAD_VALUE: Final = 7002
LABEL_BYTES_MAX: Final = 40
TAGS_AT_ONCE_MAX: Final = 100
TAGS_BYTES_MAX: Final = 1000
DEVICES_AT_ONCE_MAX: Final = 1000
DEVICE_KEY_BYTES_MAX: Final = 128
"""A frame of the device protocol holds no longer text."""
PLATFORMS: Final = ("android", "ios", "winphone", "quickapp", "hmos")

_LABEL: Final = re.compile(r"[0-9A-Za-z_\u3400-\u9fff@!#$&*+=.|￥]+")
_MOBILE: Final = re.compile(r"\+?[0-9]{5,20}")


def check_update(wanted: DeviceUpdate) -> None:
    """Raises `DeviceRuleException` for the first rule that the update breaks."""
    for name, tags in (("add", wanted.addTags), ("remove", wanted.removeTags)):
        _check_tags(name, tags)
    if wanted.setAlias and wanted.alias:
        check_label("alias", wanted.alias)
    if wanted.setMobile and wanted.mobile and not _MOBILE.fullmatch(wanted.mobile):
        raise DeviceRuleException(BAD_VALUE, "mobile must be 5 to 20 digits, with or without + before")


def check_label(name: str, text: str) -> None:
    """A tag or an alias. Raises `DeviceRuleException`."""
    if not _LABEL.fullmatch(text) or len(text.encode()) > LABEL_BYTES_MAX:
        allowed = f"1 to {LABEL_BYTES_MAX} bytes of letters, digits, CJK and _@!#$&*+=.|￥"
        raise DeviceRuleException(BAD_VALUE, f"{name} {text[:40]!r} must be {allowed}")


def check_devices(registration_ids: Sequence[str]) -> None:
    """Devices changed by one call. Raises `DeviceRuleException`."""
    if len(registration_ids) > DEVICES_AT_ONCE_MAX:
        raise DeviceRuleException(
            BAD_VALUE, f"{len(registration_ids)} devices; one call may change {DEVICES_AT_ONCE_MAX}"
        )


def why_not_register(device_key: str, platform: str) -> str:
    """What is wrong with a device that asks for a registration; empty when nothing is."""
    if not 0 < len(device_key.encode()) <= DEVICE_KEY_BYTES_MAX:
        return f"the device key must have 1 to {DEVICE_KEY_BYTES_MAX} bytes"
    if platform not in PLATFORMS:
        return f"platform {platform[:20]!r} is none of {', '.join(PLATFORMS)}"
    return ""


def _check_tags(name: str, tags: Sequence[str]) -> None:
    if len(tags) > TAGS_AT_ONCE_MAX:
        raise DeviceRuleException(BAD_VALUE, f"{len(tags)} tags to {name}; at most {TAGS_AT_ONCE_MAX}")
    if sum(len(tag.encode()) for tag in tags) > TAGS_BYTES_MAX:
        raise DeviceRuleException(BAD_VALUE, f"tags to {name} have more than {TAGS_BYTES_MAX} bytes together")
    for tag in tags:
        check_label("tag", tag)
