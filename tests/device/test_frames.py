"""Frames are values."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.frames import (
    DEVICE_FRAME_BYTES_MAX,
    TEXT_BYTES_MAX,
    VERSION,
    Ack,
    Login,
    Register,
    Stream,
)
from pushnet.device.writing import encode


class FrameTests(SynchronousTestCase):
    def test_equal_members_make_equal_frames_that_do_not_change(self) -> None:
        self.assertEqual(Ack(Stream.OWN, 5), Ack(Stream.OWN, 5))
        with self.assertRaises(AttributeError):
            Ack(Stream.OWN, 5).seq = 6  # type: ignore[misc]

    def test_a_first_frame_tells_the_version(self) -> None:
        self.assertEqual(Register("app", "key", "ios").version, VERSION)

    def test_the_largest_first_frames_fit_in_what_a_device_may_send(self) -> None:
        text = "x" * TEXT_BYTES_MAX
        for frame in (Register(text, text, text), Login(text, text, text.encode(), 2**63 - 1, 2**63 - 1)):
            self.assertLess(len(encode(frame)), DEVICE_FRAME_BYTES_MAX)
