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
P99_OF_CALLERS = "99 of 100 two-way calls, ms: before → during: ratio"
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
    """Two tables: everything, with the goals of ours; and latencies by caller."""
    begun = " / ".join(str(load) for load in machine["load"])
    lines = [
        f"Made by `scripts/bench roll --json FILE --markdown` on {machine['at'][:10]}: "
        f"{machine['processors']} processors, load when it began {begun}.",
        "",
    ]
    reached = goals(systems["pushnet"]) if "pushnet" in systems else {}
    lines += _head(["", *systems, "goal of pushnet", "met"])
    for key, words in ROWS.items():
        goal = reached.get(key)
        ends = [goal["goal"], "yes" if goal["met"] else "no"] if goal else ["", ""]
        lines.append(_row([words, *(f"{told[key]:,}" for told in systems.values()), *ends]))
    rolls = [f"{len(told['rolls'])}, {_mean(told['rolls']):.1f}" for told in systems.values()]
    lines.append(_row(["rolls, and seconds each took", *rolls, "", ""]))
    lines += ["", *_head([P99_OF_CALLERS, *systems])]
    for caller in next(iter(systems.values()))["by_caller"]:
        parts = [told["by_caller"][caller] for told in systems.values()]
        told = [f"{each['p99_before_ms']} → {each['p99_during_ms']}: {each['p99_ratio']}" for each in parts]
        lines.append(_row([caller, *told]))
    return "\n".join(lines)


def _head(names: Sequence[str]) -> list[str]:
    return [_row(names), "|" + "---|" * len(names)]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def put_into_page(text: str) -> None:
    """Between the two marks, which the page has."""
    page = PAGE.read_text()
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    PAGE.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}")


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
