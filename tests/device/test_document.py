"""docs/protocol.md says what the code does: every example is encoded and decoded."""

from __future__ import annotations

import re
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.device import frames
from pushnet.device.frames import SERVER_FRAME_BYTES_MAX
from pushnet.device.reading import split
from pushnet.device.writing import encode

DOCUMENT = Path(__file__).parents[2] / "docs" / "protocol.md"


def examples() -> list[tuple[str, bytes]]:
    """The lines of the examples: a value in Python, and its bytes."""
    block = DOCUMENT.read_text().split("## Examples")[1].split("```")[1]
    return [
        (value, bytes.fromhex(data))
        for value, data in re.findall(r"^(\S.*\)) {2,}([0-9a-f ]+)$", block, re.M)
    ]


class ExampleTests(SynchronousTestCase):
    def test_each_example_is_encoded_as_written(self) -> None:
        for value, data in examples():
            self.assertEqual(encode(eval(value, dict(vars(frames)))).hex(" "), data.hex(" "), value)

    def test_each_example_is_decoded_as_written(self) -> None:
        for value, data in examples():
            self.assertEqual(split(data, SERVER_FRAME_BYTES_MAX), ([eval(value, dict(vars(frames)))], b""))

    def test_each_kind_of_frame_has_an_example(self) -> None:
        shown = {type(eval(value, dict(vars(frames)))).__name__ for value, _ in examples()}
        kinds = {kind.__name__ for kind in frames.Frame.__args__} - {"Unknown"}
        self.assertEqual(shown, kinds)

    def test_each_reason_is_told(self) -> None:
        reasons = DOCUMENT.read_text().split("## Reasons")[1]
        close, gap = reasons.split("Of `Gap`")
        for reason in frames.Reason:
            self.assertRegex(close, rf"\b{reason.value}\b")
        for reason in frames.GapReason:
            self.assertRegex(gap, rf"\b{reason.value}\b")
