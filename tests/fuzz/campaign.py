"""Seeded fuzzing: so many inputs over the targets, the same ones for the same seed.

Each target first gets its corpus, and then mutations of it. Some inputs are weighed too: tracing memory is
slow.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, count

import attrs

from tests.fuzz.corpus import read_corpus
from tests.fuzz.mutation import Mutation
from tests.fuzz.target import Target
from tests.fuzz.verdict import Finding, judge

WEIGHED_EACH = 100
"""One input of so many is weighed, and all of the corpus."""
FINDINGS_MAX = 3
"""Of one target: then the rest of its inputs would tell the same again."""


@attrs.define
class Tally:
    """What a run came to."""

    inputs: int = 0
    findings: list[Finding] = attrs.field(factory=list)


def inputs_of(target: Target, seed: str) -> Iterator[tuple[bytes, bool]]:
    """The corpus, then mutations without end, each with whether it is to be weighed."""
    corpus = read_corpus(target.name)
    mutation = Mutation(f"{seed}/{target.name}", corpus, target.tokens)
    return chain(
        ((data, True) for data in corpus),
        ((mutation.next(), number % WEIGHED_EACH == 0) for number in count()),
    )


def shares(targets: Iterable[Target], inputs: int) -> dict[str, int]:
    """How many of the inputs each target gets."""
    listed = list(targets)
    whole = sum(target.share for target in listed)
    return {target.name: inputs * target.share // whole + 1 for target in listed}


def fuzz(target: Target, seed: str, goes_on: Callable[[int], bool]) -> Tally:
    """Judge inputs as long as `goes_on(how many there were)`."""
    tally = Tally()
    for data, weigh in inputs_of(target, seed):
        if not goes_on(tally.inputs) or len(tally.findings) >= FINDINGS_MAX:
            break
        finding = judge(target, data, weigh)
        tally.inputs += 1
        if finding is not None:
            tally.findings.append(finding)
    return tally


def fuzz_for(target: Target, seed: str, seconds: float) -> Tally:
    """As `fuzz`, by the clock."""
    ends = time.monotonic() + seconds
    return fuzz(target, seed, lambda _: time.monotonic() < ends)
