"""One input for one target: well, or a finding.

Well is a value or the target's own error, within 100 ms of CPU time and within its memory. An input that
takes too long is tried again, because the machine may have been the reason; the shortest time counts.
"""

from __future__ import annotations

import time
import tracemalloc

import attrs

from tests.fuzz.target import Target

INPUT_BYTES_MAX = 4096
SECONDS_MAX = 0.1
"""Of CPU time: issue 3 point 8, failure-model G5."""
TRIES = 3


@attrs.frozen
class Finding:
    """An input and what is wrong with how it is answered."""

    target: str
    data: bytes
    what: str

    def __str__(self) -> str:
        return (
            f"{self.target}: {self.what}\n"
            f"  replay: scripts/fuzz --target {self.target} --input {self.data.hex() or '-'}"
        )


def judge(target: Target, data: bytes, weigh: bool = False) -> Finding | None:
    """Run the target once; with `weigh` once more, to see what it allocates."""
    took, wrong = _run(target, data)
    if wrong is not None:
        return Finding(target.name, data, wrong)
    if took > SECONDS_MAX:
        took = min(took, *(_run(target, data)[0] for _ in range(TRIES - 1)))
        if took > SECONDS_MAX:
            return Finding(target.name, data, f"{took * 1000:.0f} ms for {len(data)} bytes")
    if weigh:
        weight, limit = weight_of(target, data), limit_of(target, data)
        if weight > limit:
            return Finding(
                target.name, data, f"{weight} bytes allocated for {len(data)}; {limit} are allowed"
            )
    return None


def limit_of(target: Target, data: bytes) -> int:
    """How much may be allocated for this input."""
    return target.bytes_per_byte * len(data) + target.beside_bytes


def weight_of(target: Target, data: bytes) -> int:
    """The most that is allocated at one time. What is made once and kept is not counted."""
    _run(target, data)
    tracemalloc.start()
    try:
        _run(target, data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _run(target: Target, data: bytes) -> tuple[float, str | None]:
    """CPU seconds, and what was raised that may not be."""
    began = time.thread_time()
    wrong = None
    try:
        target.run(data)
    except target.peers_fault:
        pass
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}"[:500]
    return time.thread_time() - began, wrong
