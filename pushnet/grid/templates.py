"""Templates of a cluster file: one table stands for many, before anything else looks at the file.

    [[template]]                     what its copies have in common, with `${...}` where they differ
    name = "edge"
    parameters = ["zone"]            must be given by whoever uses it
    defaults = { first_port = 7000 } may be given
    node = { role = "broker", broker.port = "${first_port + n}" }

    [[node]]                         a table of its own, on top of the template's
    template = "edge"
    name = "edge-${zone}-${n}"
    each = { zone = ["a", "b"] }     copies for each value; of several lists for each combination
    count = 3                        so many of each

A template may begin with another (`template = "..."`). `${n}` numbers the copies of each from 1. In `${...}`
stand parameters and whole numbers with `+`, `-` and `*`; text that is one `${...}` whole becomes its value,
of whatever type. Names that agents fill in (`${release}`, `${port}`…) are left alone. Trees in, trees out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from itertools import product
from math import prod
from typing import Any, Final

import attrs

from pushnet.grid.expressions import FILLED, BadExpression, Scope

DEPTH_MAX: Final = 16
"""Of templates that begin with others."""
COPIES_MAX: Final = 4096
"""Of all tables together, as the registry takes nodes."""
KINDS: Final = ("node", "server")
_SCALING: Final = ("min", "max", "target_load", "load_gauge")
_OWN: Final = ("template", "parameters", "each", "count", *_SCALING)
"""Keys of a copied table that say how it is copied."""
_TEMPLATE_KEYS: Final = frozenset({"name", "parameters", "defaults", "template", *KINDS})
_N: Final = re.compile(r"-?\$\{\s*n\s*\}")
Tree = dict[str, Any]


class TemplateError(ValueError):
    """A template cannot be made into tables; the text names it and whoever uses it."""


@attrs.frozen
class Template:
    """One template with everything it begins with."""

    name: str
    required: tuple[str, ...]
    defaults: Mapping[str, Any]
    tables: Mapping[str, Tree]


@attrs.frozen
class _Copied:
    """A table that stands for others."""

    kind: str
    told: str
    table: Tree
    given: Mapping[str, Any]
    each: Mapping[str, list[Any]]
    count: int
    scaling: Mapping[str, Any]


def expand(tree: Tree) -> Tree:
    """The tree without templates. What else is wrong in it is left to whoever reads it.

    Raises `TemplateError`.
    """
    if not isinstance(tree.get("template", []), list):
        raise TemplateError("template: write [[template]]")
    known = _templates(list(tree.get("template", [])))
    made: Tree = {key: value for key, value in tree.items() if key != "template"}
    scaled: list[Tree] = []
    for kind in KINDS:
        tables = tree.get(kind)
        if isinstance(tables, list) and all(isinstance(table, dict) for table in tables):
            made[kind] = [copy for table in tables for copy in _copies(kind, table, known, scaled)]
            if len(made[kind]) > COPIES_MAX:
                raise TemplateError(f"there are {len(made[kind])} {kind}s, more than {COPIES_MAX}")
    if scaled:
        made["scaling"] = [*made.get("scaling", []), *scaled]
    return made


# Templates.


def _templates(tables: list[Any]) -> dict[str, Template]:
    raw: dict[str, Tree] = {}
    for number, table in enumerate(tables, 1):
        name = table.get("name") if isinstance(table, dict) else None
        if not isinstance(name, str) or not name or name in raw:
            raise TemplateError(f"template {name or number!r} has no name, or stands twice")
        unknown = sorted(set(table) - _TEMPLATE_KEYS)
        if unknown:
            raise TemplateError(f"template {name!r} contains unknown field `{unknown[0]}`")
        raw[name] = table
    return {name: _whole(name, raw, ()) for name in raw}


def _whole(name: str, raw: Mapping[str, Tree], above: tuple[str, ...]) -> Template:
    if name in above:
        raise TemplateError(f"template {name!r} begins with itself: {' -> '.join([*above, name])}")
    if name not in raw:
        known = ", ".join(sorted(raw)) or "none"
        raise TemplateError(f"template {above[-1]!r} begins with {name!r}, which is none of: {known}")
    if len(above) >= DEPTH_MAX:
        raise TemplateError(f"template {above[0]!r} begins with more than {DEPTH_MAX} others")
    table = raw[name]
    base = Template("", (), {}, {})
    if "template" in table:
        base = _whole(_typed(table, "template", str, f"template {name!r}"), raw, (*above, name))
    required = _typed(table, "parameters", list, f"template {name!r}", [])
    if not all(isinstance(parameter, str) for parameter in required):
        raise TemplateError(f"template {name!r}: parameters must be names")
    defaults = _typed(table, "defaults", dict, f"template {name!r}", {})
    taken = [parameter for parameter in [*required, *defaults] if parameter in (*FILLED, "n")]
    if taken:
        raise TemplateError(
            f"template {name!r}: parameter {taken[0]!r} is filled in by others: choose another name"
        )
    tables = dict(base.tables)
    for kind in KINDS:
        if kind in table:
            tables[kind] = _merged(tables.get(kind, {}), _typed(table, kind, dict, f"template {name!r}"))
    needed = [parameter for parameter in (*base.required, *required) if parameter not in defaults]
    return Template(name, tuple(dict.fromkeys(needed)), {**base.defaults, **defaults}, tables)


# Copies.


def _copies(kind: str, table: Tree, known: Mapping[str, Template], scaled: list[Tree]) -> Iterable[Tree]:
    if not any(key in table for key in _OWN):
        return [table]
    copied = _read(kind, table, known)
    scope_of = _Scopes(copied)
    made: list[Tree] = []
    for values in product(*copied.each.values()):
        chosen = dict(zip(copied.each, values, strict=True))
        copies = [scope_of(chosen, n + 1).filled(copied.table) for n in range(copied.count)]
        made += copies
        if copied.scaling:
            scaled.append(_scaling(copied, scope_of(chosen, 1), copies))
    names = [copy.get("name") for copy in made]
    if len(made) > 1 and len({str(name) for name in names}) < len(names):
        raise TemplateError(
            f"{copied.told}: its {len(made)} copies need names of their own: use ${{n}} in it"
        )
    return made


def _read(kind: str, table: Tree, known: Mapping[str, Template]) -> _Copied:
    told = f"{kind} {table.get('name', '?')!r}"
    template = Template("", (), {}, {})
    if "template" in table:
        name = _typed(table, "template", str, told)
        told = f"template {name!r}, {told}"
        if name not in known:
            raise TemplateError(f"{told}: there is no such template; there are: {', '.join(known) or 'none'}")
        template = known[name]
        if kind not in template.tables and template.tables:
            raise TemplateError(f"{told}: it is a template of [[{next(iter(template.tables))}]]")
    own = {key: value for key, value in table.items() if key not in _OWN}
    given = _typed(table, "parameters", dict, told, {})
    each = _typed(table, "each", dict, told, {})
    for parameter, values in each.items():
        if not isinstance(values, list) or not values:
            raise TemplateError(f"{told}: each.{parameter} must be a list of values")
    _check_parameters(told, template, [*given, *each])
    scaling: Tree = {key: table[key] for key in _SCALING if key in table}
    count = _count(table, "max" if scaling else "count", told, 1)
    if scaling and ("max" not in scaling or "target_load" not in scaling or "count" in table):
        raise TemplateError(f"{told}: as many as the load needs want max and target_load, and no count")
    if prod(len(values) for values in each.values()) * count > COPIES_MAX:
        raise TemplateError(f"{told}: it makes more than {COPIES_MAX} copies")
    values = {**template.defaults, **given}
    return _Copied(kind, told, _merged(template.tables.get(kind, {}), own), values, each, count, scaling)


def _check_parameters(told: str, template: Template, given: list[str]) -> None:
    declared = [*template.required, *template.defaults]
    for parameter in given:
        if parameter in (*FILLED, "n"):
            raise TemplateError(
                f"{told}: parameter {parameter!r} is filled in by others: choose another name"
            )
        if template.name and parameter not in declared:
            known = ", ".join(declared) or "none"
            raise TemplateError(f"{told}: unknown parameter {parameter!r}; there are: {known}")
    for parameter in template.required:
        if parameter not in given:
            raise TemplateError(f"{told}: parameter {parameter!r} is not given")


class _Scopes:
    """Makes what `${...}` means in one copy."""

    def __init__(self, copied: _Copied) -> None:
        self._copied = copied

    def __call__(self, chosen: Mapping[str, Any], n: int) -> _Filling:
        return _Filling(self._copied.told, Scope({**self._copied.given, **chosen, "n": n}))


@attrs.frozen
class _Filling:
    told: str
    scope: Scope

    def filled(self, value: Any) -> Any:
        """The value with all `${...}` in it replaced; keys stay as they are."""
        try:
            return self._filled(value)
        except BadExpression as error:
            raise TemplateError(f"{self.told}: {error}") from error

    def _filled(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.scope.fill(value)
        if isinstance(value, list):
            return [self._filled(each) for each in value]
        if isinstance(value, dict):
            return {key: self._filled(each) for key, each in value.items()}
        return value


def _scaling(copied: _Copied, filling: _Filling, copies: list[Tree]) -> Tree:
    """The set of those copies, of which only so many run as their load needs."""
    pattern = copied.table.get("name", "")
    name = filling.filled(_N.sub("", pattern)) if isinstance(pattern, str) else pattern
    members = [copy.get("name") for copy in copies]
    told = {key: value for key, value in copied.scaling.items() if key != "max"}
    return {"name": name, "members": members, **told}


def _count(table: Tree, key: str, told: str, default: int) -> int:
    count = _typed(table, key, int, told, default)
    if isinstance(count, bool) or not 0 <= count <= COPIES_MAX:
        raise TemplateError(f"{told}: {key} must be 0 to {COPIES_MAX}, not {count}")
    return int(count)


def _typed(table: Tree, key: str, kind: type, told: str, default: Any = None) -> Any:
    value = table.get(key, default)
    if not isinstance(value, kind):
        raise TemplateError(f"{told}: {key} must be {_KINDS[kind]}")
    return value


_KINDS: Final[Mapping[type, str]] = {str: "text", list: "a list", dict: "a table", int: "a whole number"}


def _merged(below: Tree, above: Tree) -> Tree:
    """Tables key by key, all else replaced."""
    made = deepcopy(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(made.get(key), dict)
        made[key] = _merged(made[key], value) if both else deepcopy(value)
    return made
