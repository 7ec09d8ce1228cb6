"""How a node does, for who compares it with its kin: what a roll's gates judge a new version by.

`requests` and `failures` are counted since the process began; a failure is an answer that no interface
declares, or that what was asked for is not there. `p99_ms` is of the last ten seconds or so, and not told
when too few requests came to say anything.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry

from pushnet.rpc.communicator import Communicator

LOOKS: Final = 10
"""Renewals come about once a second."""
TIMES_MIN: Final = 20
UNWELL: Final = "unwell"
"""A node's reading while it is not well: its disk is full, for example."""
MEMORY: Final = "process_resident_memory_bytes"
CPU: Final = "process_cpu_seconds_total"


class Vitals:
    """One node's. `readings` is asked with each renewal."""

    def __init__(
        self, monotonic: Callable[[], float], metrics: CollectorRegistry, communicator: Communicator
    ) -> None:
        """`metrics`: where the process is collected."""
        self._monotonic = monotonic
        self._metrics = metrics
        self._communicator = communicator
        self._began = monotonic()
        self._times: deque[list[float]] = deque(maxlen=LOOKS)

    def readings(self) -> dict[str, float]:
        """`requests`, `failures`, `p99_ms`, `memory_bytes`, `cpu_s`, `up_s`, as far as they are known."""
        counters = self._communicator.counters
        told = {
            "requests": float(counters.requests),
            "failures": float(counters.failed + counters.missing + counters.malformed),
            "up_s": round(self._monotonic() - self._began, 1),
        }
        self._times.append(self._communicator.latencies.take())
        times = sorted(seconds for look in self._times for seconds in look)
        if len(times) >= TIMES_MIN:
            told["p99_ms"] = round(times[len(times) * 99 // 100] * 1e3, 3)
        memory = self._metrics.get_sample_value(MEMORY)
        if memory is not None:
            told["memory_bytes"] = memory
        taken_s = self._metrics.get_sample_value(CPU)
        if taken_s is not None:
            told["cpu_s"] = round(taken_s, 3)
        return told
