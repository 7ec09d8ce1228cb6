"""Where a device keeps what it must not forget."""

from __future__ import annotations

from typing import Protocol

from pushnet.device.device_session import Memory


class Store(Protocol):
    """Where a device keeps its memory. `save` returns when it is safe."""

    def load(self) -> Memory: ...

    def save(self, memory: Memory) -> None: ...


class MemoryStore:
    """Forgets when the process ends: for tests and demonstrations."""

    def __init__(self, memory: Memory | None = None) -> None:
        self.memory = Memory() if memory is None else memory

    def load(self) -> Memory:
        return self.memory

    def save(self, memory: Memory) -> None:
        self.memory = memory
