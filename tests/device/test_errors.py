"""The device protocol's one error."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.errors import PeerBrokeProtocol


class PeerBrokeProtocolTests(SynchronousTestCase):
    def test_an_operator_reads_the_reason(self) -> None:
        self.assertEqual(str(PeerBrokeProtocol("a second login")), "a second login")
