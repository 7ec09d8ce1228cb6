"""What was accepted, who it was for, and what arrived: the checker of a cluster's run.

For each accepted push, every device it addresses must show it exactly once; a push that was not accepted,
because nobody heard an answer, may be shown at most once; nobody else may show anything. On each device
the sequence numbers of a stream must grow.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs


@attrs.define
class PushRecord:
    """One push of the scenario."""

    number: int
    kind: str
    targets: tuple[int, ...]
    """The devices it addresses, by number."""
    accepted_at_s: float | None = None
    arrived: dict[int, int] = attrs.field(factory=dict)
    """Device to how often it has shown this push."""


class Ledger:
    """Collects, and says what is wrong."""

    def __init__(self) -> None:
        self.pushes: dict[int, PushRecord] = {}
        self.violations: list[str] = []
        self._last_seq: dict[tuple[int, str], int] = {}

    def submitted(self, kind: str, targets: Iterable[int]) -> PushRecord:
        """A push is about to be sent for the first time."""
        record = PushRecord(len(self.pushes), kind, tuple(sorted(targets)))
        self.pushes[record.number] = record
        return record

    def shown(self, device: int, stream: str, seq: int, number: int) -> None:
        """A device has shown the push `number`."""
        last = self._last_seq.get((device, stream), 0)
        if seq <= last:
            self.violations.append(f"device {device} showed {stream} {seq} after {last}")
        self._last_seq[device, stream] = max(last, seq)
        record = self.pushes.get(number)
        if record is None:
            self.violations.append(f"device {device} showed push {number}, which nobody sent")
            return
        record.arrived[device] = record.arrived.get(device, 0) + 1
        if record.arrived[device] > 1:
            self.violations.append(f"device {device} showed push {number} ({record.kind}) twice")
        if device not in record.targets:
            self.violations.append(f"device {device} showed push {number} ({record.kind}), not meant for it")

    def missed(self, device: int, text: str) -> None:
        """A device was told that messages are gone for good: nothing in a scenario may cause that."""
        self.violations.append(f"device {device} was told of a gap: {text}")

    def missing(self) -> list[tuple[int, int]]:
        """What has to arrive still: (push, device). A push that nobody has accepted yet counts too."""
        return [
            (record.number, device)
            for record in self.pushes.values()
            for device in (record.targets if record.accepted_at_s is not None else (-1,))
            if device not in record.arrived
        ]

    def verdict(self) -> list[str]:
        """Everything that is wrong at the end of a run."""
        wrong = list(self.violations)
        absent: dict[int, list[int]] = {}
        for number, device in self.missing():
            absent.setdefault(number, []).append(device)
        for number, devices in absent.items():
            record = self.pushes[number]
            if record.accepted_at_s is None:
                wrong.append(f"push {number} ({record.kind}) was never accepted")
            else:
                accepted = f"push {number} ({record.kind}), accepted at {record.accepted_at_s:.3f} s"
                wrong.append(f"{accepted}, never reached {len(devices)} devices: {devices}")
        return wrong
