"""The RPC benchmark: pushnet beside what it is compared to, in one run.

The blocks (`plan`) of a round and the pairings of a block come in an order that changes from round to round
but not from run to run. What is compared with each other is measured one right after the other, so that other
work on the machine falls on all alike; a ratio is the median of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from machine import compiled, machine, versions
from plan import BLOCKS, PEERS, SYSTEMS, chosen
from profiling import profile
from report import Document, document, markdown, put_into
from rounds import Rounds
from running import FailedError
from systems import TOP, build, certificates

PAGE = TOP / "docs" / "benchmarks.md"


def options() -> argparse.Namespace:
    peers = " ".join(PEERS)
    parser = argparse.ArgumentParser(
        prog="scripts/bench rpc",
        description="pushnet beside its peers, in one run",
        epilog="Workloads: " + " ".join(block.name for block in BLOCKS),
    )
    add = parser.add_argument
    add("--json", metavar="FILE", help="write everything there")
    add("--rounds", type=int, default=5, help="interleaved rounds (5)")
    add("--seconds", type=float, default=0.4, help="of each measurement (0.4)")
    add("--only", nargs="+", default=[], metavar="WORKLOAD", help="these workloads")
    add("--peers", nargs="*", default=PEERS, metavar="NAME", help=f"beside these ({peers})")
    add("--without", nargs="+", default=[], choices=PEERS, metavar="NAME", help="not beside these")
    add("--against", metavar="COMMIT", help="and beside pushnet as of that commit")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument(
        "--compile", action="store_true", help="pushnet from a wheel made with PUSHNET_COMPILE=1"
    )
    kind.add_argument("--pure", dest="compile", action="store_false", help="pushnet in pure Python (default)")
    add("--markdown", action="store_true", help="put the tables into docs/benchmarks.md")
    add("--from", dest="given", metavar="FILE", help="do not measure: tables of what --json wrote")
    add("--profile", metavar="WORKLOAD", help="show where our client and server spend their time at it")
    found = parser.parse_args()
    wrong = set(found.peers) - set(PEERS)
    if wrong:
        parser.error(f"there is no {' '.join(sorted(wrong))} among {peers}")
    return found


def show_profile(given: argparse.Namespace) -> None:
    (block,) = chosen([given.profile], ["ours"])
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        systems, missing = build(["ours"], room, compiled=given.compile)
        if missing:
            sys.exit(f"bench: {missing['ours']}")
        properties = certificates(room) if block.tls else ([], [])
        print(profile(block, systems["ours"], properties, max(given.seconds, 3), room))


def _as_asked(given: argparse.Namespace) -> list[str]:
    """The arguments, with no names of files."""
    return ["FILE" if each == given.json else each for each in sys.argv[1:]]


def run(given: argparse.Namespace) -> Document:
    start = time.monotonic()
    wanted = [name for name in given.peers if name not in given.without]
    wanted += ["ours", "before"] if given.against else ["ours"]
    names = [name for name in SYSTEMS if name in wanted]
    blocks = chosen(given.only, names)
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        systems, missing = build(names, room, given.against or "", given.compile)
        for name, why in missing.items():
            hint = f" (--without {name} does without)" if name in PEERS else ""
            print(f"bench: {name} is missing{hint}: {why}", file=sys.stderr)
        if missing:
            sys.exit(1)
        facts: Document = {
            "command": shlex.join(["scripts/bench", "rpc", *_as_asked(given)]),
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "versions": versions(),
            "compiled": compiled(room),
            "systems": names,
            "against": given.against,
            "seconds": given.seconds,
        }
        with Rounds(systems, given.seconds, room) as rounds:
            measured = rounds.run(given.rounds, blocks)
    facts["took_s"] = time.monotonic() - start
    return document(facts, blocks, measured)


def main() -> None:
    given = options()
    if given.profile:
        show_profile(given)
        return
    try:
        told: Document = json.loads(Path(given.given).read_text()) if given.given else run(given)
    except FailedError as error:
        sys.exit(f"bench: {error}")
    tables = markdown(told)
    print(tables)
    if given.markdown:
        put_into(PAGE, tables)
    if given.json:
        Path(given.json).write_text(json.dumps(told, indent=1) + "\n")
    print(f"bench: took {told['took_s']:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
