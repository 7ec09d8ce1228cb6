"""How results are told: one JSON document, and Markdown tables made from it."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from plan import BLOCKS, SYSTEMS, Block
from results import GOALS, RATIOS, Round, medians, ratios

BEGIN, END = "<!-- scripts/bench rpc --markdown: begin -->", "<!-- end -->"
_NAMES = {
    "ours": "pushnet",
    "icepy": "Ice Python",
    "icecpp": "Ice C++",
    "grpcio": "grpc.aio",
    "amp": "AMP",
    "pb": "Perspective Broker",
    "before": "pushnet before",
}
Document = dict[str, Any]


def document(facts: Document, blocks: list[Block], rounds: list[Round]) -> Document:
    """Everything about one run; `facts` say what it was made on and how."""
    found = ratios(rounds)
    values = {name: statistics.median(each) for name, each in found.items()}
    return {
        **facts,
        "rounds": len(rounds),
        "workloads": {block.name: block.what for block in blocks},
        "ratios": values,
        "goals": {
            name: {"goal": str(goal), "value": values[name], "met": goal.met(values[name])}
            for name, goal in GOALS.items()
            if name in values
        },
        "ratios_by_round": found,
        "medians": [{**vars(cell), **figures} for cell, figures in medians(rounds).items()],
        "measurements": [
            {"round": number, **vars(cell), **figures}
            for number, one in enumerate(rounds, 1)
            for cell, figures in one.items()
        ],
    }


def markdown(told: Document) -> str:
    parts = [
        _made_on(told),
        _goals(told),
        _grid(told, "Calls a second, client and server of one kind", _calls),
        _grid(told, "Microseconds until the answer: half of the calls / 99 of 100", _latency),
        _grid(told, "Microseconds of CPU a call: client + server", _cpu),
        _mixed(told),
        _memory(told),
        _others(told),
    ]
    return "\n\n".join(part for part in parts if part)


def put_into(page: Path, text: str) -> None:
    """Put the tables where the page has room for them."""
    whole = page.read_text()
    before, begin, rest = whole.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"bench: {page} has no lines {BEGIN} and {END}")
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def _made_on(told: Document) -> str:
    machine, versions = told["machine"], told["versions"]
    load = " / ".join(f"{each:.1f}" for each in machine["load"])
    compiled = f"{len(told['compiled'])} modules compiled" if told["compiled"] else "pure Python"
    return (
        f"Made by `{told['command']}` in {told['took_s'] / 60:.0f} minutes: {told['rounds']} rounds of "
        f"{told['seconds']} s, pushnet {versions['pushnet']} ({compiled}), Python {versions['python']}, "
        f"Twisted {versions['Twisted']}, Ice {versions.get('ice', '–')}, "
        f"grpcio {versions.get('grpcio', '–')}, "
        f"{machine['cpus']} CPUs ({machine['cpu']}), {machine['system']}, load when it began {load}."
    )


def _goals(told: Document) -> str:
    lines = ["| ratio (ours ÷ theirs) | value | goal | met | rounds |", "|---|---|---|---|---|"]
    for name, goal in told["goals"].items():
        rounds = told["ratios_by_round"][name]
        span = f"{min(rounds):.2f} … {max(rounds):.2f}"
        met = "yes" if goal["met"] else "no"
        lines.append(f"| `{name}` | {goal['value']:.2f} | {goal['goal']} | {met} | {span} |")
    return "\n".join(lines) if told["goals"] else ""


def _own(told: Document) -> dict[tuple[str, str], Document]:
    return {(row["block"], row["client"]): row for row in told["medians"] if row["client"] == row["server"]}


def _grid(told: Document, title: str, show: Any) -> str:
    """Workloads down, systems across."""
    own = _own(told)
    systems = [name for name in SYSTEMS if any(client == name for _, client in own)]
    lines = [f"| {title} | " + " | ".join(_NAMES[name] for name in systems) + " |"]
    lines.append("|---" * (len(systems) + 1) + "|")
    for block, what in told["workloads"].items():
        cells = [show(own[block, name]) if (block, name) in own else "–" for name in systems]
        if set(cells) != {"–"}:
            lines.append(f"| {what} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _calls(row: Document) -> str:
    return f"{row['requests_s']:,.0f}"


def _latency(row: Document) -> str:
    return f"{row['p50_us']:,.0f} / {row['p99_us']:,.0f}" if "p50_us" in row else "–"


def _cpu(row: Document) -> str:
    return f"{row['client_cpu_us']:,.1f} + {row['server_cpu_us']:,.1f}"


def _mixed(told: Document) -> str:
    """Client and server of different kinds, and for comparison the stock ones among themselves."""
    rows = [
        row
        for row in told["medians"]
        if any(
            row["block"] == other["block"] and other["client"] != other["server"] for other in told["medians"]
        )
    ]
    order = [block.name for block in BLOCKS]
    rows.sort(key=lambda row: (order.index(row["block"]), row["server"], row["client"]))
    lines = [
        "| client → server | workload | calls/s | p50 µs | CPU µs: client + server |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        if {row["client"], row["server"]} <= {"ours", "icepy", "icecpp", "before"}:
            lines.append(
                f"| {_NAMES[row['client']]} → {_NAMES[row['server']]} | {row['block']} | {_calls(row)} "
                f"| {row['p50_us']:,.0f} | {_cpu(row)} |"
            )
    return "\n".join(lines) if rows else ""


def _memory(told: Document) -> str:
    own = _own(told)
    lines = ["| server with 1,000 connections | MB | of these since it started | most |", "|---|---|---|---|"]
    for (block, name), row in own.items():
        if block.startswith("connections"):
            transport = " over TLS" if block.endswith("-tls") else ""
            megabytes = [row[each] / 1024 for each in ("server_rss_kb", "server_added_kb", "server_peak_kb")]
            lines.append(
                f"| {_NAMES[name]}{transport} | " + " | ".join(f"{each:.1f}" for each in megabytes) + " |"
            )
    return "\n".join(lines) if len(lines) > 2 else ""


def _others(told: Document) -> str:
    better = {ratio.name: "more" if ratio.more_is_better else "less" for ratio in RATIOS}
    rows = [(name, value) for name, value in told["ratios"].items() if name not in told["goals"]]
    lines = ["| other ratios (ours ÷ theirs; `cpu`: of client and server together) | value | better is |"]
    lines += ["|---|---|---|", *(f"| `{name}` | {value:.2f} | {better[name]} |" for name, value in rows)]
    return "\n".join(lines) if rows else ""
