"""Whom a push is for: JPush's `audience` and `platform`, read into the Slice struct `Audience`.

The kinds of an audience are AND-ed; an empty array is a kind that is absent. Limits are JPush's.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pushnet.gen.pushnet.push import Audience
from pushnet.grid.placement import ordinal_in
from pushnet.roles.gateway.checks import as_object
from pushnet.roles.gateway.errors import NO_TARGET, UNKNOWN_KEY, ApiError, bad_value, missing

PLATFORMS = ("android", "ios", "winphone", "quickapp", "hmos")
TAGS_MAX = 20
ALIASES_MAX = 1000
REGISTRATION_IDS_MAX = 1000
NAME_BYTES_MAX = 40
_NAME = re.compile(r"[0-9A-Za-z_\u3400-\u9fff@!#$&*+=.|￥]+")
NOT_KEPT = ("segment", "abtest", "live_activity_id", "file")
"""Kinds that select what is made in JPush's own console or its file store: here they match nobody."""


def _is_registration_id(text: str) -> bool:
    return ordinal_in(text) is not None


def is_name(text: str) -> bool:
    """Whether `text` may be a tag or an alias: 1 to 40 bytes of letters, digits, CJK and `_@!#$&*+=.|￥`."""
    return bool(_NAME.fullmatch(text)) and len(text.encode("utf-8")) <= NAME_BYTES_MAX


def parse_platforms(value: object) -> list[str]:
    """The platforms meant; empty means all. Raises `ApiError`."""
    if value is None:
        raise missing("platform")
    if value == "all":
        return []
    if not isinstance(value, list) or not value:
        raise bad_value("platform", 'must be "all" or an array of platforms')
    for name in value:
        if name not in PLATFORMS:
            raise bad_value("platform", "must be of " + ", ".join(PLATFORMS))
    return list(dict.fromkeys(value))


def parse_audience(value: object, platforms: list[str]) -> Audience:
    """The audience of a push object. Raises `ApiError`."""
    if value is None:
        raise missing("audience")
    if value == "all":
        return Audience(all=True, platforms=platforms)
    kinds = {name: item for name, item in as_object(value, "audience").items() if item not in (None, [])}
    for name in kinds:
        if name in NOT_KEPT:
            raise ApiError(NO_TARGET, f"Cannot find user by this audience: no {name} is kept here")
        if name not in _KINDS:
            raise ApiError(UNKNOWN_KEY, f"Unsupported key: audience.{name[:200]}")
    if not kinds:
        raise missing("audience names nobody")
    return Audience(
        tag=_names(kinds, "tag"),
        tagAnd=_names(kinds, "tag_and"),
        tagNot=_names(kinds, "tag_not"),
        alias=_names(kinds, "alias"),
        registrationId=_names(kinds, "registration_id"),
        platforms=platforms,
    )


_KINDS: dict[str, tuple[int, Callable[[str], bool], str]] = {
    "tag": (TAGS_MAX, is_name, "a tag"),
    "tag_and": (TAGS_MAX, is_name, "a tag"),
    "tag_not": (TAGS_MAX, is_name, "a tag"),
    "alias": (ALIASES_MAX, is_name, "an alias"),
    "registration_id": (REGISTRATION_IDS_MAX, _is_registration_id, "a registration id"),
}


def _names(kinds: dict[str, object], kind: str) -> list[str]:
    value = kinds.get(kind, [])
    limit, rule, what = _KINDS[kind]
    if not isinstance(value, list):
        raise bad_value(f"audience.{kind}", "must be an array of strings")
    if len(value) > limit:
        raise bad_value(f"audience.{kind}", f"must name at most {limit}")
    for name in value:
        if not isinstance(name, str) or not rule(name):
            raise bad_value(f"audience.{kind}", f"{str(name)[:60]!r} is not {what}")
    return list(dict.fromkeys(value))
