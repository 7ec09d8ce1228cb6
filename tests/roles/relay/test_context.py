"""What of a client's context goes inside."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.relay.context import admitted


class ContextTests(SynchronousTestCase):
    def test_forged_keys_and_instructions_to_the_router_stay_outside(self) -> None:
        forged = {"_con.peerCert": "x", "_con.": "", "_pn.tok": "1", "_pn.dl": "9", "_fwd": "o", "_ovrd": "k"}
        self.assertEqual(admitted(forged), {})

    def test_a_clients_own_keys_go_on(self) -> None:
        own = {"user": "ann", "traceparent": "00-1-2-01", "_forward": "yes", "con": "x", "pn.dl": "y"}
        self.assertEqual(admitted({**own, "_fwd": "z"}), own)
