"""What a plan leaves open until a server is started: `${release}`, `${data}`, `${settings}` and the like."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pushnet.gen.pushnet.server import ServerPlan

_OPEN = re.compile(r"\$\{([a-z_]+)\}")


class FillingError(Exception):
    """A plan asks for something that is not known. The text names it, and what there is."""


def filled(text: str, known: Mapping[str, str]) -> str:
    """The text with each `${name}` replaced. Raises `FillingError`."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in known:
            raise FillingError(f"there is no ${{{name}}}; there are: {', '.join(sorted(known))}")
        return known[name]

    return _OPEN.sub(value, text)


def command_of(plan: ServerPlan, known: Mapping[str, str]) -> list[str]:
    """Program and arguments. Raises `FillingError`."""
    return [filled(each, known) for each in plan.command]


def environment_of(
    plan: ServerPlan, inherited: Mapping[str, str], known: Mapping[str, str]
) -> dict[str, str]:
    """All of the environment. Raises `FillingError`."""
    return {**inherited, **{name: filled(value, known) for name, value in plan.environment.items()}}
