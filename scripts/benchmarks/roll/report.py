"""What was found: goals, a table to read, and one to keep in the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

GOALS = {
    "failed": 0,
    "duplicated": 0,
    "lost_oneway": 0,
    "lost_batch": 0,
    "lost_twoway": 0,
    "p99_ratio": 3.0,
}
"""At most, for pushnet."""
ROWS = {
    "requests": "requests",
    "requests_per_s": "requests a second",
    "failed": "failed at the caller",
    "duplicated": "done twice that must be done once",
    "lost_oneway": "one-way requests lost",
    "lost_batch": "requests of batches lost",
    "lost_twoway": "answered and not done",
    "p99_before_ms": "99 of 100 two-way calls answered within, before the rolls, ms",
    "p99_during_ms": "… during the rolls, ms",
    "p99_ratio": "… during ÷ before",
    "longest_during_ms": "the longest call during the rolls, ms",
}
PAGE = Path(__file__).resolve().parents[3] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- scripts/bench roll --markdown: begin -->", "<!-- scripts/bench roll --markdown: end -->"


def goals(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Each goal of pushnet's, what was found, and whether it is met."""
    return {
        name: {"goal": f"≤ {most:g}", "found": told[name], "met": told[name] <= most}
        for name, most in GOALS.items()
    }


def table(systems: dict[str, dict[str, Any]]) -> str:
    """Systems side by side, then where something went wrong."""
    lines = [f"{'':64}" + "".join(f"{name:>12}" for name in systems)]
    for key, words in ROWS.items():
        lines.append(f"{words:64}" + "".join(f"{told[key]:>12,}" for told in systems.values()))
    rolls = "".join(f"{_mean(told['rolls']):>12,.1f}" for told in systems.values())
    lines.append(f"{'seconds a roll of all servers took':64}{rolls}")
    for name, told in systems.items():
        for part in ("by_caller", "by_kind", "by_way"):
            for which, counts in told[part].items():
                wrong = [f"{key} {counts[key]}" for key in list(ROWS)[2:7] if counts[key]]
                if wrong:
                    lines.append(f"  {name}, {which}: {', '.join(wrong)}")
        lines += [f"  {name}, {error}: {times}" for error, times in told["errors"].items()]
    return "\n".join(lines)


def markdown(systems: dict[str, dict[str, Any]], machine: dict[str, Any]) -> str:
    names = list(systems)
    lines = [f"Made by `scripts/bench roll --markdown`, {machine['at']}, {machine['processors']} processors."]
    lines += ["", "| | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    for key, words in ROWS.items():
        lines.append(f"| {words} | " + " | ".join(f"{systems[name][key]:,}" for name in names) + " |")
    rolls = " | ".join(
        f"{len(systems[name]['rolls'])}, {_mean(systems[name]['rolls']):.1f}" for name in names
    )
    lines.append(f"| rolls, and seconds each took | {rolls} |")
    return "\n".join(lines)


def put_into_page(text: str) -> None:
    """Between the two marks, which the page has."""
    page = PAGE.read_text()
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    PAGE.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}")


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
