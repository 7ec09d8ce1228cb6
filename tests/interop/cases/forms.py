"""Sequences that are something else where they are used: what each side gets, called by itself."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any


def told(forms: Any, maker: Any) -> Generator[Callable[[], Any], Any, list[str]]:
    """Yields what is to be called, is sent what came of it, and returns all in words."""
    lines = [repr((yield lambda: maker.swap([1, 2])))]
    row = forms.Row([1], [2], [3], [4], ["5"])
    (back,), node = yield lambda: maker._pass([row], forms.Node(["a"], ["b"]))
    lines += [repr([back.asTuple, back.asArray, back.asList, back.plain, back.usual])]
    lines += [repr([node.texts, node.more])]
    error = yield maker.fail
    lines += [repr(error.texts)]
    yield lambda: maker.maybe(["x"])
    return lines
