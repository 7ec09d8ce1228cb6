"""What the device, tag and alias calls carry. All readers raise `ApiError` with the device codes."""

from __future__ import annotations

import re

import attrs

from pushnet.gen.pushnet.dbagent import DeviceUpdate
from pushnet.roles.gateway.audience import PLATFORMS, is_name
from pushnet.roles.gateway.errors import bad_device_value
from pushnet.roles.gateway.json_text import JsonRefused, decode_object

TAGS_PER_CALL_MAX = 100
TAGS_BYTES_MAX = 1000
"""For all the tags of one add or remove."""
REGISTRATION_IDS_MAX = 1000
_MOBILE = re.compile(r"\+?[0-9]{5,20}")


@attrs.frozen
class Members:
    """Registration ids that are to get a tag, and to lose a tag or alias; each once, in the given order."""

    add: list[str] = attrs.field(factory=list)
    remove: list[str] = attrs.field(factory=list)


def parse_platforms(text: str) -> list[str]:
    """The query's `platform=android,ios`; empty means all."""
    names = [name for name in text.split(",") if name and name != "all"]
    for name in names:
        if name not in PLATFORMS:
            raise bad_device_value("platform", "must be of " + ", ".join(PLATFORMS))
    return list(dict.fromkeys(names))


def check_tag(name: str) -> str:
    return _named(name, "tag")


def check_alias(name: str) -> str:
    return _named(name, "alias")


def parse_update(body: bytes) -> DeviceUpdate:
    """`{"tags": {"add": [...], "remove": [...]} or "", "alias": "x", "mobile": "138..."}`; "" clears."""
    found = _level(_read(body), "", ("tags", "alias", "mobile"))
    if not found:
        raise bad_device_value("the body", "names none of tags, alias, mobile")
    tags = found.get("tags", {})
    change = {} if tags == "" else _level(tags, "tags", ("add", "remove"))
    alias = _optional_text(found, "alias")
    mobile = _optional_text(found, "mobile")
    if alias:
        check_alias(alias)
    if mobile and not _MOBILE.fullmatch(mobile):
        raise bad_device_value("mobile", "must be 5 to 20 digits")
    return DeviceUpdate(
        clearTags=tags == "",
        addTags=_tags(change, "add"),
        removeTags=_tags(change, "remove"),
        setAlias=alias is not None,
        alias=alias or "",
        setMobile=mobile is not None,
        mobile=mobile or "",
    )


def parse_members(body: bytes, *, may_add: bool) -> Members:
    """`{"registration_ids": {"add": [...], "remove": [...]}}`; an alias can only be taken away here."""
    ids = _level(_read(body), "", ("registration_ids",)).get("registration_ids")
    change = _level(ids, "registration_ids", ("add", "remove") if may_add else ("remove",))
    if not change:
        raise bad_device_value("registration_ids", "names nobody")
    return Members(_ids(change, "add"), _ids(change, "remove"))


def parse_status(body: bytes) -> list[str]:
    """`{"registration_ids": [...]}`."""
    found = _level(_read(body), "", ("registration_ids",))
    ids = _ids(found, "registration_ids")
    if not ids:
        raise bad_device_value("registration_ids", "names nobody")
    return ids


def _read(body: bytes) -> dict[str, object]:
    try:
        return decode_object(body)
    except JsonRefused as refused:
        raise bad_device_value("the body", str(refused)) from None


def _level(value: object, name: str, keys: tuple[str, ...]) -> dict[str, object]:
    """The object without its nulls."""
    if not isinstance(value, dict):
        raise bad_device_value(name or "the body", "must be an object")
    for key in value:
        if key not in keys:
            raise bad_device_value(
                f"{name}.{key}"[:200] if name else str(key)[:200], "is not a key of this call"
            )
    return {key: item for key, item in value.items() if item is not None}


def _texts(found: dict[str, object], name: str, limit: int) -> list[str]:
    value = found.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise bad_device_value(name, "must be an array of strings")
    if len(value) > limit:
        raise bad_device_value(name, f"must name at most {limit}")
    return list(dict.fromkeys(value))


def _ids(found: dict[str, object], name: str) -> list[str]:
    return _texts(found, name, REGISTRATION_IDS_MAX)


def _tags(change: dict[str, object], name: str) -> list[str]:
    tags = _texts(change, name, TAGS_PER_CALL_MAX)
    if sum(len(tag.encode("utf-8")) for tag in tags) > TAGS_BYTES_MAX:
        raise bad_device_value(f"tags.{name}", f"must be at most {TAGS_BYTES_MAX} bytes together")
    return [check_tag(tag) for tag in tags]


def _optional_text(found: dict[str, object], name: str) -> str | None:
    value = found.get(name)
    if value is not None and not isinstance(value, str):
        raise bad_device_value(name, "must be a string")
    return value


def _named(name: str, what: str) -> str:
    if not is_name(name):
        raise bad_device_value(what, "must be 1 to 40 bytes of letters, digits, CJK and _@!#$&*+=.|￥")
    return name
