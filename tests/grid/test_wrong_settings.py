"""A cluster file with anything wrong in it is refused with words, never with a crash."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.differences import differences
from pushnet.grid.plans import agent_plans
from pushnet.grid.settings import SettingsError, settings_of
from tests.house.tree import TOP

VALUES: list[Any] = [
    *(
        "",
        "x",
        "any",
        "m1",
        "${n}",
        "${x}",
        "${port}",
        "${n + n * n}",
        "${port",
        "tcp -h a -p 1",
        "a:1",
        "é\0",
    ),
    *(0, -1, 10**20, 1.5, float("nan"), float("inf"), True),
    *([], {}, ["a"], [[1]], [{}], {"a": 1}, {"a": ["b"]}),
]
KEYS = ["template", "count", "each", "min", "max", "parameters", "defaults", "agent", "front", "sockets"]
KEYS += ["release", "version", "command", "environment", "target_load", "node", "server", "name", "members"]


class WrongSettingsTest(SynchronousTestCase):
    def test_any_change_of_a_file_is_taken_or_refused_in_words(self) -> None:
        tree = tomllib.loads((TOP / "etc" / "three-machines.toml").read_text())
        places = [place for place in _places(tree) if place]
        good = settings_of(deepcopy(tree), "f")

        @given(
            st.lists(st.tuples(st.sampled_from(places), st.sampled_from(VALUES)), min_size=1, max_size=2),
            st.sampled_from([None, *KEYS]),
        )
        @settings(max_examples=300, deadline=None)
        def check(changes: list[tuple[tuple[Any, ...], Any]], key: str | None) -> None:
            changed = deepcopy(tree)
            for place, value in changes:
                _put(changed, place, deepcopy(value), key)
            try:
                made = settings_of(changed, "f")
            except SettingsError as error:
                self.assertTrue(str(error).startswith("f: "), str(error))
                return
            differences(good, made, {}, {})
            for agent in made.agents:
                agent_plans(made, agent.name)

        check()


def _places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield above
    items = value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else [])
    for key, inner in items:
        yield from _places(inner, (*above, key))


def _put(tree: Any, place: tuple[Any, ...], value: Any, key: str | None) -> None:
    """Put `value` there, or below there under `key`; nothing where an earlier change left no such place."""
    *above, last = place
    for step in above:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(tree, dict):
        tree[key or last] = value
    elif isinstance(tree, list) and last < len(tree):
        tree[last] = value
