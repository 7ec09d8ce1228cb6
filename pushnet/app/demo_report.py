"""What the demonstration found, as a table for people and as one JSON object for programs."""

from __future__ import annotations

import json

from rich.table import Table

from pushnet.app.demo_ledger import Facts, Ledger

KINDS = {
    "all": "to all",
    "tags": "to tags",
    "alias": "to alias",
    "single": "to one id",
}
KILL = "kill-"
"""Before the kind of a push that was sent while a Broker was being killed."""
ROLL = "roll-"
"""Before the kind of a push that was sent while a patch was rolled over the Brokers."""


def table(title: str, ledger: Ledger) -> Table:
    """One row a kind, and the total."""
    made = Table(
        title=title, caption="kill: while a Broker was killed and came back; roll: while they got a patch"
    )
    made.add_column("push")
    for column in ("targeted", "delivered", "duplicates", "lost", "p50 ms", "p99 ms"):
        made.add_column(column, justify="right")
    for kind in ledger.kinds():
        made.add_row(named(kind), *_cells(ledger.facts(kind)))
    made.add_section()
    made.add_row("all together", *_cells(ledger.facts()))
    return made


def machine_form(ledger: Ledger) -> str:
    """The total, and one object a kind under `kinds`."""
    kinds = {kind: _object(ledger.facts(kind)) for kind in ledger.kinds()}
    return json.dumps({**_object(ledger.facts()), "kinds": kinds})


def named(kind: str) -> str:
    """A kind in a few words: the table fits a terminal of 80 columns."""
    for when in (KILL, ROLL):
        if kind.startswith(when):
            return f"{when.removesuffix('-')}: {named(kind.removeprefix(when))}"
    return KINDS.get(kind, kind)


def cost(ledger: Ledger, servers: int, took_s: float, logins: int) -> str:
    """What the roll did to those who were pushed to meanwhile, in words."""
    facts = ledger.facts(ROLL)
    lost = f"{facts.lost} lost" if facts.lost else "nothing lost"
    twice = facts.duplicates + facts.unasked
    doubled = f"{twice} too many" if twice else "nothing twice"
    slowest = "" if facts.slowest_ms is None else f", the slowest delivery {facts.slowest_ms:,.0f} ms"
    return (
        f"{servers} Brokers patched under load in {took_s:.1f} s: of {facts.targeted:,} deliveries meanwhile "
        f"{lost}, {doubled}{slowest}; {logins} devices logged in anew"
    )


def _cells(facts: Facts) -> list[str]:
    counts = [
        f"{facts.targeted:,}",
        f"{facts.delivered:,}",
        str(facts.duplicates + facts.unasked),
        str(facts.lost),
    ]
    return counts + ["" if ms is None else f"{ms:.1f}" for ms in (facts.p50_ms, facts.p99_ms)]


def _object(facts: Facts) -> dict[str, object]:
    return {
        "targeted": facts.targeted,
        "delivered": facts.delivered,
        "duplicates": facts.duplicates + facts.unasked,
        "lost": facts.lost,
        "p50_ms": facts.p50_ms,
        "p99_ms": facts.p99_ms,
        "slowest_ms": facts.slowest_ms,
    }
