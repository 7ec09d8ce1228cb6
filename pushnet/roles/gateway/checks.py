"""Rules for the values of a push object: a table a level, one rule a key.

A level is checked by `check_level`: a key that the table does not know is error 1009, a value that breaks
its rule is 1003. JSON's null counts as absent, as some SDKs write it for what is not set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from pushnet.roles.gateway.errors import UNKNOWN_KEY, ApiError, bad_value

Check = Callable[[object, str], None]
Rules = Mapping[str, Check]


def check_level(value: object, name: str, rules: Rules) -> dict[str, object]:
    """The object without its nulls, every key known and every value right. Raises `ApiError`."""
    level = {key: item for key, item in as_object(value, name).items() if item is not None}
    for key, item in level.items():
        rule = rules.get(key)
        path = f"{name}.{key}" if name else key
        if rule is None:
            raise ApiError(UNKNOWN_KEY, f"Unsupported key: {path[:200]}")
        rule(item, path)
    return level


def as_object(value: object, name: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise bad_value(name or "the body", "must be an object")
    return cast("dict[str, object]", value)


def as_integer(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise bad_value(name, "must be an integer")
    return value


def as_text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise bad_value(name, "must be a string")
    return value


def as_flag(value: object, name: str) -> bool:
    """A boolean; also 0, 1, "true" and "false", which SDKs and examples in the wild send."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and value in (0, 1):
        return value == 1
    if value in ("true", "false"):
        return value == "true"
    raise bad_value(name, "must be true or false")


def level(rules: Rules) -> Check:
    """An object with its own table."""

    def check(value: object, name: str) -> None:
        check_level(value, name, rules)

    return check


def text(bytes_max: int = 0, *, empty: bool = True) -> Check:
    """A string, of at most so many bytes as UTF-8 (0: no limit of its own)."""

    def check(value: object, name: str) -> None:
        said = as_text(value, name)
        if bytes_max and len(said.encode("utf-8")) > bytes_max:
            raise bad_value(name, f"must be at most {bytes_max} bytes")
        if not said and not empty:
            raise bad_value(name, "must not be empty")

    return check


def integer(low: int, high: int) -> Check:
    def check(value: object, name: str) -> None:
        if not low <= as_integer(value, name) <= high:
            raise bad_value(name, f"must be {low} to {high}")

    return check


def one_of(*allowed: object) -> Check:
    def check(value: object, name: str) -> None:
        if isinstance(value, bool) or value not in allowed:
            raise bad_value(name, "must be one of " + ", ".join(str(item) for item in allowed))

    return check


def flag(value: object, name: str) -> None:
    as_flag(value, name)


def anything(value: object, name: str) -> None:
    """Handed on as it is."""


def free_object(value: object, name: str) -> None:
    """An object of the app's own making, handed on as it is."""
    as_object(value, name)


def free_list(value: object, name: str) -> None:
    if not isinstance(value, list):
        raise bad_value(name, "must be an array")


def text_or_object(value: object, name: str) -> None:
    if not isinstance(value, str | dict):
        raise bad_value(name, "must be a string or an object")
