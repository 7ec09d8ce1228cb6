"""JSON as it may come from anyone, and JSON as we send it.

Stricter than the usual decoders, because two programs that read one text differently are a hole: no key
twice in an object, no NaN or Infinity, integers of at most 64 bits, no text that is not Unicode, and no
nesting deeper than `DEPTH_MAX`.
"""

from __future__ import annotations

import json
import math

DEPTH_MAX = 32
"""The deepest push object of the documentation has 6 levels; failure-model 3.4 allows 32."""
INTEGER_MIN = -(2**63)
INTEGER_MAX = 2**63 - 1


class JsonRefused(Exception):
    """The bytes are not JSON that we accept: the text says why, in a form fit for their sender."""


def decode_object(body: bytes) -> dict[str, object]:
    """The JSON object in `body`. Raises `JsonRefused`."""
    try:
        value = json.loads(
            body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant, parse_float=_float
        )
    except UnicodeDecodeError:
        raise JsonRefused("the body is not UTF-8") from None
    except RecursionError:
        raise JsonRefused(f"nested deeper than {DEPTH_MAX} levels") from None
    except ValueError as error:
        raise JsonRefused(f"the body is not JSON: {str(error)[:100]}") from None
    if not isinstance(value, dict):
        raise JsonRefused("the body is not a JSON object")
    _check(value, 0)
    return value


def encode(value: object) -> bytes:
    """Compact UTF-8 JSON, keys in their given order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise JsonRefused("a key stands twice in one object")
    return made


def _constant(text: str) -> object:
    raise JsonRefused(f"{text} is not JSON")


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise JsonRefused("a number is too large")
    return value


def _check(value: object, outside: int) -> None:
    """Check a value that stands inside `outside` objects and arrays."""
    depth = outside + isinstance(value, dict | list)
    if depth > DEPTH_MAX:
        raise JsonRefused(f"nested deeper than {DEPTH_MAX} levels")
    if isinstance(value, dict):
        for key, item in value.items():
            _check_text(key)
            _check(item, depth)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth)
    elif isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int) and not INTEGER_MIN <= value <= INTEGER_MAX:
        raise JsonRefused("an integer has more than 64 bits")


def _check_text(text: str) -> None:
    """A lone surrogate (`\\ud800`) is legal JSON but no text: nobody could send it on."""
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise JsonRefused("a text holds half of a surrogate pair")
