"""Canonical JSON: one value, one spelling. What is signed is compared byte by byte.

Keys sorted, no white space, text in UTF-8, whole numbers only. Reading takes nothing but the one spelling,
so that a byte changed anywhere in a document, signatures included, makes it another document or none.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from pushnet.grid.patch.refusals import Malformed


def encode(value: object) -> bytes:
    """The one spelling of a value made of dicts, lists, text, whole numbers, booleans and None."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def decode(data: bytes, bytes_max: int, what: str) -> dict[str, Any]:
    """The object that `data` spells. Raises `Malformed`."""
    if len(data) > bytes_max:
        raise Malformed(f"{what} has {len(data)} bytes and may have {bytes_max}")
    try:
        value = json.loads(data.decode(), parse_float=_no_number, parse_constant=_no_number)
        spelling = encode(value)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"{what} is no canonical JSON: {error}") from error
    if spelling != data or not isinstance(value, dict):
        raise Malformed(f"{what} is not spelt canonically: it was changed after it was written")
    return value


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no whole number")
